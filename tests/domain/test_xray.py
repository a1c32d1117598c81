import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.errors import NothingHeld, UnknownName
from services.domain.indicators import History, history
from services.domain.market import MarketBook
from services.domain.portfolio import Holding, Portfolio, balanced
from services.domain.xray import XRay, analyse, to_json
from services.domain.xray_rules import RULES, findings
from tests.fakes.books import CLOSED, fact
from tests.fakes.long_book import fund, long_book

CODES = ("MEBL", "HBL", "LUCK", "OGDC", "SYS", "HALF", "FULL", "DARK", "DEAR")
NAMES = [
    "as_of",
    "coverage",
    "positions",
    "sectors",
    "hhi",
    "effective_number",
    "top1",
    "top5",
    "overlaps",
    "fees_pct",
    "shariah",
    "volatility",
    "beta",
    "max_drawdown",
    "today",
    "rules",
]


@cache
def book() -> MarketBook:
    return long_book()


@cache
def past() -> History:
    return history(book())


def held(**weights: float) -> Portfolio:
    return balanced(tuple(Holding(code, Decimal(str(w))) for code, w in weights.items()))


def look(**weights: float) -> XRay:
    return analyse(held(**weights), book(), past())


def rule(xray: XRay, name: str):
    return next(v for v in xray.rules if v.rule.name == name)


def test_look_through_by_hand():
    found = look(MEBL=40, HALF=60)
    assert {p.symbol: p.weight for p in found.positions} == {"MEBL": Decimal("0.58"), "LUCK": Decimal("0.12")}
    assert found.coverage == Decimal("0.70")
    assert [(p.symbol, p.via) for p in found.positions] == [
        ("MEBL", "via 1 fund + direct"),
        ("LUCK", "via 1 fund"),
    ]
    p = (0.58 / 0.7, 0.12 / 0.7)
    assert float(found.hhi) == pytest.approx(p[0] ** 2 + p[1] ** 2)
    assert float(found.effective_number) == pytest.approx(1 / (p[0] ** 2 + p[1] ** 2))
    assert float(found.top1) == pytest.approx(p[0])
    assert found.top5 == 1


def test_sectors_add_up_their_shares():
    found = look(MEBL=20, HBL=30, LUCK=50)
    assert [(s.code, s.weight) for s in found.sectors] == [("0804", Decimal("0.5")), ("0807", Decimal("0.5"))]


def test_overlap_is_over_the_smaller_disclosed_basket():
    found = look(HALF=50, FULL=50)
    assert [(o.a, o.b, o.overlap, o.shared) for o in found.overlaps] == [("FULL", "HALF", Decimal("0.6"), 1)]
    assert [p.via for p in found.positions if p.symbol == "MEBL"] == ["via 2 funds"]


def test_fees_count_what_is_known_and_name_what_is_not():
    assert look(HALF=50, DEAR=50).fees.total == Decimal("0.0275")
    part = look(HALF=50, DARK=30, MEBL=20).fees
    assert (part.total, part.unknown) == (Decimal("0.010"), ("DARK",))
    assert look(DARK=40, MEBL=60).fees.total is None
    assert look(MEBL=100).fees.total == 0


def test_shariah_share_keeps_the_unlisted_apart():
    found = look(DEAR=50, HBL=30, MEBL=20)
    assert found.shariah is not None
    assert (found.shariah.share, found.shariah.unknown) == (Decimal("0.50"), Decimal("0.20"))
    assert to_json(found)["shariah_list_date"] == book().shariah_list_date.isoformat()


def test_nothing_disclosed_is_null_everywhere_and_never_nought():
    found = look(DARK=100)
    assert found.coverage == 0
    shown = to_json(found)
    for name in (
        "hhi",
        "effective_number",
        "top1",
        "top5",
        "fees_pct",
        "shariah",
        "volatility",
        "beta",
        "max_drawdown",
        "today",
    ):
        assert shown[name] is None, name
    assert shown["positions"] == shown["sectors"] == shown["overlaps"] == []
    assert {v.rule.name for v in found.rules if v.state} == {"coverage"}
    assert [v.rule.name for v in findings(found.rules)] == ["coverage"]


