"""Prices across splits and dividends, and what becomes of jumps that nothing explains."""

from datetime import date, timedelta
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.action_sources import KNOWN, actions_of
from services.domain.corporate_actions import (
    accepted,
    adjusted,
    adjustments,
    ex_price,
    explain_jumps,
    reference,
    released,
)
from services.domain.price_limits import is_legal, limit, rate
from services.domain.rows import ActionRow, Bar
from tests.fakes.price_set import PRICES, listed_cliffs, payouts_by_ex_date
from tests.fakes.price_set import bars as price_set

MONDAY = date(2026, 3, 2)


def line(*closes: float, symbol: str = "AAA", first: date = MONDAY, volume: int = 1000) -> list[Bar]:
    """Bars on days behind one another, each with a high and a low a rupee away."""
    return [
        Bar(symbol, first + timedelta(days=n), close, close + 1, close - 1, close, volume)
        for n, close in enumerate(closes)
    ]


def on(day: int, kind: str = "split", factor: float = 1.0, cash: float = 0.0, note: str = "") -> ActionRow:
    return ActionRow("AAA", MONDAY + timedelta(days=day), kind, factor, cash, note)


@pytest.mark.parametrize(
    ("day", "share"),
    [
        ("2018-01-01", 0.05),
        ("2020-01-17", 0.05),
        ("2020-01-20", 0.055),
        ("2020-03-20", 0.075),
        ("2024-05-24", 0.075),
        ("2024-07-22", 0.10),
        ("2026-08-20", 0.10),
    ],
)
def test_the_limit_of_a_day(day: str, share: float):
    assert rate(date.fromisoformat(day)) == share
    assert limit(200, date.fromisoformat(day)) == pytest.approx(200 * share)


def test_a_cheap_share_may_move_a_rupee_and_the_limit_is_rounded_to_a_tick():
    assert limit(4.96, MONDAY) == 1
    assert is_legal(5.94, 4.96, MONDAY)  # KOSM, 30 Sep 2026
    assert not is_legal(5.98, 4.96, MONDAY)
    assert is_legal(332.37, 302.15, MONDAY)  # HBL's published upper limit that day
    assert is_legal(271.94, 302.15, MONDAY)
    assert not is_legal(271.90, 302.15, MONDAY)


def test_a_split_is_taken_out_of_prices_and_put_into_volumes():
    bars = line(500, 510, 102, 103)
    found = adjusted(bars, [on(2, factor=0.2)])
    assert [bar.close for bar in found] == pytest.approx([100, 102, 102, 103])
    assert [bar.volume for bar in found] == [5000, 5000, 1000, 1000]
    assert [found[0].high, found[0].low] == pytest.approx([100.2, 99.8])
    assert bars[0].close == 500  # the traded price stays what it was


def test_a_dividend_counts_in_the_total_view_only():
    bars = line(100, 96, 97)  # Rs 5 went out on the second day: the share rose from 95
    action = on(1, "dividend", cash=5)
    assert [b.close for b in adjusted(bars, [action])] == [100, 96, 97]
    total = adjusted(bars, [action], "total")
    assert [bar.close for bar in total] == pytest.approx([95, 96, 97])
    assert [bar.volume for bar in total] == [1000] * 3  # no share became more


def test_a_dividend_and_a_bonus_of_one_day():
    both = [on(1, "dividend", cash=10), on(1, "bonus", factor=1 / 1.2)]
    assert ex_price(130, both) == pytest.approx(100)  # (130 - 10) / 1.2
    total = adjusted(line(130, 105), both, "total")
    assert total[1].close / total[0].close == pytest.approx(1.05)


def test_a_days_change_is_against_ldcp():
    ffc = Bar("FFC", date(2023, 3, 24), None, None, None, 97.52, 1, ldcp=97.68)
    before = Bar("FFC", date(2023, 3, 22), None, None, None, 100.83, 1)
    assert reference(ffc, before, []) == 97.68  # the published change was -0.16, not -3.31
    bare = Bar("FFC", date(2023, 3, 24), None, None, None, 97.52, 1)
    dividend = ActionRow("FFC", date(2023, 3, 24), "dividend", 1.0, 3.15)
    assert reference(bare, before, [dividend]) == pytest.approx(97.68)
    assert reference(bare, None, []) is None


def test_adjusting_keeps_every_days_published_change():
    bars = [Bar("A", MONDAY, 1, 1, 1, 500, 9), Bar("A", MONDAY + timedelta(1), 1, 1, 1, 104, 9, ldcp=100),
            Bar("A", MONDAY + timedelta(2), 1, 1, 1, 55, 9, ldcp=52)]  # fmt: skip
    cuts = [
        ActionRow("A", MONDAY + timedelta(1), "split", 0.2),
        ActionRow("A", MONDAY + timedelta(2), "split", 0.5),
    ]
    found = adjusted(bars, cuts)
    assert found[1].close / found[1].ldcp == pytest.approx(1.04)
    assert found[0].close == pytest.approx(50)


def test_jumps_are_explained_by_fitting_actions_only():
    bars = line(500, 102, 103)
    told, held = explain_jumps(bars, [on(1, factor=0.2)])
    assert [(jump.why, jump.reference) for jump in told] == [("action", pytest.approx(100))]
    assert held == ()
    told, held = explain_jumps(bars, [])
    assert told == ()
    assert [(jump.day, jump.why, jump.suggestion) for jump in held] == [
        (MONDAY + timedelta(1), "unexplained", "split 5:1")
    ]
    _, held = explain_jumps(bars, [on(1, "dividend", cash=20)])
    assert [jump.why for jump in held] == ["misfit"]


