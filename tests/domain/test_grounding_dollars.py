"""Dollars and percents of the American market are traced to their facts, in every form that the house writes them in."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.errors import Ungrounded
from services.domain.grounding import check
from services.domain.market import Fact
from services.wording import numbers
from services.wording.layouts.figures import big

AT = datetime(2026, 11, 20, 16, 0, tzinfo=ZoneInfo("America/New_York"))


def fact(value: str, unit: str) -> Fact:
    return Fact(f"x:{value}:{unit}", Decimal(value), unit, "AAPL", AT, "test", "live")  # type: ignore[arg-type]


FACTS = [
    fact("1234567", "USD"),
    fact("0.015", "fraction"),
    fact("245.75", "USD"),
    fact("-0.0335", "fraction"),
]


@pytest.mark.parametrize(
    "text",
    [
        "$1.2 million", "$1.23 million", "US$1.2 million", "$1.2m", "USD 1,234,567", "1.5%", "up 1.5 percent", "+1.5%",
        "$245.75", "$246", "fell 3.4%", "−3.35%", "The S&P 500 fell 3.3%", "$1.2 ملین", "1.5 فیصد", "at $245.75, up 1.5%.",
    ],
)  # fmt: skip
def test_what_a_fact_says_passes(text):
    check(text, FACTS)


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("$1.3 million", "$1.3 million"), ("$1.2 billion", "$1.2 billion"), ("$1.2", "$1.2"), ("1.6%", "1.6%"),
        ("Rs 245.75", "Rs 245.75"), ("245.75%", "245.75%"), ("fell 1.5%", "fell 1.5%"), ("rose 3.4%", "rose 3.4%"),
        ("$1.5", "$1.5"), ("million", "million"),
    ],
)  # fmt: skip
def test_what_no_fact_says_is_named(text, figure):
    with pytest.raises(Ungrounded) as caught:
        check(text, FACTS)
    assert caught.value.values["figure"] == figure


@given(st.decimals(min_value=1, max_value=10**13, places=2))
def test_every_way_we_write_dollars_is_grounded(value):
    own = [fact(str(value), "USD")]
    check(numbers.money(value, "USD"), own)
    check(numbers.large(value, "USD"), own)
    check(big(own[0]), own)
    with pytest.raises(Ungrounded):
        check(numbers.money(value + 1, "USD"), own)
