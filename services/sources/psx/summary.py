"""The market summary file of a day: ``date|symbol|sector|name|open|high|low|close|volume|prev_close|||``, one line a symbol.

It is called ``.Z`` and is, by its content, a ZIP archive with one such text, bytes packed by ``compress``, or the text itself.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date
from typing import NoReturn

from services.domain.errors import BrokenPage
from services.domain.records import Row
from services.domain.rows import Bar
from services.domain.sourcing import Page
from services.sources import cells, markup
from services.sources.psx import dated, lzw

MOST_TEXT = 4 * 2**20
"""A day's text has 0.1 MB."""
MOST_LINES = 10_000
FIELDS = ("date", "symbol", "sector", "name", "open", "high", "low", "close", "volume", "prev_close")

_DAY = re.compile(r"(\d{2})([A-Za-z]{3})(\d{4})", re.ASCII)
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError)


def market_summary(page: Page) -> Sequence[Row]:
    """Bars of all that is listed, futures ("HBL-OCT") too, with the price the day's change is counted from as ``ldcp``.

    A symbol without any price (it has never been traded) has no bar. Every line has as many fields as the first; all are of
    one day, which is the one asked for (``asked={"day": "2026-09-30"}``) if one was.
    """
    lines = [line for line in _text(page).splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise BrokenPage(f"more than {MOST_LINES:,} lines: not a day's summary", page=page.name)
    wide = lines[0].count("|") + 1 if lines else 0
    if wide < len(FIELDS):
        raise BrokenPage(
            f"no text of {len(FIELDS)} fields between bars: {(lines or [''])[0][:60]!r}", page=page.name
        )
    read = [_Line(page, place, line, wide) for place, line in enumerate(lines, start=1)]
    _one_day(page, read)
    dated.once(page, (line.symbol for line in read), "symbol")
    bars = [bar for line in read if (bar := line.bar()) is not None]
    return bars or _refuse(page, "no symbol has a price")


class _Line:
    """A line of the file; its errors name the field and the line."""

    def __init__(self, page: Page, place: int, line: str, wide: int) -> None:
        self._page = page
        self.place = place
        fields = line.split("|")
        if len(fields) != wide:
            raise BrokenPage(
                f"{len(fields)} fields where the first line has {wide}", page=page.name, row=place
            )
        self._fields = dict(zip(FIELDS, fields, strict=False))
        try:
            self.symbol = cells.symbol(self._fields["symbol"])
        except ValueError as wrong:
            raise BrokenPage(str(wrong), page=page.name, column="symbol", row=place) from None
        self.day = self._day()

    def bar(self) -> Bar | None:
        close = self._number("close")
        volume = self._number("volume")
        if volume != int(volume) or (volume and not close):
            self._broken(f"volume {volume:g} at a close of {close:g}", "volume")
        opened, high, low, before = (
            self._number(name) or None for name in ("open", "high", "low", "prev_close")
        )
        if not close:
            return None
        return Bar(self.symbol, self.day, opened, high, low, close, int(volume), before)

    def _day(self) -> date:
        text = self._fields["date"].strip()
        found = _DAY.fullmatch(text)
        try:
            day = cells.day(f"{found[1]}-{found[2]}-{found[3]}" if found is not None else text)
            return cells.in_time(day, self._page.fetched_at)
        except ValueError as wrong:
            self._broken(str(wrong), "date")

    def _number(self, name: str) -> float:
        """Not negative; a field left empty is 0, as the file writes it for what has not been traded."""
        text = self._fields[name].strip()
        try:
            value = cells.number(text) if text else 0.0
        except ValueError as wrong:
            self._broken(str(wrong), name)
        return value if value >= 0 else self._broken(f"{text!r} is negative", name)

    def _broken(self, detail: str, column: str) -> NoReturn:
        raise BrokenPage(detail, page=self._page.name, column=column, row=self.place)


def _one_day(page: Page, lines: Sequence[_Line]) -> None:
    day = lines[0].day
    for line in lines:
        if line.day != day:
            raise BrokenPage(
                f"{line.day} among lines of {day}", page=page.name, column="date", row=line.place
            )
    wanted = page.asked.get("day")
    if wanted and wanted != day.isoformat():
        raise BrokenPage(f"it is of {day}, not of {wanted}", page=page.name, column="date")


def _text(page: Page) -> str:
    """The text, however it is packed: the content decides, not the name."""
    body = page.body
    if body.startswith(b"PK"):
        body = _unzipped(page)
    elif body.startswith(lzw.MAGIC):
        try:
            body = lzw.unpacked(body, MOST_TEXT)
        except lzw.NotPacked as wrong:
            _refuse(page, str(wrong))
    text = markup.decoded(Page(page.name, body, page.fetched_at), "a market summary")
    return text if text.lstrip()[:1] != "<" else _refuse(page, "HTML where a market summary should be")


def _unzipped(page: Page) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(page.body)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) != 1:
                _refuse(page, f"a ZIP archive of {len(members)} files where one should be")
            with archive.open(members[0]) as packed:
                plain = packed.read(MOST_TEXT + 1)
    except _DAMAGED as wrong:
        _refuse(page, f"a ZIP archive that cannot be read ({type(wrong).__name__})")
    return plain if len(plain) <= MOST_TEXT else _refuse(page, "a ZIP archive that unpacks to far too much")


def _refuse(page: Page, detail: str) -> NoReturn:
    raise BrokenPage(detail, page=page.name)