def test_today_is_against_ldcp_and_a_fund_leaves_a_residual():
    day_return = {"1D": fact("3.00", "%", "FULL")}
    funds = dict(book().funds) | {"FULL": fund("FULL", {"MEBL": "0.5", "HBL": "0.25"}, returns=day_return)}
    found = analyse(held(FULL=60, OGDC=40), replace(book(), funds=funds), past())
    mebl, hbl, ogdc = 500 / 490 - 1, 300 / 303 - 1, 250 / 245 - 1
    today = found.today
    assert today is not None
    assert {c.symbol: float(c.contribution) for c in today.contributions} == pytest.approx(
        {"MEBL": 0.3 * mebl, "HBL": 0.15 * hbl, "OGDC": 0.4 * ogdc}
    )
    (line,) = today.residuals
    assert float(line.explained) == pytest.approx(0.5 * mebl + 0.25 * hbl)
    assert float(line.residual) == pytest.approx(0.03 - 0.5 * mebl - 0.25 * hbl)
    assert float(today.total) == pytest.approx(0.6 * 0.03 + 0.4 * ogdc)
    assert (today.known, line.age_days) == (1, 0)


def test_a_nav_move_of_another_day_explains_nothing():
    tomorrow = CLOSED + timedelta(days=1)
    for moved in ({"1D": fact("3.00", "%", "FULL", as_of=tomorrow)}, {}):
        funds = dict(book().funds) | {"FULL": fund("FULL", {"MEBL": "0.5"}, returns=moved)}
        today = analyse(held(FULL=100), replace(book(), funds=funds), past()).today
        assert today is not None
        (line,) = today.residuals
        assert (line.move, line.residual) == (None, None)
        assert line.move_day == (tomorrow.date() if moved else None)
        assert float(today.total) == pytest.approx(0.5 * (500 / 490 - 1))
        assert today.known == Decimal("0.5")


def test_an_index_basket_moves_by_its_level_of_the_day():
    index = fund("KSE100", {"MEBL": "0.6", "HBL": "0.4"}, kind="index")
    level = book().indices["KSE100"]
    explained = 0.6 * (500 / 490 - 1) + 0.4 * (300 / 303 - 1)
    for stamp, known in ((CLOSED, True), (CLOSED - timedelta(days=1), False)):
        moved = replace(level, level=replace(level.level, as_of=stamp))
        market = replace(book(), funds={"KSE100": index}, indices={"KSE100": moved})
        today = analyse(held(KSE100=100), market, past()).today
        assert today is not None
        own = float(level.change_fraction) if known else None
        assert today.residuals[0].move == (level.change_fraction if known else None)
        assert float(today.total) == pytest.approx(own if known else explained)


def test_an_annualised_return_is_no_day_move():
    cash = fund("CASH", None, returns={"1D": fact("11.0", "%", "CASH")}, annualised=True)
    assert analyse(held(CASH=100), replace(book(), funds={"CASH": cash}), past()).today is None


def test_a_quote_of_an_older_day_is_silent_today():
    stale = dict(book().quotes)
    old = stale["HBL"]
    stale["HBL"] = replace(old, price=replace(old.price, as_of=CLOSED - timedelta(days=9)))
    today = analyse(held(HBL=50, MEBL=50), replace(book(), quotes=stale), past()).today
    assert today is not None
    assert (today.silent, today.known) == (("HBL",), Decimal("0.5"))


