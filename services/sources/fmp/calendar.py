"""FMP's economic calendar and its companies.

``economic-calendar?from=&to=``: ``{date (UTC), country, event, currency, previous, estimate, actual, change, impact,
changePercentage}`` for at most ninety days. ``profile?symbol=`` and ``stock-list``: ``{symbol, companyName, …}``.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from services.domain.new_york import NEW_YORK
from services.domain.rows import EventRow, Symbol
from services.domain.sourcing import Page
from services.sources.fmp.answers import Row, once, rows

MOST_EVENTS = 20_000
MOST_SYMBOLS = 200_000
_AHEAD = timedelta(days=180)
_EVENT = ("date", "country", "event", "previous", "estimate", "actual", "impact")


def read_calendar(page: Page) -> Sequence[EventRow]:
    """What was and is due in all countries; ids stay the same when a figure comes in."""
    named: Counter[str] = Counter()
    events: list[EventRow] = []
    for row in rows(page, needed=_EVENT, most=MOST_EVENTS):
        event = _event(row)
        named[event.id] += 1  # several of one name at one time happen: two auctions, two speeches
        count = named[event.id]
        events.append(event if count == 1 else _numbered(event, count))
    return events


def _event(row: Row) -> EventRow:
    at, country, title = row.moment("date", ahead=_AHEAD), row.text("country"), row.text("event")
    return EventRow(
        id=f"fmp:{country}:{at:%Y-%m-%d}:{title}",
        at=at,
        country=country,
        title=title,
        importance=row.text_or_none("impact"),
        actual=row.number_or_none("actual"),
        forecast=row.number_or_none("estimate"),
        previous=row.number_or_none("previous"),
    )


def _numbered(event: EventRow, count: int) -> EventRow:
    return EventRow(
        f"{event.id}#{count}", event.at, event.country, event.title, event.importance, event.actual,
        event.forecast, event.previous,
    )  # fmt: skip


def read_symbols(page: Page) -> Sequence[Symbol]:
    """Companies and funds: profiles with their sector, or the bare list of all."""
    found = rows(page, needed=("symbol", "companyName"), most=MOST_SYMBOLS)
    once(page, [row.symbol() for row in found], "symbol")
    day = page.fetched_at.astimezone(NEW_YORK).date()
    return [
        Symbol(
            symbol=row.symbol(),
            day=day,
            name=row.text_or_none("companyName"),
            sector=row.text_or_none("sector"),
            is_etf=row.has("isEtf") and row.flag("isEtf"),
        )
        for row in found
    ]
