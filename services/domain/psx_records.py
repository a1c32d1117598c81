"""What is told of PSX beside prices: announcements, headlines, payouts, what is due, rates and flows."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from services.domain.headlines import as_announcements
from services.domain.market import Announcement, Event, Fact, Flow, IndexLevel, MarketBook, Payout
from services.domain.psx_funds import midnight
from services.domain.psx_stock import Stock, fact
from services.domain.rows import (
    ActionRow,
    EventRow,
    FlowRow,
    FxRow,
    HolidayRow,
    NewsRow,
    Notice,
    PayoutRow,
    RateRow,
)

PSX: Final = "PSX announcements"
PAYOUTS: Final = "PSX payouts"
AHEAD: Final = timedelta(days=120)
_LONGEST: Final = 140  # characters of a title
# The first that fits; whatever fits none is a plain notice.
_KINDS: Final = (
    ("payout", re.compile(r"dividend|bonus|right\s+(?:issue|shares?)|entitlement|book\s+closure", re.IGNORECASE)),
    ("result", re.compile(r"financial\s+results?|(?:quarterly|annual|half[\s-]?year\w*)\s+(?:accounts|report)", re.IGNORECASE)),
    ("action", re.compile(r"split|sub-?division|face\s+value|merger|amalgamation|buy-?back", re.IGNORECASE)),
)  # fmt: skip


def announcements(
    told: Sequence[Announcement], indices: Mapping[str, IndexLevel], day: date
) -> tuple[Announcement, ...]:
    """Everything told up to the day (by ``news_until``) and the index's own day, newest first."""
    known = {each.id for each in told}
    found = [*told, *(each for each in _index_day(indices, day) if each.id not in known)]
    return tuple(sorted(found, key=lambda each: (each.day, each.id), reverse=True))


def news_until(base: MarketBook, stock: Stock, day: date) -> list[Announcement]:
    """The exchange's titles, headlines and the frozen records, none later than the day.

    Of a notice that was told twice the later telling counts; one that was revoked is not told, however often it was before.
    """
    found = [each for each in base.announcements if each.day <= day]
    known = {each.id for each in found}
    for row, _ in stock.told("announcements", Notice):
        told = _announced(row)
        if told.id not in known and told.day <= day:
            known.add(told.id)
            found += [] if row.revoked else [told]
    headlines = [row for row, _ in stock.told("news", NewsRow)]
    return [*found, *as_announcements(headlines, day)]


def _announced(row: Notice) -> Announcement:
    title = re.sub(r"\s+", " ", row.title).strip()
    words = title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1].rstrip()}…"
    kind = next((name for name, pattern in _KINDS if pattern.search(title)), "notice")
    said = f"{row.symbol}: {words}" if row.symbol else words
    return Announcement(f"psx:{row.id}", row.at.date(), row.symbol, said, PSX, kind)  # type: ignore[arg-type]  # one of the four above


def _index_day(indices: Mapping[str, IndexLevel], day: date) -> Iterator[Announcement]:
    level = indices.get("KSE100")
    if level is None or level.level.as_of.date() > day:
        return
    day = level.level.as_of.date()
    moved = abs(level.change_fraction * 100)
    word = f"{'up' if level.change.value > 0 else 'down'} {moved:.2f}%" if level.change.value else "unchanged"
    title = f"KSE-100 at {level.level.value:,.2f}, {word}"
    yield Announcement(f"index:KSE100:{day}", day, "", title, level.level.source, "index")


