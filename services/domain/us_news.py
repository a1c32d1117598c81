"""What the American book tells beside prices: the day's movers and figures as dated records, and what is due."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from services.domain.headlines import NEWS_PREFIX, may_be_quoted, quoted, unique
from services.domain.market import Announcement, Event
from services.domain.profiles import US
from services.domain.rows import EventRow, NewsRow
from services.domain.rows_us import Board, Mover

LEAST_PRICE = 5.0
"""USD under which a mover is not told of: the lists are full of shares of a few cents, moved by a few trades."""
MOST = 3
MOST_HEADLINES = 40
"""The newest ones: a feed of the whole world's business news tells more than anybody reads."""
AHEAD = timedelta(days=14)
_TITLES: Mapping[Board, str] = {
    "gainers": "Largest gains",
    "losers": "Largest falls",
    "actives": "Most traded",
}
_IMPORTANCE = ("High", "Medium")


def told(
    movers: Sequence[Mover], events: Sequence[EventRow], day: date, source: str
) -> tuple[Announcement, ...]:
    """The day's records: three movers of each list, and the important figures that came in."""
    return (*_boards(movers, day, source), *_released(events, day, source))


def press(rows: Sequence[NewsRow], day: date, known: Collection[str]) -> tuple[Announcement, ...]:
    """Headlines of the operator's own feeds up to a day of New York's, newest first, as their publishers' words.

    What cannot be quoted safely is left out; a story is tied to a share only where the book knows it (``known``).
    """
    worth = [row for row in unique(rows) if row.at.astimezone(US.zone).date() <= day and may_be_quoted(row)]
    return tuple(
        Announcement(
            f"{NEWS_PREFIX}{row.id}",
            row.at.astimezone(US.zone).date(),
            symbol,
            quoted(row),
            row.publisher,
            "notice",
        )
        for row in reversed(worth[-MOST_HEADLINES:])
        for symbol in [each for each in row.symbols if each in known] or [""]
    )


def _boards(movers: Sequence[Mover], day: date, source: str) -> list[Announcement]:
    found: list[Announcement] = []
    for board, title in _TITLES.items():
        own = [
            each for each in movers if each.board == board and each.day == day and each.price >= LEAST_PRICE
        ]
        own.sort(key=lambda each: each.place)
        if own:
            names = ", ".join(f"{each.symbol} {_signed(each.change_pct)}%" for each in own[:MOST])
            found.append(Announcement(f"us:{board}:{day}", day, "", f"{title}: {names}", source, "record"))
    return found


def _released(events: Sequence[EventRow], day: date, source: str) -> list[Announcement]:
    return [
        Announcement(event.id, day, event.symbol, _release(event, event.actual), source, "record")
        for event in _ordered(events)
        if event.actual is not None and event.at.astimezone(US.zone).date() == day
    ]


def _release(event: EventRow, actual: float) -> str:
    beside = [
        f"{word} {_plain(value)}"
        for word, value in (("expected", event.forecast), ("before", event.previous))
        if value is not None
    ]
    return f"{event.title}: {_plain(actual)}" + (f" ({', '.join(beside)})" if beside else "")


def due(events: Sequence[EventRow], now: datetime, source: str) -> tuple[Event, ...]:
    """The important American dates of the next fortnight that are still to come, soonest first."""
    coming = [event for event in _ordered(events) if now < event.at <= now + AHEAD and event.actual is None]
    return tuple(
        Event(event.at.astimezone(US.zone).date(), event.symbol, event.title, source)
        for event in sorted(coming, key=lambda each: each.at.astimezone(US.zone).date())
    )


def _ordered(events: Sequence[EventRow]) -> list[EventRow]:
    """American events that matter, the more important first, then by time."""
    own = [each for each in events if each.country == US.country and each.importance in _IMPORTANCE]
    return sorted(own, key=lambda each: (_IMPORTANCE.index(each.importance), each.at, each.id))


def _plain(value: float) -> str:
    """A figure as it was published: 3 for 3.0, else its own digits."""
    return format(Decimal(str(value)).normalize(), "f")


def _signed(value: float) -> str:
    return f"{Decimal(str(value)):+.1f}"
