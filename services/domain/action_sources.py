"""Where corporate actions come from: payouts as announced, the LDCP as published, splits we know, an operator's word.

One event may be told by several of them; ``actions_of`` makes each count once.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from services.domain.calendar import previous_session
from services.domain.corporate_actions import by_symbol, ex_price
from services.domain.price_limits import TICK
from services.domain.rows import ActionRow, Bar, PayoutRow
from services.domain.settlement import ex_date

FACE = 10.0
"""Rs: the face value of a share unless it was split, or the company says otherwise."""
_NEAR = timedelta(days=7)
"""Two sources may differ by that much on the day of one event: books close over weekends and holidays."""
_SHARES = (2, 3, 4, 5, 10)
_SUBDIVIDED = "companies' subdivision of shares, 2025-26"

KNOWN: tuple[ActionRow, ...] = (
    ActionRow("MARI", date(2024, 9, 16), "bonus", 1 / 9, note="bonus of 800%"),
    ActionRow("AHCL", date(2025, 3, 27), "split", 1 / 10, note=f"10:1, {_SUBDIVIDED}"),
    ActionRow("LUCK", date(2025, 4, 28), "split", 1 / 5, note=f"5:1, {_SUBDIVIDED}"),
    ActionRow("SYS", date(2025, 6, 2), "split", 1 / 5, note=f"5:1, {_SUBDIVIDED}"),
    ActionRow("UBL", date(2025, 6, 23), "split", 1 / 2, note=f"2:1, {_SUBDIVIDED}"),
    ActionRow("LCI", date(2025, 7, 21), "split", 1 / 5, note=f"5:1, {_SUBDIVIDED}"),
    ActionRow("KOHC", date(2025, 8, 25), "split", 1 / 5, note=f"5:1, {_SUBDIVIDED}"),
    ActionRow("KTML", date(2025, 9, 15), "split", 1 / 5, note=f"5:1, {_SUBDIVIDED}"),
    ActionRow("BAFL", date(2026, 4, 20), "split", 1 / 2, note=f"2:1, {_SUBDIVIDED}"),
    ActionRow("MTL", date(2026, 6, 22), "split", 1 / 2, note=f"2:1, {_SUBDIVIDED}"),
)
"""Splits that no payout list holds, with the first session on the new footing."""


def actions_of_payouts(
    payouts: Iterable[PayoutRow],
    splits: Iterable[ActionRow] = KNOWN,
    *,
    faces: Mapping[str, float] | None = None,
    close_before: Callable[[str, date], float | None] = lambda _symbol, _day: None,
    extra_holidays: Collection[date] = (),
    reopened: Collection[date] = (),
) -> tuple[ActionRow, ...]:
    """Announced payouts as actions on their ex-dates; one without percent or closure days gives none.

    A dividend is percent of face value. A bonus of b turns one share into 1 + b. A right of r at the price S makes the
    share worth (P + r S) / (1 + r), the theoretical ex-right price; it is worth nothing where S is above P, and without
    ``close_before`` (the last close before a day) it gives no action.

    Args:
        payouts: As the exchange lists them; ``premium`` is above face value.
        splits: Splits lower the face value from their day on.
        faces: Face values in Rs on the day of the payout, where they are known to differ.
        close_before: The last close before a day, Rs.
        extra_holidays: The operator's closures.
        reopened: Days the exchange opened after all.
    """
    subdivided = by_symbol(split for split in splits if split.kind == "split")
    found: list[ActionRow] = []
    for row in payouts:
        if row.closure_from is None or not row.percent or row.percent < 0:
            continue
        day = ex_date(row.closure_from, extra_holidays, reopened=reopened)
        face = (faces or {}).get(row.symbol) or face_value(subdivided.get(row.symbol, ()), day)
        made = _payout(row, day, face, close_before)
        if made is not None:
            found.append(made)
    return tuple(found)


def known_actions(
    bars: Sequence[Bar],
    imported: Sequence[ActionRow],
    payouts: Iterable[PayoutRow],
    *,
    extra_holidays: Collection[date] = (),
    reopened: Collection[date] = (),
) -> tuple[ActionRow, ...]:
    """All that is known of these bars' actions: the operator's and imported ones first, then payouts, then known splits."""
    lines: dict[str, list[tuple[date, float]]] = {}
    for bar in bars:
        lines.setdefault(bar.symbol, []).append((bar.day, bar.close))
    for line in lines.values():
        line.sort()

    def close_before(symbol: str, day: date) -> float | None:
        line = lines.get(symbol, [])
        place = bisect_left(line, (day, 0.0))
        return line[place - 1][1] if place else None

    announced = actions_of_payouts(
        payouts,
        _once([imported, KNOWN]),
        close_before=close_before,
        extra_holidays=extra_holidays,
        reopened=reopened,
    )
    return actions_of(bars, [imported, announced, KNOWN])


def face_value(splits: Iterable[ActionRow], day: date) -> float:
    """The face value in Rs on a day, Rs 10 before the first of these splits of one symbol."""
    return round(ex_price(FACE, [split for split in splits if split.ex_date <= day]), 4)


def _payout(
    row: PayoutRow, day: date, face: float, close_before: Callable[[str, date], float | None]
) -> ActionRow | None:
    part = (row.percent or 0.0) / 100
    if row.kind == "dividend":
        return ActionRow(row.symbol, day, "dividend", 1.0, round(part * face, 6), row.text)
    if row.kind == "bonus":
        return ActionRow(row.symbol, day, "bonus", 1 / (1 + part), note=row.text)
    if row.kind != "right":
        return None
    previous = close_before(row.symbol, day)
    if previous is None:
        return None
    price = face + (row.premium or 0.0)
    worth = (previous + part * price) / (1 + part)
    return ActionRow(row.symbol, day, "right", min(1.0, worth / previous), note=row.text)


def actions_of(bars: Sequence[Bar], stated: Sequence[Iterable[ActionRow]]) -> tuple[ActionRow, ...]:
    """All actions of these bars, each event once.

    ``stated`` are the sources in the order of their word's weight (operator, import, payouts, known splits): of two that
    tell the same event the first counts. Where bars bear the published LDCP, it has the last word on the day, and an
    event that nobody stated is read from it: a split if it is one of the usual ratios, else a cash dividend.
    """
    told = by_symbol(_once(stated))
    grouped: dict[str, list[Bar]] = {}
    for bar in bars:
        grouped.setdefault(bar.symbol, []).append(bar)
    found: list[ActionRow] = []
    for symbol in sorted(told.keys() | grouped.keys()):
        own = sorted(grouped.get(symbol, ()), key=lambda bar: bar.day)
        found += _with_evidence(own, told.get(symbol, []))
    return tuple(found)


def _once(stated: Sequence[Iterable[ActionRow]]) -> list[ActionRow]:
    """The actions of all sources without those that a weightier one tells already."""
    kept: dict[str, list[ActionRow]] = {}
    for source in stated:  # within a source each row is an event of its own
        fresh = [
            action
            for action in source
            if not any(_same_event(action, known) for known in kept.get(action.symbol, ()))
        ]
        for action in fresh:
            kept.setdefault(action.symbol, []).append(action)
    return [action for own in kept.values() for action in own]


def _same_event(one: ActionRow, other: ActionRow) -> bool:
    """The same key, or the same size within a week: a cash amount to the paisa, a factor to 2 %."""
    if one.ex_date == other.ex_date and one.kind == other.kind:
        return True
    if abs(one.ex_date - other.ex_date) > _NEAR or (one.factor == 1) != (other.factor == 1):
        return False
    return abs(one.cash - other.cash) < TICK and abs(one.factor / other.factor - 1) < 0.02


def _with_evidence(bars: Sequence[Bar], told: list[ActionRow]) -> list[ActionRow]:
    """What was told of one symbol, moved to the day on which LDCP was lowered, and what LDCP alone shows."""
    actions = list(told)
    for before, bar in pairwise(bars):
        if bar.ldcp is None or before.close - bar.ldcp <= TICK / 2 or before.close <= 0:
            continue
        today = [action for action in actions if action.ex_date == bar.day]
        if today and _fits(before.close, bar.ldcp, today):
            continue
        near = [a for a in actions if a not in today and abs(a.ex_date - bar.day) <= _NEAR]
        moved = [a for a in near if _fits(before.close, bar.ldcp, [*today, a])]
        if moved:
            actions = [replace(a, ex_date=bar.day) if a is moved[0] else a for a in actions]
        elif not today and (read := _read(before, bar, bar.ldcp)) is not None:
            actions.append(read)
    return actions


def _fits(close: float, ldcp: float, actions: Sequence[ActionRow]) -> bool:
    return abs(ex_price(close, actions) - ldcp) <= max(2 * TICK, 0.005 * ldcp)


def _read(before: Bar, bar: Bar, ldcp: float) -> ActionRow | None:
    """The event that a lowered LDCP shows by itself; None where it may be the close of a session we have no bar of."""
    note = f"LDCP {ldcp:.2f} after a close of {before.close:.2f}"
    for shares in _SHARES:
        if abs(before.close / shares - ldcp) <= TICK:
            return ActionRow(bar.symbol, bar.day, "split", 1 / shares, note=f"{shares}:1, {note}")
    if before.day != previous_session(bar.day):
        return None
    return ActionRow(bar.symbol, bar.day, "dividend", 1.0, round(before.close - ldcp, 4), note)
