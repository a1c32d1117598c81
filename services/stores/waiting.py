"""One request that waits for its turn, and the two answers it may get."""

import asyncio
from dataclasses import dataclass

from services.domain.conversation import Address
from services.stores.ledger import Slot


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: come again at ``at``. ``counted``: when the chat counted the request for then, if it did."""

    at: float
    counted: float | None = None


@dataclass(slots=True, eq=False)
class Waiting:
    """One request that waits. ``go`` is answered with the slot in which it may leave, or with when to come again."""

    order: tuple[int, int]
    address: Address
    counted: float
    go: asyncio.Future[Slot | Later]

    def __lt__(self, other: "Waiting") -> bool:
        return self.order < other.order


def stamp(slot: Slot) -> None:
    """Its request has been written."""
    slot.used = asyncio.get_running_loop().time()


async def until(time: float) -> None:
    """Wait for a time of the event loop."""
    loop = asyncio.get_running_loop()
    left = time - loop.time()
    while left > 0:  # a timer may go off a moment early
        await asyncio.sleep(left)
        left = time - loop.time()
