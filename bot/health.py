"""Whether the bot is well: what ``/readyz`` tells a load balancer and an operator, each dependency by its name.

*Not ready* (503) means: we cannot keep what comes in, so nobody should send us anything. Everything else that is wrong
(a provider that is silent, a breaker that is open, messages that wait too long, no market data) is *degraded* (200):
taking us out of service would only lose messages that can be kept and answered later.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from services.domain.conversation import Lane
from services.domain.errors import MarketByteError, Unavailable

Run = Callable[[], Awaitable[None]]
State = Literal["ready", "degraded", "not ready"]

WITHIN = 2.0  # seconds; a dependency that takes longer is not well, and a prober does not wait
LONGEST_REASON = 160
SILENT_AFTER = timedelta(
    minutes=15
)  # WhatsApp's statuses come within seconds; a quarter of an hour is no hiccup
OVERDUE: Mapping[Lane, timedelta] = {
    "interactive": timedelta(minutes=1),
    "broadcast": timedelta(minutes=30),  # behind its time by more than a retry or a pause explains
}


@dataclass(frozen=True, slots=True)
class Check:
    """One dependency. ``run`` raises if it is not well; its outcome is kept for ``every`` seconds.

    ``vital``: without it nothing that comes in can be kept.
    """

    name: str
    run: Run
    vital: bool = False
    every: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """How everything stands: "ok" or the reason, by name."""

    state: State
    findings: Mapping[str, str]


@dataclass(slots=True)
class Health:
    """Looks at all dependencies side by side. A storm of probes is one look at each."""

    checks: Sequence[Check]
    _kept: dict[str, tuple[float, str]] = field(default_factory=dict)
    _looking: dict[str, asyncio.Task[str]] = field(default_factory=dict)

    async def report(self) -> Report:
        """Look now, or tell what was found within each check's time."""
        found = await asyncio.gather(*(self._found(check) for check in self.checks))
        findings = {check.name: outcome for check, outcome in zip(self.checks, found, strict=True)}
        if any(check.vital and findings[check.name] != "ok" for check in self.checks):
            return Report("not ready", findings)
        return Report("ready" if set(found) <= {"ok"} else "degraded", findings)

    async def _found(self, check: Check) -> str:
        now = asyncio.get_running_loop().time()
        at, outcome = self._kept.get(check.name, (float("-inf"), ""))
        if now - at < check.every:
            return outcome
        task = self._looking.get(check.name)
        if task is None:
            task = self._looking[check.name] = asyncio.create_task(_outcome(check))
            task.add_done_callback(lambda _: self._looking.pop(check.name, None))
        outcome = await asyncio.shield(task)
        self._kept[check.name] = (asyncio.get_running_loop().time(), outcome)
        return outcome


async def _outcome(check: Check) -> str:
    try:
        async with asyncio.timeout(WITHIN):
            await check.run()
    except TimeoutError:
        return f"no answer within {WITHIN:g} s"
    except MarketByteError as error:
        # A vital one's detail may name a host; ours about providers name codes and counts only.
        return type(error).__name__ if check.vital else error.detail[:LONGEST_REASON]
    except Exception as error:  # noqa: BLE001  # whatever is wrong with a dependency, the answer is its name
        return type(error).__name__
    return "ok"


def heard_of(channel: str, silent: Callable[[str, timedelta], Awaitable[bool]]) -> Run:
    """A check that a provider tells us what became of our messages, as long as it takes some."""

    async def run() -> None:
        if await silent(channel, SILENT_AFTER):
            minutes = int(SILENT_AFTER.total_seconds() // 60)
            raise Unavailable(
                f"{channel} takes messages, and no status came for {minutes} minutes: does it reach our webhook?"
            )

    return run


def going(channel: str, is_open: Callable[[str], bool]) -> Run:
    """A check that a provider's breaker is closed."""

    async def run() -> None:
        if is_open(channel):
            raise Unavailable(
                f"{channel} refuses our account: nothing goes over it until an operator mends that"
            )

    return run


def in_time(
    waiting: Callable[[], Awaitable[Mapping[Lane, tuple[int, datetime]]]], now: Callable[[], datetime]
) -> Run:
    """A check that what waits in the outbox does not wait too long."""

    async def run() -> None:
        for lane, (count, since) in (await waiting()).items():
            late = now() - since
            if count and late > OVERDUE[lane]:
                seconds = int(late.total_seconds())
                raise Unavailable(f"{count} messages wait in the {lane} lane, the oldest for {seconds} s")

    return run


def both(*runs: Run) -> Run:
    """Several checks of one dependency as one: the first that is not well speaks."""

    async def run() -> None:
        for each in runs:
            await each()

    return run
