"""The market's day measured once for everybody: each share's line, the sectors, the breadth; briefs choose from it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import fmean

from services.domain.briefing.points import Mint, sector_name, short_name
from services.domain.errors import NotAvailable
from services.domain.indicators import History, Measures, history, measures
from services.domain.market import Fact, IndexLevel, MarketBook, Share
from services.domain.quotation import price_status

CLOSES = "adjusted closes"
QUOTES = "prices against LDCP"
LEAST_ROWS = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One share on the book's day. ``move`` is against LDCP; ``value`` is price times volume, Rs.

    ``ratio`` is volume against the median of the 20 sessions before, ``week`` the move over five sessions, ``streak``
    how many sessions in a row it closed in the same direction (negative: falling), None where history is too short.
    """

    share: Share
    name: str
    price: Fact
    volume: Fact
    move: Fact
    value: Fact
    ratio: Fact | None
    week: Fact | None
    month: Fact | None
    streak: int
    weight: Decimal
    measured: Measures


@dataclass(frozen=True, slots=True)
class SectorDay:
    """A sector on the book's day: the plain average of its covered shares' moves, and its rows, best first.

    Where a fund is the sector (``fund``), ``move`` and ``month`` are the fund's own; it is none of the rows, which may then
    be none at all.
    """

    code: str
    name: str
    move: Fact
    month: Fact | None
    value: Fact
    rows: tuple[Row, ...]
    fund: Row | None = None

    @property
    def compared(self) -> bool:
        """Whether it may be set against others: a single share is no sector, its move would stand for nobody but itself."""
        return self.fund is not None or len(self.rows) >= LEAST_ROWS

    @property
    def compares_shares(self) -> bool:
        """Whether its shares are told of as a group: beside a fund a single one is none."""
        return self.fund is None or len(self.rows) >= LEAST_ROWS


@dataclass(frozen=True, slots=True)
class Survey:
    """All of it. ``rows`` are shares, ``funds`` the sectors' own and all others. ``closes`` are the index's known closes, oldest first.

    ``names`` are proper names of the book that hold digits and claim nothing.
    """

    book: MarketBook
    past: History
    mint: Mint
    rows: tuple[Row, ...]
    sectors: tuple[SectorDay, ...]
    closes: tuple[tuple[date, float], ...]
    names: frozenset[str]
    funds: tuple[Row, ...] = ()

    @property
    def headline(self) -> IndexLevel | None:
        """The benchmark's level of the book's day; None if only an older one is known."""
        level = self.book.indices.get(self.head)
        return level if level is not None and level.level.as_of.date() == self.book.day else None

    @property
    def index(self) -> IndexLevel:
        """The same for whoever can say nothing without it.

        Raises:
            NotAvailable: If it is not known.
        """
        level = self.headline
        if level is None:
            raise NotAvailable(
                f"the {self.head_name} of {self.book.day} is not known yet", what=self.head_name
            )
        return level

    @property
    def head(self) -> str:
        """The benchmark's code."""
        return self.book.profile.headline

    @property
    def head_name(self) -> str:
        return self.book.profile.headline_name

    @property
    def levels(self) -> str:
        """What figures of the benchmark's past are computed from."""
        return f"{self.head_name} closes"

    def by_move(self) -> tuple[Row, ...]:
        """Best first; shares without volume are left out."""
        return tuple(
            sorted(
                (r for r in self.rows if r.volume.value > 0), key=lambda r: (-r.move.value, r.share.symbol)
            )
        )

    def count(self, stem: str, test: Callable[[Row], bool], origin: str = QUOTES) -> Fact:
        """How many rows pass a test, as a fact."""
        return self.mint.count(stem, sum(test(row) for row in self.rows), "All", origin)

    def row(self, symbol: str) -> Row | None:
        """The line of one share or sector fund; None if it was not quoted on the day."""
        return next((row for row in (*self.rows, *self.funds) if row.share.symbol == symbol), None)


