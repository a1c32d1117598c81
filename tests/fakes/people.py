"""The store of people in memory, with the one rule of the real one: an address belongs to one person only."""

from collections.abc import AsyncIterator, Sequence

from services.domain.conversation import Address
from services.domain.errors import BadInput
from services.domain.users import User


class PeopleInMemory:
    """``asked`` counts the questions, which are what a database charges for."""

    def __init__(self) -> None:
        self.kept: dict[str, User] = {}
        self.asked = 0

    async def get(self, user_id: str) -> User | None:
        return self.kept.get(user_id)

    async def by_address(self, address: Address) -> User | None:
        return await self.by_addresses([address])

    async def by_addresses(self, addresses: Sequence[Address]) -> User | None:
        self.asked += 1
        found = {a: user for user in self.kept.values() for a in (*user.addresses, *user.inactive)}
        return next((found[address] for address in addresses if address in found), None)

    async def save(self, user: User) -> None:
        self.asked += 1
        own = {*user.addresses, *user.inactive}
        for other in self.kept.values():
            if other.id != user.id and own & {*other.addresses, *other.inactive}:
                raise BadInput("one of these addresses already belongs to another person")
        assert user.addresses, "the index takes one person without an address, not two"
        self.kept[user.id] = user

    async def change(self, before: User, after: User) -> None:
        if after.id in self.kept:
            await self.save(after)

    async def page(self, *, stages: Sequence[str] = (), after: str = "") -> AsyncIterator[User]:
        for user_id in sorted(self.kept):
            user = self.kept[user_id]
            if user_id > after and (not stages or user.stage in stages):
                yield user

    async def delete(self, user_id: str) -> None:
        self.kept.pop(user_id, None)
