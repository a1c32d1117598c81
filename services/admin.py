"""What an operator can ask and do; never reachable by a model or by an ordinary user."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.domain.conversation import Address
from services.domain.dated_days import OPEN
from services.domain.errors import BadInput
from services.domain.rows import ActionRow
from services.domain.users import User
from services.ingestion import Ingestion
from services.ingestion.report import SourceState
from services.outbox import Outbox
from services.ports import Clock, MarketData, OperationsStore
from services.quarantine import Judged, Quarantine
from services.trading_days import Change, Plan, TradingDays
from services.users import Users

Job = Callable[[], Awaitable[str]]
LOOKED_AT = 100  # slots: more than three days of fetches, so that the briefs among them are seen


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

    def __init__(  # noqa: PLR0913  # the wiring hands over each part by name
        self,
        users: Users,
        outbox: Outbox,
        operations: OperationsStore,
        market: MarketData,
        clock: Clock,
        *,
        days: TradingDays | None = None,
        quarantine: Quarantine | None = None,
        sources: Ingestion | None = None,
    ) -> None:
        self._users = users
        self._outbox = outbox
        self._operations = operations
        self._market = market
        self._clock = clock
        self._days = days
        self._quarantine = quarantine
        self._sources = sources
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
            runs=tuple(await self._operations.slots(limit=LOOKED_AT)),
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

    async def holiday(self, day: date, name: str) -> Change | None:
        """Declare a day without a session, or by the name "open" with one: all jobs follow, and who is due is told.

        None where nobody can be told: the word is kept all the same.
        """
        is_open = name.casefold() == OPEN
        if self._days is not None:
            return await (self._days.reopen(day) if is_open else self._days.close(day, name))
        await (self._operations.reopen(day) if is_open else self._operations.add_holiday(day, name))
        return None

    async def planned(self) -> Plan:
        """The operator's own days, and the closed days ahead that wait for the moon."""
        if self._days is not None:
            return await self._days.plan()
        reopened = tuple(sorted(await self._operations.reopened()))
        return Plan(await self._operations.holidays(), reopened, ())

    async def sources(self) -> Sequence[SourceState]:
        """How each source of market data stands, those that are off included."""
        return await self._sources.states() if self._sources is not None else ()

    async def quarantined(self) -> Judged:
        """Jumps of prices, explained or held back from users; none where no market data is kept."""
        return await self._quarantine.judged() if self._quarantine is not None else Judged((), ())

    async def settle(self, symbol: str, day: date, words: str, by: str) -> tuple[ActionRow, ...]:
        """The operator's word on a jump.

        Raises:
            BadInput: If there is no such jump, or the words do not settle it.
        """
        if self._quarantine is None:
            raise BadInput("no market data is kept here, so nothing is in quarantine")
        return await self._quarantine.settle(symbol, day, words, by)

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
