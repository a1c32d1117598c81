"""Who stands behind an address: found, met, followed when they move, and never mixed up with somebody else."""

import secrets
from dataclasses import replace
from datetime import datetime

from services.domain.conversation import Address, Inbound
from services.domain.errors import BadInput, Unavailable
from services.domain.identity import is_blank, is_user_id, joined, moved, user_id_behind
from services.domain.users import User
from services.ports import Clock, UserStore


class Identity:
    """One person is one record, whichever addresses of theirs a provider shows.

    Two records are never poured together: one that has only just begun makes way; of two full ones the address goes to
    the one that it was proved for.
    """

    def __init__(self, store: UserStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def meet(self, inbound: Inbound) -> User:
        """The person who wrote, known by any of the addresses that the provider proved; somebody new is created.

        Raises:
            Unavailable: the store is away, or others were changing the same addresses at this moment.
        """
        proved = (inbound.address, *inbound.aliases)
        try:
            known = await self._store.by_addresses(proved)
            if known is not None and all(address in known.addresses for address in proved):
                return known
            if known is None:
                return await self._create(proved, inbound.name)
            return await self._settle(proved, inbound.name)
        except BadInput:
            # Two messages at once: the other one made or changed the person; an address belongs to one person only.
            known = await self._store.by_addresses(proved)
            if known is None:
                raise Unavailable("the user could not be created") from None
            return known

    async def move(self, old: Address, new: Address, at: datetime | None = None) -> User | None:
        """The person at ``old`` is at ``new`` from now on; they, as they are now, or None if that changes nobody.

        Args:
            old: Where they were reached.
            new: Where they are.
            at: When the provider said so: who came to ``old`` only later is a stranger with a used number.
        """
        mover = await self._store.by_address(old)
        if mover is None or old == new or (at is not None and mover.created_at > at):
            return None
        there = await self._store.by_address(new)
        if there is not None and there.id != mover.id:
            if not is_blank(there):
                await self._give_up(mover, old)
                return there
            await self._make_way(there)
        return await self._change(mover, moved(mover.addresses, old, new))

    async def _settle(self, proved: tuple[Address, ...], name: str) -> User:
        """Somebody is known by some of these addresses, but not by all of them."""
        main = next((address for address in proved if is_user_id(address)), proved[0])
        owner = await self._store.by_address(main)
        for alias in (address for address in proved if address != main):
            holder = await self._store.by_address(alias)
            if holder is None or (owner is not None and holder.id == owner.id):
                continue
            if _is_the_same(holder, alias, main) and (owner is None or is_blank(owner)):
                if owner is not None:
                    await self._make_way(owner)
                owner = holder
            else:
                await self._give_up(holder, alias)
        if owner is None:
            return await self._create(proved, name)
        return await self._change(owner, joined(owner.addresses, proved))

    async def _create(self, addresses: tuple[Address, ...], name: str) -> User:
        user = User(
            id=secrets.token_hex(8),
            addresses=addresses,
            created_at=self._clock.now(),
            name=_first_name(name),
        )
        await self._store.save(user)
        return user

    async def _make_way(self, user: User) -> None:
        """Take a record that has only just begun out of the way; its open messages belong to whom its address goes to."""
        await self._change(user, (_nowhere(user, user.addresses[0]),))
        await self._store.delete(user.id)

    async def _give_up(self, user: User, address: Address) -> None:
        """An address is somebody else's now. Who has no other is kept, out of everybody's reach but an operator's."""
        if is_blank(user) and user.addresses == (address,):
            await self._make_way(user)
            return
        await self._change(user, tuple(a for a in user.addresses if a != address))

    async def _change(self, user: User, addresses: tuple[Address, ...]) -> User:
        nowhere = () if addresses else (_nowhere(user, user.addresses[0]),)
        kept = tuple(a for a in user.inactive if a in addresses)
        changed = replace(user, addresses=addresses or nowhere, inactive=(*kept, *nowhere))
        await self._store.change(user, changed)
        return changed


def _is_the_same(holder: User, number: Address, main: Address) -> bool:
    """Whether who is known by a number may be who now shows it beside a user id: not if they are known by another id."""
    return user_id_behind(holder.addresses, number) in {None, main}


def _nowhere(user: User, address: Address) -> Address:
    """An address at which nobody can be, for a record that has none left: no provider gives out such a key."""
    return Address(address.channel, f"former:{user.id}")


def _first_name(name: str) -> str:
    """The first word of a display name, cut to 30 characters; a phone number or sign is no name."""
    first = next(iter(name.split()), "")[:30]
    return first if first.isalpha() else ""
