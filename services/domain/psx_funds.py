"""Funds of one PSX day: the frozen list with newer values, returns and disclosed holdings over it."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

from services.domain.fund_codes import code_of
from services.domain.fund_values import Told, by_fund, first
from services.domain.market import Basket, Fact, Fund, MarketBook, Quote, Unit
from services.domain.psx_parts import Parts
from services.domain.psx_prices import KARACHI
from services.domain.psx_stock import Stock, exact, fact
from services.domain.records import Batch
from services.domain.rows import BasketRow, Constituent, HoldingRow, NavRow

_RETURN = re.compile(r"\s*\((Absolute|Annualized)\s+Return\s*\)\s*$", re.IGNORECASE)


def funds(
    base: MarketBook, stock: Stock, day: date, quoted: Mapping[str, Quote], parts: Parts
) -> dict[str, Fund]:
    """Every fund; a value, a basket or a fee of a later day than the book's is left out."""
    found = dict(parts.kept(_at_their_values, base, stock.of("navs"), day))
    disclosed = parts.kept(_disclosed, base, stock.of("holdings"), day)
    for code, basket in (disclosed | _etf_baskets(stock, quoted) | _index_baskets(stock, day)).items():
        if code in found and basket.as_of.date() <= day:
            found[code] = replace(found[code], basket=basket)
    return found


def _at_their_values(base: MarketBook, stock: Stock, day: date) -> dict[str, Fund]:
    """The frozen funds and those of the list of values, each at the newer of two values."""
    found = {code: _known_by(fund, day) for code, fund in base.funds.items()}
    codes = {fund.name: code for code, fund in base.funds.items()}
    newest = stock.newest.get("navs")
    listed = [(row, newest) for row in stock.rows("navs", NavRow)] if newest else []
    for name, rows in by_fund(stock.told("navs", NavRow) or listed, day).items():
        if any(row.sector.startswith("VPS") for row, _ in rows):
            continue  # pension funds: several sub-funds share a name
        code = codes.get(name) or code_of(name)
        if code in found and found[code].name != name:
            continue  # two long names may give one code: no fund is told another's value
        found[code] = _valued(found.get(code) or _new(code, rows), rows)
    return found


def _known_by(fund: Fund, day: date) -> Fund:
    """A frozen fund without what was not known on an earlier day."""
    late = fund.nav is not None and fund.nav.as_of.date() > day
    basket = fund.basket if fund.basket is not None and fund.basket.as_of.date() <= day else None
    fee = fund.fee if fund.fee is not None and fund.fee.as_of.date() <= day else None
    if not late:
        same = basket is fund.basket and fee is fund.fee
        return fund if same else replace(fund, basket=basket, fee=fee)
    return replace(fund, nav=None, returns={}, basket=basket, fee=fee)


def _new(code: str, rows: Sequence[Told]) -> Fund:
    told = first(rows, lambda row: _RETURN.search(row.category)) or first(rows, lambda row: row.category)
    said = told[0].category if told else ""
    category = _RETURN.sub("", said)
    kind: Literal["etf", "mutual"] = "etf" if "exchange traded" in said.casefold() else "mutual"
    return Fund(code, rows[0][0].fund, kind, category, shariah=category.casefold().startswith("shariah"))


def _valued(fund: Fund, rows: Sequence[Told]) -> Fund:
    """The fund with the newest that its rows say of each matter, each of its own day; the frozen day's where that is later.

    Only the table of returns says whether these are annualised; money-market returns stay marked as such.
    """
    rows = [told for told in rows if fund.nav is None or fund.nav.as_of <= midnight(told[0].day)]
    value, gains = first(rows, lambda row: row.nav is not None), first(rows, lambda row: row.returns)
    fee, counted = first(rows, lambda row: row.expense_ratio_pct is not None), first(rows, _says_how)
    return replace(
        fund,
        nav=_told(value, f"nav:{fund.code}", lambda row: row.nav, "PKR") or fund.nav,
        returns=_returns(fund.code, *gains) if gains else fund.returns,
        annualised=_says_how(counted[0]) == "annualized" if counted else fund.annualised,
        fee=_told(fee, f"fee:{fund.code}", _fee, "fraction") or fund.fee,
        fee_kind="total expense ratio" if fee else fund.fee_kind,
    )