def test_a_split_that_the_price_did_not_follow_is_held_back_too():
    bars = line(500, 505, 510)
    _, held = explain_jumps(bars, [on(1, factor=0.2)])
    assert [(jump.why, jump.ratio) for jump in held] == [("misfit", pytest.approx(1.01))]


def test_an_ordinary_fall_of_a_fifth_suggests_no_split():
    _, held = explain_jumps(line(500, 400), [])
    assert [jump.suggestion for jump in held] == [""]


def test_the_operators_word_settles_a_jump():
    bars = line(500, 400, 401)
    told, held = explain_jumps(bars, [accepted("AAA", MONDAY + timedelta(1), "by web")])
    assert (len(told), held) == (1, ())
    assert told[0].why == "accepted"
    assert adjusted(bars, [accepted("AAA", MONDAY + timedelta(1))], "total") == tuple(bars)


def test_after_a_gap_the_limit_counts_from_the_last_close():
    bars = [*line(100), Bar("AAA", MONDAY + timedelta(60), None, None, None, 111, 5)]
    assert len(explain_jumps(bars, [])[1]) == 1
    assert explain_jumps([bars[0], Bar("AAA", MONDAY + timedelta(60), None, None, None, 110, 5)], [])[1] == ()


def test_what_lies_before_a_quarantined_bar_is_not_released():
    bars = [*line(500, 100, 101, 102), *line(50, 51, symbol="BBB")]
    _, held = explain_jumps(bars, [])
    free = released(bars, held)
    assert [(bar.symbol, bar.close) for bar in free] == [("AAA", 101), ("AAA", 102), ("BBB", 50), ("BBB", 51)]
    assert explain_jumps(free, [])[1] == ()


def test_the_books_factors_are_those_that_change_a_share_count():
    own = adjustments(
        [on(1, factor=0.2, note="5:1"), on(2, "dividend", cash=3), accepted("AAA", MONDAY)], "them"
    )
    assert {s: [(a.ex_date, a.factor, a.note, a.source) for a in made] for s, made in own.items()} == {
        "AAA": [(MONDAY + timedelta(1), 0.2, "5:1", "them")]
    }


MOVES = st.lists(st.floats(0.93, 1.07), min_size=2, max_size=30)
CUTS = st.dictionaries(st.integers(1, 29), st.sampled_from([0.1, 0.2, 0.5, 1 / 1.2, 1 / 9]), max_size=4)


@given(MOVES, CUTS)
def test_cutting_a_clean_line_up_and_adjusting_it_gives_it_back(moves: list[float], cuts: dict[int, float]):
    cuts = {place: factor for place, factor in cuts.items() if place < len(moves)}
    smooth = [5000 * prod(moves[: n + 1]) for n in range(len(moves))]
    traded = [close / prod(f for place, f in cuts.items() if place > n) for n, close in enumerate(smooth)]
    bars, actions = line(*traded), [on(place, factor=factor) for place, factor in cuts.items()]
    assert [bar.close for bar in adjusted(bars, actions)] == pytest.approx(smooth)
    told, held = explain_jumps(bars, actions)
    assert held == ()
    steep = {place for place, factor in cuts.items() if factor <= 0.5}
    assert steep <= {(jump.day - MONDAY).days for jump in told}
    bare = explain_jumps(bars, [])[1]
    assert steep <= {(jump.day - MONDAY).days for jump in bare}
    assert explain_jumps(released(bars, bare), [])[1] == ()


@given(MOVES, CUTS, st.randoms())
def test_the_order_of_bars_and_actions_does_not_matter(moves, cuts, chance):
    bars = line(*[3000 * prod(moves[: n + 1]) for n in range(len(moves))])
    actions = [on(place, factor=factor) for place, factor in cuts.items()]
    mixed, shuffled = list(bars), list(actions)
    chance.shuffle(mixed)
    chance.shuffle(shuffled)
    assert adjusted(mixed, shuffled) == adjusted(bars, actions)
    assert explain_jumps(mixed, shuffled) == explain_jumps(bars, actions)


def test_the_known_splits_are_those_of_the_shipped_sample():
    from services.sources.sample import read

    book = read()
    ours = adjustments([action for action in KNOWN if action.ex_date >= book.sessions[0]], "ours")
    assert {s: [(a.ex_date, round(a.factor, 6)) for a in own] for s, own in ours.items()} == {
        s: [(a.ex_date, a.factor) for a in own] for s, own in book.adjustments.items() if own
    }


@pytest.mark.parametrize("payouts", [False, True] if PRICES.exists() else [])
def test_every_cliff_of_the_sample_set_is_explained_or_held_back(payouts: bool, capsys):
    bars = price_set()
    assert len(bars) == 193_127
    actions = actions_of(bars, [payouts_by_ex_date() if payouts else (), KNOWN])
    told, held = explain_jumps(bars, actions)
    cliffs = listed_cliffs()
    explained = cliffs & {(jump.symbol, jump.day) for jump in told}
    quarantined = cliffs & {(jump.symbol, jump.day) for jump in held}
    with capsys.disabled():
        print(f"\n120 cliffs, payouts {payouts}: {len(explained)} explained, {len(quarantined)} quarantined")
    assert len(cliffs) == 120
    assert (len(explained), len(quarantined)) == ((24, 96) if payouts else (10, 110))
    free = adjusted(released(bars, held), actions)
    assert explain_jumps(free, [a for a in actions if a.factor == 1])[1] == ()  # no cliff of shares is left
    assert {jump.symbol for jump in told if (jump.symbol, jump.day) not in cliffs} <= {
        action.symbol for action in actions
    }
