"""Funds of one PSX day: the frozen list with newer values, returns and disclosed holdings over it."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

from services.domain.fund_codes import code_of
from services.domain.market import Basket, Fund, MarketBook, Quote
from services.domain.psx_prices import KARACHI
from services.domain.psx_stock import Stock, exact, fact
from services.domain.records import Batch
from services.domain.rows import BasketRow, Constituent, HoldingRow, NavRow

_RETURN = re.compile(r"\s*\((Absolute|Annualized)\s+Return\s*\)\s*$", re.IGNORECASE)


def funds(base: MarketBook, stock: Stock, day: date, quoted: Mapping[str, Quote]) -> dict[str, Fund]:
    """Every fund; a value, a basket or a fee of a later day than the book's is left out."""
    found = {code: _known_by(fund, day) for code, fund in base.funds.items()}
    codes = {fund.name: code for code, fund in base.funds.items()}
    batch = stock.newest.get("navs")
    for row in stock.rows("navs", NavRow):
        if batch is None or row.day > day or row.sector.startswith("VPS"):
            continue  # pension funds: several sub-funds share a name
        code = codes.get(row.fund) or code_of(row.fund)
        if code in found and found[code].name != row.fund:
            continue  # two long names may give one code: no fund is told another's value
        found[code] = _valued(found.get(code) or _new(code, row), row, batch)
    for code, basket in (
        _disclosed(stock, codes, day) | _etf_baskets(stock, quoted) | _index_baskets(stock, day)
    ).items():
        if code in found and basket.as_of.date() <= day:
            found[code] = replace(found[code], basket=basket)
    return found


def _known_by(fund: Fund, day: date) -> Fund:
    """A frozen fund without what was not known on an earlier day."""
    late = fund.nav is not None and fund.nav.as_of.date() > day
    basket = fund.basket if fund.basket is not None and fund.basket.as_of.date() <= day else None
    fee = fund.fee if fund.fee is not None and fund.fee.as_of.date() <= day else None
    if not late:
        return replace(fund, basket=basket, fee=fee)
    return replace(fund, nav=None, returns={}, basket=basket, fee=fee)


def _new(code: str, row: NavRow) -> Fund:
    category = _RETURN.sub("", row.category)
    kind: Literal["etf", "mutual"] = "etf" if "exchange traded" in row.category.casefold() else "mutual"
    return Fund(code, row.fund, kind, category, shariah=category.casefold().startswith("shariah"))


def _valued(fund: Fund, row: NavRow, batch: Batch) -> Fund:
    """The fund with the newer of two values; money-market returns stay marked as annualised."""
    valid = midnight(row.day)
    if fund.nav is not None and fund.nav.as_of > valid:
        return fund
    returns = {
        period: fact(batch, f"return:{fund.code}:{period}", value, "%", valid)
        for period, value in row.returns.items()
    }
    fee = row.expense_ratio_pct
    return replace(
        fund,
        nav=None if row.nav is None else fact(batch, f"nav:{fund.code}", row.nav, "PKR", valid),
        returns=returns or fund.returns,
        annualised="annualized" in row.category.casefold() if row.category else fund.annualised,
        fee=fund.fee
        if fee is None
        else fact(batch, f"fee:{fund.code}", round(fee / 100, 6), "fraction", valid),
        fee_kind=fund.fee_kind if fee is None else "total expense ratio",
    )


def _disclosed(stock: Stock, codes: Mapping[str, str], day: date) -> dict[str, Basket]:
    """The newest disclosure of each fund not later than the day, by code or by name."""
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
