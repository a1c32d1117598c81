"""The rates of all senders, as the outbox asks for them: one desk each, all on one ledger."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from typing import Final

from services.domain.conversation import Address, Lane
from services.domain.errors import Scope
from services.stores.desk import Desk
from services.stores.ledger import Ledger, LocalLedger
from services.stores.limits import Limit, limit
from services.stores.mongo import Mongo
from services.stores.mongo_ledger import MongoLedger
from services.stores.people import MongoPeople
from services.stores.redis_ledger import RedisLedger
from services.stores.spare_ledger import SpareLedger


def open_rates(
    senders: Mapping[str, tuple[str, float]],
    mongo: Mongo,
    *,
    redis_url: str,
    alone: bool,
    people: Mapping[str, int],
) -> "PacedRates":
    """The rates with the ledger that fits.

    Args:
        senders: By channel, the bot or number that sends, and how many requests a second its provider permits.
        mongo: Holds the day's people, and the ledger where nothing better is there.
        redis_url: A Redis in which all processes count; "" = none.
        alone: This process is the only one that sends, so that it needs nobody's word.
        people: How many people outside their window a channel may write to in 24 hours; 0 = no limit.
    """
    member = secrets.token_hex(4)
    ledger: Ledger = LocalLedger()
    if redis_url:
        ledger = SpareLedger(RedisLedger(redis_url, member=member))
    elif not alone:
        ledger = SpareLedger(MongoLedger(mongo, member=member))
    limits = [limit(channel, owner, rate) for channel, (owner, rate) in senders.items()]
    return PacedRates(limits, ledger, MongoPeople(mongo, people))


class PacedRates:
    """``Rates``: requests leave evenly paced, and never more than the provider counts as permitted.

    Channels without a limit (the chat page, the terminal) are never held up.

    Args:
        limits: What each sender may send, made by ``limits.limit``; one for a channel.
        ledger: Where uses are counted: in this process, or in a place that all processes share.
        people: The day's people outside their window, by channel; absent = no limit.
    """

    def __init__(self, limits: Sequence[Limit], ledger: Ledger, people: MongoPeople | None = None) -> None:
        self._desks: Final = {limit.name.partition(":")[0]: Desk(limit, ledger) for limit in limits}
        self._ledger = ledger
        self._people = people

    def ready(self, address: Address, lane: Lane) -> bool:
        """Whether ``admit`` would let a message through at once, as far as this process knows."""
        desk = self._desks.get(address.channel)
        return desk is None or desk.ready(address, lane, asyncio.get_running_loop().time())

    async def admit(self, address: Address, lane: Lane) -> None:
        """Wait until one request to this address may go, and count it. Replies go first, always."""
        desk = self._desks.get(address.channel)
        if desk is None:
            return
        if lane == "interactive":
            await desk.reply(address)
        else:
            await desk.broadcast(address)

    async def hold(self, address: Address, scope: Scope, seconds: float) -> None:
        """Nothing to this chat, or nothing of this sender or account, goes for so many seconds, in any process.

        A refusal of one message (scope "message") holds up its chat. An account has one sender on a channel, so both
        are the same here. Other processes hear of it within ``desk.REPORT_SECONDS``.
        """
        desk = self._desks.get(address.channel)
        if desk is None or seconds <= 0:
            return
        if scope in {"sender", "account"}:
            await desk.close_all(seconds)
        else:
            await desk.close_chat(address, seconds)

    async def within_day(self, address: Address) -> bool:
        """Whether a template may go to a person outside their window: False when the day's number of people is reached.

        Somebody who was counted within 24 hours is not counted again.
        """
        return self._people is None or await self._people.within_day(address)

    async def close(self) -> None:
        """Nobody is let go any more."""
        for desk in self._desks.values():
            await desk.stop()
        await self._ledger.close()
