"""Numbers as words, held against an independent library."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from services.wording.spoken_numbers import cardinal, figure, ordinal, year


@given(st.integers(0, 10**15 - 1))
def test_cardinals_equal_an_independent_library(value: int):
    assert cardinal(value) == num2words(value, lang="en").replace(",", "")


@given(st.integers(0, 9_99_99_999))
def test_lakh_and_crore_equal_an_independent_library(value: int):
    assert cardinal(value, lakh=True) == num2words(value, lang="en_IN").replace(",", "")


@given(st.integers(1, 10**6))
def test_ordinals_equal_an_independent_library(value: int):
    assert ordinal(value) == num2words(value, lang="en", to="ordinal").replace(",", "")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1905, "nineteen oh five"),
        (1900, "nineteen hundred"),
        (2000, "two thousand"),
        (2005, "two thousand and five"),
        (2026, "twenty twenty-six"),
    ],
)
def test_years(value: int, words: str):
    assert year(value) == words


def test_western_commas_never_become_lakh():
    assert (
        figure("1,234,567") == "one million two hundred and thirty-four thousand five hundred and sixty-seven"
    )
    assert figure("12,34,567") == "twelve lakh thirty-four thousand five hundred and sixty-seven"
    assert figure("100,000") == "one hundred thousand"
