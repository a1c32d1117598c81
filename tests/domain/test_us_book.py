"""The American book from a handful of rows: references, levels, history, what is due, and how it all stands."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from services.domain.errors import NotAvailable
from services.domain.indicators import history
from services.domain.instruments import Directory
from services.domain.new_york import NEW_YORK
from services.domain.profiles import US
from services.domain.quotation import ShareLook, look
from services.domain.rows import ActionRow, Bar, EventRow, IndexRow, Symbol, Watch
from services.domain.rows_us import Mover
from services.domain.us_book import us_book
from services.domain.us_frame import UsRows
from tests.fakes.us_rows import NOW, us_rows

DAY, BEFORE = date(2026, 11, 20), date(2026, 11, 19)
CLOSE = datetime(2026, 11, 20, 16, tzinfo=NEW_YORK)


def watch(symbol: str, current: float, ldcp: float, *, day: date = DAY, name: str = "") -> Watch:
    return Watch(
        symbol, day, name, "", ("NYSE",), (), ldcp, ldcp, current + 1, current - 1, current, 0, 0, 1_000
    )


def level(code: str, current: float, change: float, at: datetime = CLOSE) -> IndexRow:
    return IndexRow(code, at, None, None, current, change, 0.0)


def bar(symbol: str, day: date, close: float) -> Bar:
    return Bar(symbol, day, close, close, close, close, 500)


def event(
    title: str, at: datetime, *, importance: str = "High", country: str = "US", **figures: float
) -> EventRow:
    return EventRow(f"fmp:{title}", at, country, title, importance, **figures)


HEAD = (level("SP500", 6600.5, -33.25),)


def test_the_change_is_measured_from_the_previous_close():
    book = us_book(
        UsRows(quotes=[watch("KO", 70.55, 68.5, name="The Coca-Cola Company")], indices=HEAD), now=NOW
    )
    quote = book.quotes["KO"]
    assert quote.change == Decimal("2.05")
    assert (quote.price.unit, quote.price.status, quote.price.id) == ("USD", "live", "price:KO:2026-11-20")
    assert (book.market, book.day, book.closed_at) == ("us", DAY, CLOSE)
    assert book.indices["SP500"].change.value == Decimal("-33.25")
    assert book.index_names[US.headline] == "S&P 500"


@pytest.mark.parametrize(
    ("now", "status", "label"),
    [
        (NOW, "live", "US market data, 20 Nov 2026 16:00 New York"),
        (NOW, "delayed", "delayed US market data, 20 Nov 2026 16:00 New York"),
        (
            NOW + timedelta(days=2),
            "live",
            "US market data, 20 Nov 2026 16:00 New York",
        ),  # a weekend makes nothing old
        (NOW + timedelta(days=4), "live", "old US market data, 20 Nov 2026 16:00 New York"),
        (NOW + timedelta(days=400), "sample", "sample US market data, 20 Nov 2026 16:00 New York"),
    ],
)
def test_the_label_says_how_it_stands_and_of_when_it_is(now: datetime, status, label: str):
    book = us_book(UsRows(quotes=[watch("KO", 70, 69)], indices=HEAD), now=now, status=status)
    assert book.label == label
    assert book.sample == (status == "sample")
    assert {fact.status for quote in book.quotes.values() for fact in (quote.price, quote.ldcp)} == {
        book.indices["SP500"].level.status
    }


def test_old_prices_are_listed_as_stale():
    fresh = us_book(UsRows(quotes=[watch("KO", 70, 69)], indices=HEAD), now=NOW)
    assert fresh.stale == ()
    old = us_book(UsRows(quotes=[watch("KO", 70, 69)], indices=HEAD), now=NOW + timedelta(days=4))
    assert {part.kind for part in old.stale} == {"indices", "watch"}
    none = us_book(UsRows(indices=HEAD), now=NOW)
    assert [(part.kind, part.status) for part in none.stale] == [("watch", "missing")]


def test_a_quote_of_another_day_is_no_quote_of_this_one():
    book = us_book(
        UsRows(quotes=[watch("KO", 70, 69, day=BEFORE), watch("XOM", 1, 1)], indices=HEAD), now=NOW
    )
    assert set(book.quotes) == {"XOM"}
    assert set(book.shares) == {"KO", "XOM"}


def test_a_day_without_quotes_is_told_from_its_bars():
    bars = [
        bar("SP500", BEFORE, 6000),
        bar("SP500", DAY, 6060),
        bar("KO", BEFORE, 70),
        bar("KO", DAY, 71.4),
        bar("NEW", DAY, 5),
    ]
    book = us_book(UsRows(bars=bars), now=NOW, status="imported")
    assert book.indices["SP500"].change_fraction == Decimal("0.01")
    assert book.quotes["KO"].change_fraction == Decimal("0.02")
    assert "NEW" not in book.quotes, "without a close before there is no change to tell"
    assert "SP500" not in book.shares
    assert book.closed_at == CLOSE


def test_the_reference_of_a_split_day_is_on_the_new_footing():
    bars = [
        bar("SP500", BEFORE, 6000),
        bar("SP500", DAY, 6060),
        bar("NFLX", BEFORE, 1100),
        bar("NFLX", DAY, 111.1),
    ]
    split = ActionRow("NFLX", DAY, "split", 0.1, note="10 for 1")
    coming = ActionRow("NFLX", DAY + timedelta(days=9), "split", 0.5)
    book = us_book(UsRows(bars=bars, actions=[coming, split]), now=NOW)
    assert book.quotes["NFLX"].change_fraction == Decimal("0.01")
    assert [each.factor for each in book.adjustments["NFLX"]] == [0.1], (
        "what is only announced has not happened"
    )
    assert history(book, benchmark="SP500").closes_of("NFLX") == pytest.approx((110.0, 111.1))


def test_the_series_ends_with_the_day_even_before_its_bar_is_published():
    rows = UsRows(quotes=[watch("KO", 71, 70)], indices=HEAD, bars=[bar("KO", BEFORE, 70)])
    book = us_book(rows, now=NOW)
    assert book.series["KO"].days == (BEFORE, DAY)
    assert book.series["KO"].close == (70, 71.0)
    assert book.sessions == (BEFORE, DAY)


def test_nothing_later_than_now_is_looked_at():
    later = CLOSE + timedelta(days=3)
    rows = UsRows(indices=[*HEAD, level("SP500", 7000, 1, later)], bars=[bar("SP500", later.date(), 7000)])
    assert us_book(rows, now=NOW).indices["SP500"].level.value == Decimal("6600.5")


def test_of_several_levels_the_newest_counts():
    at_noon = CLOSE - timedelta(hours=4)
    rows = UsRows(indices=[*HEAD, level("SP500", 6500, -1, at_noon), level("VIX", 20, 1, at_noon)])
    book = us_book(rows, now=NOW)
    assert book.indices["SP500"].level.value == Decimal("6600.5")
    assert book.indices["VIX"].level.as_of == at_noon, "each level bears its own time"
    noon = us_book(UsRows(indices=[level("SP500", 6500, -1, at_noon)]), now=at_noon + timedelta(minutes=5))
    assert noon.closed_at == at_noon


def test_without_the_headline_there_is_no_book():
    with pytest.raises(NotAvailable, match="S&P 500"):
        us_book(UsRows(quotes=[watch("KO", 70, 69)], indices=[level("VIX", 20, 1)]), now=NOW)


def test_sector_funds_are_shares_of_their_own_sector():
    symbols = [
        Symbol("XLE", DAY, "Energy Select Sector SPDR Fund", "Financial Services", is_etf=True),
        Symbol("KO", DAY, "The Coca-Cola Company", "Consumer Defensive"),
        Symbol("SPY", DAY, "SPDR S&P 500 ETF Trust", "Financial Services", is_etf=True),
    ]
    quotes = [watch("XLE", 90, 89), watch("KO", 70, 69), watch("SPY", 660, 650)]
    shares = us_book(UsRows(quotes=quotes, indices=HEAD, symbols=symbols), now=NOW).shares
    assert (shares["XLE"].sector_code, shares["XLE"].sector) == ("XLE", "Energy")
    assert (shares["KO"].sector_code, shares["KO"].sector) == ("XLP", "Consumer Staples")
    assert shares["SPY"].sector_code == "", "a fund of everything is in no sector"
    assert not any(share.shariah for share in shares.values())


def test_movers_are_records_without_the_shares_of_a_few_cents():
    def mover(place: int, symbol: str, price: float, change: float) -> Mover:
        return Mover("gainers", place, symbol, DAY, f"{symbol} Inc.", "NYSE", price, 1, change)

    movers = [
        mover(2, "B", 20, 12.34),
        mover(1, "CENT", 0.4, 200),
        mover(3, "C", 9, 7),
        mover(4, "D", 9, 6),
        mover(5, "E", 9, 5),
    ]
    stale = Mover("losers", 1, "OLD", BEFORE, "Old", "NYSE", 50, -5, -9.0)
    book = us_book(UsRows(indices=HEAD, movers=[*movers, stale]), now=NOW)
    assert [each.title for each in book.announcements] == ["Largest gains: B +12.3%, C +7.0%, D +6.0%"]
    assert book.fundamentals["B"].price.value == Decimal(20)
    assert "OLD" not in book.shares
    assert isinstance(look(book, "B"), ShareLook)


def test_what_came_in_and_what_is_due():
    at = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)
    events = [
        event("CPI YoY", at, actual=3.0, forecast=2.9, previous=3.1),
        event("Small survey", at, importance="Low", actual=1.0),
        event("Tankan", at, country="JP", actual=1.0),
        event("Fed Interest Rate Decision", at + timedelta(days=5)),
        event("Claims", at + timedelta(days=5), importance="Medium"),
        event("Housing Starts", at + timedelta(days=3), importance="Medium"),
        event("Far away", at + timedelta(days=40)),
    ]
    book = us_book(UsRows(indices=HEAD, events=events), now=NOW)
    assert [each.title for each in book.announcements] == ["CPI YoY: 3 (expected 2.9, before 3.1)"]
    assert [each.title for each in book.events] == ["Housing Starts", "Fed Interest Rate Decision", "Claims"]
    assert book.events[1].day == date(2026, 11, 25)


def test_the_version_changes_with_any_figure_and_with_nothing_else():
    rows = us_rows()
    version = us_book(rows, now=NOW).version
    assert us_book(rows, now=NOW + timedelta(minutes=1)).version == version
    dearer = [replace(rows.quotes[0], current=rows.quotes[0].current + 0.01), *rows.quotes[1:]]
    corrected = [replace(rows.bars[7], close=rows.bars[7].close + 0.01), *rows.bars[:7], *rows.bars[8:]]
    for other in (replace(rows, quotes=dearer), replace(rows, bars=corrected), replace(rows, actions=())):
        assert us_book(other, now=NOW).version != version


def test_a_whole_visit_makes_a_book_that_the_house_can_read():
    book = us_book(us_rows(), now=NOW)
    assert set(book.indices) == set(US.indices)
    assert set(US.sectors) <= set(book.quotes)
    assert len(book.series["AAPL"].days) > 250
    directory = Directory(book)
    assert directory.resolve("s&p 500") == "SP500"
    assert directory.resolve("apple") == "AAPL"
    assert directory.resolve("DOW") == "DOW", "the ticker is a share"
    assert directory.resolve("dow jones") == "DOW30"
    around_the_split = history(book, benchmark=US.headline).closes_of("AAPL")
    assert max(around_the_split) / min(around_the_split) < 1.2, "a split is no crash"
    assert set(book.series["AAPL"].close) != set(around_the_split)
