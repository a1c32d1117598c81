"""Runs the published screens over a book: which shares stand out today, by which facts, and what speaks against it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from services.domain.contribution import move_today
from services.domain.errors import NotAvailable
from services.domain.exposure import look_through, sectors_of, weights_of
from services.domain.indicators import YEAR_SESSIONS, History, Measures, history, measures
from services.domain.market import Fundamentals, MarketBook, Quote
from services.domain.portfolio import Portfolio
from services.domain.profiles import profile
from services.domain.screeners import SCREENERS, Standing, backdrop
from services.domain.screens import (
    LIMIT_MOVE,
    LIMIT_RUPEE,
    SCREENS,
    TICK,
    Candidate,
    Excluded,
    Figure,
    Line,
    Outline,
    Screening,
    ScreenName,
)

HELD_ENOUGH = Decimal("0.05")
"""A sector above this look-through weight is not one the user lacks."""
HELD_AT_ALL = Decimal("0.01")
"""A share above this look-through weight is one the user has, even if only through funds."""


def screen(book: MarketBook, past: History | None = None) -> Screening:
    """All screens over all shares of a book, each one's finds in its own order.

    Left out of all: shares not traded on the book's day, with a median 20-day traded value under the market's least, or
    closed at their daily limit.
    """
    past = past or history(book)
    shares = [symbol for symbol in book.shares if not book.is_fund(symbol)]
    measured = {symbol: found for symbol in shares if (found := measures(past, symbol)) is not None}
    excluded = [out for symbol, seen in measured.items() if (out := _barred(symbol, seen, book)) is not None]
    barred = {out.symbol for out in excluded}
    market = backdrop(book, past)
    standings = [
        Standing(book.shares[symbol], book.quotes[symbol], seen, _ratios(symbol, book), day_move, market)
        for symbol, seen in measured.items()
        if symbol not in barred and (day_move := move_today(symbol, book)) is not None
    ]
    return Screening(
        day=book.day,
        as_of=book.closed_at,
        label=book.label,
        sample=book.sample,
        version=book.version,
        found=_cross_named({each.name: _finds(each.name, standings) for each in SCREENS}),
        excluded=tuple(excluded),
        screened=len(standings),
        unmeasured=len(shares) - len(measured),
        currency=book.profile.currency,
        market=book.market,
    )


@dataclass(frozen=True, slots=True)
class Owned:
    """A person's side of the fit: symbols held (through funds too) and codes of sectors held well enough."""

    symbols: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()


def owned(portfolio: Portfolio, book: MarketBook) -> Owned:
    """What a portfolio already has, by look-through; an empty one has nothing. Raises as ``weights_of`` does."""
    if not portfolio.holdings:
        return Owned()
    positions = look_through(weights_of(portfolio, book), book)
    return Owned(
        frozenset(p.symbol for p in positions if p.direct or p.weight > HELD_AT_ALL),
        frozenset(sector.code for sector in sectors_of(positions) if sector.weight > HELD_ENOUGH),
    )


def top(
    screening: Screening, *, has: Owned = Owned(), shariah: bool = False, most: int = 3
) -> tuple[Candidate, ...]:
    """The first finds across screens that fit a person: one a screen, one a sector, never a share they hold.

    Sectors that the person lacks come first; a second round fills what is left from the sectors they have. With
    ``shariah`` only names of the PSX-KMI list. The screens take turns: which one is first changes with the day, so
    that none is always on top.
    """
    chosen: list[Candidate] = []
    first = screening.day.toordinal() % len(SCREENS)
    for spared in (has.sectors, frozenset[str]()):
        for each in SCREENS[first:] + SCREENS[:first]:
            if len(chosen) < most and each.name not in {c.screen for c in chosen}:
                fits = _fitting(screening.found[each.name], chosen, has.symbols, shariah=shariah)
                chosen.extend([c for c in fits if c.sector_code not in spared][:1])
    return tuple(chosen)


@dataclass(frozen=True, slots=True)
class Shortlist:
    """What is shown of a screening: the top across screens (``screen`` None) or the first finds of one screen.

    ``total`` counts all finds behind it; ``fitted`` says that the person's holdings set the order, ``shariah`` that
    only names of the PSX-KMI list are shown, ``sector`` (a code) that the others were not asked for; ``no_list`` that the
    person wants that and the market has no such list.
    """

    screening: Screening
    candidates: tuple[Candidate, ...]
    total: int
    screen: ScreenName | None = None
    fitted: bool = False
    shariah: bool = False
    sector: str = ""
    no_list: bool = False


def outline(symbol: str, book: MarketBook, past: History) -> Outline:
    """A share's last 252 sessions for a chart.

    Raises:
        NotAvailable: If the book has no price history of it.
    """
    seen, closes = measures(past, symbol), past.closes_of(symbol)[-YEAR_SESSIONS:]
    if seen is None or len(closes) < 2:
        raise NotAvailable(f"no price history of {symbol!r}: import prices first", what=f"{symbol}: history")
    volumes = past.volumes[past.rows[symbol], -len(closes) :].tolist()
    return Outline(
        symbol=symbol,
        name=book.shares[symbol].name if symbol in book.shares else symbol,
        label=book.label,
        days=past.sessions[-len(closes) :],
        closes=closes,
        volumes=tuple(round(volume) for volume in volumes),
        high=seen.high,
        low=seen.low,
        market=book.market,
    )


