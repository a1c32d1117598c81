"""Holds an X-Ray's figures against published rules of thumb; the thresholds are data, the verdicts are facts.

A rule says where a figure stands, never what to do about it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

State = Literal["pass", "watch", "fail"]
RuleName = Literal[
    "coverage",
    "single_position",
    "sector",
    "top_five",
    "effective_number",
    "overlap",
    "fees",
    "volatility",
    "drawdown",
]


@dataclass(frozen=True, slots=True)
class Rule:
    """Two limits: up to ``watch`` (or down to it, where ``at_least``) is pass, up to ``fail`` is watch, beyond is fail.

    ``lower_bound``: the value can only grow as more is disclosed, so a breach is certain and a pass is not.
    ``needs_coverage``: with little disclosed the value says nothing at all.
    """

    name: RuleName
    watch: Decimal
    fail: Decimal
    at_least: bool = False
    lower_bound: bool = False
    needs_coverage: bool = False


RULES: tuple[Rule, ...] = (
    Rule("single_position", Decimal("0.20"), Decimal("0.25"), lower_bound=True),
    Rule("sector", Decimal("0.35"), Decimal("0.50"), lower_bound=True),
    Rule("coverage", Decimal("0.70"), Decimal("0.40"), at_least=True),
    Rule("overlap", Decimal("0.50"), Decimal("0.70")),
    Rule("effective_number", Decimal(8), Decimal(4), at_least=True, needs_coverage=True),
    Rule("top_five", Decimal("0.60"), Decimal("0.80"), lower_bound=True),
    Rule("drawdown", Decimal("0.25"), Decimal("0.40"), needs_coverage=True),
    Rule("volatility", Decimal("0.30"), Decimal("0.45"), needs_coverage=True),
    Rule("fees", Decimal("0.02"), Decimal("0.03")),
)
"""In the order in which they matter to a reader; fractions, except the effective number of positions."""

LEAST_COVERAGE = Decimal("0.40")
"""Under this disclosed share a good figure proves nothing, so it is not judged."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a rule judges: a value (None = not known) and whom it is about (symbols, a sector, two funds)."""

    value: Decimal | None
    subject: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule with the user's value. ``state`` is None where it cannot be judged."""

    rule: Rule
    state: State | None
    value: Decimal | None
    subject: tuple[str, ...] = ()


def judge(measured: Mapping[RuleName, Measured], coverage: Decimal) -> tuple[Verdict, ...]:
    """Every rule with its state, in the rules' own order. ``coverage`` is the disclosed fraction of the portfolio."""
    return tuple(_verdict(rule, measured.get(rule.name, Measured(None)), coverage) for rule in RULES)


def findings(verdicts: tuple[Verdict, ...], most: int = 3) -> tuple[Verdict, ...]:
    """The verdicts that matter most: worst state first, then the rules' order; the unjudged ones never."""
    rank = {"fail": 0, "watch": 1, "pass": 2}
    judged = [verdict for verdict in verdicts if verdict.state is not None]
    return tuple(sorted(judged, key=lambda verdict: rank[verdict.state or "pass"])[:most])


def _verdict(rule: Rule, measured: Measured, coverage: Decimal) -> Verdict:
    value = measured.value
    if value is None:
        return Verdict(rule, None, None, measured.subject)
    state = _state(rule, value)
    unproven = coverage < LEAST_COVERAGE and (rule.needs_coverage or (rule.lower_bound and state == "pass"))
    return Verdict(rule, None if unproven else state, value, measured.subject)


def _state(rule: Rule, value: Decimal) -> State:
    sign = -1 if rule.at_least else 1
    if sign * (value - rule.watch) <= 0:
        return "pass"
    return "watch" if sign * (value - rule.fail) <= 0 else "fail"
