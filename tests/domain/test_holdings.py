"""Holdings read from free text: right weights, and every doubt named."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.holdings import NOTICES, PROBLEMS, choose, is_statement, read_holdings
from services.domain.instruments import Directory
from tests.fakes.books import small_book

DIRECTORY = Directory(small_book())


def read(text, held=()):
    reading = read_holdings(text, DIRECTORY, held)
    return {h.code: round(float(h.weight) * 100, 2) for h in reading.holdings}, set(reading.problems)


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("Meezan Islamic Fund 60%, baqi LUCK aur OGDC", {"MIF": 60, "LUCK": 20, "OGDC": 20}),
        ("MEBL=40, MZNPETF=60", {"MEBL": 40, "MZNPETF": 60}),
        ("MEBL 40 LUCK 60", {"MEBL": 40, "LUCK": 60}),
        ("60% in MIF and 40% in OGDC", {"MIF": 60, "OGDC": 40}),
        ("half MEBL half LUCK", {"MEBL": 50, "LUCK": 50}),
        ("aadha MEBL, aadha LUCK", {"MEBL": 50, "LUCK": 50}),
        ("teen hissay MEBL aur ek hissa LUCK", {"MEBL": 75, "LUCK": 25}),
        ("quarter MEBL, rest OGDC", {"MEBL": 25, "OGDC": 75}),
        ("1/3 MEBL 2/3 LUCK", {"MEBL": 33.33, "LUCK": 66.67}),
        ("½ MEBL ½ LUCK", {"MEBL": 50, "LUCK": 50}),
        ("0.6 MEBL 0.4 LUCK", {"MEBL": 60, "LUCK": 40}),
        ("MEBL\n40%\nLUCK\n60%", {"MEBL": 40, "LUCK": 60}),
        ("MEBL: 30% LUCK: 30% OGDC: 40%", {"MEBL": 30, "LUCK": 30, "OGDC": 40}),
        ("MEBL and LUCK 50-50", {"MEBL": 50, "LUCK": 50}),
        ("60 40 MEBL LUCK", {"MEBL": 60, "LUCK": 40}),
        ("MEBL-40, LUCK-60", {"MEBL": 40, "LUCK": 60}),
        ("LUCK40% MEBL60%", {"LUCK": 40, "MEBL": 60}),
        ("luck 40 mebl 60", {"LUCK": 40, "MEBL": 60}),
        ("میزان بینک ۶۰٪، لکی سیمنٹ ۴۰٪", {"MEBL": 60, "LUCK": 40}),
        ("MEBL ٤٠٪ LUCK ٦٠٪", {"MEBL": 40, "LUCK": 60}),
        ("MEBL 33.3 LUCK 33.3 OGDC 33.3", {"MEBL": 33.33, "LUCK": 33.33, "OGDC": 33.33}),
    ],
)
def test_weights_as_they_are_meant(text, weights):
    got, problems = read(text)
    assert got == weights
    assert problems == set()


@pytest.mark.parametrize(
    ("text", "weights", "problems"),
    [
        ("MEBL, LUCK", {"MEBL": 50, "LUCK": 50}, {"equal_weights"}),
        ("میرے پاس میزان بینک اور حبکو ہے", {"MEBL": 50, "HUBC": 50}, {"equal_weights"}),
        (
            "i have some mebl and lucky cement and hubco equally",
            {"MEBL": 33.33, "LUCK": 33.33, "HUBC": 33.33},
            {"equal_weights"},
        ),
        ("MEBL 50, LUCK 30", {"MEBL": 62.5, "LUCK": 37.5}, {"weights_sum"}),
        ("MEBL 80 LUCK 80", {"MEBL": 50, "LUCK": 50}, {"weights_sum"}),
        ("MEBL 250%", {"MEBL": 100}, {"weight_too_big", "weights_sum"}),
        ("MEBL -40, LUCK 60", {"MEBL": 40, "LUCK": 60}, {"weight_negative"}),
        ("MEBL 0, LUCK 100", {"LUCK": 100}, {"weight_zero"}),
        ("MEBL 100, LUCK", {"MEBL": 50, "LUCK": 50}, {"no_room"}),
        ("LUCK 20 LUCK 30 MEBL 50", {"LUCK": 50, "MEBL": 50}, {"merged"}),
        ("MEBL 50,000 LUCK 25,000 rupees", {"MEBL": 66.67, "LUCK": 33.33}, {"amounts_used"}),
        ("MEBL 1 lakh aur LUCK 50 hazar", {"MEBL": 66.67, "LUCK": 33.33}, {"amounts_used"}),
        # 100 x 400 = 40,000 and 50 x 500 = 25,000
        ("100 shares LUCK, 50 shares MEBL", {"LUCK": 61.54, "MEBL": 38.46}, {"counts_used"}),
        # 100 x 400 and Rs 40,000
        ("100 shares LUCK, MEBL Rs 40,000", {"LUCK": 50, "MEBL": 50}, {"counts_used", "amounts_used"}),
        ("MEBL 60%, LUCK 50,000 rupees", {"MEBL": 60, "LUCK": 40}, {"mixed_units"}),
        ("KSE100 50%, LUCK 50%", {"LUCK": 100}, {"index_not_held", "weights_sum"}),
    ],
)
def test_repairs_are_proposed_and_named(text, weights, problems):
    assert read(text) == (weights, problems)


def test_bare_weights_change_what_is_held():
    assert read("60 40", ("MEBL", "LUCK")) == ({"MEBL": 60, "LUCK": 40}, set())


def test_what_is_not_known_is_named_and_keeps_its_weight_for_later():
    reading = read_holdings("Meezan 60%, LUCK 30%, Foobar Industries 10%", DIRECTORY)
    assert reading.unknown == ("Foobar Industries",)
    assert [name for name, _ in reading.ambiguous] == ["Meezan"]
    assert not reading.clear
    assert reading.restated == "Meezan 60%, LUCK 30%, Foobar Industries 10%"
    chosen = choose(choose(reading.restated, "Meezan", "MIF"), "Foobar Industries", "")
    assert read(chosen)[0] == {"MIF": 66.67, "LUCK": 33.33}


@pytest.mark.parametrize(
    ("text", "unknown", "weights"),
    [
        ("MEBL 50,000 LUCK 25,000 Foobar 25,000 rupees", ("Foobar",), {"MEBL": 66.67, "LUCK": 33.33}),
        ("MEBL 40 foobar 20 LUCK 40", ("foobar",), {"MEBL": 50, "LUCK": 50}),
        ("MEBL FOOB LUCK", ("FOOB",), {"MEBL": 50, "LUCK": 50}),
        ("salam bhai MEBL 40 hai aur LUCK 60", (), {"MEBL": 40, "LUCK": 60}),
        ("I bought MEBL last year for my daughter", (), {"MEBL": 100}),
    ],
)
def test_a_strange_name_between_others_is_not_dropped_in_silence(text, unknown, weights):
    reading = read_holdings(text, DIRECTORY)
    assert reading.unknown == unknown
    assert read(text)[0] == weights


def test_a_restated_list_holds_no_amount():
    reading = read_holdings("Meezan 50,000 rupees, LUCK Rs 150,000", DIRECTORY)
    assert reading.restated == "Meezan 25%, LUCK 75%"


@pytest.mark.parametrize("text", ["", " ", "😀😀😀", "40 60", "؟", "<script>", "\0", ",,,,", "%%%"])
def test_nothing_in_nothing_out(text):
    reading = read_holdings(text, DIRECTORY)
    assert (reading.holdings, reading.clear) == ((), False)


@pytest.mark.parametrize(
    "text", ["x" * 10_000, "MEBL " * 2000, "<script>alert(1)</script> MEBL 40", "MEBL" + "😀" * 3000]
)
def test_long_and_hostile_text_is_read_in_part(text):
    reading = read_holdings(text, DIRECTORY)
    assert all(len(name) <= 40 and "<" not in name for name in reading.unknown)
    assert ("too_long" in reading.problems) == (len(text) > 2000)


NAMES = st.sampled_from(
    ["MEBL", "LUCK", "OGDC", "hubco", "Meezan Islamic Fund", "لکی سیمنٹ", "Meezan", "Foobar"]
)
CODES = {
    "MEBL": "MEBL",
    "LUCK": "LUCK",
    "OGDC": "OGDC",
    "hubco": "HUBC",
    "Meezan Islamic Fund": "MIF",
    "لکی سیمنٹ": "LUCK",
}


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(NAMES, st.integers(1, 400)), min_size=1, max_size=6),
    st.sampled_from([", ", "\n", " and ", "; "]),
)
def test_proportions_survive(pairs, separator):
    reading = read_holdings(separator.join(f"{name} {weight}%" for name, weight in pairs), DIRECTORY)
    assert set(reading.problems) <= PROBLEMS | NOTICES
    expected: dict[str, int] = {}
    for name, weight in pairs:
        if name in CODES:
            expected[CODES[name]] = expected.get(CODES[name], 0) + weight
    whole = sum(expected.values())
    got = {h.code: h.weight for h in reading.holdings}
    assert got.keys() == expected.keys()
    assert all(abs(got[c] - Decimal(w) / whole) < Decimal("1e-9") for c, w in expected.items())


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=400))
def test_any_text_gives_weights_that_sum_to_one(text):
    reading = read_holdings(text, DIRECTORY)
    if reading.holdings:
        assert abs(sum(h.weight for h in reading.holdings) - 1) < Decimal("1e-9")
        assert all(h.weight > 0 for h in reading.holdings)
    assert all(len(name) <= 40 for name in reading.unknown)


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("01-08-2026 ATM WITHDRAWAL 20,000\n03-08-2026 SALARY 250,000", True), ("Date Description Debit Credit Balance", True),
        ("MEBL 40, LUCK 60", False), ("First Credit and Investment Bank 50, LUCK 50", False), ("MEBL bought 01-08-2026, LUCK 60", False),
    ],
)  # fmt: skip
def test_a_pasted_account_statement_is_no_list(text, statement):
    assert is_statement(text) is statement
