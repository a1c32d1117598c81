"""The two markets as data, and their calendars asked in the same words."""

from datetime import UTC, date, datetime, time

import pytest

from services.domain.calendar import Hours, Season
from services.domain.errors import BadInput
from services.domain.profiles import PSX, US, profile
from services.domain.trading_calendar import TradingCalendar
from services.sources.sample import read


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_profiles_by_name():
    assert profile("psx") is PSX
    assert profile("us") is US
    with pytest.raises(BadInput, match="psx, us"):
        profile("nasdaq")


def test_the_american_timetable_is_the_promised_one():
    assert US.times("market") == (time(5), time(13), time(19))
    assert US.times("sectors") == (time(7),)
    assert US.featured == ("XLK", "XLV", "XLF", "XLE", "XLY")
    assert US.zone.key == "America/New_York"
    assert len(US.sectors) == 11
    assert set(US.featured) <= set(US.sectors)


def test_the_pakistani_timetable_and_headline():
    assert PSX.times("personal") == (time(9), time(17))
    assert (PSX.headline, PSX.headline_name, PSX.price_index) == ("KSE100", "KSE-100", "KSE100PR")
    assert (US.headline, US.headline_name) == ("SP500", "S&P 500")


def test_the_sample_day_speaks_of_nothing_that_the_profile_does_not_know():
    book = read()
    assert set(book.indices) <= set(PSX.indices)
    assert all(PSX.indices[code] == name for code, name in book.index_names.items())
    assert {share.sector_code for share in book.shares.values()} - {""} <= set(PSX.sectors)


def test_what_people_call_an_index_is_never_a_share_s_ticker():
    assert set(US.index_aliases.values()) <= set(US.indices)
    assert not {"DOW", "SPX", "RUT"} & set(US.index_aliases)


@pytest.mark.parametrize(
    ("market", "now", "today", "opened", "closed"),
    [
        ("psx", "2026-08-20T03:00", "2026-08-20", "2026-08-19", "2026-08-19"),  # 08:00 in Karachi
        ("psx", "2026-08-20T04:32", "2026-08-20", "2026-08-20", "2026-08-19"),
        ("psx", "2026-08-20T10:30", "2026-08-20", "2026-08-20", "2026-08-20"),
        ("psx", "2026-08-20T20:00", "2026-08-21", "2026-08-20", "2026-08-20"),  # past midnight there
        ("us", "2026-11-20T20:59", "2026-11-20", "2026-11-20", "2026-11-19"),
        ("us", "2026-11-20T21:00", "2026-11-20", "2026-11-20", "2026-11-20"),
        ("us", "2026-11-27T18:00", "2026-11-27", "2026-11-27", "2026-11-27"),  # 13:00, an early close
        ("us", "2026-11-23T02:00", "2026-11-22", "2026-11-20", "2026-11-20"),  # Sunday evening
    ],
)
def test_the_day_that_prices_are_of(market, now: str, today: str, opened: str, closed: str):
    calendar = TradingCalendar(market)
    moment = utc(now)
    assert calendar.today(moment).isoformat() == today
    assert calendar.last_opened(moment).isoformat() == opened
    assert calendar.last_closed(moment).isoformat() == closed


def test_both_markets_answer_the_same_questions():
    day = date(2026, 11, 26)  # Thanksgiving, a usual Thursday in Karachi
    psx, us = TradingCalendar("psx"), TradingCalendar("us")
    assert psx.is_session(day)
    assert not us.is_session(day)
    assert us.closure(day).name == "Thanksgiving Day"
    assert psx.closure(day) is None
    assert us.next_session(day) == date(2026, 11, 27)
    assert psx.previous_session(day) == date(2026, 11, 25)
    assert us.closes_at(date(2026, 11, 27)) == utc("2026-11-27T18:00")
    assert psx.closes_at(day) == utc("2026-11-26T10:30")
    noon = utc("2026-11-26T07:00")
    assert (psx.state(noon), us.state(noon)) == ("open", "holiday")


def test_the_operator_s_word_counts_in_both():
    day = date(2026, 11, 26)
    closed = TradingCalendar("psx", closed={day: "Strike"})
    assert not closed.is_session(day)
    assert closed.closure(day).name == "Strike"
    opened = TradingCalendar("us", reopened=frozenset({day}))
    assert opened.is_session(day)
    assert opened.closure(day) is None
    ramadan = Hours(((time(9), time(9, 17), time(13)),), None)
    season = TradingCalendar("psx", seasons=(Season(day, day, ramadan, ramadan),))
    assert season.closes_at(day) == utc("2026-11-26T08:00")
    assert season.state(utc("2026-11-26T08:30")) == "closed"


def test_known_seasons_stay_beside_the_operator_s():
    assert TradingCalendar("psx").closes_at(date(2024, 3, 13)) == utc("2024-03-13T09:00")
