"""The arithmetic of flows: what foreigners buy, locals sell; in every sector; and classes add up to the totals shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.domain.errors import BrokenPage
from services.domain.rows import FlowRow
from services.domain.sourcing import Page
from services.sources.flow_names import ALL, Side

LEAST = 1e-4
"""USD million: differences below 100 dollars are rounding in every shape (the sample day has 5 dollars)."""
SECTORS = 11
"""So many there are; with all of them a class's whole market is known twice."""


@dataclass(frozen=True, slots=True)
class Total:
    """A total as the file shows it."""

    day: date
    side: Side
    sector: str
    net: float
    row: int


def checked(
    page: Page, rows: Sequence[FlowRow], totals: Sequence[Total], *, step: float
) -> Sequence[FlowRow]:
    """The rows, if their sums hold; else ``BrokenPage`` that names the day, the sector and both sums.

    Tolerance: half of the last digit published (``step``, USD million) for every row added, at least ``LEAST``. Foreigners
    and locals must cancel out by day and sector, and the sectors of a class must add up to its whole market, if all are there.
    A file of one side alone cannot be checked so: that it is one must be told (``asked["side"]``, or "fipi" or "lipi" in its
    name), it must show totals, and its classes must add up to them.
    """
    _apart(page.name, rows)
    _dealings(page.name, rows, step)
    alone = _alone(page)
    summed = _sums(rows)
    for day in sorted({row.day for row in rows}):
        here = [row for row in rows if row.day == day]
        if {row.side for row in here} == {alone}:
            _totalled(page.name, day, here, totals)
        else:
            _sides(page.name, day, here, step)
    for total in totals:
        net, count = summed.get((total.day, total.side, total.sector), (0.0, 0))
        if count and abs(net - total.net) > _allowed(step, count + 1):
            what = f"{total.side} of {total.day}, sector {total.sector!r}"
            detail = (
                f"{what}: the classes add up to {net:+.6f} and the total says {total.net:+.6f} USD million"
            )
            raise BrokenPage(detail, page=page.name, column=total.sector, row=total.row)
    _classes(page.name, rows, step)
    return rows


def _allowed(step: float, count: int) -> float:
    return max(LEAST, 0.5 * step * count * 1.0001)


def _sums(rows: Sequence[FlowRow]) -> Mapping[tuple[date, Side, str], tuple[float, int]]:
    found: dict[tuple[date, Side, str], tuple[float, int]] = {}
    for row in rows:
        net, count = found.get((row.day, row.side, row.sector), (0.0, 0))
        found[row.day, row.side, row.sector] = (net + row.net, count + 1)
    return found


def _apart(page: str, rows: Sequence[FlowRow]) -> None:
    seen: set[tuple[date, Side, str, str]] = set()
    for row in rows:
        key = (row.day, row.side, row.investor, row.sector)
        if key in seen:
            detail = f"{row.investor} in {row.sector!r} on {row.day} stands there twice"
            raise BrokenPage(detail, page=page, column="CLIENT_TYPE")
        seen.add(key)


def _dealings(page: str, rows: Sequence[FlowRow], step: float) -> None:
    """What was bought and what was sold (negative) make the net."""
    for row in rows:
        if row.buy is None or row.sell is None:
            continue
        if row.buy < 0 or row.sell > 0 or abs(row.buy + row.sell - row.net) > _allowed(step, 3):
            dealt = f"bought {row.buy:+.6f} and sold {row.sell:+.6f}, net {row.net:+.6f} USD million"
            raise BrokenPage(
                f"{row.day}, {row.investor}, sector {row.sector!r}: {dealt}", page=page, column=row.sector
            )


def _alone(page: Page) -> Side | None:
    """The side that the file is of alone, if that is told."""
    told = " ".join((page.asked.get("side", ""), page.asked.get("file", ""), page.url, page.name)).lower()
    sides: tuple[Side, ...] = ("FIPI", "LIPI")
    found = [side for side in sides if side.lower() in told]
    return found[0] if len(found) == 1 else None


def _totalled(page: str, day: date, rows: Sequence[FlowRow], totals: Sequence[Total]) -> None:
    side = rows[0].side
    shown = {total.sector for total in totals if (total.day, total.side) == (day, side)}
    lacking = sorted({row.sector for row in rows} - shown)
    if lacking:
        detail = f"{day} has only {side} and no total of sector {lacking[0]!r} to check it by"
        raise BrokenPage(detail, page=page, column=lacking[0])


def _sides(page: str, day: date, rows: Sequence[FlowRow], step: float) -> None:
    """Both sides of a day cancel out in every sector."""
    only = {row.side for row in rows}
    if len(only) == 1:
        detail = f"{day} has only {only.pop()}: a part of the file, or of one side alone, which must be told (asked['side'])"
        raise BrokenPage(detail, page=page, column="CLIENT_TYPE")
    for sector in sorted({row.sector for row in rows}, key=lambda name: (name == ALL, name)):
        here = [row for row in rows if row.sector == sector]
        foreign = sum(row.net for row in here if row.side == "FIPI")
        local = sum(row.net for row in here if row.side == "LIPI")
        if abs(foreign + local) > _allowed(step, len(here)):
            detail = f"{day}, sector {sector!r}: FIPI {foreign:+.6f} and LIPI {local:+.6f} USD million do not cancel out"
            raise BrokenPage(detail, page=page, column=sector)


def _classes(page: str, rows: Sequence[FlowRow], step: float) -> None:
    """A class's sectors add up to its whole market, where the file has both."""
    by_class: dict[tuple[date, str], dict[str, float]] = {}
    for row in rows:
        by_class.setdefault((row.day, row.investor), {})[row.sector] = row.net
    for (day, investor), nets in by_class.items():
        parts = [net for sector, net in nets.items() if sector != ALL]
        if (
            ALL in nets
            and len(parts) == SECTORS
            and abs(sum(parts) - nets[ALL]) > _allowed(step, len(parts) + 1)
        ):
            detail = f"{day}, {investor}: the sectors add up to {sum(parts):+.6f}, the whole market says {nets[ALL]:+.6f}"
            raise BrokenPage(detail, page=page, column=ALL)
