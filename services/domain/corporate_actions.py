"""Prices across splits, bonuses, rights and dividends: adjusted on read, and every jump explained or put in quarantine.

A bar is kept as it was traded. ``ActionRow.factor`` takes earlier prices to the footing of the ex-date; ``cash`` is what a
dividend took out of the price, Rs a share on that day's footing. All functions are pure; prices are Rs a share.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from math import prod
from operator import attrgetter
from typing import Literal

from services.domain.market import Adjustment
from services.domain.price_limits import NARROWEST, is_legal, limit
from services.domain.rows import ActionRow, Bar

View = Literal["splits", "total"]
"""Prices with splits, bonuses and rights taken out; or with cash dividends too, as if they had been put into the share."""
Why = Literal["action", "accepted", "unexplained", "misfit"]

_DAY = attrgetter("day")
ACCEPTED = "accepted as it is"
"""Note of an action that changes nothing: the operator's word that a jump was the market's."""
_SHARES = (2, 3, 4, 5, 10)  # new shares for an old one, as PSX's companies split


@dataclass(frozen=True, slots=True)
class Jump:
    """A close beyond the legal limit of the one before, or one that an action does not fit.

    ``reference`` is what the actions between the two days make of ``previous``; ``reach`` the legal move from there, Rs.
    """

    symbol: str
    day: date
    before: date
    previous: float
    close: float
    reference: float
    reach: float
    actions: tuple[ActionRow, ...]
    why: Why

    @property
    def ratio(self) -> float:
        return self.close / self.previous

    @property
    def suggestion(self) -> str:
        """The split that would make it a legal move ("split 5:1"), for an operator to confirm; "" if none does."""
        fitting = [
            (abs(self.ratio * shares - 1), shares)
            for shares in _SHARES
            if is_legal(self.close, self.previous / shares, self.day)
        ]
        return f"split {min(fitting)[1]}:1" if fitting and self.ratio < _LARGEST_PAYOUT else ""


_LARGEST_PAYOUT = (
    0.7  # a fall that leaves more of the price than this is a dividend's or a bonus's as well as a split's
)


def accepted(symbol: str, day: date, note: str = "") -> ActionRow:
    """The action by which an operator takes a jump as a market move."""
    return ActionRow(symbol, day, "dividend", 1.0, 0.0, f"{ACCEPTED}; {note}" if note else ACCEPTED)


def is_accepted(action: ActionRow) -> bool:
    """Whether an action is only an operator's word that the price moved by itself."""
    return action.note.startswith(ACCEPTED)


def ex_price(previous: float, actions: Iterable[ActionRow]) -> float:
    """What a close becomes by the actions of one ex-date: the cash leaves it first, then it is shared out."""
    cash, factor = 0.0, 1.0
    for action in actions:
        cash += action.cash
        factor *= action.factor
    return (previous - cash) * factor


def by_symbol(actions: Iterable[ActionRow]) -> dict[str, list[ActionRow]]:
    """Actions by symbol, each list in the order of ex-dates."""
    found: defaultdict[str, list[ActionRow]] = defaultdict(list)
    for action in actions:
        found[action.symbol].append(action)
    for own in found.values():
        own.sort(key=lambda action: (action.ex_date, action.kind))
    return dict(found)


def adjusted(bars: Sequence[Bar], actions: Iterable[ActionRow], kind: View = "splits") -> tuple[Bar, ...]:
    """Bars on the footing of the newest one of each symbol, by symbol and day; volumes in today's shares.

    In the "total" view a dividend's factor is ``1 - cash / close before`` (CRSP's definition), so the product of the moves
    is what a holder got who put each dividend back in. A bar's own LDCP is scaled as the bar is: its day's change stays.
    """
    known = by_symbol(actions)
    found: list[Bar] = []
    for symbol, own in _grouped(bars).items():
        found += _scaled(own, known.get(symbol, []), kind)
    return tuple(found)


def _scaled(bars: Sequence[Bar], actions: Sequence[ActionRow], kind: View) -> list[Bar]:
    """One symbol's bars, scaled backwards from the newest."""
    if not bars:
        return []
    waiting = [action for action in actions if action.ex_date <= bars[-1].day]
    scaled: list[Bar] = []
    price = shares = 1.0
    for bar in reversed(bars):
        between: list[ActionRow] = []
        while waiting and waiting[-1].ex_date > bar.day:
            between.append(waiting.pop())
        if between:
            split, after = prod(action.factor for action in between), ex_price(bar.close, between)
            shares *= split
            price *= after / bar.close if kind == "total" and after > 0 else split
        scaled.append(bar if price == shares == 1.0 else _times(bar, price, shares))
    return scaled[::-1]


