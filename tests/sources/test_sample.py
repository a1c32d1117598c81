"""The sample day against figures read by hand from the captures, and the builder against itself where they are."""

import asyncio
import gzip
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from services.domain.market import MarketBook
from services.sources.sample import FILE, SampleMarket, read

CAPTURES = Path("/work/shared/data")


@pytest.fixture(scope="module")
def book() -> MarketBook:
    return read()


def test_index_as_the_portal_printed_it(book: MarketBook):
    kse = book.indices["KSE100"]
    assert kse.level.value == Decimal("176591.76")
    assert kse.change.value == Decimal("-254.6")
    assert round(kse.change_fraction * 100, 2) == Decimal("-0.14")
    assert book.indices["KMI30"].level.value == Decimal("249569.23")
    assert book.indices["KSE100PR"].level.value == Decimal("53459.43")
    assert len(book.indices) == 17


def test_closes_chain_and_gaps_stay_gaps(book: MarketBook):
    closes = book.index_series["KSE100"]
    assert closes[date(2026, 8, 17)] == 180502.44  # 177,955.50 + 2,546.94
    assert closes[date(2026, 8, 11)] == 179846.68
    assert date(2026, 8, 12) not in closes
    assert date(2026, 8, 13) not in closes
    assert set(closes) <= set(book.sessions)


@pytest.mark.parametrize(
    ("symbol", "price", "ldcp"),
    [
        ("MEBL", "568.09", "562.9"),
        ("LUCK", "436.66", "437.2"),
        ("UBL", "447.93", "453.66"),
        ("SAZEW", "1880.04", "1752.28"),
    ],
)
def test_spot_prices(book: MarketBook, symbol: str, price: str, ldcp: str):
    quote = book.quotes[symbol]
    assert quote.price.value == Decimal(price)
    assert quote.ldcp.value == Decimal(ldcp)
    assert quote.price.as_of == book.closed_at
    assert quote.low <= quote.price.value <= quote.high


def test_a_quote_agrees_with_the_change_that_the_exchange_published(book: MarketBook):
    for symbol, quote in book.quotes.items():
        published = book.fundamentals[symbol].change
        assert published is not None
        assert abs(quote.change_fraction * 100 - published.value) <= Decimal("0.0151"), symbol


def test_nothing_of_the_market_is_later_than_the_day(book: MarketBook):
    assert book.sessions[-1] == book.day == date(2026, 8, 20)
    assert len(book.sessions) >= 252 + 120
    assert all(series.days[-1] <= book.day for series in book.series.values())
    assert all(max(closes) <= book.day for closes in book.index_series.values())
    assert all(told.day <= book.day for told in book.announcements)
    assert all(due.day > book.day for due in book.events)


def test_what_is_later_says_so_itself(book: MarketBook):
    """Flows and many NAVs exist only for later days; their own date travels with them."""
    assert {flow.net.as_of.date() for flow in book.flows} == {date(2026, 9, 10)}
    mif = book.funds["MIF"].nav
    assert mif is not None
    assert (mif.value, mif.as_of.date()) == (Decimal("164.696"), date(2026, 8, 21))


def test_a_share_that_does_not_trade_has_no_price_of_the_day(book: MarketBook):
    """DHPL stopped in March 2026, AASM long before; the screener goes on showing their last change."""
    assert "DHPL" not in book.quotes
    assert book.fundamentals["DHPL"].price is None
    assert book.fundamentals["AASM"].price is None
    fham = book.fundamentals["FHAM"].price
    assert fham is not None
    assert fham.value == Decimal("32.28")


def test_no_cliff_is_left_on_adjusted_prices(book: MarketBook):
    for symbol, series in book.series.items():
        factors = {each.ex_date: each.factor for each in book.adjustments.get(symbol, ())}
        for (_, before), (day, close) in pairwise(zip(series.days, series.close, strict=True)):
            assert abs(close / (before * factors.get(day, 1.0)) - 1) < 0.25, (symbol, day)


def test_the_splits_that_really_happened(book: MarketBook):
    known = {
        (symbol, each.ex_date.isoformat(), each.factor)
        for symbol, own in book.adjustments.items()
        for each in own
    }
    assert known == {
        ("AHCL", "2025-03-27", 0.1),
        ("LUCK", "2025-04-28", 0.2),
        ("SYS", "2025-06-02", 0.2),
        ("UBL", "2025-06-23", 0.5),
        ("LCI", "2025-07-21", 0.2),
        ("KOHC", "2025-08-25", 0.2),
        ("KTML", "2025-09-15", 0.2),
        ("BAFL", "2026-04-20", 0.5),
        ("MTL", "2026-06-22", 0.5),
    }


def test_the_meezan_basket_is_valued_at_its_own_day(book: MarketBook):
    """38 LUCK at 436.66 of 10,000 units worth Rs 177,100; the cash part (2.07 %) is left out."""
    basket = book.funds["MZNPETF"].basket
    assert basket is not None
    assert basket.as_of.date() == book.day
    assert len(basket.weights) == 12
    total = sum(basket.weights.values())
    assert abs(1 - total - Decimal("0.0207")) < Decimal("0.0001")
    unit_value = Decimal(38) * Decimal("436.66") / basket.weights["LUCK"] / 10_000
    assert abs(unit_value - Decimal("17.71")) < Decimal("0.01")  # the unit closed at 17.75
    assert book.fundamentals["MZNPETF"].price is not None


