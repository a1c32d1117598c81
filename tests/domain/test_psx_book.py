"""The book put together from what is kept: newest first, nothing from behind its day, nothing sample called otherwise."""

from datetime import date
from decimal import Decimal

import pytest

from services.domain.psx_book import psx_book
from services.domain.psx_history import history_of
from services.domain.psx_stock import Stock
from services.domain.rows import (
    ActionRow,
    IndexRow,
)
from tests.fakes.kept_market import (
    BASE,
    CALENDAR,
    FRIDAY,
    MONDAY,
    at,
    bar,
    batch,
    book,
    stock,
    watch,
)


def test_nothing_kept_is_the_frozen_book_itself():
    assert psx_book(BASE, Stock(history_of(BASE, (), (), ())), now=at(FRIDAY, 19), calendar=CALENDAR) is BASE


def test_imported_bars_are_held_against_the_close_before():
    before = BASE.series["LUCK"].close[-1]
    rows = [bar("LUCK", FRIDAY, 440.0, open=437.0, high=441.0, low=436.0)]
    found = book(stock(batch("bars", *rows), bars=rows))
    quote = found.quotes["LUCK"]
    assert (found.day, found.label, found.sample) == (FRIDAY, "imported data, 21 Aug 2026", False)
    assert (quote.price.value, quote.ldcp.value) == (Decimal("440.0"), Decimal(str(before)))
    assert (quote.price.status, quote.price.source, quote.price.id) == (
        "imported",
        "EOD file",
        "price:LUCK:2026-08-21",
    )
    assert found.series["LUCK"].days[-2:] == (BASE.day, FRIDAY)
    assert found.sessions[-1] == FRIDAY
    assert set(found.quotes) == {"LUCK"}, "what has no price of the day has none"


def test_without_a_published_high_there_is_no_range():
    rows = [bar("LUCK", FRIDAY, 440.0)]
    quote = book(stock(batch("bars", *rows), bars=rows)).quotes["LUCK"]
    assert (quote.open, quote.high, quote.low) == (None, None, None)


def test_on_an_ex_date_the_reference_is_lowered():
    rows = [bar("LUCK", FRIDAY, 88.0)]
    split = ActionRow("LUCK", FRIDAY, "split", 0.2, note="5:1")
    found = book(stock(batch("bars", *rows), bars=rows, actions=[split]))
    before = BASE.series["LUCK"].close[-1]
    assert float(found.quotes["LUCK"].ldcp.value) == pytest.approx(before / 5)
    assert any(each.ex_date == FRIDAY for each in found.adjustments["LUCK"])


def test_a_jump_that_nothing_explains_brings_no_history_to_users():
    rows = [bar("MEBL", FRIDAY, BASE.series["MEBL"].close[-1] / 5)]
    given = stock(batch("bars", *rows), bars=rows)
    found = book(given)
    assert ("MEBL", FRIDAY) in {(jump.symbol, jump.day) for jump in given.history.quarantined}
    assert "MEBL" not in found.quotes
    assert "MEBL" not in found.series


def test_the_watch_tells_the_hour_and_its_own_ldcp():
    now = at(MONDAY, 11, 10)
    rows = [
        watch("LUCK", MONDAY, 450.0, 441.5),
        watch("NEWCO", MONDAY, 12.0, 11.0, name="New Company Limited"),
    ]
    given = stock(batch("watch", *rows, when=at(MONDAY, 11), status="delayed", source="PSX market watch"))
    found = book(given, now)
    assert found.label == "delayed PSX data, 24 Aug 2026 11:00"
    assert found.quotes["LUCK"].change == Decimal("8.5")
    assert found.closed_at == at(MONDAY, 11)
    assert found.shares["NEWCO"].name == "New Company Limited"
    assert found.shares["LUCK"].shariah == BASE.shares["LUCK"].shariah, "the watch names no Shariah list"
    assert found.series["LUCK"].close[-1] == 450.0


def test_after_the_close_the_official_price_stands_with_the_published_reference():
    bars = [bar("LUCK", MONDAY, 449.0)]
    given = stock(
        batch("watch", watch("LUCK", MONDAY, 450.0, 441.5), when=at(MONDAY, 15, 40), status="delayed"),
        batch("bars", *bars, when=at(MONDAY, 17)),
        bars=bars,
    )
    quote = book(given, at(MONDAY, 18)).quotes["LUCK"]
    assert (quote.price.value, quote.ldcp.value) == (Decimal("449.0"), Decimal("441.5"))


def test_a_share_that_did_not_trade_has_no_range_of_zeros():
    given = stock(
        batch("watch", watch("LUCK", MONDAY, 441.5, 441.5, volume=0), when=at(MONDAY, 11), status="delayed")
    )
    quote = book(given, at(MONDAY, 11, 5)).quotes["LUCK"]
    assert (quote.volume.value, quote.high) == (0, None)


def test_an_earlier_day_is_told_nothing_of_what_came_later():
    day = date(2026, 3, 2)
    rows = [bar("LUCK", day, 400.0, ldcp=402.0)]
    found = book(stock(batch("bars", *rows, when=at(day, 18)), bars=rows), at(day, 19))
    assert found.day == day
    assert max(found.sessions) == day
    assert set(found.indices) == {"KSE100"}, "the others' closes begin later"
    assert found.indices["KSE100"].level.as_of.date() == day
    assert found.flows == ()
    assert all(each.day <= day for each in found.announcements)
    assert all(each.as_of.date() <= day for each in found.rates.values())
    assert all(fund.nav is None or fund.nav.as_of.date() <= day for fund in found.funds.values())
    assert all(each.ex_date <= day for own in found.adjustments.values() for each in own)
    assert all(max(series.days) <= day for series in found.series.values())


def test_an_index_may_come_as_bars_under_its_code():
    rows = [bar("LUCK", FRIDAY, 440.0), bar("KSE100", BASE.day, 176591.76), bar("KSE100", FRIDAY, 177000.0)]
    found = book(stock(batch("bars", rows[0], rows[2], when=at(FRIDAY, 17)), bars=rows))
    level = found.indices["KSE100"]
    assert (level.level.value, level.change.value) == (Decimal("177000.0"), Decimal("408.24"))
    assert level.level.as_of.date() == FRIDAY
    assert found.index_series["KSE100"][FRIDAY] == 177000.0
    assert set(found.quotes) == {"LUCK"}, "an index is no share"
    assert "KSE100" not in found.series


@pytest.mark.parametrize(("shown", "day"), [(FRIDAY, FRIDAY), (MONDAY, MONDAY)])
def test_the_watch_is_of_the_day_that_the_indices_beside_it_show(shown, day):
    """Its page bears no day: fetched on a closed Monday it shows Friday's prices."""
    now = at(MONDAY, 11)
    level = IndexRow("KSE100", at(shown, 15, 50), None, None, 177000.0, 408.24, 0.23)
    given = stock(
        batch("watch", watch("LUCK", MONDAY, 450.0, 441.5), when=now, status="delayed"),
        batch("indices", level, when=now, status="delayed"),
    )
    assert book(given, now).day == day
