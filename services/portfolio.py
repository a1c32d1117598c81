"""What people hold: kept as percent weights, changed one holding at a time, checked against the newest market book."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from services.domain.errors import UnknownName
from services.domain.portfolio import Portfolio, balanced
from services.domain.rebalance import joined, without
from services.domain.users import User
from services.ports import MarketData, UserStore


class Portfolios:
    """The use-case. Every change is saved; the changed user is returned, with the new portfolio in it."""

    def __init__(self, users: UserStore, market: MarketData) -> None:
        self._users = users
        self._market = market

    async def set(self, user: User, portfolio: Portfolio) -> User:
        """Replace all holdings; weights are scaled to sum to 1, an empty portfolio clears.

        Raises:
            UnknownName: If the book holds no such share or fund.
        """
        if not portfolio.holdings:
            return await self.clear(user)
        await self._known(portfolio.codes)
        return await self._save(user, balanced(portfolio.holdings))

    async def add(self, user: User, additions: Sequence[tuple[str, Decimal | None]]) -> User:
        """Add codes at fractions (None = an equal share), taken in proportion from the other holdings.

        Raises:
            UnknownName: If the book holds no such share or fund.
            BadInput: If a weight is unusable or nothing would be left for the others.
        """
        await self._known([code for code, _ in additions])
        return await self._save(user, joined(user.portfolio, additions))

    async def remove(self, user: User, codes: Sequence[str]) -> User:
        """Take codes out; the rest keeps its proportions. A code that is not held changes nothing."""
        return await self._save(user, without(user.portfolio, codes))

    async def clear(self, user: User) -> User:
        """Forget all holdings."""
        return await self._save(user, Portfolio())

    async def _known(self, codes: Sequence[str]) -> None:
        book = await self._market.book()
        for code in codes:
            if code not in book.shares and code not in book.funds:
                raise UnknownName(f"the market book holds no {code!r} that can be held", name=code)

    async def _save(self, user: User, portfolio: Portfolio) -> User:
        changed = replace(user, portfolio=portfolio)
        if portfolio != user.portfolio:
            await self._users.change(user, changed)
        return changed