def _says_how(row: NavRow) -> str:
    """How its returns are counted, "absolute" or "annualized"; "" if it does not say."""
    found = _RETURN.search(row.category)
    return found[1].casefold() if found else ""


def _fee(row: NavRow) -> float | None:
    return None if row.expense_ratio_pct is None else round(row.expense_ratio_pct / 100, 6)


def _told(told: Told | None, name: str, of: Callable[[NavRow], float | None], unit: Unit) -> Fact | None:
    value = of(told[0]) if told else None
    return fact(told[1], name, value, unit, midnight(told[0].day)) if told and value is not None else None


def _returns(code: str, row: NavRow, batch: Batch) -> dict[str, Fact]:
    valid = midnight(row.day)
    return {
        period: fact(batch, f"return:{code}:{period}", value, "%", valid)
        for period, value in row.returns.items()
    }


def _disclosed(base: MarketBook, stock: Stock, day: date) -> dict[str, Basket]:
    """The newest disclosure of each fund not later than the day, by code or by name."""
    codes = {fund.name: code for code, fund in base.funds.items()}
    newest: dict[str, tuple[date, str, dict[str, Decimal]]] = {}
    for row, batch in stock.told("holdings", HoldingRow):
        if row.day > day:
            continue
        code = codes.get(row.fund, row.fund)
        known = newest.get(code)
        if known is None or row.day > known[0]:
            newest[code] = (row.day, batch.source, {row.symbol: exact(row.weight)})
        elif row.day == known[0]:
            known[2].setdefault(row.symbol, exact(row.weight))
    return {code: Basket(weights, midnight(of), source) for code, (of, source, weights) in newest.items()}


def _etf_baskets(stock: Stock, quoted: Mapping[str, Quote]) -> dict[str, Basket]:
    """Weights from the shares in a creation unit at the day's prices; a basket with an unpriced share tells nothing."""
    batch = stock.newest.get("baskets")
    worth: defaultdict[str, dict[str, Decimal]] = defaultdict(dict)
    days: dict[str, date] = {}
    broken: set[str] = set()
    for row in stock.rows("baskets", BasketRow):
        if row.symbol not in quoted:
            broken.add(row.fund)
            continue
        worth[row.fund][row.symbol] = exact(row.shares) * quoted[row.symbol].price.value
        days[row.fund] = row.day
    return {
        fund: Basket(
            {symbol: round(value / sum(own.values()), 8) for symbol, value in own.items()},
            midnight(days[fund]),
            batch.source,
        )
        for fund, own in worth.items()
        if batch is not None and fund not in broken and sum(own.values()) > 0
    }


def _index_baskets(stock: Stock, day: date) -> dict[str, Basket]:
    weights = kse100(stock, day)
    return {"KSE100": weights} if weights else {}


def kse100(stock: Stock, day: date) -> Basket | None:
    """The published weights of the KSE-100's constituents as fractions; None if none up to the day are kept."""
    batch = stock.newest.get("constituents")
    rows = [
        row
        for row in stock.rows("constituents", Constituent)
        if row.index == "KSE100" and row.weight_pct and row.day <= day
    ]
    if batch is None or not rows:
        return None
    weights = {row.symbol: exact(row.weight_pct or 0) / 100 for row in rows}
    return Basket(weights, midnight(max(row.day for row in rows)), batch.source)


def midnight(day: date) -> datetime:
    """For figures known by their date alone."""
    return datetime.combine(day, time(), KARACHI)
