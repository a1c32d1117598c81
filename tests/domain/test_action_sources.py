"""Actions from payouts, from the published LDCP and from an operator, each event once."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.action_sources import KNOWN, actions_of, actions_of_payouts, face_value
from services.domain.calendar import KARACHI, is_session, previous_session
from services.domain.corporate_actions import explain_jumps
from services.domain.rows import ActionRow, Bar, PayoutRow
from services.domain.settlement import ex_date, settles

CLOSURE = date(2026, 8, 18)


def payout(kind: str = "dividend", percent: float | None = 50.0, **changes) -> PayoutRow:
    known = {"symbol": "AAA", "closure_from": CLOSURE, "premium": None} | changes
    return PayoutRow(
        day=date(2026, 8, 10),
        announced=datetime(2026, 8, 10, 16, tzinfo=KARACHI),
        text=f"{percent}%({kind[0].upper()})",
        kind=kind,
        percent=percent,
        final=True,
        closure_to=None,
        **known,
    )


@pytest.mark.parametrize(
    ("closure", "ex"),
    [
        ("2026-08-18", "2026-08-17"),  # LUCK's own, T+1
        ("2026-08-17", "2026-08-13"),  # over the weekend and Independence Day
        ("2026-08-15", "2026-08-13"),  # books closed from a Saturday on
        ("2025-08-18", "2025-08-13"),  # T+2: Friday 15, Wednesday 13 (14 was a holiday)
        ("2026-02-09", "2026-02-04"),  # T+2 still; 5 Feb is a holiday
        ("2026-02-10", "2026-02-06"),  # Friday's trade settles with Monday's: both are too late
        ("2026-02-11", "2026-02-10"),
    ],
)
def test_ex_dates(closure: str, ex: str):
    assert ex_date(date.fromisoformat(closure)) == date.fromisoformat(ex)


def test_the_operators_holiday_moves_an_ex_date():
    assert ex_date(CLOSURE, {date(2026, 8, 17): "Rain"}) == date(2026, 8, 13)


@given(st.dates(date(2018, 2, 1), date(2027, 11, 30)))
def test_an_ex_date_is_the_first_session_that_settles_too_late(closure: date):
    day = ex_date(closure)
    assert is_session(day)
    assert settles(day) >= closure
    assert settles(previous_session(day)) < closure


def test_a_dividend_is_percent_of_face_value_which_a_split_lowers():
    rows = [payout(percent=250.0, symbol="LUCK"), payout(percent=250.0)]
    found = {action.symbol: action for action in actions_of_payouts(rows)}
    assert (found["LUCK"].cash, found["AAA"].cash) == (
        5.0,
        25.0,
    )  # LUCK: Rs 2 since April 2025, 250 % are Rs 5
    assert found["LUCK"].ex_date == date(2026, 8, 17)
    mari = [action for action in KNOWN if action.symbol == "MARI"]
    assert face_value([a for a in mari if a.kind == "split"], CLOSURE) == 10  # a bonus leaves it
    assert actions_of_payouts([payout(percent=10.0)], faces={"AAA": 5.0})[0].cash == 0.5


def test_a_bonus_and_a_right():
    (bonus,) = actions_of_payouts([payout("bonus", 25.0)])
    assert (bonus.kind, bonus.factor, bonus.cash) == ("bonus", 0.8, 0.0)
    right = payout("right", 50.0, premium=10.0)
    (found,) = actions_of_payouts([right], close_before=lambda symbol, day: 50.0)
    assert found.factor == pytest.approx(40 / 50)  # (50 + 0.5 x 20) / 1.5
    assert actions_of_payouts([right]) == ()  # without a close nothing is guessed
    (dear,) = actions_of_payouts([right], close_before=lambda symbol, day: 15.0)
    assert dear.factor == 1.0


def test_payouts_that_say_too_little_give_no_action():
    silent = [payout(percent=None), payout(closure_from=None), payout("other", 5.0), payout(percent=0.0)]
    assert actions_of_payouts(silent) == ()


MONDAY = date(2026, 8, 17)


def pair(close: float, ldcp: float | None, *, price: float | None = None, gap: int = 1) -> list[Bar]:
    return [
        Bar("AAA", MONDAY, None, None, None, close, 5),
        Bar("AAA", MONDAY + timedelta(gap), None, None, None, price or ldcp or close, 5, ldcp),
    ]


def test_a_lowered_ldcp_is_a_dividend_or_a_split():
    (found,) = actions_of(pair(100.83, 97.68), [])
    assert (found.kind, found.cash, found.factor) == ("dividend", pytest.approx(3.15), 1.0)
    (found,) = actions_of(pair(1751.45, 350.29, gap=3), [])
    assert (found.kind, found.factor) == ("split", 0.2)
    assert actions_of(pair(100.0, 100.0), []) == ()
    assert actions_of(pair(100.0, None), []) == ()


def test_behind_a_session_without_a_bar_a_lower_ldcp_may_be_that_sessions_close():
    assert actions_of(pair(100.83, 97.68, gap=2), []) == ()


def test_ldcp_moves_a_stated_action_to_its_day_and_does_not_count_it_twice():
    stated = ActionRow("AAA", MONDAY - timedelta(3), "bonus", 0.8, note="25%(B)")
    found = actions_of(pair(100.0, 80.0, price=82.0), [[stated]])
    assert [(a.kind, a.ex_date, a.factor, a.note) for a in found] == [
        ("bonus", MONDAY + timedelta(1), 0.8, "25%(B)")
    ]
    assert explain_jumps(pair(100.0, 80.0, price=82.0), found)[1] == ()


def test_of_two_sources_of_one_event_the_first_counts():
    ours = ActionRow("AAA", MONDAY, "split", 0.2, note="operator")
    theirs = ActionRow("AAA", MONDAY + timedelta(2), "bonus", 0.2, note="list")
    other = ActionRow("AAA", MONDAY + timedelta(1), "dividend", 1.0, 3.0, note="list")
    assert {a.note + a.kind for a in actions_of([], [[ours], [theirs, other]])} == {
        "operatorsplit",
        "listdividend",
    }
    same = ActionRow("AAA", MONDAY, "split", 0.5, note="list")
    assert [a.note for a in actions_of([], [[ours], [same]])] == ["operator"]


@given(st.floats(20, 4000), st.floats(0.05, 0.9))
def test_what_ldcp_shows_always_explains_the_price(close: float, part: float):
    close, ldcp = round(close, 2), round(close * part, 2)
    bars = pair(close, ldcp)
    assert explain_jumps(bars, actions_of(bars, []))[1] == ()
