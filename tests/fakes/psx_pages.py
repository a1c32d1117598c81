"""Pages of the exchange's portal in its shape, of any size, with made-up figures: for benchmarks and whole refreshes."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import orjson

from services.sources.psx.indices import CODES

SECTORS = tuple(f"{number:04}" for number in range(801, 839))


def symbols(count: int) -> tuple[str, ...]:
    return tuple(f"SY{number:04}" for number in range(count))


def sessions(last: date, count: int) -> list[date]:
    """Weekdays, newest first."""
    days, day = [], last
    while len(days) < count:
        if day.weekday() < 5:
            days.append(day)
        day -= timedelta(days=1)
    return days


def series(number: int, last: date, count: int = 1239) -> bytes:
    """``/timeseries/eod/…``: ``[unix, close, volume, open]``, newest first."""
    points = [
        [stamp(day), 50 + number % 90 + day.toordinal() % 37 / 4, 1000 * number + day.day, 50 + number % 90]
        for day in sessions(last, count)
    ]
    return orjson.dumps({"status": 1, "message": "", "data": points})


def stamp(day: date) -> int:
    return int(datetime.combine(day, time(11), UTC).timestamp())


def market_watch(names: Sequence[str], day: date) -> bytes:
    heads = (
        "SYMBOL",
        "SECTOR",
        "LISTED IN",
        "LDCP",
        "OPEN",
        "HIGH",
        "LOW",
        "CURRENT",
        "CHANGE",
        "CHANGE (%)",
        "VOLUME",
    )
    rows = []
    for number, name in enumerate(names):
        price = 50 + number % 90 + day.day / 4
        figures = (price - 1, price - 0.5, price + 1, price - 1.5, price, 1.0, round(100 / (price - 1), 3))
        cells = "".join(f'<td class="right" data-order="{figure}">{figure:.2f}</td>' for figure in figures)
        volume = 1000 * number + day.day
        rows.append(
            f"<td>{_link(name)}</td><td>{SECTORS[number % 38]}</td><td>ALLSHR,KMIALLSHR</td>{cells}"
            f'<td class="right" data-order="{volume}">{volume:,}</td>'
        )
    return _table(heads, rows)


def indices(day: date) -> bytes:
    level = 150_000 + day.day
    cell = '<td class="right" data-order="{0}">{0}</td>'
    rows = [
        f'<td><a class="link" data-code="{code}"><b>{code}</b></a></td>'
        + "".join(cell.format(figure) for figure in (level + 100, level - 100, level, 12.5, 0.01))
        for code in CODES
    ]
    table = _table(("Index", "High", "Low", "Current", "Change", "% Change"), rows).decode()
    at = f"As of {day:%b} {day.day}, {day.year} 3:51 PM"
    return f'<html><body><div id="indicesTable"><div>{at}</div>{table}</div></body></html>'.encode()


def sector_summary(day: date) -> bytes:
    heads = ("Sector Code", "Sector Name", "Advance", "Decline", "Unchange", "Turnover", "Market Cap. (B)")
    rows = [
        f"<td>{code}</td><td>SECTOR {code}</td><td>5</td><td>{day.day}</td><td>1</td>"
        f'<td data-order="25000{day.day}">25000{day.day}</td><td>1,509.45</td>'
        for code in SECTORS
    ]
    return _table(heads, rows)


def screener(names: Sequence[str], day: date) -> bytes:
    heads = (
        "SYMBOL", "SECTOR", "LISTED IN", "MARKET CAP.", "PRICE", "CHANGE (%)", "1-YEAR CH. (%) *", "PE RATIO (TTM)",
        "DIVIDEND YIELD (%)", "FREE FLOAT", "30D VOLUME AVG.",
    )  # fmt: skip
    figures = (892_213_549.69 + day.day, 44.69, 1.25, 40.5, 17.8, 4.8, 5_240_813, 585_040.77)
    cells = "".join(f'<td class="right" data-order="{figure}">{figure}</td>' for figure in figures)
    rows = [
        f"<td>{_link(name)}</td><td>{SECTORS[number % 38]}</td><td>ALLSHR</td>{cells}"
        for number, name in enumerate(names)
    ]
    label = f'<div class="topbar__status__label">{day:%b} {day.day}, {day.year} 4:07 PM</div>'
    return f"<html><body>{label}{_table(heads, rows).decode()}</body></html>".encode()


def _link(name: str) -> str:
    return f'<a class="tbl__symbol" href="/company/{name}" data-title="{name} Limited"><strong>{name}</strong></a>'


def _table(heads: Sequence[str], rows: Sequence[str]) -> bytes:
    head = "".join(f"<th>{name}</th>" for name in heads)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<table class="tbl"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'.encode()
