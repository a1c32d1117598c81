"""A provider that behaves as told, message by message, and other rooms that note what the outbox tells them."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from bot.channels.base import Gate
from services.domain.conversation import Address, Inbound, Outbound, Receipt
from services.domain.errors import DeliveryFailed, NotAvailable, OnlyEchoes, Scope
from services.outbox.neighbours import Neighbours


class Scripted:
    """The ``Sender`` port.

    ``plans``: what a request of a message meets, one after the other: an error to raise, "lost" (taken, but the answer
    never came) or "" (taken). ``parts``: how many requests a message needs. ``lists``: whether taken messages can be
    looked up afterwards; ``echoes``: its statuses bear our key instead. ``taken`` are the parts that arrived, by message.
    """

    def __init__(self, *, latency: float = 0.0, lists: bool = False) -> None:
        self.latency = latency
        self.lists = lists
        self.echoes = False
        self.plans: dict[str, list[DeliveryFailed | str]] = {}
        self.parts: dict[str, int] = {}
        self.refusing: DeliveryFailed | None = None
        self.requests: list[tuple[str, float]] = []
        self.taken: defaultdict[str, list[Outbound]] = defaultdict(list)
        self.sends: list[str] = []
        self.flying: set[str] = set()
        self.most_flying = 0

    async def send(self, outbound: Outbound, gate: Gate) -> Receipt:
        self.sends.append(outbound.key)
        done = list(outbound.done)
        try:
            for number in range(len(done), self.parts.get(outbound.key, 1)):
                await gate()
                await self._request(outbound)
                done.append(f"{outbound.key}#{number}")
        except DeliveryFailed as failure:
            failure.done = tuple(done)
            raise
        return Receipt(tuple(done), outbound.at)

    async def _request(self, outbound: Outbound) -> None:
        key = outbound.key
        self.requests.append((key, asyncio.get_running_loop().time()))
        plan = self.plans[key].pop(0) if self.plans.get(key) else self.refusing or ""
        if plan in ("lost", ""):
            self.taken[key].append(outbound)
        self.flying.add(key)
        self.most_flying = max(self.most_flying, len(self.flying))
        try:
            await asyncio.sleep(self.latency)
        finally:
            self.flying.discard(key)
        if plan == "lost":
            raise DeliveryFailed("no answer", ambiguous=True)
        if isinstance(plan, DeliveryFailed):
            raise plan

    async def find(self, outbound: Outbound, since: datetime) -> Receipt | None:
        if self.echoes:
            raise OnlyEchoes("its statuses tell")
        if not self.lists:
            raise NotAvailable("nobody can tell")
        if outbound.key not in self.taken:
            return None
        return Receipt((f"{outbound.key}#0",), outbound.at)

    async def typing(self, inbound: Inbound, kind: str = "typing") -> None: ...

    def asked(self) -> list[str]:
        """The messages of all requests, in order."""
        return [key for key, _ in self.requests]


class Pauses:
    """``Rates`` that are free until they are told to pause; notes the pauses."""

    def __init__(self) -> None:
        self.held: list[tuple[str, Scope, float]] = []
        self.admitted: list[str] = []

    def ready(self, address: Address, lane: str) -> bool:
        return True

    async def admit(self, address: Address, lane: str) -> None:
        self.admitted.append(str(address))

    async def hold(self, address: Address, scope: Scope, seconds: float) -> None:
        self.held.append((str(address), scope, seconds))


class Village:
    """The neighbours of an outbox, in memory. ``unwanted`` are people who said stop; ``dead`` are processes."""

    def __init__(self, clock) -> None:
        self.clock = clock
        self.gone: list[str] = []
        self.stopped: list[str] = []
        self.halts: dict[str, str] = {}
        self.alarms: list[tuple[str, str]] = []
        self.unwanted: set[str] = set()
        self.asked: list[int] = []
        self.last_heard: dict[str, datetime] = {}
        self.dead: set[str] = set()
        self.full_day = False

    def neighbours(self, **more) -> Neighbours:
        """With whatever a test wants otherwise."""
        own = {
            "gone": self._gone,
            "stopped": self._stopped,
            "wanting": self._wanting,
            "heard": self._heard,
            "halted": self._halted,
            "halt": self._halt,
            "within_day": self._within_day,
            "dead": self._dead,
            "alarm": self._alarm,
        }
        return Neighbours(**(own | more))

    def heard_ago(self, address: Address, **ago: float) -> None:
        """They wrote so long ago."""
        self.last_heard[str(address)] = self.clock.now() - timedelta(**ago)

    async def _gone(self, address: Address) -> None:
        self.gone.append(str(address))

    async def _stopped(self, address: Address) -> None:
        self.stopped.append(str(address))

    async def _wanting(self, user_ids: Sequence[str]) -> set[str]:
        self.asked.append(len(user_ids))
        return set(user_ids) - self.unwanted

    async def _heard(self, addresses: Sequence[Address]) -> Mapping[Address, datetime]:
        return {a: self.last_heard[str(a)] for a in addresses if str(a) in self.last_heard}

    async def _halted(self) -> Mapping[str, str]:
        return dict(self.halts)

    async def _halt(self, campaign: str, why: str) -> None:
        self.halts[campaign] = "stopped"

    async def _within_day(self, address: Address) -> bool:
        return not self.full_day

    async def _dead(self, owners: Collection[str]) -> set[str]:
        return set(owners) & self.dead

    async def _alarm(self, kind: str, detail: str) -> None:
        self.alarms.append((kind, detail))
