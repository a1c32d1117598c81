"""A hand-made book with more than a year of made-up prices, for risk and screens; the same every time."""

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from services.domain.market import Adjustment, Basket, Fund, MarketBook, Quote, Series
from tests.fakes.books import CLOSED, DAY, fact, small_book

COUNT = 300


def sessions(count: int = COUNT) -> tuple[date, ...]:
    """Weekdays up to the book's day, oldest first."""
    days: list[date] = []
    day = DAY
    while len(days) < count:
        if day.weekday() < 5:
            days.append(day)
        day -= timedelta(days=1)
    return tuple(reversed(days))


def wave(seed: int, count: int = COUNT, *, last: float = 100.0) -> tuple[float, ...]:
    """A price path that wiggles in its own way and ends at ``last``."""
    path = [
        100
        * math.exp(
            0.0005 * seed * i + 0.05 * math.sin(i * (0.7 + seed / 10)) + 0.03 * math.cos(i / (seed + 2))
        )
        for i in range(count)
    ]
    return tuple(price * last / path[-1] for price in path)


def series(
    closes: tuple[float, ...], volumes: tuple[int, ...] | None = None, days: tuple[date, ...] | None = None
) -> Series:
    """Bars whose open, high and low are the close."""
    days = days or sessions(len(closes))
    volumes = volumes or (1_000_000,) * len(closes)
    return Series(days, closes, closes, closes, closes, volumes)


def quote(symbol: str, price: str, ldcp: str, volume: int = 1_000_000) -> Quote:
    """A quote of the book's day."""
    return Quote(
        symbol,
        fact(price, "PKR", symbol, name="price"),
        fact(ldcp, "PKR", symbol, name="ldcp"),
        Decimal(ldcp),
        Decimal(price),
        Decimal(ldcp),
        fact(str(volume), "shares", symbol, name="volume"),
    )


def fund(code: str, weights: Mapping[str, str] | None, **more: object) -> Fund:
    """A fund with a basket, or without one if ``weights`` is None."""
    basket = (
        Basket({s: Decimal(w) for s, w in weights.items()}, CLOSED, "hand-made book")
        if weights is not None
        else None
    )
    return replace(Fund(code, f"{code} Fund", "mutual", "Equity", shariah=False, basket=basket), **more)


def long_book(**changes: object) -> MarketBook:
    """The small book with 300 sessions for its eight shares, an index that moves with them, and four funds."""
    book = small_book()
    days = sessions()
    paths = {s: wave(n + 1, last=float(book.quotes[s].price.value)) for n, s in enumerate(book.shares)}
    bars = {s: series(p) for s, p in paths.items()}
    # LUCK is split 5:1 sixty sessions ago: the bars before it stand on the old footing.
    split = days[-60]
    old = tuple(p * 5 if d < split else p for p, d in zip(paths["LUCK"], days, strict=True))
    old_volumes = tuple(200_000 if d < split else 1_000_000 for d in days)
    bars["LUCK"] = series(old, old_volumes)
    level = [sum(path[i] / path[0] for path in paths.values()) * 1000 for i in range(COUNT)]
    funds = {
        "HALF": fund(
            "HALF", {"MEBL": "0.3", "LUCK": "0.2"}, fee=fact("0.02", "fraction", "HALF"), fee_kind="TER"
        ),
        "FULL": fund("FULL", {"MEBL": "0.5", "HBL": "0.25", "SYS": "0.25"}),
        "DARK": fund("DARK", None, shariah=True),
        "DEAR": fund(
            "DEAR", {"XXXX": "0.4", "OGDC": "0.6"}, fee=fact("0.035", "fraction", "DEAR"), fee_kind="TER"
        ),
    }
    made = replace(
        book,
        sessions=days,
        series=bars,
        adjustments={"LUCK": (Adjustment("LUCK", split, 0.2, "5:1 split", "hand-made book"),)},
        index_series={"KSE100": dict(zip(days, level, strict=True))},
        funds=funds,
    )
    return replace(made, **changes)
