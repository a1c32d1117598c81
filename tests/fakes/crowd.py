"""Many people and one broadcast to all of them, written straight into a running bot's database."""

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.domain.conversation import Address, Outbound, Reply, Template, Text
from services.domain.portfolio import Portfolio
from services.domain.users import User
from services.stores.documents import user_document
from services.stores.mongo import Mongo, connect
from services.stores.outbox import MongoOutbox

PAGE = 500
CAMPAIGN = "announce:crowd"
OPEN = {"$in": ["queued", "sending"]}
_KARACHI = ZoneInfo("Asia/Karachi")


class _Now:
    def now(self) -> datetime:
        return datetime.now(_KARACHI)


def address(channel: str, number: int) -> Address:
    """Somebody of the crowd."""
    keys = {
        "telegram": f"{800_000 + number}",
        "twilio": f"whatsapp:+92311{number:07}",
        "meta": f"92312{number:07}",
    }
    return Address(channel, keys[channel])  # type: ignore[arg-type]


def person_of(channel: str, message: dict) -> str:
    """Whose message of a fake this is, as the crowd names them."""
    field = {"telegram": "chat_id", "twilio": "To", "meta": "to"}[channel]
    return str(message.get(field, "")).lstrip("+")


async def gather(uri: str, channel: str, count: int) -> Mongo:
    """Write the people and one message for each; WhatsApp's go out as their template (nobody of them has written)."""
    mongo, clock = await connect(uri), _Now()
    now = clock.now()
    outbox = MongoOutbox(mongo, clock, "sealed", "the crowd")
    people = [
        User(
            f"crowd{n:08}",
            (address(channel, n),),
            now,
            stage="active",
            consented_at=now,
            portfolio=Portfolio(()),
        )
        for n in range(count)
    ]
    for start in range(0, count, PAGE):
        page = people[start : start + PAGE]
        await mongo["users"].insert_many([user_document(person) for person in page])
        await outbox.put([_message(channel, person, now) for person in page])
    return mongo


def _message(channel: str, person: User, now: datetime) -> Outbound:
    template = (
        None if channel == "telegram" else Template("announcement", ("Ayesha", f"News for {person.id}."))
    )
    return Outbound(
        f"{CAMPAIGN}:{person.id}:0", person.id, person.addresses[0], Reply((Text(f"News for {person.id}."),)), now,
        lane="broadcast", campaign=CAMPAIGN, expires_at=now + timedelta(hours=6), template=template,
    )  # fmt: skip


async def states(mongo: Mongo) -> dict[str, int]:
    """How many of the crowd's messages are in which state (the messages that follow them included)."""
    return await MongoOutbox(mongo, _Now(), "sealed").campaign_counts(CAMPAIGN)


async def told(mongo: Mongo, seconds: float) -> None:
    """Wait until nothing of it waits any more."""
    deadline = asyncio.get_running_loop().time() + seconds
    while await mongo["outbox"].count_documents({"campaign": CAMPAIGN, "state": OPEN}, limit=1):
        assert asyncio.get_running_loop().time() < deadline, f"not told in {seconds} s: {await states(mongo)}"
        await asyncio.sleep(0.25)
