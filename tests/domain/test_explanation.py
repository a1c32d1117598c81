"""Reasons on hand-made books, where every figure can be reckoned on paper, and on the sample day."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.errors import UnknownName
from services.domain.explanation import BasketReasons, ShareReasons, explain, recent_news
from services.domain.indicators import history
from services.domain.market import Announcement, Basket, MarketBook, Payout
from services.domain.quotation import ShareLook, breadth, look, move_of, share_look
from services.domain.rates import named, rates_of
from services.sources.sample import read
from tests.fakes.books import CLOSED, DAY, small_book


@pytest.fixture(scope="module")
def sample() -> MarketBook:
    return read()


def of_share(book: MarketBook, symbol: str) -> ShareReasons:
    found = explain(book, symbol, history(book))
    assert isinstance(found, ShareReasons)
    return found


def of_basket(book: MarketBook, code: str) -> BasketReasons:
    found = explain(book, code, history(book))
    assert isinstance(found, BasketReasons)
    return found


def test_a_share_beside_the_index_without_enough_history_for_beta():
    found = of_share(small_book(), "MEBL")
    assert found.seen.move is not None
    assert found.seen.move.value == Decimal(500) / 490 - 1
    assert found.index_move is not None
    assert round(found.index_move.value, 6) == round(Decimal(200) / 176400, 6)
    assert found.beta is None
    assert found.own_part is None
    assert found.sector_move is None  # one other bank is no sector
    assert found.peers == 1


def test_a_constituents_effect_is_weight_times_move():
    found = of_basket(small_book(), "MZNPETF")
    effects = {part.symbol: part.effect.value for part in found.risers + found.fallers if part.effect}
    assert effects["MEBL"] == Decimal("0.4") * (Decimal(500) / 490 - 1)
    assert effects["OGDC"] == Decimal("0.3") * (Decimal(250) / 245 - 1)
    assert found.explained is not None
    assert found.explained.value == sum(effects.values())  # LUCK stood still
    assert found.covered is not None
    assert found.covered.value == Decimal("0.95")
    assert found.weights_day == DAY


def test_a_fund_that_discloses_nothing_has_no_parts():
    found = of_basket(small_book(), "MIF")
    assert (found.risers, found.fallers, found.explained, found.weights_day) == ((), (), None, None)


def test_unknown_codes_are_refused():
    with pytest.raises(UnknownName):
        explain(small_book(), "NOPE", history(small_book()))


def test_news_is_of_the_last_five_sessions_and_of_that_name_only():
    book = small_book()
    told = Announcement("x", date(2026, 8, 17), "LUCK", "t", "s", "notice")
    old = replace(told, id="old", day=date(2026, 8, 10))
    other = replace(told, id="other", symbol="MEBL")
    future = replace(told, id="future", day=date(2026, 8, 21))
    book = replace(book, announcements=(old, told, other, future))
    assert [each.id for each in recent_news(book, ("LUCK",))] == ["x"]


def test_an_ex_date_is_one_of_the_day_itself():
    payout = Payout("LUCK", "dividend", "250%(F)", None, DAY, None, "s")
    book = replace(small_book(), payouts=(payout, replace(payout, ex_date=date(2026, 8, 19))))
    assert of_share(book, "LUCK").ex_dates == (payout,)


def test_the_sector_is_the_median_of_the_others():
    book = small_book()
    shares = {symbol: replace(share, sector_code="0807") for symbol, share in book.shares.items()}
    found = of_share(replace(book, shares=shares), "MEBL")
    others = sorted(move for s in shares if s != "MEBL" and (move := move_of(book, s)) is not None)
    assert found.peers == len(others) == 7
    assert found.sector_move is not None
    assert found.sector_move.value == others[3]


def test_market_and_own_part_add_to_the_move(sample: MarketBook):
    past, split = history(sample), 0
    for symbol in sample.quotes:
        found = explain(sample, symbol, past)
        assert isinstance(found, ShareReasons)
        if found.market_part and found.own_part and found.seen.move:
            total = found.market_part.value + found.own_part.value
            assert abs(total - found.seen.move.value) < Decimal("1e-20")
            split += 1
    assert split > 80


def test_the_sample_index_by_its_constituents(sample: MarketBook):
    found = of_basket(sample, "KSE100")
    assert [part.symbol for part in found.fallers] == ["UBL", "HUBC", "BAHL"]
    ubl = found.fallers[0].effect
    assert ubl is not None
    expected = sample.kse100_weights.weights["UBL"] * (Decimal("447.93") / Decimal("453.66") - 1)
    assert ubl.value == expected
    assert found.breadth is not None
    assert found.breadth.total == 100
    assert found.index_move is None  # an index is not compared with itself


def test_an_index_without_weights_shows_moves_alone(sample: MarketBook):
    found = of_basket(sample, "KMI30")
    assert found.explained is None
    assert found.risers[0].symbol == "SAZEW"
    assert found.risers[0].effect is None


def test_a_year_range_is_on_todays_footing(sample: MarketBook):
    """MTL was split 2:1 in June 2026: an unadjusted range would reach above Rs 600."""
    seen = share_look(sample, "MTL")
    assert seen.year is not None
    assert seen.year.high.value < 400
    for symbol, quote in sample.quotes.items():
        year = share_look(sample, symbol).year
        if year:
            assert year.low.value <= quote.price.value <= year.high.value, symbol


def test_usual_volume_is_the_median_of_the_twenty_sessions_before(sample: MarketBook):
    series = sample.series["MEBL"]
    before = sorted(series.volume[-21:-1])
    usual = share_look(sample, "MEBL").usual_volume
    assert usual is not None
    assert usual.value == round((before[9] + before[10]) / 2)


def test_a_share_known_from_the_screener_alone(sample: MarketBook):
    seen = look(sample, "FHAM")
    assert isinstance(seen, ShareLook)
    assert seen.price is not None
    assert seen.price.value == Decimal("32.28")
    assert seen.move is not None
    assert seen.move.value == Decimal("-0.0137")
    assert (seen.ldcp, seen.day_range, seen.volume) == (None, None, None)


def test_breadth_counts_every_member_once():
    counts = breadth(small_book(), "KSE100")
    assert counts is not None
    assert (counts.up, counts.down, counts.flat) == (5, 2, 1)
    assert breadth(small_book(), "NOPE") is None


@given(
    st.dictionaries(
        st.sampled_from(["MEBL", "HBL", "OGDC", "HUBC", "SYS"]),
        st.decimals("0.01", "0.2", places=4),
        min_size=1,
    )
)
def test_explained_is_the_sum_over_priced_members_whatever_the_weights(weights):
    book = small_book()
    fund = replace(book.funds["MIF"], basket=Basket({**weights, "GONE": Decimal("0.01")}, CLOSED, "s"))
    found = of_basket(replace(book, funds={**book.funds, "MIF": fund}), "MIF")
    assert found.explained is not None
    assert found.covered is not None
    total = sum(
        weight * (book.quotes[s].price.value / book.quotes[s].ldcp.value - 1) for s, weight in weights.items()
    )
    assert abs(found.explained.value - total) < Decimal("1e-20")
    assert found.covered.value == sum(weights.values())  # GONE has no price


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["dollar rate"], ("USD",)),
        (["ڈالر"], ("USD",)),
        (["dollar ka rate?"], ("USD",)),
        (["EUR", "riyal"], ("EUR", "SAR")),
        (["kibor"], ("kibor_6m",)),
        (["mehngai", "USD", "usd"], ("cpi_yoy", "USD")),
        (["something"], ()),
    ],
)
def test_rates_by_the_words_people_use(words: list[str], names: tuple[str, ...]):
    assert named(words) == names


def test_old_rates_are_marked_and_missing_ones_named(sample: MarketBook):
    found = rates_of(sample)
    assert [rate.name for rate in found.currencies] == ["USD", "EUR", "GBP", "AED", "SAR"]
    assert found.currencies[0].age == 34
    assert found.currencies[0].stale
    assert found.missing == ("kibor_6m",)
    assert found.meeting is not None
    assert found.meeting.day == date(2026, 9, 14)
