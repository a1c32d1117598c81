"""The mark-to-market sheet: what every currency is worth in rupees, ready and forward, as a PDF of one page."""

import re
from collections.abc import Sequence
from datetime import date

from services.domain.errors import BrokenPage
from services.domain.rows import FxRow
from services.domain.sourcing import Page
from services.sources import cells, pdf_text

TITLE = "Exchange Rates for Mark to Market Revaluation"
FEWEST = 10
"""The sheet has had 20 to 40 currencies; fewer than this is a part of it."""

_TITLE = re.compile(r"Exchange Rates? for Mark[ -]to[ -]Market Revaluation", re.IGNORECASE)
_DAY = re.compile(r"\b(\d{1,2}[- ][A-Za-z]{3,9}[- ,]{1,2}\d{2,4}|[A-Z][a-z]{2,8} \d{1,2}, \d{4})\b")
_TENOR = re.compile(r"READY|\d{1,2}-(?:WEEK|MONTH|YEAR)S?", re.IGNORECASE)
_ROW = re.compile(r"([A-Z]{3})\*? (?=\d)")
_MANY_NUMBERS = re.compile(r"(?:\d+\.\d{2,}\s*){3}")


def m2m(page: Page) -> Sequence[FxRow]:
    """Every currency of the sheet, rupees for one unit; ``0.0000`` on the sheet means "not available" and is left out.

    Other sheets have come under this one's name (01-Jun-26: customer rates): the title decides.
    """
    lines = pdf_text.lines(page)
    top = " ".join(lines[:6])
    if not _TITLE.search(top):
        raise BrokenPage(f"another document came, {_first(lines)!r}; expected {TITLE!r}", page=page.name)
    day = _day(page, top)
    start, tenors = _header(page, lines)
    rows = [
        _row(page, place, line, tenors, day)
        for place, line in enumerate(_table(page, lines[start + 1 :]), start=1)
    ]
    found = [row for row in rows if row is not None]
    known = {row.currency for row in found}
    if "USD" not in known or len(found) < FEWEST or len(known) < len(found):
        detail = f"{len(found)} currencies, {len(known)} of them different; the sheet has USD and at least {FEWEST}"
        raise BrokenPage(detail, page=page.name, column="CURRENCY")
    return found


def _first(lines: Sequence[str]) -> str:
    """What a person would call the document: its first line that has words."""
    return next((line for line in lines if len(re.findall(r"[A-Za-z]{3,}", line)) > 1), lines[0])[:90]


def _day(page: Page, top: str) -> date:
    found = _DAY.search(top)
    if found is None:
        raise BrokenPage("the sheet's title bears no date", page=page.name)
    try:
        return cells.in_time(cells.day(found[1]), page.fetched_at)
    except ValueError as wrong:
        raise BrokenPage(f"the sheet's date: {wrong}", page=page.name) from None


def _header(page: Page, lines: Sequence[str]) -> tuple[int, list[str]]:
    for place, line in enumerate(lines):
        words = line.upper().split()
        if words[0].startswith("CURRENC"):
            wrong = [word for word in words[1:] if not _TENOR.fullmatch(word)]
            if wrong or words[1:2] != ["READY"] or len(set(words)) < len(words):
                detail = f"the tenors should be READY, 1-WEEK … and not {' '.join(words[1:])[:80]!r}"
                raise BrokenPage(detail, page=page.name, column=wrong[0] if wrong else "READY")
            return place, words[1:]
    raise BrokenPage("the sheet has no such column", page=page.name, column="CURRENCY")


def _table(page: Page, lines: Sequence[str]) -> list[str]:
    """The currencies' lines. A line of figures that is none of theirs is not skipped."""
    found: list[str] = []
    for line in lines:
        if line.startswith("Note"):
            break
        if _ROW.match(line):
            found.append(line)
        elif _MANY_NUMBERS.search(line):
            detail = f"{line[:40]!r} does not begin with a currency"
            raise BrokenPage(detail, page=page.name, column="CURRENCY", row=len(found) + 1)
    return found


def _row(page: Page, place: int, line: str, tenors: Sequence[str], day: date) -> FxRow | None:
    currency, *shown = line.replace("*", "").split()
    if len(shown) != len(tenors):
        raise BrokenPage(
            f"{currency}: {len(shown)} rates for {len(tenors)} tenors", page=page.name, row=place
        )
    values: dict[str, float] = {}
    for tenor, text in zip(tenors, shown, strict=True):
        try:
            value = cells.number(text)
        except ValueError as wrong:
            raise BrokenPage(f"{currency}: {wrong}", page=page.name, column=tenor, row=place) from None
        if not 0 <= value < 100_000:
            raise BrokenPage(
                f"{currency}: {text} is no exchange rate", page=page.name, column=tenor, row=place
            )
        if value:
            values[tenor] = value
    ready = values.pop("READY", None)
    return None if ready is None else FxRow(currency, day, ready, values)
