"""What a provider told us to leave alone, and until when: one chat, or the whole sender."""

from typing import Final

from services.stores.ledger import NEVER

_REMEMBER: Final = 600.0  # seconds after a closed time in which somebody may still wait on an older count


class Closures:
    """The closed times of one sender, by the event loop's clock.

    Who was counted before a chat was closed must be counted anew when it is open again: the permissions of before would
    all fall due at once.
    """

    def __init__(self) -> None:
        self._sender = (NEVER, NEVER)  # until when, and when we heard of it
        self._chats: dict[str, tuple[float, float]] = {}

    @property
    def sender(self) -> float:
        """Until when nothing of this sender may go."""
        return self._sender[0]

    def close_all(self, until: float, now: float) -> None:
        """Nothing goes before that time."""
        self._sender = max(self._sender[0], until), now

    def close_chat(self, chat: str, until: float, now: float) -> None:
        """Nothing goes to this chat before that time."""
        self._chats = {name: times for name, times in self._chats.items() if times[0] > now - _REMEMBER}
        self._chats[chat] = max(self._chats.get(chat, (NEVER, NEVER))[0], until), now

    def opens(self, chat: str, now: float) -> float:
        """When chat and sender are open; ``now`` if they are."""
        closed = self._chats.get(chat, (NEVER, NEVER))[0] if self._chats else NEVER
        return max(now, self._sender[0], closed)

    def since(self, chat: str, counted: float) -> bool:
        """Whether anything was closed for this chat after that time."""
        heard = self._chats.get(chat, (NEVER, NEVER))[1] if self._chats else NEVER
        return max(heard, self._sender[1]) >= counted
