"""Alerts and the operator's memory on a real database."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from services.domain.users import Alert
from services.stores.alerts import MongoAlerts
from services.stores.mongo import Mongo
from services.stores.operations import MongoOperations

AT = datetime(2026, 8, 20, 4, tzinfo=UTC)


async def test_an_alert_fires_once(mongo: Mongo) -> None:
    alerts = MongoAlerts(mongo)
    one = Alert("a1", "u1", "OGDC", "above", "215.5", AT)
    two = Alert("a2", "u1", "KSE100", "moves", "0.02", AT + timedelta(seconds=1))
    other = Alert("a3", "u2", "LUCK", "down", "0.05", AT)
    for alert in (two, one, other):
        await alerts.add(alert)
    assert await alerts.of("u1") == [one, two]
    assert [a async for a in alerts.active()] == [one, two, other]
    assert (await asyncio.gather(*(alerts.fired("a1", AT) for _ in range(10)))).count(True) == 1
    assert [a.id async for a in alerts.active()] == ["a2", "a3"]
    assert await alerts.of("u1") == [replace(one, fired_at=AT), two]
    assert not await alerts.fired("none", AT)


async def test_only_its_owner_removes_an_alert(mongo: Mongo) -> None:
    alerts = MongoAlerts(mongo)
    await alerts.add(Alert("a1", "u1", "OGDC", "above", "215.5", AT))
    assert not await alerts.remove("u2", "a1")
    assert await alerts.remove("u1", "a1")
    assert not await alerts.remove("u1", "a1")


async def test_two_schedulers_one_run(mongo: Mongo) -> None:
    first, second = MongoOperations(mongo, str), MongoOperations(mongo, str)
    claims = await asyncio.gather(*(o.claim_slot("morning:2026-08-20", AT) for o in (first, second) * 10))
    assert claims.count(True) == 1
    await first.claim_slot("evening:2026-08-20", AT + timedelta(hours=8))
    assert await first.slots() == [
        ("evening:2026-08-20", AT + timedelta(hours=8)),
        ("morning:2026-08-20", AT),
    ]
    assert await first.slots(limit=1) == [("evening:2026-08-20", AT + timedelta(hours=8))]
    await first.release_slot("morning:2026-08-20")
    assert await second.claim_slot("morning:2026-08-20", AT)


async def test_a_day_is_closed_or_opened_by_the_last_word(mongo: Mongo) -> None:
    operations = MongoOperations(mongo, str)
    eid, rain = date(2026, 8, 26), date(2026, 8, 27)
    await operations.reopen(eid)
    await operations.add_holiday(rain, "Rain")
    assert (await operations.reopened(), await operations.holidays()) == (frozenset({eid}), {rain: "Rain"})
    await operations.reopen(rain)
    await operations.add_holiday(eid, "Eid")
    assert (await operations.reopened(), await operations.holidays()) == (frozenset({rain}), {eid: "Eid"})


async def test_holidays_and_the_pause_switch(mongo: Mongo) -> None:
    operations = MongoOperations(mongo, str)
    assert await operations.holidays() == {}
    await operations.add_holiday(date(2026, 9, 6), "Defence")
    await operations.add_holiday(date(2026, 8, 25), "Eid")
    await operations.add_holiday(date(2026, 9, 6), "Defence Day")
    assert list((await operations.holidays()).items()) == [
        (date(2026, 8, 25), "Eid"),
        (date(2026, 9, 6), "Defence Day"),
    ]
    assert not await operations.paused()
    await operations.set_paused(paused=True)
    assert await operations.paused()
    await operations.set_paused(paused=False)
    assert not await operations.paused()


async def test_tickets_have_short_numbers_and_no_amounts(mongo: Mongo) -> None:
    operations = MongoOperations(mongo, lambda text: text.replace("50,000", "…"))
    numbers = await asyncio.gather(
        *(operations.open_ticket("u1", "complaint", f"Rs 50,000 is wrong {n}", AT) for n in range(5))
    )
    assert sorted(numbers) == ["T-1", "T-2", "T-3", "T-4", "T-5"]
    tickets = await operations.tickets(limit=2)
    assert [t["number"] for t in tickets] == ["T-5", "T-4"]
    assert tickets[0].keys() == {"number", "user_id", "kind", "text", "at"}
    assert tickets[0]["at"] == "2026-08-20T04:00:00+00:00"
    assert "50,000" not in str(await mongo["tickets"].find().to_list(None))
