"""A shared ledger with a spare: while the shared one is away the bot goes on with a share of the rate that is safe."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Protocol

from services.domain.errors import Unavailable
from services.stores.ledger import Booking, Claim, Granted, Ledger, LocalLedger
from services.stores.limits import ChatRule, Limit

RETRY_SECONDS: Final = 0.5
# Every process that lost the ledger hears of its return within a pause and two timeouts of half a second, and stops
# using its share; each begins on the ledger when the last such use of any of them is more than a second old.
REJOIN_SECONDS: Final = 2.6
_OWN: Final = (
    1_000_000  # places of a share are counted from here: a slot is given back to the book it came from
)
_FEWEST: Final = 2  # nobody can be asked now how many there are: at least so many are assumed

_NEVER: Final = float("inf")

_log: Final = logging.getLogger(__name__)


class Shared(Ledger, Protocol):
    """A ledger that others write in as well; ``members`` is how many do."""

    members: int


class SpareLedger:
    """``Ledger``: the shared one, or for as long as it does not answer one of this process alone with its share."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._spare: LocalLedger | None = None
        self._retry_at = self._back_at = _NEVER
        self._looking: asyncio.Task[None] | None = None
        self.ahead: Final = shared.ahead

    @property
    def away(self) -> bool:
        """Whether the shared one did not answer when it was last asked."""
        return self._spare is not None

    async def claim(self, limit: Limit, now: float, claim: Claim) -> Granted:
        """Slots of the shared ledger, or of our share."""
        if self._spare is None:
            try:
                return await self._shared.claim(limit, now, _of_book(claim, own=False))
            except Unavailable as error:
                self._lose(error)
        spare = self._spare or LocalLedger()
        if now >= self._back_at:
            self._spare = None
            _log.warning("rates are shared again")
            return await self.claim(limit, now, claim)
        if self._back_at == _NEVER and now >= self._retry_at:
            self._retry_at = _NEVER
            self._looking = asyncio.create_task(self._look(limit, now))
        own = _of_book(claim, own=True)
        if self._back_at < _NEVER:  # no share any more, not yet a place among the others
            granted = await spare.claim(limit, now, replace(own, wanted=0))
            return replace(granted, again=self._back_at)
        return await spare.claim(limit.share(max(_FEWEST, self._shared.members)), now, own)

    async def book(self, bookings: Sequence[Booking]) -> list[float]:
        """The shared ledger's word, or what this process alone knows of its chats."""
        if self._spare is None:
            try:
                return await self._shared.book(bookings)
            except Unavailable as error:
                self._lose(error)
        spare = self._spare or LocalLedger()
        return await spare.book(bookings)

    def opens(self, chat: str, rule: ChatRule, at: float) -> float:
        """When a chat could go, as far as this process knows."""
        return (self._spare or self._shared).opens(chat, rule, at)

    async def close(self) -> None:
        """Give up both."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait([self._looking])
        await self._shared.close()

    def _lose(self, error: Unavailable) -> None:
        if self._spare is None:
            self._spare = LocalLedger(fresh_after=1.0, first=_OWN)
            self._back_at = _NEVER
            self._retry_at = asyncio.get_running_loop().time() + RETRY_SECONDS
            _log.warning(
                "rates go on with a share of 1 in %d: %s", max(_FEWEST, self._shared.members), error.detail
            )

    async def _look(self, limit: Limit, now: float) -> None:
        """Ask whether the shared one is back; if so, be silent until all others have heard it too."""
        try:
            await self._shared.claim(limit, now, Claim())
        except Unavailable:
            self._retry_at = asyncio.get_running_loop().time() + RETRY_SECONDS
        else:
            self._back_at = asyncio.get_running_loop().time() + REJOIN_SECONDS


def _of_book(claim: Claim, *, own: bool) -> Claim:
    """A claim with those slots only that came from this book."""
    return replace(claim, done=[slot for slot in claim.done if (slot.place >= _OWN) is own])
