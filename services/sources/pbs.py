"""The Pakistan Bureau of Statistics: the monthly consumer price index, from its table on a page or from a CSV file."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from services.domain.errors import BrokenPage
from services.domain.rows import RateRow
from services.domain.sourcing import Pace, Page, PageSpec, Parse, Question, SourceSpec
from services.sources import cells, listings, tables
from services.sources.clock import KARACHI

_LICENCE = "PBS publishes its statistics for public use with the source named; there is no feed, so one page is read once a day."
_MONTH = ("month", "period", "date")
_INDEX = (
    "national cpi",
    "national_cpi_2015_16_100",
    "cpi national",
    "national",
    "cpi",
    "index",
    "cpi index",
    "general",
)
_YEARLY = (
    "yoy",
    "year on year",
    "year-on-year",
    "yoy %",
    "cpi_yoy",
    "inflation yoy",
    "% change over last year",
)
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})(?:-\d{1,2})?", re.ASCII)
_NAME_FIRST = re.compile(r"([A-Za-z]{3,9})[.,]?[ -]+(\d{4}|\d{2})", re.ASCII)


def cpi(page: Page) -> Sequence[RateRow]:
    """``cpi_index`` (2015-16 = 100) by month, filed under the month's last day, oldest first; ``cpi_yoy`` in %.

    ``cpi_yoy`` is the published one where the table has it, else index / index twelve months before - 1, rounded to 0.01,
    for the months whose year before is in the table too.
    """
    found = _from_html(page) if _is_html(page) else _from_csv(page)
    months = [month for month, _, _ in found]
    if len(set(months)) < len(months):
        twice = next(month for month in months if months.count(month) > 1)
        raise BrokenPage(f"{twice:%B %Y} stands there twice", page=page.name, column=_MONTH[0])
    index = {month: value for month, value, _ in found}
    yearly = {month: given for month, _, given in found if given is not None} or _changes(index)
    rows = [RateRow("cpi_index", month, value, "index points") for month, value in sorted(index.items())]
    return rows + [RateRow("cpi_yoy", month, value, "%") for month, value in sorted(yearly.items())]


READERS: Mapping[str, Parse] = {"pbs.cpi": cpi}


def pbs(base: str = "https://www.pbs.gov.pk") -> SourceSpec:
    """PBS's page of price statistics, once a day."""

    def ask(_now: datetime, _symbols: Sequence[str]) -> list[Question]:
        return [Question("/price-statistics")]

    page = PageSpec("pbs.cpi", "rates", ask, cpi, ("daily",))
    return SourceSpec(
        "pbs",
        "Pakistan Bureau of Statistics",
        base,
        (page,),
        _LICENCE,
        pace=Pace(every=2.0, at_once=1, timeout=30.0),
    )


_Found = list[tuple[date, float, float | None]]


def _is_html(page: Page) -> bool:
    return page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def _from_csv(page: Page) -> _Found:
    lines = listings.lines(page, closed=True)
    header = [name.lower() for name in (lines[0] if lines else [])]
    month, index, yearly = _columns(page, header)
    return [
        (
            item.read(month, partial(_month, item.text(month), page.fetched_at)),
            item.read(index, partial(_level, item.text(index))),
            item.percent(yearly) if yearly and item.text(yearly) else None,
        )
        for item in listings.items(page, header, lines[1:])
    ]


def _from_html(page: Page) -> _Found:
    document = tables.document(page)
    shown = [tables.header_name(cell.text()) for cell in document.root.css("th")]
    month, index, yearly = _columns(page, shown)
    rows = document.table(headers=[month, index])
    return [
        (
            row.read(month, partial(_month, row.text(month), page.fetched_at)),
            row.read(index, partial(_level, row.raw(index))),
            row.percent_or_none(yearly) if yearly and row.has(yearly) else None,
        )
        for row in rows
    ]


def _columns(page: Page, header: Sequence[str]) -> tuple[str, str, str]:
    """Which header is the month, which the index, which the yearly change ("" if there is none)."""
    month = next((name for name in _MONTH if name in header), "")
    index = next((name for name in _INDEX if name in header), "")
    if not month or not index:
        raise BrokenPage(
            "there is no such column", page=page.name, column="National CPI" if month else "Month"
        )
    return month, index, next((name for name in _YEARLY if name in header), "")


def _month(shown: str, fetched_at: datetime) -> date:
    """The last day of "2026-05", "May 2026", "May-26" or "May, 2026", which is over by the fetch. Raises ``ValueError``."""
    if found := _YEAR_FIRST.fullmatch(shown):
        first = cells.day(f"{found[1]}-{int(found[2]):02d}-01")
    elif found := _NAME_FIRST.fullmatch(shown):
        first = cells.day(f"1-{found[1]}-{found[2]}")
    else:
        raise ValueError(f"{shown[:40]!r} is no month")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if last.year < 1990 or last > fetched_at.astimezone(KARACHI).date() + timedelta(days=1):
        raise ValueError(f"there is no index of {shown} yet")
    return last


def _level(shown: str) -> float:
    return listings.within(cells.number(shown), 1, 100_000)


def _changes(index: Mapping[date, float]) -> dict[date, float]:
    """Change on the year in %, for the months whose year before is there."""
    by_month = {(day.year, day.month): value for day, value in index.items()}
    return {
        day: round((value / by_month[day.year - 1, day.month] - 1) * 100, 2)
        for day, value in index.items()
        if (day.year - 1, day.month) in by_month
    }
