"""Works out what somebody really owns: PRODUCT section 5, one pure function from a portfolio and a book to an X-Ray.

Weights and contributions are fractions of the portfolio as ``Decimal``; risk figures are floats. What the book does
not know is None, never 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.domain.contribution import Today, today_of
from services.domain.exposure import (
    Held,
    Overlap,
    Position,
    SectorWeight,
    held_line,
    look_through,
    overlaps_of,
    sectors_of,
    weights_of,
)
from services.domain.indicators import History, Risk, history, risk
from services.domain.market import MarketBook
from services.domain.portfolio import Portfolio
from services.domain.profiles import Market, profile
from services.domain.xray_rules import Measured, RuleName, Verdict, judge

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Fees:
    """Yearly charge of the funds as a fraction of the portfolio; shares bear none.

    ``total`` counts the known fees only (None if no fund's fee is known): code, fraction, kind;
    ``unknown`` are the funds left out of it.
    """

    total: Decimal | None
    known: tuple[tuple[str, Decimal, str], ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shariah:
    """Weight in the PSX-KMI All Share list; ``unknown`` is the disclosed weight of names that the book does not list."""

    share: Decimal
    unknown: Decimal


@dataclass(frozen=True, slots=True)
class XRay:
    """Everything the X-Ray knows. Concentration figures are on the disclosed part and None if nothing is disclosed."""

    day: date
    as_of: datetime
    label: str
    sample: bool
    version: str
    held: tuple[Held, ...]
    coverage: Decimal
    positions: tuple[Position, ...]
    sectors: tuple[SectorWeight, ...]
    hhi: Decimal | None
    effective_number: Decimal | None
    top1: Decimal | None
    top5: Decimal | None
    overlaps: tuple[Overlap, ...]
    fees: Fees
    risk: Risk
    shariah: Shariah | None
    shariah_list_date: date
    today: Today | None
    rules: tuple[Verdict, ...]
    market: Market = "psx"


def analyse(portfolio: Portfolio, book: MarketBook, past: History | None = None) -> XRay:
    """The X-Ray of a portfolio on the book's day.

    Args:
        portfolio: What is held; a code that stands twice counts once, the order does not matter.
        book: The market.
        past: ``history(book)`` kept by the caller, to save working it out again.

    Raises:
        NothingHeld: If the portfolio is empty.
        UnknownName: If a code is neither a fund nor a share of the book.
    """
    lines = weights_of(portfolio, book)
    priced = look_through(lines, book)
    # A fund that is traded as a share has a price and a sector, and what it holds is not known.
    positions = tuple(position for position in priced if not book.is_fund(position.symbol))
    sectors = sectors_of(priced)
    coverage = min(Decimal(1), sum((position.weight for position in positions), ZERO))
    shares = [position.weight / coverage for position in positions] if coverage else []
    hhi = sum((share * share for share in shares), ZERO) if shares else None
    overlaps, fees = overlaps_of(lines, book), _fees(lines, book)
    spread = risk(past or history(book), {position.symbol: float(position.weight) for position in priced})
    return XRay(
        day=book.day,
        as_of=book.closed_at,
        label=book.label,
        sample=book.sample,
        version=book.version,
        held=tuple(held_line(code, weight, book) for code, weight in lines.items()),
        coverage=coverage,
        positions=positions,
        sectors=sectors,
        hhi=hhi,
        effective_number=1 / hhi if hhi else None,
        top1=shares[0] if shares else None,
        top5=sum(shares[:5], ZERO) if shares else None,
        overlaps=overlaps,
        fees=fees,
        risk=spread,
        shariah=_shariah(positions) if book.profile.shariah_list else None,
        shariah_list_date=book.shariah_list_date,
        today=today_of(lines, priced, book),
        rules=judge(_measured(positions, sectors, hhi, overlaps, fees, spread), coverage),
        market=book.market,
    )


def _fees(lines: Mapping[str, Decimal], book: MarketBook) -> Fees:
    """Sum of w_h times fee_h where a fund's fee is known; a portfolio of shares alone pays no fund fee: 0."""
    funds = [book.funds[code] for code in lines if code in book.funds]
    known = tuple((fund.code, fund.fee.value, fund.fee_kind) for fund in funds if fund.fee is not None)
    unknown = (
        *(f.code for f in funds if f.fee is None),
        *(c for c in lines if c in book.shares and book.is_fund(c)),
    )
    total = sum((lines[code] * fee for code, fee, _ in known), ZERO) if known or not unknown else None
    return Fees(total, known, unknown)


def _shariah(positions: tuple[Position, ...]) -> Shariah | None:
    if not positions:
        return None
    share = sum((position.weight for position in positions if position.shariah), ZERO)
    unknown = sum((position.weight for position in positions if position.shariah is None), ZERO)
    return Shariah(share, unknown)


def _measured(
    positions: tuple[Position, ...],
    sectors: tuple[SectorWeight, ...],
    hhi: Decimal | None,
    overlaps: tuple[Overlap, ...],
    fees: Fees,
    spread: Risk,
) -> dict[RuleName, Measured]:
    """What each rule judges. Positions and sectors count as fractions of the whole portfolio, a sure lower bound."""
    coverage = sum((position.weight for position in positions), ZERO)
    known = [sector for sector in sectors if sector.code]
    pair = overlaps[0] if overlaps else None
    first = positions[:1]
    return {
        "coverage": Measured(coverage),
        "single_position": Measured(first[0].weight if first else None, tuple(p.symbol for p in first)),
        "top_five": Measured(sum((p.weight for p in positions[:5]), ZERO) if first else None),
        "sector": Measured(known[0].weight, (known[0].code, known[0].name)) if known else Measured(None),
        "effective_number": Measured(1 / hhi if hhi else None),
        "overlap": Measured(pair.overlap, (pair.a, pair.b)) if pair else Measured(None),
        "fees": Measured(fees.total),
        "volatility": Measured(_decimal(spread.volatility)),
        "drawdown": Measured(_decimal(spread.max_drawdown)),
    }


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(value))


