"""What an operator can ask and do; never reachable by a model or by an ordinary user."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from services.domain.conversation import Address
from services.domain.errors import BadInput
from services.domain.users import User
from services.outbox import Outbox
from services.ports import Clock, MarketData, OperationsStore
from services.users import Users

Job = Callable[[], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the bot at one moment. ``runs`` are the newest slots with their times."""

    now: datetime
    up_since: datetime
    data_label: str
    data_day: date
    paused: bool
    users: Mapping[str, int]
    outbox: Mapping[str, int]
    runs: tuple[tuple[str, datetime], ...]
    tickets: int


class Admin:
    """Operations by chat command."""

    def __init__(
        self, users: Users, outbox: Outbox, operations: OperationsStore, market: MarketData, clock: Clock
    ) -> None:
        self._users = users
        self._outbox = outbox
        self._operations = operations
        self._market = market
        self._clock = clock
        self._since = clock.now()
        self._jobs: Mapping[str, Job] = {}

    def learn_jobs(self, jobs: Mapping[str, Job]) -> None:
        """Told once by the wiring which jobs ``/run`` may start."""
        self._jobs = jobs

    @property
    def jobs(self) -> tuple[str, ...]:
        return tuple(sorted(self._jobs))

    async def status(self) -> Status:
        book = await self._market.book()
        return Status(
            now=self._clock.now(),
            up_since=self._since,
            data_label=book.label,
            data_day=book.day,
            paused=await self._operations.paused(),
            users=await self._users.counts(),
            outbox=await self._outbox.counts(),
            runs=tuple(await self._operations.slots(limit=5)),
            tickets=len(await self._operations.tickets(limit=100)),
        )

    async def run(self, name: str) -> str:
        """Run a job now, whatever the hour.

        Raises:
            BadInput: If there is no such job; the detail lists those there are.
        """
        if name not in self._jobs:
            raise BadInput(f"no job {name!r}; there are: {', '.join(self.jobs)}")
        return await self._jobs[name]()

    async def pause(self, *, paused: bool) -> None:
        """Hold all scheduled messages, or let them go again. Answers to users are not touched."""
        await self._operations.set_paused(paused=paused)

    async def holiday(self, day: date, name: str) -> None:
        """Declare a day without a session: no scheduled brief that day."""
        await self._operations.add_holiday(day, name)

    async def holidays(self) -> dict[date, str]:
        return await self._operations.holidays()

    async def block(self, who: str, *, blocked: bool) -> User:
        """Block or unblock a person by user id or by "channel:key".

        Raises:
            BadInput: If nobody goes by that name.
        """
        user = await self._users.get(who)
        if user is None and ":" in who:
            channel, _, key = who.partition(":")
            candidates = {"whatsapp": ("twilio", "meta")}.get(channel, (channel,))
            for name in candidates:
                found = key if name != "twilio" else f"whatsapp:{key}"
                user = user or await self._users.by_address(Address(name, found))  # type: ignore[arg-type]  # an unknown channel finds nobody
        if user is None:
            raise BadInput("nobody goes by that id or address; see /users")
        return await (self._users.block(user) if blocked else self._users.resume(user))

    async def ticket(self, user: User, kind: str, text: str) -> str:
        """Open a ticket for a complaint; returns its number. The store keeps no rupee amount of it."""
        return await self._operations.open_ticket(user.id, kind, text[:1000], self._clock.now())

    async def tickets(self) -> list[dict[str, str]]:
        return await self._operations.tickets()
