"""The small shared parts: secrets, headers, progress, memory."""

import pytest

from bot.channels.base import Recent, header, matches_any, secrets_of


@pytest.mark.parametrize(
    ("setting", "values"),
    [("", ()), (" , ,", ()), ("one", ("one",)), ("one,two", ("one", "two")), (" one , two ", ("one", "two"))],
)
def test_a_secret_may_hold_two_values(setting, values):
    assert secrets_of(setting) == values


def test_a_header_is_found_in_any_case():
    assert header({"x-SECRET": "v"}, "X-Secret") == "v"
    assert header({}, "X-Secret") == ""


def test_nothing_matches_nothing():
    assert not matches_any("", [""])
    assert not matches_any("a", [])
    assert not matches_any("ab", ["a", "b"])
    assert matches_any("ö", ["x", "ö"])


def test_the_oldest_is_forgotten_first():
    recent = Recent(room=2)
    for key in "abc":
        recent.put(key, key)
    assert [recent.get(key) for key in "abc"] == [None, "b", "c"]
    recent.drop("b")
    assert recent.get("b") is None
