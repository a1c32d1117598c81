"""The KIBOR sheet of a day: the rates at which banks lend to each other, bid and offer by tenor, as a PDF of one page."""

import re
from collections.abc import Sequence
from datetime import date

from services.domain.errors import BrokenPage
from services.domain.rows import RateRow
from services.domain.sourcing import Page
from services.sources import cells, pdf_text

_HEADER = re.compile(r"\bTenors?\b.*\bBid\b.*\b(?:Offer|Ask)\b", re.IGNORECASE)
_ROW = re.compile(r"(\d{1,2})\s*-?\s*(W|M|Y)(?:eek|onth|ear)?s?\b\.?\s+(\S+)\s+(\S+)$", re.IGNORECASE)
_DAY = re.compile(
    r"\b(\d{1,2}\s?[-/ ]\s?[A-Za-z]{3,9}\s?[-/ ,]\s?\d{2,4}|(?:[A-Z][a-z]{2,8}, ?)?[A-Z][a-z]{2,8} \d{1,2}, ?\d{4})\b",
    re.IGNORECASE,
)
_TENORS = frozenset({"1w", "2w", "1m", "3m", "6m", "9m", "12m", "24m", "36m"})


def kibor(page: Page) -> Sequence[RateRow]:
    """``kibor_6m`` is the offer (the rate the name stands for), ``kibor_6m_bid`` the bid; a year is ``12m``."""
    lines = pdf_text.lines(page)
    whole = " ".join(lines)
    start = next((place for place, line in enumerate(lines) if _HEADER.search(line)), None)
    if not re.search(r"\bKIBOR\b|Karachi Inter\s?-?bank", whole, re.IGNORECASE):
        raise BrokenPage(f"another document came, {lines[0][:90]!r}; expected a KIBOR sheet", page=page.name)
    if start is None:
        raise BrokenPage("the sheet has no such column", page=page.name, column="Tenor Bid Offer")
    day = _day(page, " ".join(line for line in lines if not _ROW.match(line)))
    rows: list[RateRow] = []
    for place, line in enumerate((each for each in lines[start + 1 :] if _ROW.match(each)), start=1):
        rows += quoted(page, place, line, day)
    names = {row.name for row in rows}
    lacking = {"kibor_3m", "kibor_6m", "kibor_12m"} - names
    if lacking or len(names) < len(rows):
        detail = f"without {', '.join(sorted(lacking))}" if lacking else "a tenor stands there twice"
        raise BrokenPage(detail, page=page.name, column="Tenor")
    return rows


def quoted(page: Page, place: int, line: str, day: date) -> list[RateRow]:
    """The two rates of a line such as "6-M 10.92 11.17". Raises ``BrokenPage``."""
    found = _ROW.match(line)
    if found is None:
        raise BrokenPage(f"{line[:40]!r} is no line of a tenor", page=page.name, column="Tenor", row=place)
    count, span = int(found[1]), found[2].lower()
    tenor = f"{count * 12}m" if span == "y" else f"{count}{span}"
    if tenor not in _TENORS:
        raise BrokenPage(f"there is no tenor {tenor}", page=page.name, column="Tenor", row=place)
    bid, offer = (_rate(page, place, text, side) for text, side in ((found[3], "Bid"), (found[4], "Offer")))
    if bid > offer:
        raise BrokenPage(f"the bid {bid} is above the offer {offer}", page=page.name, column="Bid", row=place)
    return [RateRow(f"kibor_{tenor}", day, offer, "%"), RateRow(f"kibor_{tenor}_bid", day, bid, "%")]


def _rate(page: Page, place: int, text: str, side: str) -> float:
    try:
        value = cells.percent(text)
    except ValueError as wrong:
        raise BrokenPage(str(wrong), page=page.name, column=side, row=place) from None
    if not 0 < value < 100:
        raise BrokenPage(f"{text} is no interest rate", page=page.name, column=side, row=place)
    return value


def _day(page: Page, whole: str) -> date:
    found = _DAY.search(whole)
    if found is None:
        raise BrokenPage("the sheet bears no date", page=page.name)
    try:
        return cells.in_time(as_on(found[1]), page.fetched_at)
    except ValueError as wrong:
        raise BrokenPage(f"the sheet's date: {wrong}", page=page.name) from None


def as_on(text: str) -> date:
    """A day as SBP writes it, blanks around its dashes or not: "30-Jul - 2026", "25- September-2026"."""
    return cells.day(re.sub(r",(?=\S)", ", ", re.sub(r"\s*([-/])\s*", r"\1", text.strip())))
