"""Sums with rupees, checked by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.calculation import asked_for, calculate
from services.domain.errors import NothingHeld
from services.domain.portfolio import Holding, Portfolio
from tests.fakes.books import small_book

BOOK = small_book()
# 40 % MEBL and 60 % of an ETF with 40 % MEBL, 30 % OGDC, 25 % LUCK and a charge of 0.5 %.
MIX = Portfolio((Holding("MEBL", Decimal("0.4")), Holding("MZNPETF", Decimal("0.6"))))
LAKH = Decimal(100_000)


def test_exposure_looks_through_the_fund():
    found = calculate("exposure", LAKH, MIX, BOOK)
    assert {row.code: row.rupees for row in found.rows} == {"MEBL": 64_000, "OGDC": 18_000, "LUCK": 15_000}
    assert {row.code: row.rupees for row in found.sectors} == {"0807": 64_000, "0820": 18_000, "0804": 15_000}
    assert (found.result, found.known) == (97_000, Decimal("0.97"))


def test_fees_are_the_funds_charge_on_its_part():
    found = calculate("fees", LAKH, MIX, BOOK)
    assert (found.result, found.known) == (300, 1)


def test_a_fund_without_a_published_charge_is_not_counted():
    mix = Portfolio((Holding("MIIF", Decimal("0.5")), Holding("MIF", Decimal("0.5"))))
    found = calculate("fees", LAKH, mix, BOOK)
    assert (found.result, found.known) == (1500, Decimal("0.5"))  # 50,000 at 3 %


def test_dividend_at_the_published_yields():
    found = calculate("dividend", LAKH, MIX, BOOK)
    # 64,000 at 6.2 % and 18,000 at 5 %; LUCK and the undisclosed part have no published yield
    assert found.result == 3968 + 900
    assert found.known == Decimal("0.82")


def test_zakat_and_taxes_are_plain_rates():
    assert calculate("zakat", LAKH, Portfolio(), BOOK).result == 2500
    assert calculate("gains_tax", LAKH, Portfolio(), BOOK).result == 15_000
    assert calculate("dividend_tax", LAKH, Portfolio(), BOOK).result == 15_000


@pytest.mark.parametrize(
    "amount", [Decimal(0), Decimal(-5), Decimal("NaN"), Decimal("Infinity"), Decimal(10) ** 14]
)
def test_impossible_amounts(amount):
    with pytest.raises(ValueError, match="amount"):
        calculate("zakat", amount, MIX, BOOK)


def test_nothing_held():
    with pytest.raises(NothingHeld):
        calculate("exposure", LAKH, Portfolio(), BOOK)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("zakat on 5 lakh", "zakat"), ("5 لاکھ پر زکوٰۃ", "zakat"), ("yearly fee on 2 lakh", "fees"), ("dividend on 1 lakh", "dividend"),
     ("tax on dividend of 1 lakh", "dividend_tax"), ("capital gains on 50,000", "gains_tax"), ("5 lakh mein kya kya hai", "exposure")],
)  # fmt: skip
def test_which_sum(text, kind):
    assert asked_for(text) == kind


@given(
    st.decimals("0.01", 10**9, places=2),
    st.sampled_from(["exposure", "fees", "dividend", "zakat", "gains_tax"]),
)
def test_a_sum_grows_with_its_amount_and_its_rows_add_up(amount, kind):
    one, two = calculate(kind, amount, MIX, BOOK), calculate(kind, 2 * amount, MIX, BOOK)
    assert abs(two.result - 2 * one.result) < Decimal("1e-9")
    if one.rows:
        assert abs(sum(row.rupees for row in one.rows) - one.result) < Decimal("1e-9")
