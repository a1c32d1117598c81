"""Who is who: meeting people, keeping their preferences, and forgetting them."""

import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from services.domain.conversation import Address, Inbound, Lang
from services.domain.identity import account, linked
from services.domain.users import Stage, User
from services.identity import Identity
from services.ports import Clock, OperationsStore, UserStore

_LINK_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without what is misread: 0 O 1 I L
LINK_MINUTES = 15


class Users:
    """The people we know. A user is a value; every change is saved and returned."""

    def __init__(self, store: UserStore, operations: OperationsStore, clock: Clock) -> None:
        self._store = store
        self._operations = operations
        self._clock = clock
        self._identity = Identity(store, clock)

    async def meet(self, inbound: Inbound, found: User | None = None) -> User:
        """The user who wrote; a new one is created. Only a first name is kept.

        Who writes is reachable: an address that a provider had called void is used again. ``found`` is who was found at
        these addresses this moment, which spares looking for them again.
        """
        proved = (inbound.address, *inbound.aliases)
        if found is None or any(address not in found.addresses for address in proved):
            found = await self._identity.meet(inbound)
        return await self._reached(found, inbound.address)

    async def moved(self, old: Address, new: Address, at: datetime | None = None) -> None:
        """A provider says that somebody has a new number, user id or group: they stay who they are to us.

        ``at`` is when it said so; whoever came to the old address only after that is somebody else.
        """
        await self._identity.move(old, new, at)

    async def get(self, user_id: str) -> User | None:
        return await self._store.get(user_id)

    async def by_address(self, address: Address) -> User | None:
        return await self._store.by_address(address)

    async def begin(self, user: User) -> User:
        return await self._change(user, stage="onboarding") if user.stage == "new" else user

    async def consent(self, user: User) -> User:
        return await self._change(user, consented_at=self._clock.now())

    async def activate(self, user: User) -> User:
        return await self._change(user, stage="active", paused_until=None)

    async def speak(self, user: User, lang: Lang) -> User:
        return await self._change(user, preferences=replace(user.preferences, lang=lang))

    async def prefer(
        self,
        user: User,
        *,
        times: tuple[time, ...] | None = None,
        days: tuple[int, ...] | None = None,
        flags: dict[str, bool] | None = None,
    ) -> User:
        """Change preferences. ``flags`` are ``voice``, ``charts`` and ``shariah``."""
        wanted = user.preferences
        if times is not None:
            wanted = replace(wanted, times=tuple(sorted(set(times))))
        if days is not None:
            wanted = replace(wanted, days=tuple(sorted(set(days))))
        flags = flags or {}
        wanted = replace(
            wanted,
            voice=flags.get("voice", wanted.voice),
            charts=flags.get("charts", wanted.charts),
            shariah=flags.get("shariah", wanted.shariah),
        )
        return await self._change(user, preferences=wanted)

    async def stop(self, user: User, until: date | None = None) -> User:
        """No scheduled message any more, or none up to and including ``until``. Works in every stage."""
        if until is not None:
            return await self._change(user, paused_until=until)
        return await self._change(user, stage="stopped", paused_until=None)

    async def resume(self, user: User) -> User:
        """Scheduled messages again; somebody who never finished onboarding goes back to it."""
        stage: Stage = "active" if user.portfolio.holdings else "new"
        return await self._change(user, stage=stage, paused_until=None)

    async def block(self, user: User) -> User:
        return await self._change(user, stage="blocked")

    async def told(self, user_id: str, brief: str) -> None:
        """Remember the last brief that was put for this user; whatever else they changed meanwhile is kept."""
        await self._store.remember_brief(user_id, brief)

    async def told_all(self, briefs: Mapping[str, str]) -> None:
        """The same for a page of people: brief by user id, in one question."""
        await self._store.remember_briefs(briefs)

    async def unreachable(self, address: Address) -> None:
        """A provider says this address is void: write to its account no more until its owner writes to us."""
        user = await self._store.by_address(address)
        if user is None:
            return
        void = [a for a in account(user.addresses, address) if a not in user.inactive]
        if void:
            await self._change(user, inactive=(*user.inactive, *void))

    async def reachable(self, address: Address) -> None:
        """The owner of an address that was void has written or unblocked us."""
        user = await self._store.by_address(address)
        if user is not None:
            await self._reached(user, address)

    async def opted_out(self, address: Address) -> None:
        """The person said STOP to the provider: no scheduled message any more. Whom an operator blocked stays so."""
        user = await self._store.by_address(address)
        if user is not None and user.stage not in {"blocked", "stopped"}:
            await self.stop(user)

    async def opted_in(self, address: Address) -> None:
        """The person took their STOP back at the provider (START, "resume")."""
        user = await self._store.by_address(address)
        if user is not None and user.stage == "stopped":
            await self.resume(user)

    async def link_code(self, user: User) -> str:
        """A short code by which the person's other channel can be joined to this one."""
        code = "".join(secrets.choice(_LINK_ALPHABET) for _ in range(8))
        await self._operations.put_code(code, user.id, self._clock.now() + timedelta(minutes=LINK_MINUTES))
        return code

    async def link(self, other: User, code: str) -> User | None:
        """Join the addresses of ``other`` to the person who asked for the code; None if the code is no good.

        What ``other`` had kept on its own is dropped: the person's first channel is the one that counts.
        """
        owner_id = await self._operations.take_code(code.strip().upper(), self._clock.now())
        owner = await self._store.get(owner_id) if owner_id else None
        if owner is None or owner.id == other.id:
            return None
        await self._store.delete(other.id)
        return await self._change(owner, addresses=linked(owner.addresses, other.addresses))

    def everybody(self, *stages: str, after: str = "") -> AsyncIterator[User]:
        """People of these stages (all, if none is named) in the order of their ids, behind that one."""
        return self._store.page(stages=stages, after=after)

    async def among(self, user_ids: Sequence[str]) -> dict[str, User]:
        """These people as they are now, by id; who was forgotten is missing."""
        return {user.id: user for user in await self._store.among(user_ids)}

    async def counts(self) -> dict[str, int]:
        return await self._store.counts()

    async def everything(self, user: User) -> dict[str, object]:
        return await self._store.everything(user.id)

    async def wants_broadcasts(self, user_id: str) -> bool:
        """Asked right before a scheduled message is sent: a "stop" that came after it was put counts."""
        user = await self._store.get(user_id)
        return user is not None and user.stage == "active"

    async def forget(self, user: User) -> None:
        await self._store.delete(user.id)

    async def _reached(self, user: User, address: Address) -> User:
        here = {address, *account(user.addresses, address)}
        if here.isdisjoint(user.inactive):
            return user
        return await self._change(user, inactive=tuple(a for a in user.inactive if a not in here))

    async def _change(self, user: User, **fields: Any) -> User:  # noqa: ANN401  # as ``replace`` takes them
        """Change some fields and write only those: a webhook may be changing others of the same person."""
        changed = replace(user, **fields)
        await self._store.change(user, changed)
        return changed
