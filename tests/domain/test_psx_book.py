"""The book put together from what is kept: newest first, nothing from behind its day, nothing sample called otherwise."""

import math
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from services.domain.briefing.news import recent
from services.domain.briefing.personal import personal_outline
from services.domain.briefing.script import script
from services.domain.briefing.survey import survey
from services.domain.errors import NotAvailable
from services.domain.explanation import explain
from services.domain.indicators import history
from services.domain.portfolio import Holding, Portfolio
from services.domain.psx_book import psx_book
from services.domain.psx_history import history_of
from services.domain.psx_stock import Stock
from services.domain.records import Batch
from services.domain.rows import (
    ActionRow,
    Bar,
    BasketRow,
    EventRow,
    FlowRow,
    FxRow,
    HoldingRow,
    HolidayRow,
    IndexRow,
    NavRow,
    NewsRow,
    Notice,
    PayoutRow,
    RateRow,
    Screened,
    Watch,
)
from services.domain.trading_calendar import TradingCalendar
from services.sources.sample import read
from services.wording.layouts.personal_brief import day_picture, facts_of, picture_alt, sentence

KARACHI = ZoneInfo("Asia/Karachi")
BASE = read()
FRIDAY, MONDAY = date(2026, 8, 21), date(2026, 8, 24)
CALENDAR = TradingCalendar("psx")


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=KARACHI)


def batch(kind, *rows, when=None, status="imported", source="EOD file"):
    return Batch(kind, rows, when or at(FRIDAY, 18), source, status, f"{kind}-{len(rows)}")


def bar(symbol, day, close, *, volume=1000, ldcp=None, **more):
    return Bar(symbol, day, more.get("open"), more.get("high"), more.get("low"), close, volume, ldcp)


def watch(symbol, day, current, ldcp, **more):
    return Watch(symbol, day, more.get("name", symbol), more.get("sector", "0804"), ("ALLSHR",), (), ldcp, current, current,
                 current, current, current - ldcp, 0.0, more.get("volume", 500))  # fmt: skip


def stock(*batches, bars=(), actions=(), payouts=()):
    newest = {each.kind: each for each in batches}
    recent = {each.kind: [each] for each in batches}
    return Stock(history_of(BASE, bars, actions, payouts), newest, recent)


def book(given, now=None):
    return psx_book(BASE, given, now=now or at(FRIDAY, 19), calendar=CALENDAR)


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


def test_levels_rates_and_flows_are_the_newest():
    level = IndexRow("KSE100", at(FRIDAY, 15, 50), 178000.0, 176000.0, 177000.0, 408.24, 0.23)
    found = book(
        stock(
            batch("bars", bar("LUCK", FRIDAY, 440.0), when=at(FRIDAY, 17)),
            batch("indices", level, status="delayed", source="PSX indices"),
            batch("fx", FxRow("USD", FRIDAY, 278.5), source="SBP"),
            batch("rates", RateRow("policy_rate", date(2020, 1, 1), 13.25, "%"), source="SBP"),
            batch("flows", FlowRow(FRIDAY, "FIPI", "Foreign Corporates", "All", -1.5), source="NCCPL"),
        )
    )
    assert found.indices["KSE100"].level.value == Decimal("177000.0")
    assert found.indices["KSE30"].level.status == "sample", "what nobody told anew says where it is from"
    assert found.index_series["KSE100"][FRIDAY] == 177000.0
    assert found.rates["USD"].value == Decimal("278.5")
    assert found.rates["policy_rate"].value != Decimal("13.25"), "an old import does not undo a newer rate"
    assert [(flow.investor, flow.net.value) for flow in found.flows] == [
        ("Foreign Corporates", Decimal("-1.5"))
    ]
    assert any(each.id == "index:KSE100:2026-08-21" for each in found.announcements)