def payouts(base: MarketBook, stock: Stock, day: date) -> tuple[Payout, ...]:
    """Payouts announced up to the day, each with its ex-date and its rupees a share where these are known."""
    known = [each for each in base.payouts if (each.announced or each.ex_date or day) <= day]
    days: defaultdict[_Told, list[date]] = defaultdict(list)
    for each in known:
        days[each.symbol, each.kind, each.text].append(each.announced or each.ex_date or day)
    actions: defaultdict[_Told, list[ActionRow]] = defaultdict(list)
    for own in sorted(stock.history.actions, key=lambda action: action.ex_date):
        actions[own.symbol, _class(own), own.note].append(own)
    for row, batch in stock.told("payouts", PayoutRow):
        told, name = row.announced.date(), (row.symbol, row.kind, row.text)
        if told > day or any(told <= other <= told + AHEAD for other in days[name]):
            continue  # the frozen list knows an ex-date alone; a later year's payout may have the same words
        days[name].append(told)
        action = next((each for each in actions[name] if told <= each.ex_date <= told + AHEAD), None)
        cash = action.cash if action is not None and row.kind == "dividend" else 0.0
        paid = fact(batch, f"dividend:{row.symbol}", cash, "PKR", row.announced) if cash else None
        ex_date = action.ex_date if action is not None else None
        known.append(Payout(row.symbol, row.kind, row.text, told, ex_date, paid, PAYOUTS))
    return tuple(known)


_Told = tuple[str, str, str]
"""A payout's symbol, kind and the exchange's words."""


def _class(action: ActionRow) -> str:
    return "bonus" if action.kind == "split" else action.kind


def events(base: MarketBook, stock: Stock, day: date) -> tuple[Event, ...]:
    """What is due behind the day: ex-dates, closures of the exchange, releases, meetings."""
    found = {(each.day, each.symbol, each.title): each for each in base.events if each.day > day}
    due: list[Event] = []
    for action in stock.history.actions:
        if action.kind != "split" and day < action.ex_date <= day + AHEAD:  # a split is told when it is there
            word = {"dividend": "ex-dividend", "bonus": "ex-bonus", "right": "ex-rights"}[action.kind]
            due.append(Event(action.ex_date, action.symbol, f"{action.symbol} trades {word}", PAYOUTS))
    for holiday, _ in stock.told("holidays", HolidayRow):
        if (
            day < holiday.day <= day + AHEAD
            and holiday.name
            and not holiday.name.casefold().startswith(("open", "hours"))
        ):
            said = f"PSX closed: {holiday.name}" + (" (by the moon, may move)" if holiday.tentative else "")
            due.append(Event(holiday.day, "", said, "PSX holidays"))
    due += [
        Event(row.at.date(), row.symbol, row.title, batch.source)
        for row, batch in stock.told("events", EventRow)
        if day < row.at.date() <= day + AHEAD
    ]
    for each in due:
        found.setdefault((each.day, each.symbol, each.title), each)
    return tuple(sorted(found.values(), key=lambda each: (each.day, each.symbol, each.title)))


def rates(base: MarketBook, stock: Stock, day: date) -> dict[str, Fact]:
    """Currencies and the economy's rates, each the newest not later than the day."""
    found = {name: each for name, each in base.rates.items() if each.as_of.date() <= day}

    def take(name: str, told: Fact) -> None:
        if told.as_of.date() <= day and (name not in found or told.as_of >= found[name].as_of):
            found[name] = told

    for fx, batch in reversed(stock.told("fx", FxRow)):
        take(
            fx.currency,
            fact(batch, f"rate:{fx.currency}", fx.ready, "PKR per USD", midnight(fx.day), "PK"),
        )
    for row, batch in reversed(stock.told("rates", RateRow)):
        take(row.name, fact(batch, f"rate:{row.name}", row.value, row.unit, midnight(row.day), "PK"))
    return found


def flows(base: MarketBook, stock: Stock, day: date) -> tuple[Flow, ...]:
    """The newest day's flows: the kept one, or the frozen one where that is newer or nothing is kept."""
    batch = stock.newest.get("flows")
    rows = [row for row in stock.rows("flows", FlowRow) if row.day <= day]
    frozen = tuple(each for each in base.flows if each.net.as_of.date() <= day)
    if batch is None or not rows:
        return frozen
    newest = max(row.day for row in rows)
    if frozen and frozen[0].net.as_of.date() > newest:
        return frozen
    return tuple(
        Flow(
            row.side, row.investor, row.sector,
            fact(batch, f"flow:{row.side}:{row.investor}:{row.sector}", row.net, "USD mn", midnight(row.day), row.sector),
        )
        for row in rows
        if row.day == newest
    )  # fmt: skip
