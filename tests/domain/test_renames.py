"""Codes through their changes of name: the right code for every day, in both directions."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.renames import RENAMES, Rename, code_on, current_code, former_codes

TODAY = date(2026, 8, 20)


@pytest.mark.parametrize(
    ("old", "new"),
    [("ENGRO", "ENGROH"), ("DAWH", "ENGROH"), ("GSKCH", "HALEON"), ("BYCO", "CNERGY"), ("ICI", "LCI")],
)
def test_a_code_given_up_stands_for_the_new_one_from_its_day_on(old: str, new: str) -> None:
    since = next(rename.since for rename in RENAMES if rename.old == old)
    assert current_code(old, TODAY) == current_code(old, since) == new
    assert current_code(old, since - timedelta(days=1)) == old
    assert current_code(new, TODAY) == new
    assert old in former_codes(new)


def test_the_history_of_engroh_is_that_of_dawood_hercules() -> None:
    assert code_on("ENGROH", date(2024, 6, 3)) == "DAWH"
    assert code_on("ENGROH", date(2025, 1, 6)) == "ENGROH"
    assert code_on("LCI", date(2020, 1, 1)) == "ICI"
    assert code_on("LUCK", date(2000, 1, 1)) == "LUCK"
    merged = next(rename for rename in RENAMES if rename.how == "merged")
    assert (merged.old, merged.ratio) == ("ENGRO", Decimal("2.24407865"))


def test_chains_are_followed_day_by_day_and_circles_end() -> None:
    chain = (
        Rename("A", "B", date(2020, 1, 1)),
        Rename("B", "C", date(2022, 1, 1)),
        Rename("X", "B", date(2021, 1, 1), "merged"),
    )
    assert [current_code("A", date(year, 6, 1), chain) for year in (2019, 2020, 2022)] == ["A", "B", "C"]
    assert [code_on("C", date(year, 6, 1), chain) for year in (2019, 2020, 2022)] == ["A", "B", "C"]
    assert former_codes("C", chain) == ("B", "X", "A")
    circle = (Rename("A", "B", date(2020, 1, 1)), Rename("B", "A", date(2021, 1, 1)))
    assert current_code("A", TODAY, circle) in {"A", "B"}
    assert former_codes("A", circle) == ("B",)


@given(st.text(max_size=8), st.dates())
def test_any_code_on_any_day_ends_in_a_code_that_stands(code: str, day: date) -> None:
    found = current_code(code, day)
    assert current_code(found, day) == found
    assert not any(rename.old == found and rename.since <= day for rename in RENAMES)
