"""People on a real database: found by any address, one address one person, forgotten as a whole."""

import asyncio
import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from services.domain.conversation import Address, Inbound, Outbound, Reply, Session, Text
from services.domain.errors import BadInput
from services.domain.portfolio import Holding, Portfolio
from services.domain.users import Alert, Preferences, User
from services.stores.alerts import MongoAlerts
from services.stores.inbox import MongoInbox
from services.stores.mongo import Mongo
from services.stores.operations import MongoOperations
from services.stores.outbox import MongoOutbox
from services.stores.turns import MongoTurns
from services.stores.users import MongoUsers

AT = datetime.fromisoformat("2026-08-20T09:00:00+05:00")
TG, WA = Address("telegram", "42"), Address("meta", "92300")


def person(key: str = "u1", *addresses: Address, **fields: object) -> User:
    return User(id=key, addresses=addresses or (TG,), created_at=AT, **fields)  # type: ignore[arg-type]


async def test_comes_back_exactly_as_saved(mongo: Mongo) -> None:
    users = MongoUsers(mongo)
    user = User(
        id="u1",
        addresses=(TG, WA),
        created_at=AT,
        name="عائشہ",
        stage="active",
        consented_at=AT + timedelta(microseconds=5),
        preferences=Preferences(lang="ur", times=(time(8, 30),), days=(0, 6), voice=False, shariah=True),
        portfolio=Portfolio(
            (Holding("MEBL", Decimal("0.3333333333333333333333333333")), Holding("X", Decimal("1E-9")))
        ),
        paused_until=date(2026, 9, 1),
        last_brief="2026-08-20#3",
        inactive=(Address("twilio", "+92"),),
    )
    await users.save(user)
    assert await users.get("u1") == user
    for address in (*user.addresses, *user.inactive):
        assert await users.by_address(address) == user
    assert await users.get("u2") is None
    assert (
        await users.by_address(Address("meta", "42")) is None
    )  # the same key on another channel is somebody else


async def test_two_people_never_share_an_address(mongo: Mongo) -> None:
    users = MongoUsers(mongo)
    await users.save(person("u1", TG))
    with pytest.raises(BadInput):
        await users.save(person("u2", WA, TG))
    assert await users.get("u2") is None
    await users.save(person("u1", WA))  # given up by the first …
    await users.save(person("u2", TG))  # … it is free for the second
    assert (await users.by_address(TG)) == person("u2", TG)


async def test_a_race_for_an_address_has_one_winner(mongo: Mongo) -> None:
    users = MongoUsers(mongo)
    results = await asyncio.gather(
        *(users.save(person(f"u{n}", TG)) for n in range(20)), return_exceptions=True
    )
    assert results.count(None) == 1
    assert all(isinstance(r, BadInput) for r in results if r is not None)


async def test_first_saves_of_one_person_at_once_all_succeed(mongo: Mongo) -> None:
    users = MongoUsers(mongo)
    await asyncio.gather(*(users.save(person("u1", TG, name=str(n))) for n in range(20)))
    assert await users.counts() == {"new": 1}


async def test_pages_through_all_in_order_even_while_people_come(mongo: Mongo) -> None:
    users = MongoUsers(mongo)
    for n in range(450):
        stage = "active" if n % 3 else "stopped"
        await users.save(person(f"u{n:04}", Address("web", str(n)), stage=stage))
    seen = []
    async for user in users.page(stages=("active",)):
        seen.append(user.id)
        if len(seen) == 10:
            await users.save(person("u9999", TG, stage="active"))
    assert seen == [f"u{n:04}" for n in range(450) if n % 3] + ["u9999"]
    assert len([u async for u in users.page()]) == 451
    assert await users.counts() == {"active": 301, "stopped": 150}


class Fixed:
    def now(self) -> datetime:
        return AT


async def fill(mongo: Mongo, user: User) -> None:
    address = user.addresses[-1]
    outbound = Outbound(f"brief:{user.id}", user.id, address, Reply((Text("hello"),)), AT)
    await MongoUsers(mongo).save(user)
    await MongoInbox(mongo, Fixed(), str).accept(Inbound(f"e:{user.id}", address, AT, "my words"))
    await MongoTurns(mongo, "…").commit("unknown", Session(user.id, "weights", {"a": "b"}), [outbound])
    await MongoAlerts(mongo).add(Alert(f"a:{user.id}", user.id, "OGDC", "above", "200", AT))
    await MongoOperations(mongo, str).open_ticket(user.id, "praise", "good", AT)
    old = Outbound(f"old:{user.id}", "former", address, Reply((Text("x"),)), AT)
    await MongoOutbox(mongo, Fixed(), "…").put([old])


async def documents(mongo: Mongo) -> dict[str, object]:
    """Everything there is, but for the schedule's and the counter's own rows, which name nobody."""
    names = set(await mongo.database.list_collection_names()) - {"switches", "slots", "holidays"}
    return {name: await mongo[name].find().sort("_id", 1).to_list(None) for name in names}


async def test_delete_leaves_no_trace_and_nobody_else_loses_anything(mongo: Mongo) -> None:
    other = person("other", Address("web", "7"))
    await fill(mongo, other)
    before = await documents(mongo)
    await fill(mongo, person("secretid", TG, WA))
    text = json.dumps(await MongoUsers(mongo).everything("secretid"), ensure_ascii=False)
    for word in ("my words", "hello", "weights", "OGDC", "praise", "meta:92300", "2026-08-20T09:00:00"):
        assert word in text
    assert "other" not in text
    await MongoUsers(mongo).delete("secretid")
    assert await documents(mongo) == before
    left = await MongoUsers(mongo).everything("secretid")
    assert left.pop("user") is None
    assert left
    assert not any(left.values())


async def test_a_document_of_an_older_version_reads_with_defaults(mongo: Mongo) -> None:
    users = MongoUsers(mongo)
    await users.save(person())
    await mongo["users"].update_one(
        {"_id": "u1"},
        {"$unset": {"body.inactive": "", "body.preferences.shariah": ""}, "$set": {"body.later": 1}},
    )
    assert await users.get("u1") == person()
    assert replace(person(), name="x") != person()


async def test_two_changes_at_one_time_both_stay(mongo: Mongo) -> None:
    """A "stop" by webhook while a turn of the same person changes the language."""
    users = MongoUsers(mongo)
    before = replace(person("one"), stage="active")
    await users.save(before)
    await users.change(before, replace(before, stage="stopped"))
    await users.change(before, replace(before, preferences=Preferences(lang="ur")))
    kept = await users.get("one")
    assert kept is not None
    assert (kept.stage, kept.preferences.lang) == ("stopped", "ur")
    assert [user.id async for user in users.page(stages=["stopped"])] == ["one"]


async def test_a_change_brings_nobody_back(mongo: Mongo) -> None:
    users = MongoUsers(mongo)
    before = person("one")
    await users.save(before)
    await users.delete("one")
    await users.change(before, replace(before, name="Ayesha"))
    assert await users.get("one") is None
