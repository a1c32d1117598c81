"""An FMP answer opened: a JSON list of objects, read field by field, or the typed error that its content stands for.

FMP tells its refusals in the body, with any status: ``{"Error Message": …}``, a bare sentence, or the sentence as a JSON
string. Wordings as seen in 2025 and 2026; they are matched by their few constant words and never repeated to anybody.
"""

import math
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

import orjson

from services.domain.errors import BrokenPage, Gated, MarketByteError, NotInPlan, Unavailable
from services.domain.new_york import NEW_YORK
from services.domain.sourcing import Page

MOST: Final = 1e16
"""No figure of a market is larger: the whole world's shares are worth some 1e14 dollars."""
_AHEAD = timedelta(days=1)
_FIRST_YEAR = 1950
_SENTENCE = 4096  # a refusal is a sentence or two; anything longer is a page
SYMBOL = re.compile(r"\^?[A-Z0-9][A-Z0-9.\-]{0,15}", re.ASCII)
_LIMIT = ("limit reach", "too many requests", "bandwidth limit", "rate limit")
_PLAN = (
    "under your current subscription", "premium query parameter", "exclusive endpoint", "restricted endpoint",
    "special endpoint", "legacy endpoint",
)  # fmt: skip
_KEY = ("invalid api key", "api key is missing", "unauthorized")


class Row:
    """One object of an answer; whatever is wrong with a field names the field and the row (1 = the first)."""

    __slots__ = ("_fields", "_page", "_place")

    def __init__(self, page: Page, fields: dict[str, object], place: int) -> None:
        self._page = page
        self._fields = fields
        self._place = place

    def has(self, name: str) -> bool:
        return self._fields.get(name) is not None

    def text(self, name: str) -> str:
        """A text that is not empty, its blanks tidied."""
        value = self._fields[name]
        if not isinstance(value, str) or not value.strip():
            raise self.broken(name, "a text was expected")
        return " ".join(value.split())

    def text_or_none(self, name: str) -> str:
        """A text, "" where there is none."""
        return self.text(name) if self._fields.get(name) not in (None, "") else ""

    def symbol(self, name: str = "symbol") -> str:
        """A ticker as FMP writes it: AAPL, BRK-B, ^GSPC."""
        value = self.text(name)
        if SYMBOL.fullmatch(value) is None:
            raise self.broken(name, "this is no symbol")
        return value

    def flag(self, name: str) -> bool:
        value = self._fields[name]
        if not isinstance(value, bool):
            raise self.broken(name, "true or false was expected")
        return value

    def number(self, name: str) -> float:
        """A finite number of a size that a market can have."""
        value = self._fields[name]
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.broken(name, "a number was expected")
        if not math.isfinite(value) or abs(value) >= MOST:
            raise self.broken(name, "no figure of a market is that large")
        return float(value)

    def number_or_none(self, name: str) -> float | None:
        return self.number(name) if self.has(name) else None

    def price(self, name: str) -> float:
        """A number above zero."""
        value = self.number(name)
        if value <= 0:
            raise self.broken(name, "a price is above zero")
        return value

    def price_or_none(self, name: str) -> float | None:
        return self.price(name) if self.has(name) else None

    def whole(self, name: str) -> int:
        """A count: not negative, without decimals."""
        value = self.number(name)
        if value < 0 or value != int(value):
            raise self.broken(name, "a count has no sign and no decimals")
        return int(value)

    def day(self, name: str, *, ahead: timedelta = _AHEAD) -> date:
        """A day "2026-11-20", not further after the fetch than ``ahead``."""
        text = self.text(name)
        try:
            value = date.fromisoformat(text) if len(text) == 10 else None
        except ValueError:
            value = None
        if value is None:
            raise self.broken(name, "a day as 2026-11-20 was expected")
        last = self._page.fetched_at.astimezone(NEW_YORK).date() + ahead
        if not date(_FIRST_YEAR, 1, 1) <= value <= last:
            raise self.broken(name, "this day cannot be on a page of that time")
        return value

    def moment(self, name: str, *, ahead: timedelta) -> datetime:
        """A time "2026-11-20 13:30:00", which is UTC, in New York's."""
        text = self.text(name)
        try:
            value = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
        except ValueError:
            raise self.broken(name, "a time as 2026-11-20 13:30:00 was expected") from None
        return self._in_time(name, value, ahead)

    def stamp(self, name: str) -> datetime:
        """A time in seconds since 1970, in New York's."""
        seconds = self.whole(name)
        if seconds >= 4_102_444_800:  # 2100: milliseconds, or rubbish
            raise self.broken(name, "this is no time in seconds since 1970")
        return self._in_time(name, datetime.fromtimestamp(seconds, UTC), _AHEAD)

    def broken(self, name: str, detail: str) -> BrokenPage:
        """The error for a field of this row; what the field says is not repeated."""
        return BrokenPage(detail, page=self._page.name, column=name, row=self._place)

    def _in_time(self, name: str, value: datetime, ahead: timedelta) -> datetime:
        if value.year < _FIRST_YEAR or value > self._page.fetched_at + ahead:
            raise self.broken(name, "this time cannot be on a page of that time")
        return value.astimezone(NEW_YORK)


