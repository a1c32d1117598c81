"""A figure passes exactly if a fact stands behind it: written forms one by one, and by property."""

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.errors import Ungrounded
from services.domain.grounding import check, days_in, facts_in
from services.domain.market import Fact, Unit
from services.wording import numbers

AT = datetime(2026, 8, 20, 10, 50, tzinfo=UTC)


def fact(value: str, unit: Unit, entity: str = "X") -> Fact:
    return Fact(f"{entity}:{unit}:{value}", Decimal(value), unit, entity, AT, "test")


FACTS = (
    fact("176591.76", "index points", "KSE100"),
    fact("-254.60", "index points", "KSE100"),
    fact("-0.001439", "fraction", "KSE100"),
    fact("123456789", "PKR", "MEBL"),
    fact("-0.292162", "USD mn", "All"),
    fact("11.5", "%", "PK"),
    fact("97", "count", "All"),
    fact("2.43", "x", "MEBL"),
)

PASS = [
    "The KSE-100 fell 0.1% to 176,591.76",
    "KSE-100 ۱۷۶,۵۹۱.۷۶ پر، 0.14 فیصد کم",
    "KSE-100 ١٧٦٥٩١٫٧٦",
    "a loss of 255 points, or −254.60 points, or minus 254.6 points",
    "Rs 12.3 crore, Rs 1,235 lakh, PKR 123.5 million, −$0.29 million, $292,162",
    "11.5%, 11.5 percent, 11.5 feesad",
    "97 shares, 2.4 times",
    "on 20 Aug 2026, 20 August, August 2026, in 2026, 2026-08-20 at 10:50, opens 09:32",
    "52-week high, 20 sessions, 50 known closes, KSE-30, KMI-30, T+1",
    "no figure at all",
    "",
]
FAIL = [
    ("The KSE-100 rose 0.1%", "rose 0.1%"),
    ("up by 0.1%", "up by 0.1%"),
    ("+254.60 points", "+254.60 points"),
    ("0.2%", "0.2%"),
    ("0.15%", "0.15%"),
    ("176,591.77", "176,591.77"),
    ("11.5", "11.5"),
    ("Rs 11.5", "Rs 11.5"),
    ("97%", "97%"),
    ("$123,456,789", "$123,456,789"),
    ("2.4%", "2.4%"),
    ("Rs 12.4 crore", "Rs 12.4 crore"),
    ("on 21 August", "21 August"),
    ("on 20 Aug 2025", "20 Aug 2025"),
    ("31 February 2026", "31 February 2026"),
    ("May 2026", "May 2026"),
    ("2025", "2025"),
    ("at 10:51", "10:51"),
    ("at 25:00", "25:00"),
    ("17-day average", "17-day"),
    ("ABC12", "12"),
    ("½", "½"),
    ("twelve percent", "percent"),
    ("twelve points", "twelve points"),
    ("a few crore", "crore"),
    ("دو فیصد", "فیصد"),
    ("Rs 0", "Rs 0"),
    ("1e5", "1"),
]


@pytest.mark.parametrize("text", PASS)
def test_known_figures_pass(text: str) -> None:
    check(text, FACTS)


@pytest.mark.parametrize(("text", "figure"), FAIL)
def test_unknown_figures_are_named(text: str, figure: str) -> None:
    with pytest.raises(Ungrounded) as caught:
        check(text, FACTS)
    assert caught.value.values["figure"] == figure


def test_days_and_names_that_are_handed_in_may_be_told() -> None:
    check("ex-date 24 August", FACTS, days=[date(2026, 8, 24)])
    check("786 Smart Fund", FACTS, names=["786 Smart Fund"])
    with pytest.raises(Ungrounded):
        check("786 Dumb Fund", FACTS, names=["786 Smart Fund"])


values = st.decimals(min_value=-(10**9), max_value=10**9, places=6)


@given(values, st.integers(0, 4))
def test_every_way_our_numbers_write_a_fact_is_grounded(value: Decimal, digits: int) -> None:
    share = value / 10**9
    check(numbers.percent(share, max(digits, 1), signed=True), [fact(str(share), "fraction")])
    check(numbers.rupees(value, max(digits, 1)), [fact(str(value), "PKR")])
    check(numbers.crore(value), [fact(str(value), "PKR")]) if abs(value) >= 1 else None
    check(numbers.index_level(value), [fact(str(value), "index points")])


@given(values, st.integers(1, 4), st.booleans())
def test_a_step_in_the_last_digit_is_not_grounded(value: Decimal, digits: int, up: bool) -> None:
    step = Decimal(1).scaleb(-digits)
    wrong = abs(value.quantize(step)) + (2 * step if up else -2 * step)
    if wrong < 0:
        return
    with pytest.raises(Ungrounded):
        check(f"Rs {wrong:,.{digits}f}", [fact(str(value), "PKR")])


@given(st.text(alphabet="0123456789٠١۲۳.,%-+ RsKSE-100روپےفیصدcrore:/\n½", max_size=60))
def test_any_text_is_judged_without_a_crash(text: str) -> None:
    with suppress(Ungrounded):
        check(text, FACTS)


def test_a_title_becomes_facts_of_its_own_record_and_then_passes() -> None:
    title = "LUCK declared a final dividend of 250% of face value (Rs 5 a share); books closed 18–25 Aug 2026"
    stem = fact("0", "count", "LUCK")
    found = facts_in(title, stem)
    assert [(str(f.value), f.unit) for f in found] == [("250", "%"), ("5", "PKR"), ("18", "count")]
    assert {f.source for f in found} == {"test"}
    assert days_in(title, 2026) == {date(2026, 8, 25)}
    check(title, found, days_in(title, 2026))
