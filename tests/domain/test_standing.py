"""How long a source is left alone: minutes when silent, hours at a gate, doubled up to a bound."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.domain.standing import Standing

NOW = datetime(2026, 8, 20, 12, tzinfo=UTC)


def rests(times, change):
    standing, found = Standing("psx"), []
    for _ in range(times):
        standing = change(standing)
        found.append((standing.next_try - NOW) / timedelta(minutes=1))
    return found


def test_rests_double_up_to_a_bound():
    assert rests(6, lambda one: one.silent(NOW, "no answer")) == [10, 20, 40, 80, 120, 120]
    assert rests(4, lambda one: one.gated(NOW, "answered 403")) == [360, 720, 1440, 1440]


def test_a_wish_of_the_source_counts_when_it_is_longer():
    assert rests(1, lambda one: one.silent(NOW, "429", timedelta(hours=5))) == [300]
    assert rests(1, lambda one: one.silent(NOW, "429", timedelta(seconds=5))) == [10]


def test_an_answer_ends_the_rest():
    standing = Standing("psx").gated(NOW, "answered 403").answered(NOW, "ok")
    assert (standing.next_try, standing.failures, standing.succeeded) == (None, 0, NOW)
    assert not standing.rests(NOW)


def test_a_gate_after_silence_begins_anew():
    standing = Standing("psx").silent(NOW, "x").silent(NOW, "x").silent(NOW, "x").gated(NOW, "answered 403")
    assert standing.next_try == NOW + timedelta(hours=6)


@given(st.lists(st.sampled_from(["silent", "gated", "unusable", "ok"]), max_size=60))
def test_no_history_keeps_a_source_away_for_more_than_a_day(history):
    standing = Standing("psx")
    for what in history:
        standing = standing.answered(NOW, "ok") if what == "ok" else getattr(standing, what)(NOW, "why")
    assert standing.next_try is None or NOW < standing.next_try <= NOW + timedelta(days=1)
    assert standing.rests(NOW) is (standing.next_try is not None)