def test_funds_get_newer_values_and_disclosed_holdings():
    name = BASE.funds["MZNPETF"].name
    row = NavRow("Meezan Islamic Fund", FRIDAY, "Open-End Funds", "Shariah Compliant Equity (Absolute Return )", 151.5,
                 returns={"1D": -0.5}, expense_ratio_pct=3.1)  # fmt: skip
    code = next(code for code, fund in BASE.funds.items() if fund.name == "Meezan Islamic Fund")
    found = book(
        stock(
            batch("bars", bar("LUCK", FRIDAY, 440.0), bar("MEBL", FRIDAY, 500.0), when=at(FRIDAY, 17)),
            batch(
                "navs",
                row,
                NavRow("Quite New Fund", FRIDAY, "Open-End Funds", "Equity", 10.0),
                source="MUFAP",
            ),
            batch("holdings", HoldingRow("Meezan Islamic Fund", FRIDAY, "LUCK", 0.1)),
            batch("baskets", BasketRow("MZNPETF", FRIDAY, "LUCK", "Lucky", 100), source="PSX page"),
            bars=[bar("LUCK", FRIDAY, 440.0), bar("MEBL", FRIDAY, 500.0)],
        )
    )
    fund = found.funds[code]
    assert fund.nav is not None
    assert (fund.nav.value, fund.nav.status, fund.annualised) == (Decimal("151.5"), "imported", False)
    assert fund.fee is not None
    assert (fund.fee.value, fund.fee_kind) == (Decimal("0.031"), "total expense ratio")
    assert fund.basket is not None
    assert fund.basket.weights == {"LUCK": Decimal("0.1")}
    assert found.funds["MZNPETF"].basket is not None
    assert found.funds["MZNPETF"].basket.weights == {"LUCK": Decimal(1)}
    assert found.funds["MZNPETF"].name == name
    assert found.funds["QUITE-NEW"].name == "Quite New Fund"


def test_told_and_due():
    payout = PayoutRow("LUCK", FRIDAY, at(FRIDAY, 9), "100%(F) (D)", "dividend", 100.0, True, None, date(2026, 9, 8), date(2026, 9, 10))  # fmt: skip
    found = book(
        stock(
            batch("bars", bar("LUCK", FRIDAY, 440.0), when=at(FRIDAY, 17)),
            batch(
                "announcements",
                Notice("1", at(FRIDAY, 10), "LUCK", "Lucky", "Financial Results for the Year", "/1.pdf"),
                Notice("2", at(FRIDAY, 11), "LUCK", "Lucky", "Material Information", "/2.pdf", revoked=True),
            ),
            batch("news", NewsRow("n1", at(FRIDAY, 12), "Lucky Cement posts higher profit", "https://x.pk/1", "Business Recorder", ("LUCK",))),
            batch("payouts", payout, source="PSX payouts"),
            batch("holidays", HolidayRow(date(2026, 9, 4), "Special closure", tentative=True)),
            batch("events", EventRow("e1", at(MONDAY, 9), "PK", "CPI for August")),
            payouts=[payout],
        )
    )  # fmt: skip
    told = {each.title: each.kind for each in found.announcements}
    assert told["LUCK: Financial Results for the Year"] == "result"
    assert not any("Material" in title for title in told)
    assert any("Lucky Cement posts" in title for title in told)
    assert "Special closure" in " ".join(each.title for each in found.events)
    assert any(each.title == "CPI for August" for each in found.events)
    due = next(each for each in found.events if each.symbol == "LUCK" and "ex-dividend" in each.title)
    assert due.day == date(2026, 9, 7), "one working day before the books close"
    paid = next(each for each in found.payouts if each.text == "100%(F) (D)")
    assert paid.dividend is not None
    assert paid.dividend.value == Decimal("2.0"), "of the face value of Rs 2 since the split"