def survey(book: MarketBook, past: History | None = None) -> Survey:
    """Measure a book (about 40 ms for 98 names; keep it by ``book.version``)."""
    past = past or history(book)
    market = book.profile
    mint = Mint(book.day, book.closed_at, price_status(book), market.currency, market.reference)
    fresh = (q for q in book.quotes.values() if q.price.as_of.date() == book.day and q.ldcp.value > 0)
    known = tuple(
        row
        for q in fresh
        if q.symbol in book.shares and (row := _row(book, past, mint, q.symbol)) is not None
    )
    funds = tuple(row for row in known if book.is_fund(row.share.symbol))
    traded = {row.share.symbol for row in funds}
    rows = tuple(row for row in known if row.share.symbol not in traded)
    levels = book.index_series.get(market.headline, {})
    closes = tuple(sorted((day, level) for day, level in levels.items() if day <= book.day))
    sectors = _sectors(rows, tuple(row for row in funds if book.is_sector_fund(row.share.symbol)), mint)
    return Survey(book, past, mint, rows, sectors, closes, _numbered_names(book), funds)


def _numbered_names(book: MarketBook) -> frozenset[str]:
    named = (
        *book.index_names.values(),
        *(f.name for f in book.funds.values()),
        *(s.name for s in book.shares.values()),
    )
    return frozenset(name for name in named if any(letter.isdigit() for letter in name))


def _row(book: MarketBook, past: History, mint: Mint, symbol: str) -> Row | None:
    measured = measures(past, symbol)
    if measured is None:
        return None
    quote, share = book.quotes[symbol], book.shares[symbol]
    closes = past.closes_of(symbol)
    return Row(
        share=share,
        name=short_name(share),
        price=quote.price,
        volume=quote.volume,
        move=mint.fraction("move", quote.change_fraction, symbol, QUOTES),
        value=mint.money("value", quote.price.value * quote.volume.value, symbol, "price times volume"),
        ratio=None
        if measured.volume_ratio is None
        else mint.times("ratio", measured.volume_ratio, symbol, "daily volumes"),
        week=_over(mint, "move5", closes, 5, symbol),
        month=_over(mint, "move21", closes, 21, symbol),
        streak=_streak(closes),
        weight=book.kse100_weights.weights.get(symbol, Decimal(0)),
        measured=measured,
    )


def _over(mint: Mint, stem: str, closes: tuple[float, ...], sessions: int, symbol: str) -> Fact | None:
    if len(closes) <= sessions:
        return None
    return mint.fraction(stem, closes[-1] / closes[-1 - sessions] - 1, symbol, CLOSES)


def _streak(closes: tuple[float, ...]) -> int:
    """Sessions in a row with a close in the same direction; negative while falling, 0 if unchanged."""
    run = 0
    for later, earlier in zip(closes[:0:-1], closes[-2::-1], strict=True):
        step = (later > earlier) - (later < earlier)
        if step == 0 or run * step < 0:
            break
        run += step
    return run


def _sectors(rows: tuple[Row, ...], funds: tuple[Row, ...], mint: Mint) -> tuple[SectorDay, ...]:
    """Sectors by their move, best first; where sectors have funds, a share without a sector makes none."""
    own = {row.share.sector_code: row for row in funds}
    groups: dict[str, list[Row]] = {code: [] for code in own}
    for row in rows:
        if row.share.sector_code or not own:
            groups.setdefault(row.share.sector_code, []).append(row)
    found = (_sector(code, group, own.get(code), mint) for code, group in groups.items())
    return tuple(sorted(found, key=lambda s: -s.move.value))


def _sector(code: str, group: list[Row], fund: Row | None, mint: Mint) -> SectorDay:
    name = sector_name((fund or group[0]).share)
    months = [float(row.month.value) for row in group if row.month is not None]
    mean_month = mint.fraction("sector_month", fmean(months), name, CLOSES) if months else None
    if fund is not None:
        move, month = fund.move, fund.month
    else:
        mean = fmean(float(row.move.value) for row in group)
        move, month = mint.fraction("sector_move", mean, name, QUOTES), mean_month
    return SectorDay(
        code=code,
        name=name,
        move=move,
        month=month,
        value=mint.money(
            "sector_value", sum((row.value.value for row in group), Decimal(0)), name, "price times volume"
        ),
        rows=tuple(sorted(group, key=lambda row: -row.move.value)),
        fund=fund,
    )


def since(closes: tuple[tuple[date, float], ...], day: date) -> tuple[date, float] | None:
    """The last known close on or before a day."""
    earlier = [close for close in closes if close[0] <= day]
    return earlier[-1] if earlier else None
