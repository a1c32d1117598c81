"""The small lists the portal answers as JSON: all symbols, the market's breadth, the ten of most volume."""

from collections.abc import Sequence

from services.domain.errors import BrokenPage
from services.domain.records import Row
from services.domain.rows import Symbol
from services.domain.rows_psx import Breadth, Leader
from services.domain.sourcing import Page
from services.sources import cells, listings
from services.sources.psx import dated

_MOST_LEADERS = 50


def symbols(page: Page) -> Sequence[Row]:
    """Everything that is listed. ``isGEM`` stands only where it is true; a symbol without a sector has ""."""
    found = _objects(page, "symbol", "name", "sectorName", "isETF", "isDebt")
    day = dated.fetched(page)
    rows = [
        Symbol(
            symbol=_symbol(page, place, one["symbol"], "symbol"),
            day=day,
            name=_text(page, place, one["name"], "name"),
            sector=_text(page, place, one["sectorName"] or "", "sectorName"),
            is_etf=_flag(page, place, one, "isETF"),
            is_debt=_flag(page, place, one, "isDebt"),
            is_gem=_flag(page, place, one, "isGEM"),
        )
        for place, one in enumerate(found, start=1)
    ]
    dated.once(page, (row.symbol for row in rows), "symbol")
    return rows


def symbol_position(page: Page) -> Sequence[Row]:
    """How the day's trading divides by direction; the fractions add up to 1."""
    day = dated.fetched(page)
    rows = [
        Breadth(
            name=_text(page, place, one["name"], "name"),
            day=day,
            fraction=_number(page, place, one["value"], "value", most=1.0),
        )
        for place, one in enumerate(_objects(page, "name", "value"), start=1)
    ]
    dated.once(page, (row.name for row in rows), "name")
    together = sum(row.fraction for row in rows)
    if abs(together - 1) > 1e-6 and together != 0:
        raise BrokenPage(f"the fractions add up to {together:.6f}, not to 1", page=page.name, column="value")
    return rows


def top_symbols(page: Page) -> Sequence[Row]:
    """The symbols of most volume, in the page's order."""
    day = dated.fetched(page)
    return [
        Leader(
            board="symbols",
            place=place,
            code=_symbol(page, place, one["symbol"], "symbol"),
            day=day,
            name=_text(page, place, one["name"], "name"),
            volume=int(_number(page, place, one["volume"], "volume", whole=True)),
        )
        for place, one in enumerate(_leaders(page, "name", "symbol", "volume"), start=1)
    ]


def top_sectors(page: Page) -> Sequence[Row]:
    """The sectors of most volume, in the page's order; a code is four digits, "0830"."""
    day = dated.fetched(page)
    rows: list[Leader] = []
    for place, one in enumerate(_leaders(page, "name", "code", "volume"), start=1):
        code = one["code"]
        if not isinstance(code, str) or len(code) != 4 or not (code.isascii() and code.isdigit()):
            raise BrokenPage(
                f'{str(code)[:20]!r} is no code of a sector ("0801" …)',
                page=page.name,
                column="code",
                row=place,
            )
        volume = int(_number(page, place, one["volume"], "volume", whole=True))
        rows.append(Leader("sectors", place, code, day, _text(page, place, one["name"], "name"), volume))
    return rows


def _leaders(page: Page, *needed: str) -> list[dict[str, object]]:
    found = _objects(page, *needed)
    if len(found) > _MOST_LEADERS:
        raise BrokenPage(f"{len(found):,} rows where ten should be", page=page.name)
    dated.once(page, (str(one[needed[1]]) for one in found), needed[1])
    return found


def _objects(page: Page, *needed: str) -> list[dict[str, object]]:
    """A JSON list of objects that all have these fields, not empty."""
    value = listings.json_value(page)
    listings.objects(page, value, *needed)
    if not isinstance(value, list) or not value:
        raise BrokenPage("the list is empty", page=page.name)
    return value


def _text(page: Page, place: int, value: object, column: str) -> str:
    if not isinstance(value, str):
        raise BrokenPage(f"{str(value)[:40]!r} is no text", page=page.name, column=column, row=place)
    return cells.tidy(value)


def _symbol(page: Page, place: int, value: object, column: str) -> str:
    try:
        return cells.symbol(_text(page, place, value, column))
    except ValueError as wrong:
        raise BrokenPage(str(wrong), page=page.name, column=column, row=place) from None


def _flag(page: Page, place: int, one: dict[str, object], column: str) -> bool:
    value = one.get(column) or False
    if not isinstance(value, bool):
        raise BrokenPage(
            f"{str(value)[:40]!r} is neither true nor false", page=page.name, column=column, row=place
        )
    return value


def _number(
    page: Page, place: int, value: object, column: str, *, most: float = cells.MOST, whole: bool = False
) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise BrokenPage(
            f"{str(value)[:40]!r} is no number from 0 to {most:g}", page=page.name, column=column, row=place
        )
    if whole and value != int(value):
        raise BrokenPage(f"{value!r} is no number of shares", page=page.name, column=column, row=place)
    return float(value)
