import asyncio
import math
import statistics
from datetime import date
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain import indicators as i
from services.domain.market import Adjustment, MarketBook
from services.sources.sample import SampleMarket
from tests.fakes.long_book import long_book, series, sessions, wave

SPLIT = ("LUCK", "SYS", "UBL", "BAFL", "MTL")
prices = st.lists(st.floats(1, 1000), min_size=3, max_size=60)


@cache
def sample() -> MarketBook:
    return asyncio.run(SampleMarket().book())


def cut(day: date, factor: float) -> Adjustment:
    return Adjustment("X", day, factor, "split", "test")


def test_a_split_scales_only_what_came_before_its_ex_date():
    days = (date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 5), date(2026, 1, 6))
    bars = series((100.0, 110.0, 22.0, 11.5), (10, 20, 100, 300), days)
    changes = (cut(days[2], 0.2), cut(days[3], 0.5))
    assert i.adjusted_closes(bars, changes) == pytest.approx((10.0, 11.0, 11.0, 11.5))
    assert i.adjusted_volumes(bars, changes) == pytest.approx((100, 200, 200, 300))
    assert i.adjusted_closes(bars, ()) == bars.close


@pytest.mark.parametrize("symbol", SPLIT)
def test_the_splits_of_the_sample_are_no_crashes(symbol):
    book = sample()
    raw = book.series[symbol].close
    assert min(b / a for a, b in pairwise(raw)) < 0.6, "the raw series does hold the cliff"
    moves = [b / a - 1 for a, b in pairwise(i.adjusted_closes(book.series[symbol], book.adjustments[symbol]))]
    assert min(moves) > -0.16
    assert max(moves) < 0.16
    found = i.measures(i.history(book), symbol)
    assert found is not None
    assert found.drawdown is not None
    assert found.drawdown < 0.5


def test_no_share_of_the_sample_halves_in_a_day():
    book = sample()
    past = i.history(book)
    for symbol in book.series:
        assert min(b / a for a, b in pairwise(past.closes_of(symbol))) > 0.7, symbol


@given(prices)
def test_volatility_is_the_yearly_stdev_of_log_returns(closes):
    daily = [math.log(b / a) for a, b in pairwise(closes)]
    assert i.log_returns(closes) == pytest.approx(daily)
    assert i.volatility(daily) == pytest.approx(statistics.stdev(daily) * math.sqrt(252))


@given(st.lists(st.tuples(st.floats(-0.1, 0.1), st.floats(-0.1, 0.1)), min_size=3, max_size=40))
def test_beta_and_correlation_are_those_of_a_regression_line(pairs):
    ours, theirs = [a for a, _ in pairs], [b for _, b in pairs]
    if statistics.pstdev(theirs) < 1e-6 or statistics.pstdev(ours) < 1e-6:
        return
    assert i.beta(ours, theirs) == pytest.approx(
        statistics.linear_regression(theirs, ours).slope, rel=1e-6, abs=1e-9
    )
    assert i.correlation(ours, theirs) == pytest.approx(statistics.correlation(ours, theirs), abs=1e-6)


def test_an_index_that_stands_still_has_no_beta():
    assert i.beta([0.1, -0.1, 0.2], [0.0, 0.0, 0.0]) is None
    assert i.correlation([0.1, -0.1, 0.2], [0.0, 0.0, 0.0]) is None
    assert i.volatility([0.1]) is None


@given(prices)
def test_drawdown_is_the_worst_of_allpairwise(levels):
    worst = max(1 - later / earlier for n, earlier in enumerate(levels) for later in levels[n:])
    assert i.max_drawdown(levels) == pytest.approx(worst)


def test_momentum_needs_its_whole_stretch():
    assert i.momentum((100.0, 110.0, 121.0), 2) == pytest.approx(0.21)
    assert i.momentum((100.0, 110.0, 121.0), 3) is None


@given(st.lists(st.integers(0, 1000), min_size=22, max_size=60))
def test_volume_ratios_compare_with_the_twenty_sessions_before(volumes):
    ratios = i.volume_ratios(volumes)
    assert len(ratios) == len(volumes)
    assert ratios[:20] == (None,) * 20
    for place in range(20, len(volumes)):
        usual = statistics.median(volumes[place - 20 : place])
        assert ratios[place] == (pytest.approx(volumes[place] / usual) if usual else None)


