"""When a fact is stale, kind by kind, by the market's own calendar."""

from datetime import date, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.calendar import KARACHI
from services.domain.freshness import (
    RULES,
    Freshness,
    aspect_of_rate,
    judged,
    stale,
    status_of,
    trading_time,
)
from services.domain.records import Kind
from services.domain.trading_calendar import TradingCalendar

PSX = TradingCalendar("psx")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KARACHI)


def test_every_kind_has_a_rule():
    assert set(get_args(Kind)) <= set(RULES)


@pytest.mark.parametrize(
    ("kind", "as_of", "now", "status"),
    [
        # 20 Aug 2026 is a Thursday; trading 09:32 to 15:30
        ("watch", "2026-08-20T11:00", "2026-08-20T11:20", "live"),
        ("watch", "2026-08-20T11:00", "2026-08-20T11:21", "stale"),
        ("watch", "2026-08-19T15:31", "2026-08-20T09:00", "live"),  # before the open: yesterday's close
        ("watch", "2026-08-19T15:31", "2026-08-20T09:50", "live"),  # 18 minutes of trading since
        ("watch", "2026-08-19T15:31", "2026-08-20T09:53", "stale"),
        ("watch", "2026-08-20T15:20", "2026-08-20T15:45", "live"),  # the closing price is being settled
        ("watch", "2026-08-20T15:20", "2026-08-20T16:05", "stale"),  # the day's close is there by now
        ("watch", "2026-08-20T15:50", "2026-08-20T23:00", "live"),
        ("indices", "2026-08-21T11:55", "2026-08-21T14:00", "live"),  # in Friday's break nothing moves
        ("indices", "2026-08-21T11:55", "2026-08-21T14:50", "stale"),
        ("indices", "2026-08-21T16:31", "2026-08-24T09:00", "live"),  # Friday's close is Monday morning's
        ("bars", "2026-08-19T15:50", "2026-08-20T16:29", "live"),
        ("bars", "2026-08-19T15:50", "2026-08-20T16:30", "stale"),
        (
            "bars",
            "2026-08-20T15:50",
            "2026-08-21T17:00",
            "live",
        ),  # Friday 17:00: its close is not settled for us
        ("bars", "2026-08-20T15:50", "2026-08-21T17:30", "stale"),
        ("bars", "2026-08-25T15:50", "2026-08-26T20:00", "live"),  # 26 Aug was a holiday
        ("navs", "2026-08-19T00:00", "2026-08-20T19:29", "live"),
        ("navs", "2026-08-19T00:00", "2026-08-20T19:30", "stale"),
        ("navs", "2026-08-21T00:00", "2026-08-23T12:00", "live"),
        ("flows", "2026-08-19T00:00", "2026-08-20T18:59", "live"),
        ("flows", "2026-08-19T00:00", "2026-08-20T19:00", "stale"),
        ("fx", "2026-08-19T00:00", "2026-08-20T17:00", "live"),
        ("fx", "2026-08-18T00:00", "2026-08-20T17:00", "stale"),
        ("policy_rate", "2026-07-27T00:00", "2026-09-14T23:00", "live"),  # the meeting's own day
        ("policy_rate", "2026-07-27T00:00", "2026-09-15T00:01", "stale"),
        ("policy_rate", "2026-04-27T00:00", "2026-08-20T09:00", "stale"),  # July's meeting came between
        ("holdings", "2026-07-06T09:00", "2026-08-20T09:00", "live"),
        ("holdings", "2026-07-06T08:59", "2026-08-20T09:00", "stale"),
        ("news", "2026-08-19T09:00", "2026-08-20T09:00", "live"),
        ("news", "2026-08-19T08:59", "2026-08-20T09:00", "stale"),
        ("holidays", "2018-01-01T00:00", "2026-08-20T09:00", "live"),
    ],
)
def test_thresholds(kind, as_of: str, now: str, status: str):
    assert status_of(kind, at(as_of), at(now), PSX, "live") == status


def test_a_sample_is_a_sample_however_old_and_nothing_is_missing():
    assert status_of("watch", at("2020-01-01T09:00"), at("2026-08-20T11:00"), PSX, "sample") == "sample"
    assert status_of("watch", None, at("2026-08-20T11:00"), PSX, "live") == "missing"
    assert status_of("bars", at("2026-08-20T15:50"), at("2026-08-20T20:00"), PSX, "imported") == "imported"
    assert status_of("bars", at("2026-08-18T15:50"), at("2026-08-20T20:00"), PSX, "imported") == "stale"


def test_the_operators_holiday_keeps_the_close_before_it_fresh():
    rain = TradingCalendar("psx", closed={date(2026, 8, 20): "Rain"})
    asked = ("bars", at("2026-08-19T15:50"), at("2026-08-20T20:00"))
    assert status_of(*asked, rain, "live") == "live"
    assert status_of(*asked, PSX, "live") == "stale"


def test_trading_time_counts_sessions_only():
    assert trading_time(at("2026-08-20T15:00"), at("2026-08-21T09:27"), PSX) == timedelta(minutes=40)
    assert trading_time(at("2026-08-21T11:00"), at("2026-08-21T14:42"), PSX) == timedelta(minutes=70)
    assert trading_time(at("2026-08-22T00:00"), at("2026-08-23T23:00"), PSX) == timedelta(0)


@given(
    st.sampled_from(sorted(RULES)),
    st.dates(date(2026, 1, 1), date(2026, 8, 20)),
    st.times(),
    st.timedeltas(timedelta(0), timedelta(days=20)),
    st.timedeltas(timedelta(0), timedelta(days=5)),
)
def test_what_is_stale_stays_stale_and_a_newer_figure_is_never_worse(kind, day, hour, age, more):
    made = datetime.combine(day, hour, KARACHI)
    now = made + age
    if status_of(kind, made, now, PSX, "live") == "stale":
        older = made - more
        assert status_of(kind, older, now, PSX, "live") == "stale"
    if RULES[kind].in_session is None:
        later = status_of(kind, made, now + more, PSX, "live")
        assert later == "stale" or status_of(kind, made, now, PSX, "live") != "stale"


def test_a_brief_names_each_stale_kind_once_by_its_newest_figure():
    now = at("2026-08-20T20:00")
    parts = [
        Freshness("flows", at("2026-08-18T00:00"), "NCCPL", "imported"),
        Freshness("flows", at("2026-08-14T00:00"), "NCCPL", "imported"),
        Freshness("bars", at("2026-08-20T15:50"), "PSX", "live"),
        Freshness("navs", None, "MUFAP", "live"),
        Freshness("news", at("2026-08-01T00:00"), "sample", "sample"),
    ]
    assert [(each.kind, each.status, each.as_of) for each in stale(parts, now, PSX)] == [
        ("navs", "missing", None),
        ("flows", "stale", at("2026-08-18T00:00")),
    ]
    assert [each.status for each in judged(parts, now, PSX)] == [
        "stale",
        "stale",
        "live",
        "missing",
        "sample",
    ]


@pytest.mark.parametrize(
    ("name", "aspect"),
    [("policy_rate", "policy_rate"), ("USD", "fx"), ("kibor_6m", "kibor"), ("cpi_yoy", "cpi"), ("pkrv_6M", "yields"),
     ("gold", "rates")],
)  # fmt: skip
def test_rates_age_by_what_they_are(name: str, aspect: str):
    assert aspect_of_rate(name) == aspect
