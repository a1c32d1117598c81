"""Whose page it is and of which day, where its table does not say: from what the page shows, else from the question and the fetch."""

import re
from collections.abc import Iterable
from datetime import date, datetime

from services.domain.errors import BrokenPage
from services.domain.sourcing import Page
from services.sources import cells
from services.sources.clock import KARACHI
from services.sources.tables import Document

_SHOWING = re.compile(r"Showing\s+(\d[\d,]{0,9})\s+to\s+(\d[\d,]{0,9})\s+of\s+\d", re.ASCII)
_NONE = ("no record", "no data", "not found", "no announcement", "no payout")
_AS_OF = re.compile(
    r"As of ((?:[A-Z][a-z]{2}, )?[A-Z][a-z]{2,8} \d{1,2}, \d{4} \d{1,2}:\d{2} ?[AP]M)",
    re.ASCII | re.IGNORECASE,
)


def fetched(page: Page) -> date:
    """The day of the fetch in Karachi."""
    return page.fetched_at.astimezone(KARACHI).date()


def shown(document: Document) -> date:
    """The day at the top of a whole page of the portal; a page that is only a table has none: the day of the fetch."""
    label = document.root.css_first(".topbar__status__label")
    text = cells.tidy(label.text()) if label is not None else ""
    try:
        return (
            cells.in_time(cells.moment(text).date(), document.page.fetched_at)
            if text
            else fetched(document.page)
        )
    except ValueError:
        return fetched(
            document.page
        )  # another label stands there; the clock of the portal is no figure of the page


def as_of(document: Document, text: str) -> datetime:
    """The time in "^ As of Wed, Sep 30, 2026 3:47 PM". Raises ``BrokenPage`` without one, or if it lies in the future."""
    found = _AS_OF.search(cells.tidy(text))
    if found is None:
        document.broken("it does not say as of when it is")
    return in_time(document.page, found[1])


def in_time(page: Page, text: str, *, column: str = "", row: int = 0) -> datetime:
    """A day with its time that has been, in Karachi."""
    try:
        at = cells.moment(text)
        cells.in_time(at.date(), page.fetched_at)
    except ValueError as wrong:
        raise BrokenPage(str(wrong), page=page.name, column=column, row=row) from None
    return at


def asked(page: Page, what: str) -> str:
    """The symbol (index) that was asked for; failing that, the last part of the page's address.

    Raises ``BrokenPage`` if neither says it: then the page cannot be filed.
    """
    text = page.asked.get(what) or page.url.partition("?")[0].rstrip("/").rpartition("/")[2]
    try:
        return cells.symbol(text.upper())
    except ValueError:
        raise BrokenPage(
            f"nothing says which {what} it is of (ask with asked={{{what!r}: …}})", page=page.name
        ) from None


def counted(document: Document, rows: int) -> None:
    """The rows against what the page says of itself; no rows are an answer only if it says that there are none."""
    body = document.root.body
    text = body.text() if body is not None else ""
    said = _SHOWING.search(text)
    if said is None:
        if not rows and not any(word in text.lower() for word in _NONE):
            document.broken("no rows, and the page does not say that there are none")
        return
    first, last = (int(number.replace(",", "")) for number in said.groups())
    expected = max(last - first + 1, 0) if last else 0  # beyond the end it shows "201 to 130 of 130"
    if rows != expected:
        document.broken(f"it says that it shows {expected} entries, and has {rows}")


def once(page: Page, keys: Iterable[object], column: str) -> None:
    """Raises ``BrokenPage`` at the first key that comes twice."""
    seen: set[object] = set()
    for place, key in enumerate(keys, start=1):
        if key in seen:
            raise BrokenPage(f"{key} stands there twice", page=page.name, column=column, row=place)
        seen.add(key)
