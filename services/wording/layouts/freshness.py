"""One line that names what is older than it should be, with the day it is of."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.domain.conversation import Lang
from services.domain.freshness import Aspect, Freshness
from services.wording.numbers import clock, day
from services.wording.sentences import say

MOST = 4
_TOGETHER: Mapping[Aspect, str] = {
    "watch": "prices", "ticks": "prices", "bars": "prices", "baskets": "holdings", "sectors": "symbols",
    "breadth": "prices", "depth": "prices", "leaders": "prices", "movers": "prices", "sector_moves": "prices",
    "totals": "prices",
}  # fmt: skip
_INTRADAY: frozenset[Aspect] = frozenset({"watch", "ticks", "indices"})
_COMMA: Mapping[Lang, str] = {"en": ", ", "ur": "، ", "roman": ", "}


def stale_line(lang: Lang, stale: Sequence[Freshness]) -> str:
    """What is not up to date ("Not up to date: prices (19 Aug 2026), news (none)"); "" if all is."""
    told: dict[str, str] = {}
    for part in stale:
        told.setdefault(_TOGETHER.get(part.kind, part.kind), _said(lang, part))
    if not told:
        return ""
    items = [*told.values()][:MOST]
    if len(told) > MOST:
        items.append(say(lang, "freshness.more", count=str(len(told) - MOST)))
    return say(lang, "freshness.line", items=_COMMA[lang].join(items))


def _said(lang: Lang, part: Freshness) -> str:
    kind = say(lang, f"freshness.{_TOGETHER.get(part.kind, part.kind)}")
    if part.as_of is None:
        return say(lang, "freshness.none", kind=kind)
    return say(lang, "freshness.of", kind=kind, when=_when(part.as_of, timed=part.kind in _INTRADAY))


def _when(at: datetime, *, timed: bool) -> str:
    return f"{day(at.date())}, {clock(at)}" if timed else day(at.date())
