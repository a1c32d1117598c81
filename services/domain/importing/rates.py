"""Rates and indices of the economy: a row for each (date, name, value), the yield curve's tenors, or a column for each."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from services.domain.errors import BrokenPage
from services.domain.importing.columns import day_column, figure_cells, refuse_spilled, text_column
from services.domain.importing.headers import Field, Table, plain
from services.domain.importing.reading import Around, Gathering
from services.domain.rows import RateRow

Unit = Literal["%", "index points", "PKR per USD", "USD mn", "PKR mn"]
FIELDS = (
    Field("day", ("date", "day", "effectivedate", "month", "asof", "valuedate", "period"), required=False),
    Field("name", ("name", "rate", "ratename", "indicator", "series", "serieskey", "instrument"), required=False),
    Field("tenor", ("tenor", "tenure", "maturity"), required=False),
    Field("value", ("value", "midrate", "mid", "ratevalue", "level", "yield", "observationvalue", "obsvalue", "ratepct"), required=False),
    Field("unit", ("unit", "units"), required=False),
)  # fmt: skip
UNITS: Mapping[str, Unit] = {
    "pct": "%", "percent": "%", "": "%", "indexpoints": "index points", "index": "index points", "points": "index points",
    "pkrperusd": "PKR per USD", "pkr": "PKR per USD", "usdmn": "USD mn", "usdmillion": "USD mn", "pkrmn": "PKR mn",
    "pkrmillion": "PKR mn",
}  # fmt: skip
BOUNDS: Mapping[Unit, tuple[float, float]] = {
    "%": (-100.0, 1000.0), "index points": (0.0, 10_000_000.0), "PKR per USD": (0.01, 100_000.0),
    "USD mn": (-1e7, 1e7), "PKR mn": (-1e10, 1e10),
}  # fmt: skip
_CURVE = re.compile(r"(\d{1,2})[-\s]?(w|week|m|month|y|year)s?", re.ASCII)
_KNOWN: tuple[tuple[re.Pattern[str], str, Unit], ...] = (
    (re.compile(r"(?:sbp)?policyrate(?:pct)?"), "policy_rate", "%"),
    (
        re.compile(r"(?:national)?cpi(?:index)?(?:\d{6}100|base.*)?|nationalcpi.*"),
        "cpi_index",
        "index points",
    ),
    (re.compile(r"(?:national)?cpiyoy(?:pct)?|inflation(?:yoy)?(?:pct)?"), "cpi_yoy", "%"),
    (re.compile(r"usdpkr(?:close|rate|m2m)?|usd|pkrperusd"), "USD", "PKR per USD"),
    (re.compile(r"overnightrepo(?:rate)?(?:pct)?"), "overnight_repo", "%"),
)
_SLUG = re.compile(r"[A-Za-z][A-Za-z0-9_]{1,39}", re.ASCII)


def read(table: Table, around: Around) -> Gathering:
    """The rates of a table in one of three shapes.

    Raises:
        BrokenPage: It has none of the shapes, or its dates cannot be read.
    """
    gathering = Gathering("rates")
    refuse_spilled(table, gathering)
    dated = day_column(table, gathering, around, months=True)
    for title, places, name, unit, figures in _series(table, gathering):
        low, high = BOUNDS[unit]
        for place, value in zip(places, figures, strict=True):
            line, day = table.lines[place], dated[place]
            if day is None or line in gathering.refused:
                continue
            if value is not None and low <= value <= high:
                gathering.add(line, RateRow(name, day, value, unit))
            elif value is not None or len(table.columns) > 1:
                gathering.refuse(
                    line, f"{title}: {'empty' if value is None else 'absurd as a rate in ' + unit}"
                )
    return gathering


_Series = tuple[str, Sequence[int], str, Unit, Sequence[float | None]]


def _series(table: Table, gathering: Gathering) -> Iterator[_Series]:
    """Every rate with the places of its rows and its figures."""
    labels = next(
        (name for name in ("tenor", "name") if name in table.columns and "value" in table.columns), ""
    )
    if labels:
        yield from _long(table, gathering, labels)
        return
    found = [(title, known) for title in table.others if (known := known_rate(title))]
    own = [
        table.titles[name] for name in ("name", "value") if name in table.columns
    ]  # "Policy rate" may be one of them
    found += [(title, known) for title in own if (known := known_rate(title))]
    if not found:
        titles = ", ".join([*table.titles.values(), *table.others])[:200]
        raise BrokenPage(
            f"neither name and value, nor tenor and rate, nor columns named for a rate; the headers are: {titles}",
            page=table.page,
            column="value",
        )
    for title, (name, unit) in found:
        cells = table.others.get(title)
        figures = figure_cells(table, gathering, title, table.cells("value") if cells is None else cells)
        kept = [place for place, figure in enumerate(figures) if figure is not None]
        yield title, kept, name, unit, [figures[place] for place in kept]


def _long(table: Table, gathering: Gathering, labels: str) -> Iterator[_Series]:
    figures = figure_cells(table, gathering, table.titles["value"], table.columns["value"])
    units = text_column(table, "unit")
    rates: dict[tuple[str, Unit], list[int]] = {}
    for place, label in enumerate(text_column(table, labels)):
        named = _labelled(label, units[place], tenor=labels == "tenor")
        if named is None:
            gathering.refuse(
                table.lines[place], f"{table.titles[labels]}: no rate that we know, and no unit beside it"
            )
        else:
            rates.setdefault(named, []).append(place)
    for (name, unit), places in rates.items():
        yield table.titles["value"], places, name, unit, [figures[place] for place in places]


def _labelled(label: str, unit: str, *, tenor: bool) -> tuple[str, Unit] | None:
    if tenor:
        curve = _tenor(label)
        return (f"pkrv_{curve}", "%") if curve else None
    known = known_rate(label)
    if known:
        return known
    given = UNITS.get(plain(unit)) if unit else None
    return (label, given) if given and _SLUG.fullmatch(label) else None


def known_rate(label: str) -> tuple[str, Unit] | None:
    """Our name and unit of a rate that is called so; None if we know none."""
    bare = plain(label)
    for pattern, name, unit in _KNOWN:
        if pattern.fullmatch(bare):
            return name, unit
    for family, lower in (("pkrv", False), ("kibor", True), ("tbill", True), ("pib", True)):
        tail = re.fullmatch(rf"{family}s?(.+?)(bid|offer|ask)?(?:pct|rate)?", bare)
        curve = _tenor(tail[1]) if tail else ""
        if tail and curve:
            side = f"_{'offer' if tail[2] in {'offer', 'ask'} else 'bid'}" if tail[2] else ""
            return f"{family}_{curve.lower() if lower else curve}{side}", "%"
    return None


def _tenor(text: str) -> str:
    """The short form, "6M" for "6 Months"; "" for what is no tenor."""
    fits = _CURVE.fullmatch(text.strip().casefold())
    return f"{int(fits[1])}{fits[2][0].upper()}" if fits else ""
