"""One message for many: who is due, what each is told, once. One user's error is his alone."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time

from services.domain.conversation import Outbound, Reply, Template, Text
from services.domain.users import User
from services.outbox import Outbox
from services.ports import Clock
from services.users import Users
from services.wording import say

Compose = Callable[[User], Awaitable[Sequence[Reply]]]
MOST_PARAMETER = 700
STALE_AFTER = timedelta(hours=3)  # a morning brief is not worth telling in the afternoon


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run: how many were due, newly put, already told, and how many could not be composed."""

    due: int = 0
    put: int = 0
    twice: int = 0
    failed: int = 0


def is_due(user: User, day: date, at: clock_time | None = None) -> bool:
    """Whether a user wants a scheduled message that day (and at that time of theirs, if one is given)."""
    wanted = user.preferences
    if user.stage != "active" or day.weekday() not in wanted.days:
        return False
    if user.paused_until is not None and day <= user.paused_until:
        return False
    if not reachable_address(user):
        return False
    return at is None or at in wanted.times


def reachable_address(user: User) -> bool:
    """Whether any address of theirs is not known to be void."""
    return any(address not in user.inactive for address in user.addresses)


class Broadcasts:
    """Pages through the users, composes for each, puts into the outbox under a key that makes twice once."""

    def __init__(
        self, users: Users, outbox: Outbox, clock: Clock, failed: Callable[[Exception], None]
    ) -> None:
        self._users = users
        self._outbox = outbox
        self._clock = clock
        self._failed = failed

    async def run(
        self,
        name: str,
        wanted: Callable[[User], bool],
        compose: Compose,
        *,
        template: str = "",
        told: Callable[[User], Awaitable[object]] | None = None,
    ) -> Outcome:
        """Put ``compose(user)`` for every active user that is ``wanted``; key ``<name>:<user id>:<n>``.

        ``told`` is called for each user for whom something new was put.
        """
        due = put = twice = failed = 0
        now = self._clock.now()
        async for user in self._users.everybody("active"):
            if not wanted(user):
                continue
            due += 1
            try:
                replies = await compose(user)
                # Composing takes seconds: who said "stop" meanwhile is not told any more.
                current = await self._users.get(user.id)
                if current is None or not wanted(current):
                    continue
                fresh = await self._outbox.put(self._outbounds(name, current, replies, now, template))
                if fresh and told is not None:
                    await told(user)
            except Exception as error:  # noqa: BLE001  # one user's error is his alone; it is reported and the rest go on
                failed += 1
                self._failed(error)
                continue
            put += bool(fresh)
            twice += not fresh
        return Outcome(due, put, twice, failed)

    async def tell(self, name: str, user: User, replies: Sequence[Reply]) -> bool:
        """One person, once under ``name``; True if it is new. Somebody who stopped or cannot be reached is left alone."""
        if user.stage != "active" or not reachable_address(user):
            return False
        return bool(await self._outbox.put(self._outbounds(name, user, replies, self._clock.now(), "alert")))

    async def announce(self, key: str, text: str) -> Outcome:
        """An operator's words to everybody who is active."""
        return await self.run(
            f"announce:{key}",
            reachable_address,
            lambda user: _announcement(user, text),
            template="announcement",
        )

    async def anybody(self, wanted: Callable[[User], bool]) -> bool:
        """Whether a run would have somebody to tell."""
        async for user in self._users.everybody("active"):
            if wanted(user):
                return True
        return False

    async def count_reachable(self) -> int:
        """How many an announcement would reach: the dry run."""
        return len([user.id async for user in self._users.everybody("active") if reachable_address(user)])

    def _outbounds(
        self, name: str, user: User, replies: Sequence[Reply], now: datetime, template: str
    ) -> list[Outbound]:
        address = next(a for a in user.addresses if a not in user.inactive)
        first = next((b.text for r in replies for b in r.blocks if isinstance(b, Text)), "")
        return [
            Outbound(
                key=f"{name}:{user.id}:{n}",
                user_id=user.id,
                address=address,
                reply=reply,
                at=now,
                lane="broadcast",
                expires_at=now + STALE_AFTER,
                template=Template(
                    template, (user.name or say(user.preferences.lang, "broadcast.you"), _flat(first))
                )
                if template
                else None,
            )
            for n, reply in enumerate(replies)
        ]


async def _announcement(user: User, text: str) -> Sequence[Reply]:
    head = say(user.preferences.lang, "broadcast.announcement")
    return (Reply((Text(f"*{head}*\n{text}"),)),)


def _flat(text: str) -> str:
    """A text as a template parameter: one line, without marks, cut at a word within 700 characters.

    A filled template may have 1,024 characters in all (Meta, Twilio), and a parameter no line breaks.
    """
    line = " ".join(text.replace("*", "").replace("_", "").split())
    return line if len(line) <= MOST_PARAMETER else line[:MOST_PARAMETER].rsplit(" ", 1)[0] + " …"
