"""When sources are asked: in the session, after the close, in the evening, once a day; each slot once; never for nothing."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.ingestion import Ingestion
from services.ingestion.report import Report, SourceReport
from tests.fakes.tiny_source import tiny_source

FRIDAY, SATURDAY, INDEPENDENCE = date(2026, 8, 21), date(2026, 8, 22), date(2026, 8, 14)


class Scripted:
    """An ingestion that only says it was asked."""

    def __init__(self, *known):
        self.known, self.asked = known, []

    def has(self, when):
        return when in self.known

    async def refresh(self, *, when):
        self.asked.append(when)
        done = SourceReport("psx", "PSX", "ok", pages=1, rows={"watch": 495})
        return Report(datetime(2026, 8, 20, tzinfo=UTC), when, (done,), 0.1)


@pytest.fixture
def ingestion(office):
    scripted = Scripted("session", "close", "evening", "daily")
    office.jobs = replace(office.jobs, ingestion=scripted)
    return scripted


async def run(office, name):
    return await office.jobs.by_name()[name]()


async def test_without_sources_nothing_happens(office):
    assert await run(office, "refresh_daily") == ""
    office.jobs = replace(office.jobs, ingestion=Ingestion((), *[None] * 4, office.clock))
    assert await run(office, "refresh_daily") == ""
    assert await office.operations.slots() == []


async def test_a_refresh_tells_what_came(office, ingestion):
    office.clock.put(7, 15)
    assert await run(office, "refresh_daily") == "psx ok: 1 pages, 495 rows"


@pytest.mark.parametrize(
    ("name", "at", "day", "asked"),
    [
        ("refresh_session", (9, 30), None, False), ("refresh_session", (10, 0), None, True),
        ("refresh_session", (15, 29), None, True), ("refresh_session", (16, 0), None, False),
        ("refresh_session", (16, 0), FRIDAY, True), ("refresh_session", (13, 0), FRIDAY, False),
        ("refresh_close", (15, 40), None, True), ("refresh_close", (16, 40), None, True),
        ("refresh_close", (15, 40), FRIDAY, False), ("refresh_close", (16, 40), FRIDAY, True),
        ("refresh_evening", (18, 45), None, True), ("refresh_evening", (18, 45), SATURDAY, False),
        ("refresh_session", (10, 0), INDEPENDENCE, False), ("refresh_daily", (7, 15), SATURDAY, True),
    ],
)  # fmt: skip
async def test_only_when_the_market_is_so_far(office, ingestion, name, at, day, asked):
    office.clock.put(*at, **({"day": day} if day else {}))
    await run(office, name)
    assert bool(ingestion.asked) is asked


async def test_two_schedulers_ask_once_a_slot(office, ingestion):
    other = office.second()
    other.jobs = replace(other.jobs, ingestion=ingestion)
    office.clock.put(10, 0, 1)
    outcomes = await asyncio.gather(run(office, "refresh_session"), run(other, "refresh_session"))
    assert sorted(outcomes) == ["already run", "psx ok: 1 pages, 495 rows"]
    office.clock.put(10, 29)
    assert await run(office, "refresh_session") == "already run"
    office.clock.put(10, 30)
    await run(office, "refresh_session")
    assert ingestion.asked == ["session", "session"]


async def test_an_operators_word_counts_at_any_hour(office, ingestion):
    office.clock.put(23, day=SATURDAY)
    for _ in range(2):
        await office.jobs.on_request()["refresh_session"]()
    assert ingestion.asked == ["session", "session"]


async def test_a_failed_source_fails_no_brief(office):
    """The bot speaks from what is stored: fetching and telling share nothing but the stores."""
    source = tiny_source("psx", "http://127.0.0.1:1")

    class Broken:
        async def fetch(self, *_):
            raise RuntimeError("a bug")

    office.jobs = replace(office.jobs, ingestion=Ingestion((source,), Broken(), *[None] * 3, office.clock))
    await office.person("a")
    office.clock.put(16, 40)
    assert "a mistake of ours (RuntimeError)" in await run(office, "refresh_close")
    office.clock.put(17)
    await run(office, "evening_brief")
    assert await office.told() == ["a"]
