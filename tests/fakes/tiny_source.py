"""A source with three small pages in JSON: all closes of a day, one symbol's history, and one document with two addresses."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import orjson

from services.domain.errors import BrokenPage
from services.domain.records import Row
from services.domain.rows import Bar, FxRow, Watch
from services.domain.sourcing import Pace, Page, PageSpec, Question, SourceSpec

GENTLE = Pace(every=0.0, at_once=2, timeout=1.0, tries=2)


def watch_bytes(symbols: Sequence[str], day: date, price: float = 100.0) -> bytes:
    return orjson.dumps(
        {"day": day.isoformat(), "rows": [[symbol, price] for symbol in symbols], "end": True}
    )


def series_bytes(symbol: str, last: date, count: int = 3) -> bytes:
    days = [(last - timedelta(days=back)).isoformat() for back in range(count)]
    return orjson.dumps({"symbol": symbol, "rows": [[day, 100.0] for day in days], "end": True})


def sheet_bytes(day: date, rate: float = 281.5) -> bytes:
    return orjson.dumps({"day": day.isoformat(), "rows": [["USD", rate]], "end": True})


def _read(page: Page) -> dict:
    try:
        found = orjson.loads(page.body)
    except orjson.JSONDecodeError:
        raise BrokenPage("no JSON", page=page.name) from None
    if not isinstance(found, dict) or not found.get("end"):
        raise BrokenPage("no end", page=page.name)
    return found


def read_watch(page: Page) -> Sequence[Row]:
    found = _read(page)
    day = date.fromisoformat(found["day"])
    return [
        Watch(symbol, day, symbol, "0807", (), (), price, price, price, price, price, 0.0, 0.0, 10)
        for symbol, price in found["rows"]
    ]


def read_series(page: Page) -> Sequence[Row]:
    found = _read(page)
    return [
        Bar(found["symbol"], date.fromisoformat(day), None, None, None, close, 5)
        for day, close in found["rows"]
    ]


def read_sheet(page: Page) -> Sequence[Row]:
    found = _read(page)
    return [FxRow(currency, date.fromisoformat(found["day"]), rate) for currency, rate in found["rows"]]


def _one(path: str):
    return lambda at, symbols: (Question(path),)


def _each(at: datetime, symbols: Sequence[str]) -> Sequence[Question]:
    return [Question(f"/eod/{symbol}", asked={"symbol": symbol}) for symbol in symbols]


def _guesses(at: datetime, symbols: Sequence[str]) -> Sequence[Question]:
    day = {"day": at.date().isoformat()}
    return [
        Question(f"/sheet-{at:%d-%b-%y}", asked=day),
        Question(f"/sheet-{at:%d-%B-%Y}", asked={**day, "alternative": "1"}),
        Question(f"/{at:%d-%b-%y}", asked={**day, "alternative": "1"}),
    ]


def tiny_source(
    name: str, base: str, *, pages: Sequence[str] = ("watch",), pace: Pace = GENTLE, delay: float = 0.0
):
    """A source with some of the three pages (watch at the session and the close, series at the close, sheet daily)."""
    every = {
        "watch": PageSpec(f"{name}.watch", "watch", _one("/watch"), read_watch, ("session", "close")),
        "series": PageSpec(f"{name}.series", "bars", _each, read_series, ("close",)),
        "sheet": PageSpec(f"{name}.sheet", "fx", _guesses, read_sheet, ("daily",)),
        "asked": PageSpec(f"{name}.asked", "watch", _one("/asked"), read_watch, ("on demand",)),
    }
    return SourceSpec(
        name, f"Source {name}", base, tuple(every[page] for page in pages), "Free to try.", pace, delay=delay
    )