def _times(bar: Bar, price: float, shares: float) -> Bar:
    def at(value: float | None) -> float | None:
        return None if value is None else value * price

    return replace(
        bar,
        open=at(bar.open),
        high=at(bar.high),
        low=at(bar.low),
        close=bar.close * price,
        volume=round(bar.volume / shares),
        ldcp=at(bar.ldcp),
    )


def reference(bar: Bar, before: Bar | None, actions: Iterable[ActionRow]) -> float | None:
    """What a day's change is counted from: the published LDCP, else the close before, lowered by that day's actions.

    ``None`` on a first bar without LDCP. ``actions`` are the symbol's.
    """
    if bar.ldcp is not None:
        return bar.ldcp
    if before is None:
        return None
    return ex_price(before.close, [each for each in actions if before.day < each.ex_date <= bar.day])


def explain_jumps(
    bars: Sequence[Bar], actions: Iterable[ActionRow]
) -> tuple[tuple[Jump, ...], tuple[Jump, ...]]:
    """Every close beyond the legal limit: those that an action explains, and those to be put in quarantine.

    The limit counts from the last close, however long ago that was. A split, bonus or right that the price did not follow
    ("misfit") goes into quarantine as well: adjusting by it would make a jump where there was none.
    """
    known = by_symbol(actions)
    found = [
        jump
        for symbol, own in _grouped(bars).items()
        for before, bar in pairwise(own)
        if (jump := _jump(symbol, before, bar, known.get(symbol, ()))) is not None
    ]
    explained = tuple(jump for jump in found if jump.why in {"action", "accepted"})
    return explained, tuple(jump for jump in found if jump.why in {"unexplained", "misfit"})


def _jump(symbol: str, before: Bar, bar: Bar, actions: Sequence[ActionRow]) -> Jump | None:
    legal = abs(bar.close - before.close) <= NARROWEST * before.close or is_legal(
        bar.close, before.close, bar.day
    )
    if legal and not actions:
        return None
    between = tuple(action for action in actions if before.day < action.ex_date <= bar.day)
    if legal and all(action.factor == 1 for action in between):
        return None
    target = ex_price(before.close, between)
    fits = target > 0 and is_legal(bar.close, target, bar.day)
    if legal and fits:
        return None  # an ordinary day with a small bonus in it
    return Jump(
        symbol=symbol,
        day=bar.day,
        before=before.day,
        previous=before.close,
        close=bar.close,
        reference=target,
        reach=limit(target, bar.day),
        actions=between,
        why=_why(between, fits=fits),
    )


def _why(between: Sequence[ActionRow], *, fits: bool) -> Why:
    if any(is_accepted(action) for action in between):
        return "accepted"
    if fits:
        return "action"
    return "misfit" if between else "unexplained"


def released(bars: Sequence[Bar], quarantined: Iterable[Jump]) -> tuple[Bar, ...]:
    """What may reach users: of each symbol only the bars behind its last quarantined one, by symbol and day."""
    last: dict[str, date] = {}
    for jump in quarantined:
        last[jump.symbol] = max(jump.day, last.get(jump.symbol, jump.day))
    found: list[Bar] = []
    for symbol, own in _grouped(bars).items():
        found += own[bisect_right(own, last[symbol], key=_DAY) :] if symbol in last else own
    return tuple(found)


def adjustments(actions: Iterable[ActionRow], source: str) -> Mapping[str, tuple[Adjustment, ...]]:
    """The factors of a market book, by symbol: splits, bonuses and rights; a dividend is none, nor is an operator's word."""
    return {
        symbol: made
        for symbol, own in by_symbol(actions).items()
        if (
            made := tuple(
                Adjustment(symbol, a.ex_date, a.factor, a.note, source) for a in own if a.factor != 1
            )
        )
    }


def _grouped(bars: Sequence[Bar]) -> dict[str, list[Bar]]:
    """Bars by symbol in the order of symbols, each list by day; closes of 0 are no closes and are left out."""
    found: defaultdict[str, list[Bar]] = defaultdict(list)
    for bar in bars:
        if bar.close > 0:
            found[bar.symbol].append(bar)
    for own in found.values():
        own.sort(key=_DAY)
    return {symbol: found[symbol] for symbol in sorted(found)}
