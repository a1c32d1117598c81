"""What came of reading a file: the rows to keep, those refused and why, and when so many are refused that none is kept."""

from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Literal, get_args

from services.domain.records import KEYS, Kind, Row, days_of

ImportKind = Literal["prices", "flows", "fund-holdings", "rates", "calendar", "announcements", "navs"]
KINDS: tuple[ImportKind, ...] = get_args(ImportKind)
KEPT_AS: Mapping[ImportKind, Kind] = {
    "prices": "bars", "flows": "flows", "fund-holdings": "holdings", "rates": "rates", "calendar": "holidays",
    "announcements": "announcements", "navs": "navs",
}  # fmt: skip
MOST_REJECTED = 0.01  # the share of a file's rows that may be wrong; above it, the file is
ANOTHER_TABLE = (
    10_000_000  # added to a line's number for each table before it, so that lines of two sheets stay apart
)
EARLIEST = date(1947, 8, 14)  # no market of ours has anything from before


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is not taken: its number in the file and the reason, without the value itself."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Around:
    """What a reader has to know that is not in the file.

    ``symbols`` are the tickers we know (empty: none is told as unknown); ``ticker_of`` gives the ticker of a company's
    name as a fund's report writes it, "" if it is not certain.
    """

    page: str
    now: datetime
    symbols: Collection[str] = frozenset()
    ticker_of: Callable[[str], str] = lambda _name: ""

    @property
    def today(self) -> date:
        return self.now.date()


@dataclass(frozen=True, slots=True)
class Reading:
    """A file's rows. ``beside`` are rows of the kind "rates" that stood in it too (a table's running totals).

    ``mended`` rows are taken without the figures that cannot be; ``repeated`` ones say the same twice and are taken once.
    """

    kind: ImportKind
    rows: Sequence[Row]
    rejected: Sequence[Rejected] = ()
    mended: int = 0
    repeated: int = 0
    notes: tuple[str, ...] = ()
    beside: Sequence[Row] = ()
    first: date | None = None
    last: date | None = None

    @property
    def verdict(self) -> str:
        """Why nothing of it may be kept; "" if it is good."""
        wrong, right = len(self.rejected), len(self.rows)
        if not right:
            return "no row of it can be used"
        if wrong > MOST_REJECTED * (wrong + right):
            return f"{wrong:,} of {wrong + right:,} rows are wrong; at most {MOST_REJECTED:.0%} may be"
        return ""


@dataclass(slots=True)
class Gathering:
    """Rows as they are made, each with the number of the line it came from; and the lines refused."""

    kind: ImportKind
    rows: list[Row] = field(default_factory=list)
    at: "array[int]" = field(default_factory=lambda: array("l"))
    refused: dict[int, str] = field(default_factory=dict)
    mended: int = 0
    notes: list[str] = field(default_factory=list)
    beside: list[Row] = field(default_factory=list)

    def add(self, line: int, row: Row) -> None:
        self.rows.append(row)
        self.at.append(line)

    def extend(self, lines: Iterable[int], rows: Iterable[Row]) -> None:
        """Many at once."""
        self.rows.extend(rows)
        self.at.extend(lines)

    def refuse(self, line: int, reason: str) -> None:
        """A line is refused for its first fault."""
        self.refused.setdefault(line, reason)

    def done(self) -> Reading:
        """The rows, each key once. Lines that contradict each other are refused, all of them: nobody knows which is right."""
        kind = KEPT_AS[self.kind]
        places: dict[object, int] = {}
        repeated, wrong = 0, set[int]()
        key = attrgetter(*KEYS[kind])
        once = len(set(map(key, self.rows))) == len(self.rows)
        for place, row in enumerate(self.rows) if not once else ():
            first = places.setdefault(key(row), place)
            if first == place:
                continue
            if self.rows[first] == row:
                repeated += 1
            else:
                self._contradict(first, place, _NAMES[kind])
            wrong.add(place)
        rows = self.rows
        if wrong or self.refused:
            rows = [
                row
                for place, row in enumerate(rows)
                if place not in wrong and self.at[place] not in self.refused
            ]
        rejected = [Rejected(line % ANOTHER_TABLE, self.refused[line]) for line in sorted(self.refused)]
        days = set(days_of(rows))
        notes, beside = tuple(dict.fromkeys(self.notes)), tuple(self.beside)
        span = (min(days, default=None), max(days, default=None))
        return Reading(self.kind, rows, rejected, self.mended, repeated, notes, beside, *span)

    def _contradict(self, first: int, second: int, what: str) -> None:
        lines = (self.at[first], self.at[second])
        for line, other in (lines, lines[::-1]):
            self.refuse(line, f"row {other % ANOTHER_TABLE} says something else of the same {what}")


def joined(one: Gathering, other: Gathering, number: int) -> Gathering:
    """Two tables of one file as one; ``number`` is how many tables stand before the other."""
    shift = number * ANOTHER_TABLE
    one.rows += other.rows
    one.at.extend(line + shift for line in other.at)
    one.refused |= {line + shift: f"table {number + 1}: {reason}" for line, reason in other.refused.items()}
    one.mended += other.mended
    one.notes += other.notes
    one.beside += other.beside
    return one


_NAMES: Mapping[Kind, str] = {
    "bars": "symbol and day", "flows": "day, investor and sector", "holdings": "fund, day and symbol",
    "rates": "rate and day", "holidays": "day", "announcements": "announcement", "navs": "fund and day",
}  # fmt: skip
