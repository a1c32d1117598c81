"""Amounts in dollars: found, told apart from rupees, weighed, and kept out of every stored text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.amounts import MASK, currencies, find, mask
from services.domain.quantities import opened, quantities
from services.domain.weighing import Entry, weigh

MARKED = [
    ("$500", 500), ("$ 500", 500), ("US$500", 500), ("$1,234.50", "1234.50"), ("$1.2 million", 1200000), ("$5k", 5000),
    ("500 dollars", 500), ("USD 500", 500), ("500 USD", 500), ("usd500", 500), ("20 bucks", 20), ("five hundred dollars", 500),
    ("500 dollar", 500), ("۵۰۰ ڈالر", 500), ("do hazar dollar", 2000), ("$2bn", 2000000000), ("$1", 1),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "value"), MARKED)
def test_an_amount_is_found_and_masked(typed, value):
    text = f"mera {typed} AAPL mein"
    assert find(text) == (Decimal(value),)
    assert currencies(text) == {"USD"}
    masked = mask(text)
    assert MASK in masked
    assert not any(char.isdigit() for char in masked)
    assert "AAPL mein" in masked


@pytest.mark.parametrize(
    "text",
    ["aaj ka dollar rate", "dollar", "1 dollar kitne ka hai", "ek dollar", "dollar rate kya hai", "ڈالر ریٹ"],
)
def test_the_rate_of_a_dollar_is_no_amount(text):
    assert (mask(text), find(text), currencies(text)) == (text, (), frozenset())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Rs 500 aur $20", {"PKR", "USD"}), ("5 lakh", {"PKR"}), ("2 crore", {"PKR"}), ("5 lakh dollars", {"USD"}),
        ("5 lakh rupees", {"PKR"}), ("50000", set()), ("5 million", set()), ("AAPL 40%", set()),
    ],
)  # fmt: skip
def test_which_currency_is_named(text, named):
    assert currencies(text) == named


DIGITS = st.sampled_from(["0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９"])
BEFORE = st.sampled_from(["$", "$ ", "US$", "USD ", "usd", ""])
AFTER = st.sampled_from(
    [" dollars", " dollar", " USD", " bucks", " million dollars", "k dollars", " ڈالر", " ڈالرز"]
)
AROUND = st.sampled_from(["", "AAPL ", "i put ", "میرے ", "(", "*", "=", "\n", "😀"])


@given(st.integers(2, 10**10), DIGITS, BEFORE, AFTER, st.sampled_from(["{}", "{:,}"]), AROUND)
def test_no_digit_of_an_amount_survives(value, digits, before, after, grouped, around):
    written = grouped.format(value).translate({ord(str(i)): digits[i] for i in range(10)})
    masked = mask(f"{around}{before}{written}{after} in AAPL")
    assert MASK in masked
    assert not any(char.isdigit() for char in masked), masked
    assert mask(masked) == masked


@given(st.integers(2, 10**9), BEFORE.filter(bool), AROUND)
def test_a_sign_before_the_number_is_enough(value, before, around):
    masked = mask(f"{around}{before}{value} in AAPL")
    assert not any(char.isdigit() for char in masked), masked


@pytest.mark.parametrize(
    ("text", "unit", "currency"),
    [
        ("$500", "amount", "USD"), ("US$ 1,000.50", "amount", "USD"), ("500 dollars", "amount", "USD"), ("Rs 500", "amount", "PKR"),
        ("5 lakh", "amount", "PKR"), ("paanch lakh", "amount", "PKR"), ("5 lakh dollars", "amount", "USD"), ("40%", "percent", ""),
        ("5 million", "amount", ""), ("40", "bare", ""), ("10 shares", "count", ""),
    ],
)  # fmt: skip
def test_quantities_know_their_currency(text, unit, currency):
    (found,) = quantities(opened(text))
    assert (found.unit, found.currency) == (unit, currency)


def entries(*typed: str) -> list[Entry]:
    return [
        Entry(code, code, (), quantities(opened(text))[0]) for code, text in zip("ABC", typed, strict=False)
    ]


def price(_code: str) -> Decimal:
    return Decimal(250)


@given(st.integers(1, 999), st.integers(1, 10**6))
def test_a_count_beside_dollars_weighs_its_price(count, dollars):
    weighed = weigh(entries(f"{count}", f"${dollars}"), price, "USD")
    owned = Decimal(250) * count
    assert weighed.weights[0] == owned / (owned + dollars)
    assert sum(w for w in weighed.weights if w) == pytest.approx(1)


@pytest.mark.parametrize(
    ("typed", "currency", "refused"),
    [
        (("10", "Rs 5000"), "USD", True), (("10 shares", "5 lakh"), "USD", True), (("$10", "Rs 5000"), "USD", True),
        (("$10", "Rs 5000"), "PKR", True), (("10 shares", "$500"), "PKR", True), (("10 shares", "$500"), "USD", False),
        (("10 shares", "Rs 5000"), "PKR", False), (("Rs 5000", "Rs 500"), "USD", False), (("60%", "40%"), "USD", False),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused_whole(typed, currency, refused):
    weighed = weigh(entries(*typed), price, currency)
    assert ("foreign_amounts" in weighed.problems) is refused
    assert refused == (not any(weighed.weights))