def in_sector(screening: Screening, sector_code: str, *, shariah: bool = False) -> tuple[Candidate, ...]:
    """Every find of a sector, each share once, in the screens' published order."""
    finds: dict[str, Candidate] = {}
    for each in SCREENS:
        for candidate in screening.found[each.name]:
            if candidate.sector_code == sector_code and (candidate.shariah or not shariah):
                finds.setdefault(candidate.symbol, candidate)
    return tuple(finds.values())


def about(screening: Screening, symbol: str) -> tuple[Candidate, ...]:
    """What each screen found of one share."""
    return tuple(c for each in SCREENS for c in screening.found[each.name] if c.symbol == symbol)


def at_limit(quote: Quote) -> bool:
    """Whether a share closed at its daily limit: 10 % of LDCP or Re 1, whichever is larger, to the paisa."""
    width = max(quote.ldcp.value * LIMIT_MOVE, LIMIT_RUPEE)
    return abs(quote.change) > width - TICK


def to_json(screening: Screening, best: Iterable[Candidate]) -> dict[str, object]:
    """What ``marketbyte screen --json`` prints: every screen with its criteria, each find with its facts."""
    return {
        "as_of": screening.as_of.isoformat(),
        "label": screening.label,
        "screened": screening.screened,
        "without_history": screening.unmeasured,
        "least_traded_value": float(profile(screening.market).least_value),
        "top": [_candidate_json(candidate) for candidate in best],
        "screens": [
            {
                "screen": each.name,
                "criteria": {name: float(limit) for name, limit in each.limits.items()},
                "results": [_candidate_json(candidate) for candidate in screening.found[each.name]],
            }
            for each in SCREENS
        ],
        "excluded": [
            {
                "symbol": out.symbol,
                "reason": out.reason,
                "value": None if out.value is None else float(out.value),
            }
            for out in screening.excluded
        ],
    }


def _ratios(symbol: str, book: MarketBook) -> Fundamentals:
    return book.fundamentals.get(symbol, Fundamentals())


def _barred(symbol: str, seen: Measures, book: MarketBook) -> Excluded | None:
    quote, day_move = book.quotes.get(symbol), move_today(symbol, book)
    if quote is None or day_move is None or not seen.traded_today:
        return Excluded(symbol, "suspended", None)
    if seen.median_value < book.profile.least_value:
        return Excluded(symbol, "illiquid", Decimal(round(seen.median_value)))
    locked = book.market == "psx" and at_limit(quote)  # New York has no daily limits
    return Excluded(symbol, "limit_locked", day_move) if locked else None


def _finds(name: ScreenName, standings: Iterable[Standing]) -> tuple[Candidate, ...]:
    found = []
    for standing in standings:
        hit = SCREENERS[name](standing)
        if hit is not None:
            score, facts, counter = hit
            share = standing.share
            found.append(
                Candidate(
                    screen=name,
                    symbol=share.symbol,
                    name=share.name,
                    sector_code=share.sector_code,
                    sector=share.sector,
                    shariah=share.shariah,
                    score=score,
                    facts=facts,
                    counter=counter,
                )
            )
    return tuple(sorted(found, key=lambda candidate: (-candidate.score, candidate.symbol)))


def _cross_named(
    found: Mapping[ScreenName, tuple[Candidate, ...]],
) -> dict[ScreenName, tuple[Candidate, ...]]:
    """Each find told which other screens found it too."""
    where: dict[str, list[ScreenName]] = {}
    for name, finds in found.items():
        for candidate in finds:
            where.setdefault(candidate.symbol, []).append(name)
    return {
        name: tuple(replace(c, also=tuple(n for n in where[c.symbol] if n != name)) for c in finds)
        for name, finds in found.items()
    }


def _fitting(
    finds: Iterable[Candidate], chosen: Iterable[Candidate], held: frozenset[str], *, shariah: bool
) -> list[Candidate]:
    sectors, symbols = {c.sector_code for c in chosen}, {c.symbol for c in chosen} | held
    return [
        c
        for c in finds
        if c.symbol not in symbols and c.sector_code not in sectors and (c.shariah or not shariah)
    ]


def _candidate_json(candidate: Candidate) -> dict[str, object]:
    return {
        "symbol": candidate.symbol,
        "name": candidate.name,
        "screen": candidate.screen,
        "sector": candidate.sector,
        "shariah": candidate.shariah,
        "score": candidate.score,
        "facts": [_line_json(line) for line in candidate.facts],
        "counter": _line_json(candidate.counter),
        "also": list(candidate.also),
    }


def _line_json(line: Line) -> dict[str, object]:
    return {"fact": line.key, **{name: _figure_json(figure) for name, figure in line.figures.items()}}


def _figure_json(figure: Figure) -> object:
    if figure.value is not None:
        return float(figure.value)
    return figure.day.isoformat() if figure.day else figure.text