def to_json(xray: XRay) -> dict[str, object]:
    """The X-Ray in the shape of INTERFACE.md (and more keys): fractions, ISO days, None for what is not known."""
    return {
        "as_of": xray.as_of.isoformat(),
        "label": xray.label,
        "coverage": float(xray.coverage),
        "not_disclosed": float(1 - xray.coverage),
        "holdings": [_holding_json(line) for line in xray.held],
        "positions": [_position_json(position) for position in xray.positions],
        "sectors": [
            {"sector": s.name or None, "code": s.code or None, "weight": float(s.weight)}
            for s in xray.sectors
        ],
        "hhi": _float(xray.hhi),
        "effective_number": _float(xray.effective_number),
        "top1": _float(xray.top1),
        "top5": _float(xray.top5),
        "overlaps": [
            {"a": o.a, "b": o.b, "overlap": float(o.overlap), "shared": o.shared} for o in xray.overlaps
        ],
        "fees_pct": _float(xray.fees.total),
        "fees_unknown": list(xray.fees.unknown),
        "shariah": _float(xray.shariah.share) if xray.shariah else None,
        "shariah_unlisted": _float(xray.shariah.unknown) if xray.shariah else None,
        "shariah_list_date": xray.shariah_list_date.isoformat(),
        "volatility": xray.risk.volatility,
        "beta": xray.risk.beta,
        "correlation": xray.risk.correlation,
        "max_drawdown": xray.risk.max_drawdown,
        "risk": _risk_json(xray.risk, xray.market),
        "today": _today_json(xray.today),
        "rules": [_rule_json(verdict) for verdict in xray.rules],
    }


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _holding_json(line: Held) -> dict[str, object]:
    return {
        "code": line.code,
        "name": line.name,
        "kind": line.kind,
        "weight": float(line.weight),
        "disclosed": float(line.disclosed),
        "shariah": line.shariah,
    }


def _position_json(position: Position) -> dict[str, object]:
    return {
        "symbol": position.symbol,
        "name": position.name,
        "sector": position.sector or None,
        "weight": float(position.weight),
        "via": position.via,
        "direct": float(position.direct),
        "funds": [{"code": code, "weight": float(weight)} for code, weight in position.funds],
        "shariah": position.shariah,
    }


def _risk_json(spread: Risk, market: Market) -> dict[str, object]:
    return {
        "from": spread.start.isoformat() if spread.start else None,
        "to": spread.end.isoformat() if spread.end else None,
        "sessions": spread.sessions,
        "pairs_with_index": spread.pairs,
        "index": "KSE100 (total return)" if market == "psx" else profile(market).headline,
        "missing": list(spread.missing),
    }


def _today_json(today: Today | None) -> dict[str, object] | None:
    if today is None:
        return None
    return {
        "total": float(today.total),
        "known": float(today.known),
        "contributions": [
            {
                "symbol": line.symbol,
                "weight": float(line.weight),
                "move": float(line.move),
                "contribution": float(line.contribution),
            }
            for line in today.contributions
        ],
        "residuals": [
            {
                "fund": line.fund,
                "weight": float(line.weight),
                "move": _float(line.move),
                "move_day": line.move_day.isoformat() if line.move_day else None,
                "explained": _float(line.explained),
                "residual": _float(line.residual),
                "disclosed_on": line.disclosed_on.isoformat() if line.disclosed_on else None,
                "age_days": line.age_days,
            }
            for line in today.residuals
        ],
        "without_quote": list(today.silent),
    }


def _rule_json(verdict: Verdict) -> dict[str, object]:
    return {
        "rule": verdict.rule.name,
        "state": verdict.state,
        "value": _float(verdict.value),
        "threshold": float(verdict.rule.watch),
        "fail_threshold": float(verdict.rule.fail),
        "at_least": verdict.rule.at_least,
        "about": list(verdict.subject),
    }
