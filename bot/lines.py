"""Who comes first: what one chat says is worked off in its order, chats side by side."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Line:
    """What one address waits for: its last message, how many are in it, and whether they were ever many."""

    last: "Place | None" = None
    length: int = 0
    longest: int = 0


class Lines:
    """One line for each address; a message that bears several addresses of one person stands in each of them."""

    def __init__(self) -> None:
        self._lines: dict[str, _Line] = {}

    def join(self, keys: Iterable[str]) -> "Place":
        """Take the last place in the lines of these addresses."""
        return Place(self._lines, tuple(dict.fromkeys(keys)))


@dataclass(slots=True)
class Place:
    """The place of one message. Whoever took it leaves it, whatever happens, or those behind wait for ever."""

    _lines: dict[str, _Line]
    keys: tuple[str, ...]
    _ahead: list[asyncio.Future[None]] = field(init=False, default_factory=list)
    left: asyncio.Future[None] = field(init=False)

    def __post_init__(self) -> None:
        self.left = asyncio.get_running_loop().create_future()
        for key in self.keys:
            line = self._lines.setdefault(key, _Line())
            if line.last is not None:
                self._ahead.append(line.last.left)
            line.last = self
            line.length += 1
            line.longest = max(line.longest, line.length)

    @property
    def free(self) -> bool:
        """Whether nobody stands before it."""
        return all(left.done() for left in self._ahead)

    @property
    def crowd(self) -> int:
        """The most that have stood in this line at one time since it was last empty."""
        return max(self._lines[key].longest for key in self.keys)

    async def turn(self) -> None:
        """Wait until everybody before it has left."""
        for left in self._ahead:
            if not left.done():
                await asyncio.shield(left)

    def leave(self) -> None:
        """Go; those behind may go on, once those before have left too."""
        for key in self.keys:
            line = self._lines[key]
            line.length -= 1
            if not line.length:
                del self._lines[key]
        self._pass_on()

    def _pass_on(self, _left: object = None) -> None:
        waiting = next((left for left in self._ahead if not left.done()), None)
        if waiting is not None:
            waiting.add_done_callback(self._pass_on)
        elif not self.left.done():
            self.left.set_result(None)
