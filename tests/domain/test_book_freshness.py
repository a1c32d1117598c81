"""Which parts of a book are stale."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from services.domain.book_freshness import parts, with_stale
from services.domain.calendar import KARACHI
from services.domain.freshness import Freshness
from services.domain.trading_calendar import TradingCalendar
from tests.fakes.books import CLOSED, small_book

PSX = TradingCalendar("psx")
FRIDAY = datetime(2026, 8, 21, 20, tzinfo=KARACHI)


def live(status: str = "live"):
    """The hand-made book as if a source had told it."""
    book = small_book()
    quotes = {s: replace(q, price=replace(q.price, status=status)) for s, q in book.quotes.items()}
    flows = tuple(replace(f, net=replace(f.net, status="imported")) for f in book.flows)
    return replace(book, quotes=quotes, flows=flows, sample=False)


def test_a_sample_is_never_stale():
    assert with_stale(small_book(), FRIDAY + timedelta(days=400), PSX).stale == ()


def test_parts_are_dated_by_their_newest_fact():
    found = {part.kind: part for part in parts(live())}
    assert (found["watch"].as_of, found["watch"].status) == (CLOSED, "live")
    assert found["flows"].status == "imported"
    assert {"indices", "navs", "fx", "policy_rate"} <= set(found)
    assert "bars" in {part.kind for part in parts(live("imported"))}


def test_a_days_later_its_live_parts_are_stale_and_the_samples_parts_are_not():
    book = with_stale(live(), FRIDAY, PSX)
    assert [(part.kind, part.status) for part in book.stale] == [("watch", "stale"), ("flows", "stale")]
    missing = with_stale(live(), CLOSED, PSX, [Freshness("news", None, "feeds", "live")])
    assert [(part.kind, part.status) for part in missing.stale] == [("news", "missing")]


def test_a_holiday_makes_nothing_stale():
    closed = TradingCalendar("psx", closed={date(2026, 8, 21): "Rain"})
    assert with_stale(live(), FRIDAY, closed).stale == (), "Thursday's flows are due from 19:00 and are there"