def test_risk_of_one_name_is_its_own():
    book = long_book()
    closes = i.adjusted_closes(book.series["LUCK"], book.adjustments["LUCK"])[-253:]
    daily = [math.log(b / a) for a, b in pairwise(closes)]
    found = i.risk(i.history(book), {"LUCK": 0.3})
    assert found.sessions == 252
    assert found.volatility == pytest.approx(statistics.stdev(daily) * math.sqrt(252))
    assert found.max_drawdown == pytest.approx(i.max_drawdown(closes))
    assert (found.start, found.end) == (book.sessions[-253], book.sessions[-1])


def test_an_index_mix_has_beta_one_to_itself_and_gaps_are_left_out():
    book = long_book()
    level = dict(book.index_series["KSE100"])
    gap = book.sessions[-10]
    del level[gap]
    bars = dict(book.series) | {"MEBL": series(tuple(book.index_series["KSE100"].values()))}
    found = i.risk(i.history(long_book(series=bars, index_series={"KSE100": level})), {"MEBL": 1.0})
    assert found.beta == pytest.approx(1.0)
    assert found.correlation == pytest.approx(1.0)
    assert found.pairs == 250  # the day of the gap and the day after it


def test_who_came_late_or_left_is_named_missing_and_not_guessed():
    book = long_book()
    late = series(wave(3, 100), days=sessions()[-100:])
    gone = series(wave(4)[:-40], days=sessions()[:-40])
    past = i.history(long_book(series=dict(book.series) | {"HBL": late, "SYS": gone}))
    found = i.risk(past, {"HBL": 0.5, "MEBL": 0.2, "SYS": 0.2, "NONE": 0.1})
    assert found.missing == ("HBL", "SYS", "NONE")
    assert found.included == ("MEBL",)
    assert found.volatility == pytest.approx(i.risk(past, {"MEBL": 1.0}).volatility)
    nobody = i.risk(past, {"HBL": 1.0})
    assert (nobody.volatility, nobody.beta, nobody.max_drawdown, nobody.start) == (None, None, None, None)


def test_a_short_trading_halt_repeats_the_last_close():
    book = long_book()
    whole = wave(2)
    days = sessions()
    kept = [n for n in range(len(days)) if not 150 <= n < 155]
    halted = series(tuple(whole[n] for n in kept), days=tuple(days[n] for n in kept))
    past = i.history(long_book(series=dict(book.series) | {"HBL": halted}))
    closes = past.closes_of("HBL")
    assert len(closes) == len(days)
    assert set(closes[150:155]) == {whole[149]}
    assert i.risk(past, {"HBL": 1.0}).sessions == 252


def test_a_young_book_says_nothing_of_risk():
    days = sessions(40)
    bars = {s: series(wave(1, 40)) for s in ("MEBL", "HBL")}
    past = i.history(long_book(sessions=days, series=bars))
    assert i.risk(past, {"MEBL": 1.0}).volatility is None


def test_measures_of_a_split_share_see_no_jump_in_price_or_volume():
    book = long_book()
    found = i.measures(i.history(book), "LUCK")
    assert found is not None
    adjusted = i.adjusted_closes(book.series["LUCK"], book.adjustments["LUCK"])
    year = [c for c, d in zip(adjusted, book.sessions, strict=True) if (book.day - d).days <= 364]
    assert (found.high, found.low) == (pytest.approx(max(year)), pytest.approx(min(year)))
    assert found.volume_ratio == pytest.approx(1.0)
    assert found.busy_days == 0
    assert found.median_value == pytest.approx(
        statistics.median(c * 1_000_000 for c in book.series["LUCK"].close[-20:])
    )
    assert found.momentum[3] == pytest.approx(adjusted[-1] / adjusted[-64] - 1)


def test_a_share_without_bars_has_no_measures():
    assert i.measures(i.history(long_book(series={})), "MEBL") is None
