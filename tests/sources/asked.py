"""Pages as a fetcher would hand them over, and what may come of a damaged one."""

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

from services.domain.errors import BrokenPage
from services.domain.records import Row
from services.domain.sourcing import Page, Parse

PAGES = Path(__file__).parents[1] / "pages"
SHARED = Path("/work/shared/data")
_KARACHI = timezone(timedelta(hours=5))


def came(name: str, body: bytes | str, on: str = "2026-09-10", **asked: str) -> Page:
    """A page fetched at eight in the evening of that day."""
    raw = body.encode() if isinstance(body, str) else body
    return Page(name, raw, datetime.fromisoformat(f"{on}T20:00:00").replace(tzinfo=_KARACHI), asked=asked)


def outcome(read: Parse, page: Page) -> Sequence[Row] | str:
    """The rows, or what the ``BrokenPage`` says; any other exception is a failure of the test."""
    try:
        return read(page)
    except BrokenPage as broken:
        detail, named = broken.detail, broken.page
    if named != page.name:
        raise AssertionError(f"the error names the page {named!r}, not {page.name!r}")
    return detail


RUBBISH = (
    "",
    "-",
    "abc",
    "1e400",
    "-5",
    "1,23",
    "99999999999999999999",
    "<td>",
    "NaN",
    "∞",
    "٣",
    '"',
    "0x10",
    "\x00",
    "31/02/2026",
)
"""What may stand in a cell by mistake."""
