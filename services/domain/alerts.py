"""Watches in plain words: read into a rule, and checked against a market book."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.domain.errors import AmbiguousName, BadInput, UnknownName
from services.domain.instruments import Directory
from services.domain.letters import words
from services.domain.market import Fact, MarketBook
from services.domain.quantities import Quantity, opened, quantities

RuleName = Literal["above", "below", "up", "down", "moves"]

_UP = frozenset(
    words(
        """above over crosses cross exceeds exceed more greater higher rises rise rising up gains gain climbs
        jumps upar ooper oopar zyada ziada barhe barhay barh chare charhe charhay chadhe upr paar اوپر زیادہ
        بڑھے چڑھے پار بڑھ چڑھ"""
    )
)
_DOWN = frozenset(
    words(
        """below under less lower falls fall falling drops drop down loses lose dips slips neeche nichay
        neechay niche neche nechay kam ghate ghatay gire giray girey gir girta utre utray نیچے کم گرے گر
        گھٹے اترے"""
    )
)
_EITHER = frozenset(words("moves move changes change swings swing hile hilay hila badle بدلے ہلے حرکت"))
_FILLER = frozenset(words("tell me when if alert set notify ho jaye jaaye jab ko batana batao agar to"))


@dataclass(frozen=True, slots=True)
class Rule:
    """``value`` is a level (Rs or index points) for above and below, else a day's move as a fraction (0.02 = 2 %)."""

    code: str
    rule: RuleName
    value: Decimal


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that is true now: the level behind it and the day's change as a fraction of the reference price."""

    rule: Rule
    level: Fact
    change: Decimal


@dataclass(frozen=True, slots=True)
class _Now:
    level: Fact
    change: Decimal


def parse_rule(text: str, directory: Directory, book: MarketBook) -> Rule:
    """A rule in words: "LUCK above 500", "OGDC 300 se neeche", "KSE100 girey 2%".

    A bare target ("LUCK 500") is a level to be crossed from where the price stands.

    Raises:
        AmbiguousName: If the name fits several; asked back.
        UnknownName: If no share or index is named.
        BadInput: If the level or the direction is missing or impossible; ``values["reason"]`` is a sentence key.
    """
    cut = opened(text[:300])
    code, taken = _named(cut, directory)
    now = _now(code, book)
    if now is None:
        raise BadInput(
            f"{code} has no price to watch: name a share, an ETF or an index", reason="alerts.no_price"
        )
    numbers = [q for q in quantities(cut, (taken,)) if q.value > 0]
    if not numbers or numbers[0].signed:
        raise BadInput("no level in the alert: LUCK above 500, KSE100 down 2%", reason="alerts.no_level")
    around = cut[: taken[0]] + " " + cut[taken[1] :]
    said = set(words(around.replace("<", " below ").replace(">", " above ")))
    return _rule(code, numbers[0], said, now.level.value)


def check(rule: Rule, book: MarketBook) -> Fired | None:
    """The rule with its facts if it is true on this book, else None (also where the book has no price)."""
    now = _now(rule.code, book)
    if now is None:
        return None
    holds = {
        "above": now.level.value >= rule.value,
        "below": now.level.value <= rule.value,
        "up": now.change >= rule.value,
        "down": -now.change >= rule.value,
        "moves": abs(now.change) >= rule.value,
    }
    return Fired(rule, now.level, now.change) if holds[rule.rule] else None


def level_of(code: str, book: MarketBook) -> Fact | None:
    """What an alert on this code would look at."""
    now = _now(code, book)
    return now.level if now else None


def _now(code: str, book: MarketBook) -> _Now | None:
    index = book.indices.get(code)
    if index is not None:
        return _Now(index.level, index.change_fraction)
    fund = book.funds.get(code)
    quote = book.quotes.get(fund.price_symbol if fund and fund.price_symbol else code)
    if quote is None or not quote.ldcp.value:
        return None
    return _Now(quote.price, quote.change_fraction)


def _named(text: str, directory: Directory) -> tuple[str, tuple[int, int]]:
    found = directory.mentions(text, asked=True)
    for mention in found:
        if mention.code:
            return mention.code, (mention.start, mention.end)
    if found:
        first = found[0]
        raise AmbiguousName(f"{first.raw!r} fits several names", name=first.raw, choices=first.choices)
    rest = " ".join(
        w for w in words(text) if w not in _UP | _DOWN | _EITHER | _FILLER and not re.match(r"\d", w)
    )
    raise UnknownName("no share or index is named in the alert", name=rest[:40] or "…")


def _rule(code: str, number: Quantity, said: set[str], level: Decimal) -> Rule:
    up, down, either = bool(said & _UP), bool(said & _DOWN), bool(said & _EITHER)
    if number.unit == "percent":
        if number.value > 100:
            raise BadInput("a day's move of more than 100 %", reason="alerts.too_big")
        return Rule(code, "moves" if either or up == down else "up" if up else "down", number.value / 100)
    if number.unit not in {"bare", "amount"}:
        raise BadInput("an alert needs a price level or a percentage", reason="alerts.no_level")
    if up == down:
        return Rule(code, "above" if number.value >= level else "below", number.value)
    return Rule(code, "above" if up else "below", number.value)
