"""The source against a fake FMP at the wire: keys, plans, limits, and a whole day's pages."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from services.domain.errors import BadSetting, Gated, MarketByteError, Unavailable
from services.domain.profiles import US
from services.domain.records import ROWS, key_of
from services.domain.sourcing import Pace, Page, PageSpec, SourceSpec
from services.sources.fmp import fmp
from services.sources.fmp.asking import BATCH
from services.sources.fmp.plans import PLANS
from tests.fakes.fmp import FakeFmp

NOW = datetime(2026, 11, 20, 22, 15, tzinfo=UTC)
NAMES = ("AAPL", "MSFT", "JPM")


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


async def pages_of(
    session: aiohttp.ClientSession, source: SourceSpec, spec: PageSpec, names=NAMES
) -> list[Page]:
    """The bare answers to a page's questions, whatever their status: here it is the content that must tell."""
    pages = []
    for question in spec.ask(NOW, names):
        url = source.base.rstrip("/") + question.path
        async with session.get(url, params=dict(question.query), headers=dict(source.headers)) as answer:
            pages.append(Page(spec.name, await answer.read(), NOW, url=str(answer.url), asked=question.asked))
    return pages


async def rows_of(session: aiohttp.ClientSession, source: SourceSpec, spec: PageSpec, names=NAMES) -> list:
    return [row for page in await pages_of(session, source, spec, names) for row in spec.parse(page)]


@pytest.mark.parametrize("plan", ["premium", "basic"])
async def test_a_whole_day_comes_through(session: aiohttp.ClientSession, plan: str):
    async with FakeFmp(now=NOW, plan=plan) as fake:
        source = fmp("fmp-key", fake.base, plan_name=plan)
        for spec in source.pages:
            if plan == "basic" and spec.name == "fmp.calendar":
                continue
            found = await rows_of(session, source, spec)
            assert found, spec.name
            assert {type(row) for row in found} == {ROWS[spec.kind]}
            keys = [key_of(spec.kind, row) for row in found]
            assert len(set(keys)) == len(keys), "no row hides another"
        assert fake.keys_in_urls == 0, "the key is in no address"


async def test_the_basic_plan_has_no_calendar_and_says_so(session: aiohttp.ClientSession):
    async with FakeFmp(now=NOW, plan="basic") as fake:
        source = fmp("fmp-key", fake.base, plan_name="basic")
        calendar = next(spec for spec in source.pages if spec.name == "fmp.calendar")
        with pytest.raises(Gated, match="FMP_PLAN"):
            await rows_of(session, source, calendar)
        quotes = source.pages[0]
        with pytest.raises(Gated, match="plan"):
            await rows_of(session, source, quotes, ("PFE",))


@pytest.mark.parametrize("bare", [False, True])
async def test_a_wrong_key_and_a_used_up_day(session: aiohttp.ClientSession, bare: bool):
    async with FakeFmp(now=NOW, per_day=1, bare=bare) as fake:
        wrong = fmp("no-such-key", fake.base)
        with pytest.raises(Gated, match="FMP_API_KEY"):
            await rows_of(session, wrong, wrong.pages[1])
        right = fmp("fmp-key", fake.base)
        with pytest.raises(Unavailable, match="used up") as caught:
            await rows_of(session, right, right.pages[1])
        assert not isinstance(caught.value, Gated)


async def test_through_the_house_s_own_fetcher(session: aiohttp.ClientSession):
    from services.sources.clock import TickingClock
    from services.sources.fetching import HttpFetcher

    async with FakeFmp(now=NOW) as fake:
        source = replace(fmp("fmp-key", fake.base, plan_name="ultimate"), pace=Pace(every=0, tries=1))
        fetcher = HttpFetcher(session, TickingClock(NOW))
        spec = source.pages[1]
        page, raw = await fetcher.fetch(source, spec.ask(NOW, ())[0], spec.name)
        assert [row.code for row in spec.parse(page)] == list(US.indices)
        assert "fmp-key" not in repr((page, raw, source))
        with pytest.raises(MarketByteError):
            await fetcher.fetch(replace(source, headers={"apikey": "other"}), spec.ask(NOW, ())[0], spec.name)


def test_a_day_on_the_basic_plan_stays_under_its_250_requests():
    source = fmp("k", plan_name="basic")
    names = [f"S{number}" for number in range(200)]
    visits = {"session": 0, "close": 1, "evening": 1, "daily": 1, "on demand": 0}
    assert not any("session" in spec.when for spec in source.pages)
    asked = sum(len(spec.ask(NOW, names)) * sum(visits[when] for when in spec.when) for spec in source.pages)
    assert asked == 200
    assert asked < PLANS["basic"].per_day


def test_questions_come_in_parts_and_hold_only_symbols():
    spec = fmp("k", plan_name="premium").pages[0]
    names = [*(f"S{number}" for number in range(100)), "A&apikey=x", "../etc", "", "AAPL", "AAPL", "SP500"]
    asked = [symbol for question in spec.ask(NOW, names) for symbol in question.query["symbols"].split(",")]
    assert asked[:11] == list(US.sectors)
    assert len(asked) == len(set(asked)) == 11 + 101
    assert all(len(question.query["symbols"].split(",")) <= BATCH for question in spec.ask(NOW, names))


def test_sectors_are_asked_of_a_session_that_is_over():
    spec = next(spec for spec in fmp("k").pages if spec.name == "fmp.sectors")
    at_noon = NOW.replace(hour=17)
    assert {question.query["date"] for question in spec.ask(at_noon, ())} == {"2026-11-19"}
    assert {question.query["date"] for question in spec.ask(NOW + timedelta(days=2), ())} == {"2026-11-20"}


def test_the_key_is_shown_nowhere():
    source = fmp("very-secret-key")
    assert "very-secret-key" not in repr(source)
    assert source.headers["apikey"] == "very-secret-key"
    assert source.market == "us"
    assert source.licence.endswith(".")


@pytest.mark.parametrize(("key", "plan"), [("", "basic"), ("  ", "basic"), ("a\nb", "basic"), ("k", "gold")])
def test_unusable_settings_say_what_to_do(key: str, plan: str):
    with pytest.raises(BadSetting, match="FMP_"):
        fmp(key, plan_name=plan)