def rows(page: Page, *, needed: Sequence[str], most: int, empty_ok: bool = False) -> list[Row]:
    """The objects of an answer, each with all the fields needed (their values may be null).

    Raises:
        BrokenPage: If it is no list of such objects, empty, or longer than ``most``.
        Gated: If FMP refuses the key, the endpoint or the symbol.
        Unavailable: If the plan's requests are used up for now.
    """
    items = _opened(page)
    if not items and not empty_ok:
        raise BrokenPage("an empty list: nothing was published", page=page.name)
    if len(items) > most:
        raise BrokenPage(
            f"{len(items):,} rows, of which {most:,} were to be expected at most", page=page.name
        )
    found: list[Row] = []
    for place, fields in enumerate(items, start=1):
        if not isinstance(fields, dict):
            raise BrokenPage("an object was expected", page=page.name, row=place)
        lost = next((name for name in needed if name not in fields), None)
        if lost is not None:
            raise BrokenPage("the field is missing", page=page.name, column=lost, row=place)
        found.append(Row(page, fields, place))
    return found


def once(page: Page, keys: Sequence[object], column: str) -> None:
    """Raises ``BrokenPage`` if a key comes twice: then one of the two rows is wrong, and nobody knows which."""
    seen: set[object] = set()
    for place, key in enumerate(keys, start=1):
        if key in seen:
            raise BrokenPage("this row is there twice", page=page.name, column=column, row=place)
        seen.add(key)


def _opened(page: Page) -> list[object]:
    body = page.body.removeprefix(b"\xef\xbb\xbf").strip()
    if not body:
        raise BrokenPage("the body is empty", page=page.name)
    try:
        answer: object = orjson.loads(body)
    except orjson.JSONDecodeError as wrong:
        raise _refusal(page, body) or BrokenPage(_told(body, wrong), page=page.name) from None
    if isinstance(answer, list):
        return answer
    said = answer.get("Error Message", answer.get("message")) if isinstance(answer, dict) else answer
    if isinstance(said, str) and (refused := _refusal(page, said.encode())):
        raise refused
    raise BrokenPage("a list was expected", page=page.name)


def _told(body: bytes, wrong: orjson.JSONDecodeError) -> str:
    if body[:1] == b"<":
        return "HTML where JSON should be"
    return f"no whole JSON (line {wrong.lineno}, column {wrong.colno}): cut or garbled"


def _refusal(page: Page, said: bytes) -> MarketByteError | None:
    """The error that a refusing sentence stands for; None if it is no sentence that we know."""
    if len(said) > _SENTENCE or said[:1] in b"[<":
        return None
    text = said.decode("utf-8", "replace").lower()
    if any(words in text for words in _LIMIT):
        return Unavailable(f"{page.name}: FMP's requests are used up for now; wait, or take a larger plan")
    if any(words in text for words in _KEY):
        return Gated(f"{page.name}: FMP does not know the key; see FMP_API_KEY")
    if any(words in text for words in _PLAN):
        return NotInPlan(f"{page.name}: FMP's plan does not include this endpoint or symbol; see FMP_PLAN")
    return None
