"""Columns of a table turned into values, with every cell that is none told to the gathering by its line and column."""

import re
from collections.abc import Collection, Sequence
from datetime import date

from services.domain.errors import BrokenPage
from services.domain.importing.days import Unclear, days, only_day
from services.domain.importing.figures import numbers
from services.domain.importing.grid import Cell, shown
from services.domain.importing.headers import Table, plain
from services.domain.importing.reading import EARLIEST, Around, Gathering

TICKER = re.compile(r"[A-Z0-9][A-Z0-9&.-]{0,19}", re.ASCII)
LONGEST = 300  # characters of a name or title
MOST_NAMED = 10  # unknown symbols that a note lists
_NAME_DAY = re.compile(
    r"(?<!\d)(?:(\d{2})(\d{2})(20\d{2})|(20\d{2})[-_]?(\d{2})[-_]?(\d{2}))(?=\D|\d{0,4}\D)", re.ASCII
)


def day_column(
    table: Table, gathering: Gathering, around: Around, *, months: bool = False, ahead: bool = False
) -> Sequence[date | None]:
    """The day of every row. A table without such a column has one day: that above it, or in the file's name.

    Args:
        table: What is read.
        gathering: Is told of cells that are no day, or one that has not come.
        around: The time, and the file's name.
        months: A month alone is its last day.
        ahead: Days to come are right (a calendar).

    Raises:
        BrokenPage: Days and months cannot be told apart, or there is no day at all.
    """
    if "day" not in table.columns:
        return [_one_day(table, around)] * len(table.lines)
    title = table.titles["day"]
    try:
        found, wrong = days(table.columns["day"], months=months)
    except Unclear as unclear:
        raise BrokenPage(
            str(unclear), page=table.page, column=title, row=table.lines[unclear.place]
        ) from None
    for place, reason in wrong.items():
        gathering.refuse(table.lines[place], f"{title}: {reason}")
    last = date.max if ahead else around.today
    odd = {one for one in set(found) if one is not None and not EARLIEST <= one <= last}
    for place, one in enumerate(found) if odd or None in found else ():
        if one is None:
            gathering.refuse(table.lines[place], f"{title}: no date")
        elif one in odd:
            fault = "a day that has not come yet" if one > last else "a day before any market of ours"
            gathering.refuse(table.lines[place], f"{title}: {fault}")
    return found


def figure_column(table: Table, gathering: Gathering, name: str) -> list[float | None]:
    """A column of numbers, None where it is empty or not there."""
    if name not in table.columns:
        return [None] * len(table.lines)
    return figure_cells(table, gathering, table.titles[name], table.columns[name])


def figure_cells(table: Table, gathering: Gathering, title: str, cells: Sequence[Cell]) -> list[float | None]:
    """The same of a column that is named by its header."""
    found, wrong = numbers(cells)
    for place, reason in wrong.items():
        gathering.refuse(table.lines[place], f"{title}: {reason}")
    return found


def text_column(table: Table, name: str, *, most: int = LONGEST) -> list[str]:
    """A column of words, "" where it is empty or not there; control signs are gone."""
    if name not in table.columns:
        return [""] * len(table.lines)
    known: dict[Cell, str] = {}
    found: list[str] = []
    for cell in table.columns[name]:
        text = known.get(cell)
        if text is None:
            text = known[cell] = "".join(c for c in shown(cell) if c.isprintable())[:most]
        found.append(text)
    return found


def ticker_column(table: Table, gathering: Gathering, around: Around, name: str = "symbol") -> list[str]:
    """A column of tickers in capitals. One that is none is refused; those nobody knows are taken, and told."""
    words = text_column(table, name)
    capitals = {
        word: word.upper() for word in set(words)
    }  # one text for each ticker, however many rows it has
    found = [capitals[word] for word in words]
    title = table.titles.get(name, name)
    bad = {text for text in set(found) if not TICKER.fullmatch(text)}
    for place, text in enumerate(found) if bad else ():
        if text in bad:
            gathering.refuse(table.lines[place], f"{title}: {'no symbol' if text else 'empty'}")
    note_unknown(gathering, set(found) - bad, around.symbols)
    return found


def note_unknown(gathering: Gathering, found: Collection[str], known: Collection[str]) -> None:
    """Tell which symbols the bot does not know; they may be new."""
    strange = sorted(set(found) - set(known)) if known else []
    if strange:
        more = f" and {len(strange) - MOST_NAMED} more" if len(strange) > MOST_NAMED else ""
        gathering.notes.append(f"unknown so far, taken all the same: {', '.join(strange[:MOST_NAMED])}{more}")


def refuse_spilled(table: Table, gathering: Gathering) -> None:
    """Rows with more cells than the header has: a comma inside a number was taken for a border."""
    for place in table.spilled:
        gathering.refuse(table.lines[place], "more cells than the header has")
    if table.left_out:
        gathering.notes.append(f"{table.left_out} lines of headings, notes or repeated headers left out")


def caption(table: Table, words: Collection[str]) -> str:
    """What stands behind a label above the table ("Fund: X", or the label in one cell and X in the next); "" if nothing."""
    for row in table.above:
        texts = [shown(cell) for cell in row if shown(cell)]
        for place, text in enumerate(texts):
            label, colon, value = text.partition(":")
            if plain(label) in words:
                after = value.strip() if colon and value.strip() else " ".join(texts[place + 1 : place + 2])
                if after:
                    return after[:LONGEST]
    return ""


def _one_day(table: Table, around: Around) -> date:
    found = only_day(cell for row in table.above for cell in row) or _day_in(around.page)
    if found is None:
        raise BrokenPage(
            "no column for the day, and no one date above the table", page=table.page, column="date"
        )
    if found > around.today:
        raise BrokenPage("its date has not come yet", page=table.page, column="date")
    return found


def _day_in(name: str) -> date | None:
    """A date within a file's name: PKRV29092025.csv, flows_2026-09-10.csv."""
    fits = _NAME_DAY.search(name)
    if fits is None:
        return None
    year, month, day = (fits[3], fits[2], fits[1]) if fits[3] else (fits[4], fits[5], fits[6])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
