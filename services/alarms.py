"""What an operator must know now: told in the log, in a counter, and once an hour a kind to each admin's chat."""

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from services.counts import UNCOUNTED, Counts
from services.domain.conversation import Address, Outbound, Reply, Text
from services.domain.users import User
from services.ports import Clock
from services.wording.layouts.admin import alarm_text
from services.wording.parameters import broadcast_template

Alarm = Callable[[str, str], Awaitable[None]]
KINDS = frozenset(
    {
        "account",  # a provider refuses our credentials, number or payment: its breaker is open
        "code",  # a provider answered with a code that stands in no table of ours
        "template",  # an approved template is refused: its campaign stands still
        "media",  # a provider does not take or cannot fetch our picture or sound
        "spam",  # a provider's spam or quality limit: no bulk goes
        "format",  # sending broke: a mistake of ours
        "poison",  # a verified payload could not be read
        "full",  # the inbox is full and webhooks are turned away
        "webhook",  # a provider cannot reach us, calls somebody else, or tells nothing of our messages
        "source",  # a source of market data is at a gate, fails again and again, or says what cannot be believed
        "inbox",  # as /readyz names them
        "outbox",
        "market",
        "mongodb",
    }
)
STALE = timedelta(hours=6)  # an alarm that could not be told within is history
TEMPLATE = "announcement"
_WITH_WINDOW = frozenset({"twilio", "meta"})
_UNWRITTEN = frozenset({"web", "terminal"})  # where nobody is unless a page is open: only if named as admin
_LONG_NUMBER = re.compile(r"\+?\d{7,}")  # longer than any code of a provider: a phone number or a chat's id
_NO_WORD = re.compile(r"[^a-z0-9_]+")
_LONGEST = 300


class Addresses(Protocol):
    """The part of the user store that tells an admin's other channels."""

    async def by_address(self, address: Address) -> User | None: ...


class Alarms:
    """Sounds alarms. It never raises, never waits for a provider, and a storm of one kind is one message an hour.

    Args:
        admins: Where the operators are reached; who never wrote to us there is left out.
        put: Keeps messages for sending (``OutboxStore.put``): not the engine, which itself sounds alarms.
        users: Tells an admin's linked channels, for the case that the one named is what the alarm is about.
        clock: Gives the hour.
        tell: Writes the line of the log: kind and detail.
        counts: Where it is counted.
    """

    def __init__(
        self,
        *,
        admins: Sequence[Address],
        put: Callable[[Sequence[Outbound]], Awaitable[object]],
        users: Addresses,
        clock: Clock,
        tell: Callable[[str, str], None],
        counts: Counts = UNCOUNTED,
    ) -> None:
        self._admins = tuple(admins)
        self._put = put
        self._users = users
        self._clock = clock
        self._tell = tell
        self._counts = counts
        self._told: dict[str, str] = {}  # kind -> the hour in which it was told

    async def sound(self, kind: str, detail: str) -> None:
        """Tell the operators.

        Args:
            kind: One of ``KINDS``, with the channel that it is about behind a colon if there is one ("account:twilio"):
                such an alarm takes another way where the admin has one.
            detail: What is wrong and what to do, in English, by codes only.
        """
        word, _, about = kind.partition(":")
        word, about = (_NO_WORD.sub("_", part.casefold())[:24] for part in (word, about))
        self._counts.add("alarm", channel=about, kind=word)
        name = f"{word}:{about}".rstrip(":")
        now = self._clock.now()
        hour = f"{now:%Y%m%dT%H%z}"
        if self._told.get(name) == hour:
            return
        self._told[name] = hour  # before the first wait: a hundred failures at one time are one alarm
        detail = _LONG_NUMBER.sub("…", detail)[:_LONGEST]
        self._tell(name, detail)
        try:
            await self._put(await self._messages(name, about, detail, now))
        except Exception:  # noqa: BLE001  # who sounds an alarm has trouble enough already
            # The store is away. The log has it; the next alarm of this kind tries again.
            self._told.pop(name, None)

    async def _messages(self, name: str, about: str, detail: str, now: datetime) -> list[Outbound]:
        """One message for each admin. Keys are the same in all processes: told once, whoever notices."""
        reply = Reply((Text(alarm_text(name, detail, now)),))
        made: dict[Address, Outbound] = {}
        for number, admin in enumerate(self._admins):
            user = await self._users.by_address(admin)
            if user is None:
                continue  # an operator who never wrote to us here: no provider lets us begin
            address = _way(admin, user, about)
            made.setdefault(
                address,
                Outbound(
                    key=f"alarm:{name}:{now:%Y%m%dT%H%z}:{number}",
                    user_id=user.id,
                    address=address,
                    reply=reply,
                    at=now,
                    # Where WhatsApp's window is shut, the words go in the approved announcement, if there is one.
                    template=broadcast_template(TEMPLATE, user.name, [reply], "en")
                    if address.channel in _WITH_WINDOW
                    else None,
                    expires_at=now + STALE,
                ),
            )
        return list(made.values())


def _way(admin: Address, user: User, about: str) -> Address:
    """The address named, or one of the same person on another channel if the alarm is about the named one's."""
    if admin.channel != about:
        return admin
    others = (
        address
        for address in user.addresses
        if address.channel != about and address.channel not in _UNWRITTEN and address not in user.inactive
    )
    return next(others, admin)