@pytest.mark.parametrize(
    ("weights", "name", "state"),
    [
        ({"MEBL": 20, "HBL": 20, "LUCK": 20, "OGDC": 20, "SYS": 20}, "single_position", "pass"),
        ({"MEBL": 24, "HBL": 19, "LUCK": 19, "OGDC": 19, "SYS": 19}, "single_position", "watch"),
        ({"MEBL": 26, "HBL": 19, "LUCK": 19, "OGDC": 18, "SYS": 18}, "single_position", "fail"),
        ({"MEBL": 26, "DARK": 74}, "single_position", "fail"),  # certain, whatever the rest holds
        ({"MEBL": 10, "DARK": 90}, "single_position", None),  # the rest may hold anything
        ({"MEBL": 10, "DARK": 90}, "effective_number", None),
        ({"MEBL": 10, "DARK": 90}, "coverage", "fail"),
        ({"MEBL": 60, "DARK": 40}, "coverage", "watch"),
        ({"MEBL": 70, "DARK": 30}, "coverage", "pass"),
        ({"HALF": 50, "FULL": 50}, "overlap", "watch"),
        ({"MEBL": 100}, "overlap", None),
        ({"DEAR": 100}, "fees", "fail"),
        ({"DEAR": 60, "HALF": 40}, "fees", "watch"),
        ({"HALF": 100}, "fees", "pass"),
        ({"MEBL": 26, "HBL": 26, "LUCK": 48}, "sector", "fail"),
        ({"MEBL": 20, "HBL": 20, "LUCK": 30, "OGDC": 30}, "sector", "watch"),
    ],
)
def test_rules_draw_their_lines_where_they_are_published(weights, name, state):
    assert rule(look(**weights), name).state == state


def test_findings_put_the_worst_first():
    found = findings(look(MEBL=60, HBL=40).rules)
    assert [v.rule.name for v in found] == ["single_position", "sector", "effective_number"]
    assert {v.state for v in found} == {"fail"}


def test_what_cannot_be_analysed_says_why():
    with pytest.raises(NothingHeld):
        analyse(Portfolio(), book())
    with pytest.raises(UnknownName) as raised:
        look(MEBL=50, NOPE=50)
    assert "NOPE" in raised.value.detail


portfolios = st.dictionaries(st.sampled_from(CODES), st.integers(1, 100), min_size=1, max_size=7)


@given(portfolios)
@settings(max_examples=60, deadline=None)
def test_what_always_holds(weights):
    found = look(**weights)
    assert sum(line.weight for line in found.held) == pytest.approx(1)
    assert 0 <= found.coverage <= 1
    assert float(sum(p.weight for p in found.positions)) == pytest.approx(float(found.coverage))
    assert float(sum(s.weight for s in found.sectors)) == pytest.approx(float(found.coverage))
    assert list(found.positions) == sorted(found.positions, key=lambda p: -p.weight)
    for p in found.positions:
        assert p.weight == pytest.approx(p.direct + sum(w for _, w in p.funds))
    if found.positions:
        count = len(found.positions)
        assert 1 / count <= float(found.hhi) + 1e-12 <= 1 + 1e-9
        assert 1 - 1e-9 <= float(found.effective_number) <= count + 1e-9
        assert float(found.hhi) <= float(found.top1) + 1e-12
        assert found.top1 <= found.top5 <= 1 + Decimal("1e-20")
        assert 0 <= found.shariah.share + found.shariah.unknown <= found.coverage + Decimal("1e-20")
    assert all(0 <= o.overlap <= 1 for o in found.overlaps)
    assert [v.rule for v in found.rules] == list(RULES)
    json.dumps(to_json(found), allow_nan=False)
    assert set(NAMES) <= set(to_json(found))


@given(portfolios, st.randoms(use_true_random=False), st.data())
@settings(max_examples=40, deadline=None)
def test_order_and_split_holdings_change_nothing(weights, random, data):
    lines = [Holding(code, Decimal(w)) for code, w in weights.items()]
    halved = data.draw(st.integers(0, len(lines) - 1))
    parts = [*lines, replace(lines[halved], weight=lines[halved].weight / 4)]
    parts[halved] = replace(lines[halved], weight=lines[halved].weight * 3 / 4)
    random.shuffle(parts)
    assert analyse(Portfolio(tuple(parts)), book(), past()) == analyse(
        Portfolio(tuple(lines)), book(), past()
    )
