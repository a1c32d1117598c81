"""Sums with amounts of money: used for one answer, kept nowhere. Facts and arithmetic, never a ruling or advice."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from services.domain.errors import NotAvailable
from services.domain.exposure import look_through, sectors_of, weights_of
from services.domain.letters import words
from services.domain.market import MarketBook
from services.domain.portfolio import Portfolio
from services.domain.profiles import Currency

Kind = Literal["exposure", "fees", "dividend", "zakat", "gains_tax", "dividend_tax"]

ZAKAT_RATE = Decimal("0.025")
# Income Tax Ordinance 2001 s. 37A and s. 150 as amended by Finance Act 2024: filers, listed securities acquired on or
# after 1 Jul 2024; it may change with each July's budget, so the answer bears this date.
FILER_RATE = Decimal("0.15")
TAX_AS_OF = "1 Jul 2024"
MOST = Decimal(10) ** 13

_ASKED: tuple[tuple[Kind, frozenset[str]], ...] = (
    ("zakat", frozenset(words("zakat zakaat zakah زکوٰۃ زکات زکوة زکوۃ"))),
    (
        "fees",
        frozenset(words("fee fees charge charges ter expense expenses cost costs kharcha فیس فیسیں خرچہ")),
    ),
    ("dividend", frozenset(words("dividend dividends munafa yield ڈیویڈنڈ منافع"))),
    ("gains_tax", frozenset(words("cgt gain gains capital tax taxes ٹیکس"))),
)
_TAX = frozenset(words("tax taxes wht withholding ٹیکس"))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a sum: a share, fund or sector code, its name, the fraction it stands for, and its part of the money."""

    code: str
    name: str
    fraction: Decimal
    rupees: Decimal  # or dollars: what the sum's currency is


@dataclass(frozen=True, slots=True)
class Sum:
    """The result in ``currency``. ``known`` is the fraction of the amount that the facts cover; None where that is moot.

    ``rate`` is the fraction applied to the whole, where there is one; ``as_of`` the day of that rule.
    """

    kind: Kind
    amount: Decimal
    result: Decimal
    rows: tuple[Row, ...] = ()
    sectors: tuple[Row, ...] = ()
    known: Decimal | None = None
    rate: Decimal | None = None
    as_of: str = ""
    currency: Currency = "PKR"


def asked_for(text: str) -> Kind:
    """Which sum is wanted; where nothing says so, what an amount means share by share."""
    said = set(words(text[:500]))
    for kind, signs in _ASKED:
        if said & signs:
            return "dividend_tax" if kind == "dividend" and said & _TAX else kind
    return "exposure"


def calculate(kind: Kind, amount: Decimal, portfolio: Portfolio, book: MarketBook) -> Sum:
    """One sum. ``amount`` in the book's currency; ``portfolio`` is what it stands in (zakat and taxes do not look at it).

    Raises:
        NotAvailable: If the book's market knows no such sum (its tax rates, zakat).
        ValueError: If the amount is not positive or beyond ten trillion.
        NothingHeld: If the sum needs a portfolio and it is empty.
        UnknownName: If the portfolio holds a code that the book does not.
    """
    if not amount.is_finite() or not 0 < amount <= MOST:
        raise ValueError("an amount must be positive and at most 10 trillion")
    if kind not in book.profile.sums:
        raise NotAvailable(f"{kind} is no sum of the market {book.market!r}", what=kind)
    return replace(_sum(kind, amount, portfolio, book), currency=book.profile.currency)


def _sum(kind: Kind, amount: Decimal, portfolio: Portfolio, book: MarketBook) -> Sum:
    if kind == "zakat":
        return Sum(kind, amount, amount * ZAKAT_RATE, rate=ZAKAT_RATE)
    if kind in {"gains_tax", "dividend_tax"}:
        return Sum(kind, amount, amount * FILER_RATE, rate=FILER_RATE, as_of=TAX_AS_OF)
    lines = weights_of(portfolio, book)
    if kind == "fees":
        return _fees(amount, lines, book)
    return _dividend(amount, lines, book) if kind == "dividend" else _exposure(amount, lines, book)


def _exposure(amount: Decimal, lines: Mapping[str, Decimal], book: MarketBook) -> Sum:
    """Rupees by share and by sector, funds looked through as far as they disclose."""
    positions = look_through(lines, book)
    rows = tuple(Row(p.symbol, _name(p.symbol, book), p.weight, amount * p.weight) for p in positions)
    sectors = tuple(Row(s.code, s.name, s.weight, amount * s.weight) for s in sectors_of(positions))
    known = min(Decimal(1), sum((p.weight for p in positions), Decimal(0)))
    return Sum("exposure", amount, amount * known, rows, sectors, known)


def _fees(amount: Decimal, lines: Mapping[str, Decimal], book: MarketBook) -> Sum:
    """Rupees a year by fund at its published charge; a fund without one is not counted and shows in ``known``."""
    rows = []
    known = Decimal(0)
    for code, weight in lines.items():
        fund = book.funds.get(code)
        if (fund is None and not _may_be_fund(code, book)) or (fund is not None and fund.fee is not None):
            known += weight
        if fund is not None and fund.fee is not None:
            rows.append(Row(code, fund.name, fund.fee.value, amount * weight * fund.fee.value))
    total = sum((row.rupees for row in rows), Decimal(0))
    return Sum("fees", amount, total, tuple(rows), known=known, rate=total / amount)


def _dividend(amount: Decimal, lines: Mapping[str, Decimal], book: MarketBook) -> Sum:
    """Rupees a year at each share's published yield (percent), before tax; funds looked through."""
    rows = []
    known = Decimal(0)
    for position in look_through(lines, book):
        facts = book.fundamentals.get(position.symbol)
        published = facts.dividend_yield if facts else None
        if published is not None:
            rate = published.value / 100 if published.unit == "%" else published.value
            known += position.weight
            rows.append(
                Row(position.symbol, _name(position.symbol, book), rate, amount * position.weight * rate)
            )
    rows.sort(key=lambda row: (-row.rupees, row.code))
    total = sum((row.rupees for row in rows), Decimal(0))
    return Sum("dividend", amount, total, tuple(rows), known=known, rate=total / amount)


def _may_be_fund(symbol: str, book: MarketBook) -> bool:
    """Whether what stands among the shares may be a fund that takes a charge: a sector's own, or one without a sector."""
    share = book.shares.get(symbol)
    unknown = share is None or not share.sector_code
    return book.is_fund(symbol) or (book.profile.sector_etfs and unknown)


def _name(symbol: str, book: MarketBook) -> str:
    share = book.shares.get(symbol)
    return share.name if share else symbol
