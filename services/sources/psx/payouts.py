"""Payouts in the exchange's shorthand: "250%(F) (D)" is a final dividend of 250 % of the face value."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from services.domain.records import Row
from services.domain.rows import PayoutRow
from services.domain.sourcing import Page
from services.sources import cells, tables
from services.sources.clock import KARACHI
from services.sources.psx import dated
from services.sources.tables import RowOf

ALL = ("Symbol", "Company", "Sector", "Dividend Announcement", "Date/Time", "Book Closure")
OF_COMPANY = ("Date", "Financial Results", "Details", "Book Closure")
MOST_TEXT = 400

Paid = Literal["dividend", "bonus", "right", "other"]
_KINDS: dict[str, Paid] = {"D": "dividend", "B": "bonus", "R": "right"}
_KIND = re.compile(r"\(\s*([DBR])\s*\)", re.ASCII | re.IGNORECASE)
_PERCENT = re.compile(r"(\d[\d,]*(?:\.\d+)?|\.\d+)\s*%", re.ASCII)
_BARE = re.compile(r"[\s&,+-]*(\d[\d,]*(?:\.\d+)?)\s*\(", re.ASCII)
_INTERIM = re.compile(r"\(\s*(?:[ivIV]{1,4}|\d)\s*\)", re.ASCII)
_FINAL = re.compile(r"\(\s*F\s*\)", re.ASCII | re.IGNORECASE)
_PREMIUM = re.compile(
    r"PREMIUM\s+(?:OF\s+)?(?:RS|PKR|RE)\.?\s*(\d[\d,]*(?:\.\d+)?)", re.ASCII | re.IGNORECASE
)
_DAY = re.compile(r"\d{1,2}/\d{1,2}/\d{4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Part:
    """One payout of those a cell announces. ``final``: True for (F), False for an interim number, None if it says neither."""

    text: str
    kind: Paid
    percent: float | None
    final: bool | None
    premium: float | None


def payouts(page: Page) -> Sequence[Row]:
    """What companies announced, newest first. The whole table, or bare rows as the portal's script takes them (see ``announcements``)."""
    document = tables.document(page)
    found = document.table(headers=ALL, fragment=ALL, empty_ok=True)
    dated.counted(document, len(found))
    return [
        each
        for row in found
        for each in _rows(
            row,
            "Dividend Announcement",
            row.symbol("Symbol"),
            _announced(row, "Date/Time"),
            (row.text("Company"), row.text("Sector")),
        )
    ]


def company_payouts(page: Page) -> Sequence[Row]:
    """The same of one company, which the question names."""
    symbol = dated.asked(page, "symbol")
    document = tables.document(page)
    found = document.table(headers=OF_COMPANY, fragment=OF_COMPANY, empty_ok=True)
    dated.counted(document, len(found))
    return [
        each for row in found for each in _rows(row, "Details", symbol, _announced(row, "Date"), ("", ""))
    ]


def parts(text: str) -> tuple[Part, ...]:
    """The payouts in a cell: each ends in its kind, (D), (B) or (R); text that names no kind is one of kind "other".

    "25%(F) (D) 10%(B)" is two; "80(ii) (D)" has its sign of percent left out by the portal; an amount in rupees
    ("Rs.5 (D)") has no percent. Raises ``ValueError`` for a text far too long.
    """
    if len(text) > MOST_TEXT:
        raise ValueError("far too long for a payout")
    if text.strip() and cells.is_missing(text):
        return (Part(text.strip(), "other", None, None, None),)  # "-", "Nil": said, that there is nothing
    found: list[Part] = []
    at = 0
    for mark in _KIND.finditer(text):
        found.append(_part(text[at : mark.end()], _KINDS[mark[1].upper()]))
        at = mark.end()
    rest = cells.tidy(text[at:]).strip(" ,&+;.-")
    if rest:
        found.append(_part(rest, "other"))
    return tuple(found)


def closure(text: str) -> tuple[date | None, date | None]:
    """The first and last day of the closed books: "18/08/2026  - 25/08/2026"; one day is both; none is (None, None)."""
    shown = cells.tidy(text)
    if cells.is_missing(shown):
        return None, None
    days = [cells.day(found) for found in _DAY.findall(shown)]
    if not 1 <= len(days) <= 2 or _DAY.sub("", shown).strip(" -–to"):
        raise ValueError(f"{shown[:40]!r} is no time of closed books")
    return days[0], days[-1]


def _part(text: str, kind: Paid) -> Part:
    shown = cells.tidy(text).lstrip(" ,&+;-")
    percent = _PERCENT.search(shown) or _BARE.match(shown)
    premium = _PREMIUM.search(shown)
    final = True if _FINAL.search(shown) else False if _INTERIM.search(shown) else None
    return Part(
        text=shown,
        kind=kind,
        percent=cells.number(percent[1]) if percent is not None else None,
        final=final,
        premium=cells.number(premium[1]) if premium is not None else None,
    )


def _rows(row: RowOf, column: str, symbol: str, announced: datetime, of: tuple[str, str]) -> list[PayoutRow]:
    if any("%" in each for each in of):
        row.broken("a payout where a name should be", "Sector")
    paid = row.read(column, lambda: parts(row.text(column)))
    if not paid:
        row.broken("nothing there", column)
    first, last = row.read("Book Closure", lambda: closure(row.text("Book Closure")))
    return [
        PayoutRow(
            symbol=symbol,
            day=announced.date(),
            announced=announced,
            text=part.text,
            kind=part.kind,
            percent=part.percent,
            final=part.final,
            premium=part.premium,
            closure_from=first,
            closure_to=last,
            name=of[0],
            sector=of[1],
        )
        for part in paid
    ]


def _announced(row: RowOf, column: str) -> datetime:
    """The day and time; a day alone is its midnight."""
    text = row.text(column)
    if ":" in text:
        return dated.in_time(row.page, text, column=column, row=row.place)
    day = row.day(column)
    return datetime(day.year, day.month, day.day, tzinfo=KARACHI)
