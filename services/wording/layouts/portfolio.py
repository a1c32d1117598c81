"""Somebody's list of holdings laid out, and how a typed list was read."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from urllib.parse import quote

from services.domain.conversation import Button, Lang, Reply, Text
from services.domain.holdings import MOST_HOLDINGS, HoldingsReading
from services.domain.instruments import Directory
from services.domain.portfolio import Holding, Portfolio
from services.domain.profiles import PSX, Profile
from services.wording.numbers import number, percent
from services.wording.sentences import say, say_of

MOST_SHOWN = 30
_LONGEST_PRESS = 64


def holding_lines(portfolio: Portfolio, directory: Directory, lang: Lang = "en") -> list[str]:
    """One line a holding: name, code, weight; the end of a very long list is counted only."""
    lines = [
        say(lang, "portfolio.line", name=directory.name_of(h.code), code=h.code, weight=percent(h.weight))
        for h in portfolio.holdings[:MOST_SHOWN]
    ]
    hidden = len(portfolio.holdings) - MOST_SHOWN
    return [*lines, f"… +{hidden}"] if hidden > 0 else lines


def reading_notes(lang: Lang, reading: HoldingsReading) -> str:
    """What was repaired or left out while reading a list, one sentence a line; "" if nothing was."""
    lines = []
    if reading.unknown:
        names = ", ".join(f"“{name}”" for name in reading.unknown)
        lines.append(say(lang, "portfolio.note.unknown", names=names))
    total = number(reading.total or Decimal(0), 1).removesuffix(".0") + "%"
    most = str(MOST_HOLDINGS)
    lines += [say(lang, f"portfolio.note.{problem}", total=total, most=most) for problem in reading.problems]
    return "\n".join(lines)


def portfolio_reply(
    lang: Lang,
    portfolio: Portfolio,
    directory: Directory,
    lead: str = "",
    undo: str = "",
    *,
    market: Profile = PSX,
) -> Reply:
    """The list with what can be done next; ``lead`` says what just happened, ``undo`` takes it back."""
    text = "\n".join((say(lang, "portfolio.title"), *holding_lines(portfolio, directory, lang)))
    tail = "" if lead else f"\n\n{say_of(market, lang, 'portfolio.hint')}"
    buttons = (Button(say(lang, "menu.xray"), "xray"), Button(say(lang, "menu.brief"), "brief"))
    back = (Button(say(lang, "portfolio.undo"), undo),) if undo else ()
    return Reply((Text(f"{lead}\n\n{text}" if lead else text + tail),), (*back, *buttons))


def press(intent: str, holdings: Sequence[Holding], *, weights: bool = False) -> str:
    """A button that names holdings, with their weights in percent if wanted; "" if it would be too long to send."""
    text = f"{intent}?names={_joined(h.code for h in holdings)}"
    if weights:
        text += f"&weights={_joined(f'{round(100 * h.weight, 6).normalize():f}' for h in holdings)}"
    return text if len(text.encode()) <= _LONGEST_PRESS else ""


def which_of(
    lang: Lang, name: str, named: Sequence[tuple[str, str]], intent: str, weight: Decimal | None
) -> Reply:
    """Asks "did you mean" for a name that is to be added or removed; the weight typed with it is kept in the buttons."""
    buttons = [
        Button(title, press(intent, (Holding(code, weight or Decimal(0)),), weights=weight is not None))
        for code, title in named[:6]
    ]
    return Reply((Text(say(lang, "menu.did_you_mean", name=name)),), tuple(b for b in buttons if b.press))


def _joined(parts: Iterable[str]) -> str:
    return ",".join(map(quote, parts))
