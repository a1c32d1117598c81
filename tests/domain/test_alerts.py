"""Watches in plain words, and when they are true."""

from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.alerts import Rule, check, parse_rule
from services.domain.errors import AmbiguousName, BadInput, MarketByteError, UnknownName
from services.domain.instruments import Directory
from tests.fakes.books import fact, small_book

BOOK = small_book()
DIRECTORY = Directory(BOOK)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("LUCK above 500", ("LUCK", "above", "500")),
        ("tell me when luck crosses 500", ("LUCK", "above", "500")),
        ("OGDC 300 se neeche", ("OGDC", "below", "300")),
        ("KSE100 girey 2%", ("KSE100", "down", "0.02")),
        ("KSE-100 up 1.5 percent", ("KSE100", "up", "0.015")),
        ("LUCK moves 3%", ("LUCK", "moves", "0.03")),
        ("LUCK 500", ("LUCK", "above", "500")),
        ("LUCK 300", ("LUCK", "below", "300")),
        ("LUCK < 450", ("LUCK", "below", "450")),
        ("LUCK > 350", ("LUCK", "above", "350")),
        ("100 index 1.8 lakh se upar", ("KSE100", "above", "180000")),
        ("حبکو ۲۵۰ سے اوپر", ("HUBC", "above", "250")),
        ("LUCK above Rs 1,250.50", ("LUCK", "above", "1250.50")),
    ],
)
def test_a_rule_in_words(text, rule):
    found = parse_rule(text, DIRECTORY, BOOK)
    assert (found.code, found.rule, found.value) == (rule[0], rule[1], Decimal(rule[2]))


@pytest.mark.parametrize(
    ("text", "error"),
    [("LUCK", BadInput), ("LUCK above", BadInput), ("LUCK -5", BadInput), ("LUCK 0", BadInput), ("LUCK down 250%", BadInput),
     ("MIF above 10", BadInput), ("Meezan ETF below 24.5", BadInput), ("hello", UnknownName), ("", UnknownName), ("meezan above 5", AmbiguousName),
     ("LUCK 100 shares", BadInput)],
)  # fmt: skip
def test_what_cannot_be_watched(text, error):
    with pytest.raises(error):
        parse_rule(text, DIRECTORY, BOOK)


# LUCK: 400 against 400; MEBL: 500 against 490; HBL: 300 against 303.
@pytest.mark.parametrize(
    ("code", "rule", "value", "fires"),
    [("LUCK", "above", "400", True), ("LUCK", "above", "400.01", False), ("LUCK", "below", "400", True), ("LUCK", "below", "399", False),
     ("MEBL", "up", "0.02", True), ("MEBL", "up", "0.03", False), ("MEBL", "down", "0.001", False), ("HBL", "down", "0.009", True),
     ("HBL", "moves", "0.009", True), ("HBL", "up", "0.001", False), ("KSE100", "above", "176600", True), ("GONE", "above", "1", False),
     ("MZNPETF", "above", "1", False)],
)  # fmt: skip
def test_when_it_fires(code, rule, value, fires):
    assert (check(Rule(code, rule, Decimal(value)), BOOK) is not None) == fires


@given(st.decimals(1, 1000, places=2), st.decimals(1, 1000, places=2))
def test_a_level_is_reached_from_one_side_or_the_other(price, level):
    quotes = {**BOOK.quotes, "LUCK": replace(BOOK.quotes["LUCK"], price=fact(str(price), "PKR", "LUCK"))}
    book = replace(BOOK, quotes=quotes)
    above, below = (check(Rule("LUCK", side, level), book) for side in ("above", "below"))
    assert (above is not None) == (price >= level)
    assert (below is not None) == (price <= level)


@given(st.text(max_size=200))
def test_any_text_gives_a_rule_or_an_expected_error(text):
    with suppress(MarketByteError):
        assert parse_rule(text, DIRECTORY, BOOK).value > 0
