"""The X-Ray's sums on the sample market, held against the same sums made in another way."""

import asyncio
import math
from decimal import Decimal
from functools import cache

import pandas as pd
import pytest

from services.domain.market import MarketBook
from services.domain.portfolio import Holding, Portfolio, balanced
from services.domain.xray import analyse, to_json
from services.sources.sample import SampleMarket


@cache
def sample() -> MarketBook:
    return asyncio.run(SampleMarket().book())


def held(**weights: float) -> Portfolio:
    return balanced(tuple(Holding(code, Decimal(str(w))) for code, w in weights.items()))


SAMPLES = (
    {"MEBL": 40, "MZNPETF": 60},
    {"KSE100": 50, "MZNPETF": 30, "LUCK": 10, "SYS": 10},
    {"LUCK": 25, "SYS": 25, "UBL": 20, "BAFL": 20, "MTL": 10},
)


@pytest.mark.parametrize("weights", SAMPLES)
def test_the_sample_market_by_an_independent_way(weights):
    """The same sums in pandas, from the book's raw bars, sharing no line of code with the domain."""
    market = sample()
    total = sum(weights.values())
    x: dict[str, float] = {}
    for code, weight in weights.items():
        basket = market.funds[code].basket.weights if code in market.funds else {code: 1}
        for symbol, part in basket.items():
            if part:  # the exchange prints 0.00 % for its smallest names
                x[symbol] = x.get(symbol, 0.0) + weight / total * float(part)
    shares = pd.Series(x).sort_values(ascending=False)
    p = shares / shares.sum()
    found = to_json(analyse(held(**weights), market))
    assert found["coverage"] == pytest.approx(shares.sum())
    assert found["hhi"] == pytest.approx((p**2).sum())
    assert found["top5"] == pytest.approx(p.head(5).sum())
    assert {q["symbol"]: q["weight"] for q in found["positions"]} == pytest.approx(x)
    in_list = {s for s, share in market.shares.items() if share.shariah}
    assert found["shariah"] == pytest.approx(shares[shares.index.isin(in_list)].sum())
    known = [s for s in x if s in market.series and s not in found["risk"]["missing"]]
    frame = (
        pd.DataFrame({s: _adjusted(market, s) for s in known})
        .reindex(pd.Index(market.sessions))
        .ffill()
        .tail(253)
    )
    simple = frame.pct_change().dropna()
    weight = p[known] / p[known].sum()
    daily = (simple * weight).sum(axis=1).map(lambda r: math.log(1 + r))
    assert found["volatility"] == pytest.approx(daily.std() * math.sqrt(252))
    wealth = pd.concat([pd.Series([1.0]), daily.cumsum().map(math.exp)])
    assert found["max_drawdown"] == pytest.approx((1 - wealth / wealth.cummax()).max())
    index = pd.Series(market.index_series["KSE100"]).reindex(pd.Index(market.sessions)).tail(253)
    moves = (index / index.shift(1)).map(math.log, na_action="ignore")
    both = pd.DataFrame({"p": daily, "m": moves}).dropna()
    assert found["beta"] == pytest.approx(both.p.cov(both.m) / both.m.var())
    assert found["correlation"] == pytest.approx(both.p.corr(both.m))
    assert found["risk"]["pairs_with_index"] == len(both) > 200


def test_split_shares_of_the_sample_show_no_crash():
    for symbol in ("LUCK", "SYS", "UBL", "BAFL", "MTL"):
        found = analyse(held(**{symbol: 100}), sample())
        assert found.risk.volatility is not None, symbol
        assert found.risk.volatility < 0.6, symbol
        assert found.risk.max_drawdown is not None
        assert found.risk.max_drawdown < 0.5, symbol


def _adjusted(market: MarketBook, symbol: str) -> pd.Series:
    bars = market.series[symbol]
    closes = pd.Series(bars.close, index=pd.Index(bars.days))
    for change in market.adjustments.get(symbol, ()):
        closes[closes.index < change.ex_date] *= change.factor
    return closes
