"""Announcements as the exchange lists them: date and time, symbol, title, and where the document is."""

import hashlib
import re
from datetime import date, datetime, time

from services.domain.importing.columns import TICKER, day_column, note_unknown, refuse_spilled, text_column
from services.domain.importing.days import PAKISTAN
from services.domain.importing.grid import Cell, shown
from services.domain.importing.headers import Field, Table
from services.domain.importing.reading import Around, Gathering
from services.domain.rows import Notice

FIELDS = (
    Field("day", ("date", "datetime", "day", "announced", "announcementdate", "postingdate", "at")),
    Field("time", ("time", "announcementtime", "postingtime"), required=False),
    Field("symbol", ("symbol", "ticker", "scrip", "code"), required=False),
    Field("name", ("name", "company", "companyname"), required=False),
    Field("title", ("title", "subject", "announcement", "headline", "description")),
    Field("link", ("link", "url", "pdf", "document", "file", "attachment"), required=False),
    Field("id", ("id", "announcementid", "noticeid"), required=False),
    Field("revoked", ("revoked", "withdrawn"), required=False),
)  # fmt: skip
_CLOCK = re.compile(
    r"(?:^|[T\s])(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?\s*(am|pm)?(?:\s*(?:z|pkt|pst|\+0?5:?00))?$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"/(\d{4,9})(?:-\d+)?\.\w{2,4}(?:$|\?)", re.ASCII)
_REVOKED = re.compile(r"\s*\bREVOKED\b\s*", re.ASCII)


def read(table: Table, around: Around) -> Gathering:
    """The announcements. Its number is that of its document; one without has a mark made of what it says.

    Raises:
        BrokenPage: The dates cannot be read.
    """
    gathering = Gathering("announcements")
    refuse_spilled(table, gathering)
    dated = day_column(table, gathering, around)
    symbols, names, titles, links, ids, revoked = (
        text_column(table, name) for name in ("symbol", "name", "title", "link", "id", "revoked")
    )
    times = table.cells("time") if "time" in table.columns else table.columns["day"]
    for place, line in enumerate(table.lines):
        day, symbol, title = dated[place], symbols[place].upper(), titles[place]
        clock = clock_of(times[place])
        reason = _fault(symbol, title, links[place], clock)
        if line in gathering.refused or day is None or reason or clock is None:
            gathering.refuse(line, reason)
            continue
        at = datetime.combine(day, clock, PAKISTAN)
        gone = bool(_REVOKED.search(title)) or revoked[place].casefold() in {"yes", "true", "1"}
        title = _REVOKED.sub(" ", title).strip()
        identity = ids[place] or _identity(links[place], at, symbol, title)
        gathering.add(line, Notice(identity, at, symbol, names[place], title, links[place], gone))
    note_unknown(gathering, {s.upper() for s in symbols if s}, around.symbols)
    return gathering


def clock_of(cell: Cell) -> time | None:
    """The time in a cell, midnight if it holds a date alone; None if what should be one is none."""
    if isinstance(cell, datetime):
        return (cell.astimezone(PAKISTAN) if cell.tzinfo else cell).time().replace(second=0, microsecond=0)
    if isinstance(cell, date) or cell is None:
        return time()
    if isinstance(cell, float | int):  # a spreadsheet's part of a day
        minutes = round((cell % 1) * 1440)
        return time(minutes // 60 % 24, minutes % 60)
    return _told_time(shown(cell))


def _told_time(text: str) -> time | None:
    fits = _CLOCK.search(text)
    if fits is None:
        return None if ":" in text else time()
    hour, minute, half = int(fits[1]), int(fits[2]), (fits[3] or "").casefold()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif half:
        return None
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _fault(symbol: str, title: str, link: str, clock: time | None) -> str:
    if not title:
        return "title: empty"
    if symbol and not TICKER.fullmatch(symbol):
        return "symbol: no symbol"
    if clock is None:
        return "time: no time of day"
    return (
        "link: neither a path nor a web address"
        if link and not link.startswith(("/", "https://", "http://"))
        else ""
    )


def _identity(link: str, at: datetime, symbol: str, title: str) -> str:
    fits = _NUMBER.search(link)
    if fits:
        return fits[1]
    return "made:" + hashlib.sha256(f"{at.isoformat()}|{symbol}|{title}".encode()).hexdigest()[:16]