def test_the_screener_names_the_lists_and_the_ratios():
    row = Screened("LUCK", FRIDAY, "0804", ("ALLSHR",), (), 1.0e11, 440.0, 0.7, 12.0, 8.5, 2.0, 1e8, 1e6)
    found = book(
        stock(batch("bars", bar("LUCK", FRIDAY, 440.0)), batch("screener", row, source="PSX screener"))
    )
    assert not found.shares["LUCK"].shariah
    assert found.shariah_list_date == FRIDAY
    ratios = found.fundamentals["LUCK"]
    assert ratios.pe is not None
    assert ratios.market_cap is not None
    assert (ratios.pe.value, ratios.market_cap.value) == (Decimal("8.5"), Decimal("100000.0"))


def test_old_prices_are_called_stale_and_samples_are_not():
    rows = [bar("LUCK", FRIDAY, 440.0)]
    found = book(stock(batch("bars", *rows), bars=rows), at(FRIDAY, 19) + timedelta(days=10))
    assert "bars" in {each.kind for each in found.stale}
    assert "indices" not in {each.kind for each in found.stale}


def test_every_change_gives_another_version():
    rows = [bar("LUCK", FRIDAY, 440.0)]
    one = stock(batch("bars", *rows), bars=rows)
    two = replace(one, newest={"bars": replace(one.newest["bars"], origin="another file")})
    assert len({BASE.version, book(one).version, book(two).version}) == 3


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


def test_a_brief_without_the_days_index_says_so_and_compares_with_none():
    rows = [bar("LUCK", FRIDAY, 440.0, ldcp=436.0)]
    view = survey(book(stock(batch("bars", *rows), bars=rows)))
    portfolio = Portfolio((Holding("LUCK", Decimal(1)),))
    outline = personal_outline(view, portfolio, at(FRIDAY, 19))
    kinds = [point.kind for point in outline.points]
    assert "briefing.no_index" in kinds
    assert "briefing.alone" in kinds
    assert "briefing.index" not in kinds
    text = " ".join(sentence(point, "en") for point in outline.points)
    assert "KSE-100 on 21 Aug: not known here yet." in text
    assert "index by" not in text
    assert any(point.kind == "briefing.say_no_index" for point in script(view, outline, "", "evening"))
    with pytest.raises(NotAvailable, match="2026-08-21"):
        _ = view.index
    spec = day_picture(outline, view.book, "en")
    assert spec is not None
    assert [bar.label for bar in spec.moves][:2] == ["Your list", "KSE-100"]
    assert math.isnan(spec.moves[1].value)
    assert "KSE-100" not in picture_alt(spec)
    assert {fact.status for fact in facts_of(outline.points)} == {"imported"}


def test_on_a_monday_morning_news_are_mondays_and_prices_fridays():
    rows = [bar("LUCK", FRIDAY, 440.0)]
    given = stock(
        batch("bars", *rows, when=at(FRIDAY, 17)),
        batch(
            "announcements",
            Notice("9", at(MONDAY, 8), "LUCK", "Lucky", "Financial Results for the Year", "/9.pdf"),
        ),
        batch("fx", FxRow("USD", MONDAY, 279.0), source="SBP"),
        bars=rows,
    )
    found = book(given, at(MONDAY, 8, 30))
    assert (found.day, found.news_day) == (FRIDAY, MONDAY)
    assert "LUCK: Financial Results for the Year" in {each.title for each in recent(found)}
    assert found.rates["USD"].as_of.date() == MONDAY
    assert [each for each in explain(found, "LUCK", history(found)).news if each.day > FRIDAY] == [], (
        "what came later explains no move"
    )


def test_years_before_the_frozen_day_it_is_as_if_that_had_not_come_yet():
    """Between them and the frozen bars lies a gap: held against each other they would be one great jump."""
    day = date(2024, 6, 24)
    rows = [bar("LUCK", date(2024, 6, 21), 880.0), bar("LUCK", day, 890.0)]
    past = history_of(BASE, rows, (), (), until=day)
    found = book(Stock(past, {"bars": batch("bars", rows[1], when=at(day, 17))}), at(day, 19))
    assert past.quarantined == ()
    assert found.quotes["LUCK"].change == Decimal("10.0")
    assert found.sessions == (date(2024, 6, 21), day)
    assert not [each for each in found.events if "split" in each.title]
