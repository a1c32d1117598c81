"""What the book tells beside prices: levels, funds, announcements, what is due; and briefs made of it."""

import math
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.domain.briefing.news import recent
from services.domain.briefing.personal import personal_outline
from services.domain.briefing.script import script
from services.domain.briefing.survey import survey
from services.domain.errors import NotAvailable
from services.domain.explanation import explain
from services.domain.indicators import history
from services.domain.portfolio import Holding, Portfolio
from services.domain.psx_history import history_of
from services.domain.psx_stock import Stock
from services.domain.rows import (
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
)
from services.wording.layouts.personal_brief import day_picture, facts_of, picture_alt, sentence
from tests.fakes.kept_market import (
    BASE,
    FRIDAY,
    MONDAY,
    at,
    bar,
    batch,
    book,
    stock,
)


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
