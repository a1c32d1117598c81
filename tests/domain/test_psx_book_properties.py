"""Whatever is kept, in whatever order: nothing in the book is later than its day, and every figure says where it is from."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.domain import rows as r
from services.domain.market import Fact, MarketBook
from services.domain.psx_book import psx_book
from services.domain.psx_history import history_of
from services.domain.psx_parts import Parts
from services.domain.psx_stock import Stock
from services.domain.records import Batch, Kind
from services.domain.trading_calendar import TradingCalendar
from services.sources.sample import read

KARACHI = ZoneInfo("Asia/Karachi")
BASE = read()
BASE = replace(BASE, series={s: BASE.series[s] for s in ("LUCK", "MEBL", "HBL")})
DAYS = [date(2026, 3, 2), date(2026, 8, 19), date(2026, 8, 20), date(2026, 8, 21), date(2026, 8, 24)]
SYMBOLS = ("LUCK", "MEBL", "HBL", "NEWCO")
CALENDAR = TradingCalendar("psx")
FUND = next(iter(BASE.funds.values())).name


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 0, tzinfo=KARACHI)


def rows(kind: Kind, day: date, price: float) -> list[r.Bar]:
    made = {
        "watch": [r.Watch(s, day, s, "0804", (), (), price - 1, price, price, price, price, 1.0, 1.0, 5) for s in SYMBOLS],
        "bars": [r.Bar(s, day, None, None, None, price, 5) for s in SYMBOLS],
        "indices": [r.IndexRow("KSE100", at(day, 15), None, None, price * 10, 1.0, 0.1)],
        "screener": [r.Screened("LUCK", day, "0804", (), (), 1e9, price, 1.0, None, 8.0, 2.0, 1e7, 1e5)],
        "constituents": [r.Constituent("KSE100", "LUCK", day, "L", None, None, None, None, 4.0, None, None, None, None, None)],
        "navs": [r.NavRow(FUND, day, "Open-End", "Equity", price, returns={"1D": 1.0}, expense_ratio_pct=2.0)],
        "baskets": [r.BasketRow("MZNPETF", day, "LUCK", "L", price - 1)],
        "flows": [r.FlowRow(day, "FIPI", "Foreign", "All", price)],
        "fx": [r.FxRow("USD", day, price)],
        "rates": [r.RateRow("policy_rate", day, price, "%")],
        "holdings": [r.HoldingRow(FUND, day, "LUCK", 0.1)],
        "announcements": [r.Notice("1", at(day, 9), "LUCK", "L", f"Notice {price}", "/1", revoked=price > 500)],
        "news": [r.NewsRow(f"n{day}", at(day, 9), "KSE-100 gains as PSX rallies", "https://x.pk", "Dawn", ("LUCK",))],
        "payouts": [r.PayoutRow("LUCK", day, at(day, 9), "10% (D)", "dividend", 10.0, True, None, day + timedelta(9), None)],
        "events": [r.EventRow("e", at(day, 9), "PK", "CPI")],
        "holidays": [r.HolidayRow(day, "Closed")],
    }  # fmt: skip
    return made[kind]


KINDS: tuple[Kind, ...] = (
    "watch",
    "bars",
    "indices",
    "screener",
    "constituents",
    "navs",
    "baskets",
    "flows",
    "fx",
    "rates",
    "holdings",
    "announcements",
    "news",
    "payouts",
    "events",
    "holidays",
)


@st.composite
def batches(draw: st.DrawFn) -> list[Batch]:
    told = draw(
        st.lists(
            st.tuples(st.sampled_from(KINDS), st.sampled_from(DAYS), st.sampled_from([1.0, 430.0, 900.0])),
            min_size=1, max_size=14, unique_by=lambda each: each[:2],
        )
    )  # fmt: skip
    return [
        Batch(
            kind, tuple(rows(kind, day, price)), at(day + timedelta(days=late), 17), "here", "imported", "o"
        )
        for kind, day, price in told
        for late in [draw(st.sampled_from([0, 0, 3]))]
    ]


def stock(given: list[Batch]) -> Stock:
    newest: dict[Kind, Batch] = {}
    for each in sorted(given, key=lambda each: each.as_of):
        newest[each.kind] = each
    recent: dict[Kind, list[Batch]] = {}
    for each in given:
        recent.setdefault(each.kind, []).append(each)

    def all_of(kind: Kind) -> list:
        return [row for each in given if each.kind == kind for row in each.rows]

    return Stock(history_of(BASE, all_of("bars"), (), all_of("payouts")), newest, recent)


def book(given: list[Batch]) -> MarketBook:
    return psx_book(BASE, stock(given), now=at(date(2026, 8, 28), 19), calendar=CALENDAR)


def facts(value: object) -> Iterator[Fact]:
    """Every fact inside, wherever it lies."""
    if isinstance(value, Fact):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from facts(inner)
    elif isinstance(value, tuple):
        for inner in value[:50]:
            yield from facts(inner)
    elif is_dataclass(value):
        for one in fields(value):
            yield from facts(getattr(value, one.name))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(batches())
def test_nothing_is_later_than_the_day_of_the_book(given: list[Batch]) -> None:
    made = book(given)
    for name in ("quotes", "fundamentals", "indices", "funds", "flows", "rates", "payouts"):
        for fact in facts(getattr(made, name)):
            assert fact.source
            assert fact.status
            assert fact.as_of.tzinfo is not None
            last = made.news_day if name in {"rates", "payouts"} else made.day
            assert fact.as_of.astimezone(KARACHI).date() <= last, fact
    assert all(quote.ldcp.value > 0 < quote.price.value for quote in made.quotes.values())
    assert all(each.day <= made.news_day for each in made.announcements)
    assert all(each.days[-1] <= made.day for each in made.series.values())
    assert all(tuple(sorted(set(each.days))) == each.days for each in made.series.values())
    assert all(each.ex_date <= made.day for own in made.adjustments.values() for each in own)
    assert all(day <= made.day for own in made.index_series.values() for day in own)
    assert all(f.basket is None or f.basket.as_of.date() <= made.day for f in made.funds.values())
    assert all(each.day > made.day for each in made.events)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(batches(), st.randoms(use_true_random=False))
def test_the_order_in_which_the_stores_told_does_not_matter(given: list[Batch], random) -> None:
    other = list(given)
    random.shuffle(other)
    newest = stock(given).newest
    one, two = stock(given), replace(stock(other), newest=newest)
    now = at(date(2026, 8, 28), 19)
    assert psx_book(BASE, one, now=now, calendar=CALENDAR) == psx_book(BASE, two, now=now, calendar=CALENDAR)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(batches())
def test_a_book_made_after_others_is_the_one_made_alone(given: list[Batch]) -> None:
    parts, now = Parts(), at(date(2026, 8, 28), 19)
    for many in (
        1,
        len(given) // 2,
        len(given),
        len(given) // 2,
    ):  # more and more comes, and some is taken back
        one = stock(given[:many])
        alone = psx_book(BASE, one, now=now, calendar=CALENDAR)
        assert psx_book(BASE, one, now=now, calendar=CALENDAR, parts=parts) == alone
