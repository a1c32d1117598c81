"""An operator's word on a jump, read and checked against the price."""

from datetime import date, timedelta

import pytest

from services.domain.corporate_actions import adjusted, explain_jumps
from services.domain.errors import BadInput
from services.domain.rows import ActionRow, Bar
from services.domain.verdicts import verdict

DAY = date(2026, 3, 3)
BARS = [Bar("AAA", DAY - timedelta(1), None, None, None, 500, 10), Bar("AAA", DAY, None, None, None, 104, 10)]


def jump(actions=()):
    told, held = explain_jumps(BARS, actions)
    return (*told, *held)[0]


@pytest.mark.parametrize(
    ("words", "kind", "factor", "cash"),
    [
        ("split 5:1", "split", 0.2, 0),
        ("Split 5 : 1", "split", 0.2, 0),
        ("bonus 400%", "bonus", 0.2, 0),
        ("dividend 395.50", "dividend", 1, 395.5),
        ("dividend Rs 400", "dividend", 1, 400),
        ("right 400% at 0.5", "right", (500 + 4 * 0.5) / 5 / 500, 0),
        ("ok", "dividend", 1, 0),
    ],
)
def test_words(words: str, kind: str, factor: float, cash: float):
    (row,) = verdict(jump(), words, "u1")
    assert (row.symbol, row.ex_date, row.kind) == ("AAA", DAY, kind)
    assert (row.factor, row.cash) == (pytest.approx(factor), cash)
    assert "operator u1" in row.note
    assert explain_jumps(BARS, [row])[1] == ()


@pytest.mark.parametrize(
    "words",
    ["", "fine", "split", "split 0:1", "split 1:5", "split 5:0", "split 2:1", "split 50:1", "bonus 10%", "dividend 0",
     "dividend 20", "dividend 600", "split 99999999:1", "right 10% at 10", "split 5:1 please"],
)  # fmt: skip
def test_what_is_no_word_or_does_not_fit_the_price_is_refused(words: str):
    with pytest.raises(BadInput):
        verdict(jump(), words, "u1")


def test_a_word_takes_the_place_of_what_did_not_fit():
    wrong = ActionRow("AAA", DAY, "bonus", 0.5, note="100%(B)")
    held = jump([wrong])
    assert held.why == "misfit"
    rows = verdict(held, "split 5:1", "u1")
    kept = {
        (row.ex_date, row.kind): row for row in (wrong, *rows)
    }.values()  # as the store keeps them: by key
    assert explain_jumps(BARS, kept)[1] == ()
    assert [bar.close for bar in adjusted(BARS, kept)] == pytest.approx([100, 104])
    undone = verdict(jump(kept), "ok", "u1")
    kept = {(row.ex_date, row.kind): row for row in (*kept, *undone)}.values()
    assert [bar.close for bar in adjusted(BARS, kept)] == [500, 104]