def test_weights_memberships_and_lists(book: MarketBook):
    assert sum(book.kse100_weights.weights.values()) == Decimal("0.9996")
    assert len(book.kse100_weights.weights) == 100
    members = {
        index: sum(index in share.indices for share in book.shares.values())
        for index in ("ALLSHR", "KSE100", "KMI30")
    }
    assert members == {"ALLSHR": 542, "KSE100": 100, "KMI30": 30}
    assert sum(share.shariah for share in book.shares.values()) == 310
    assert book.shares["MEBL"].shariah
    assert not book.shares["HBL"].shariah


def test_rates_with_their_dates(book: MarketBook):
    usd, policy, cpi = (book.rates[name] for name in ("USD", "policy_rate", "cpi_yoy"))
    assert (usd.value, usd.as_of.date()) == (Decimal("277.9612"), date(2026, 7, 17))
    assert (policy.value, policy.as_of.date()) == (Decimal("11.5"), date(2026, 4, 27))
    assert cpi.value == round((Decimal("294.34") / Decimal("263.60") - 1) * 100, 2)


def test_flows_mirror_each_other(book: MarketBook):
    for sector in {flow.sector for flow in book.flows}:
        assert abs(sum(flow.net.value for flow in book.flows if flow.sector == sector)) < Decimal("0.00002")
    foreign = sum(flow.net.value for flow in book.flows if flow.side == "FIPI" and flow.sector == "All")
    assert round(foreign, 3) == Decimal("-0.292")


def test_funds_are_named_once_and_pension_funds_are_not_there(book: MarketBook):
    assert len({fund.name for fund in book.funds.values()}) == len(book.funds) == 412
    assert not [fund for fund in book.funds.values() if "VPS" in fund.category]
    assert book.funds["MCF"].annualised
    assert not book.funds["MIF"].annualised
    assert set(book.funds) & set(book.shares) == set()
    assert all(len(code) <= 26 and "," not in code for code in book.funds)


def test_every_fact_has_a_time_a_source_and_its_own_id(book: MarketBook):
    facts = [fact for quote in book.quotes.values() for fact in (quote.price, quote.ldcp, quote.volume)]
    facts += [fact for level in book.indices.values() for fact in (level.level, level.change)]
    facts += [*book.rates.values(), *(flow.net for flow in book.flows)]
    for fund in book.funds.values():
        facts += [*fund.returns.values(), *(fact for fact in (fund.nav, fund.fee) if fact)]
    for ratios in book.fundamentals.values():
        facts += [fact for fact in (ratios.pe, ratios.dividend_yield, ratios.price, ratios.change) if fact]
    assert all(fact.as_of.utcoffset() is not None and fact.source and fact.entity for fact in facts)
    assert len({fact.id for fact in facts}) == len(facts)


def test_other_names_lead_to_codes_of_the_book(book: MarketBook):
    assert set(book.aliases) <= {*book.shares, *book.funds, *book.indices}
    assert "engro" in book.aliases["ENGROH"]
    assert "byco" in book.aliases["CNERGY"]


async def test_the_book_is_read_once_for_all():
    market = SampleMarket()
    first, second = await asyncio.gather(market.book(), market.book())
    assert first is second
    assert await market.book() is first
    assert first.label == "sample data, 20 Aug 2026"
    assert first.sample


def test_the_file_is_small_and_bears_no_time_stamp():
    raw = FILE.read_bytes()
    assert len(raw) < 2_000_000
    assert raw[4:8] == b"\0\0\0\0"  # gzip's own time
    assert b'"day":"2026-08-20"' in gzip.decompress(raw)


def test_the_builder_still_makes_this_file_where_the_captures_are():
    """Prices, screener and factors are built again and compared; the rest needs a PDF reader and is left to the script."""
    if not CAPTURES.exists():
        return
    import orjson

    from services.sources.build import prices

    document = orjson.loads(gzip.decompress(FILE.read_bytes()))
    series, screen = prices.bars(CAPTURES), prices.screener(CAPTURES)
    factors = prices.adjustments(CAPTURES, series)
    assert prices.quotes(series, screen) == document["quotes"]
    assert series == document["bars"]
    assert factors == document["adjustments"]
    assert prices.cliffs(series, factors) == []
    assert len(prices.cliffs(series, [])) == 9


def test_fund_codes_depend_on_names_alone():
    from services.sources.build.codes import fund_codes

    assert fund_codes(["Meezan Islamic Fund", "ABL Cash Fund"], set()) == {
        "ABL Cash Fund": "ABL-CASH",
        "Meezan Islamic Fund": "MIF",
    }
    plan = "Atlas Islamic Fund of Funds (Atlas Moderate Allocation Islamic Plan)"
    assert fund_codes([plan], set())[plan] == "ATLAS-MOD-ALLOC-ISL-PLAN"
    with pytest.raises(ValueError, match="a share"):
        fund_codes(["ABL Cash Fund"], {"ABL-CASH"})


def test_flows_that_do_not_balance_are_refused():
    from services.sources.build.economy import _balanced
    from services.sources.build.tables import FLOW_SECTORS

    row = {"net_usd_mn": "1.0"} | dict.fromkeys(FLOW_SECTORS, "0")
    _balanced([row, row | {"net_usd_mn": "-1.0"}])
    with pytest.raises(ValueError, match="net to zero"):
        _balanced([row])
