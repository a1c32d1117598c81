"""The shorthand of payouts, taken apart."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sources.psx.payouts import Part, closure, parts
from services.sources.psx.source import READERS
from tests.sources.psx.given import small


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("250%(F) (D)", [Part("250%(F) (D)", "dividend", 250, True, None)]),
        ("32.50%(iii) (D)", [Part("32.50%(iii) (D)", "dividend", 32.5, False, None)]),
        ("80(ii) (D)", [Part("80(ii) (D)", "dividend", 80, False, None)]),
        ("10% (B)", [Part("10% (B)", "bonus", 10, None, None)]),
        ("25%(F) (D) 10%(B)", [Part("25%(F) (D)", "dividend", 25, True, None), Part("10%(B)", "bonus", 10, None, None)]),
        ("15%(i) (D) & 1,000%(F) (B)", [Part("15%(i) (D)", "dividend", 15, False, None), Part("1,000%(F) (B)", "bonus", 1000, True, None)]),
        (
            "23.855376% AT A PREMIUM RS.10/= PER SHARES (R)",
            [Part("23.855376% AT A PREMIUM RS.10/= PER SHARES (R)", "right", 23.855376, None, 10)],
        ),
        ("50% AT A PREMIUM OF RS. 2.50 PER SHARE (R)", [Part("50% AT A PREMIUM OF RS. 2.50 PER SHARE (R)", "right", 50, None, 2.5)]),
        ("Rs.5 (D)", [Part("Rs.5 (D)", "dividend", None, None, None)]),
        ("NIL", [Part("NIL", "other", None, None, None)]),
        (" - ", [Part("-", "other", None, None, None)]),
        ("5%(F) (D) subject to approval", [Part("5%(F) (D)", "dividend", 5, True, None), Part("subject to approval", "other", None, None, None)]),
        ("", []),
    ],
)  # fmt: skip
def test_shorthand(text, expected):
    assert list(parts(text)) == expected


@given(
    st.lists(
        st.tuples(
            st.integers(1, 5000),
            st.sampled_from(["", "(F) ", "(i) ", "(ii) ", "(iii) "]),
            st.sampled_from("DBR"),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_every_payout_of_a_cell_is_found(told):
    found = parts(" ".join(f"{percent}%{stage}({kind})" for percent, stage, kind in told))
    final = {"": None, "(F) ": True}
    assert [(part.percent, part.final, part.kind[0].upper()) for part in found] == [
        (percent, final.get(stage, False), kind) for percent, stage, kind in told
    ]
    assert len({part.text for part in found}) == len(set(told))


@given(st.text(max_size=500))
def test_any_text_is_taken_apart_or_refused(text):
    try:
        found = parts(text)
    except ValueError:
        return
    assert all(part.text for part in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18/08/2026  - 25/08/2026 ", (date(2026, 8, 18), date(2026, 8, 25))),
        ("01/05/2026", (date(2026, 5, 1), date(2026, 5, 1))),
        ("-", (None, None)),
        ("", (None, None)),
    ],
)
def test_closed_books(text, expected):
    assert closure(text) == expected


@pytest.mark.parametrize(
    "text", ["31/02/2026", "soon", "18/08/2026 - 25/08/2026 - 26/08/2026", "18/08/2026 x"]
)
def test_what_is_no_time_of_closed_books(text):
    with pytest.raises(ValueError, match="is no"):
        closure(text)


def test_rows_of_payouts():
    rows = READERS["psx.payouts"](small("payouts.html"))
    assert rows == READERS["psx.payouts"](small("payouts_rows.html"))
    assert [(row.symbol, row.kind, row.percent, row.day) for row in rows] == [
        ("MAHR", "dividend", 250, date(2026, 10, 12)),
        ("MAHR", "bonus", 10, date(2026, 10, 12)),
        ("QALB", "right", 23.855376, date(2026, 8, 3)),
    ]
    assert (rows[0].closure_from, rows[0].closure_to, rows[2].closure_from) == (
        date(2026, 11, 18),
        date(2026, 11, 25),
        None,
    )
    assert (rows[0].name, rows[0].sector, rows[2].premium) == ("Mahr Fertilizer Limited", "FERTILIZER", 10)


def test_rows_of_one_company():
    first, second = READERS["psx.company_payouts"](small("company_payouts.html"))
    assert (first.symbol, first.percent, first.final, first.closure_to) == (
        "QALB",
        80,
        False,
        date(2026, 11, 18),
    )
    assert (second.day, second.announced.hour, second.text) == (date(2026, 4, 2), 0, "Rs.5 (D)")
