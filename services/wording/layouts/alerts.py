"""Watches laid out: what was set, what is set, and what has come true."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.domain.alerts import Fired, Rule
from services.domain.conversation import Button, Lang, Reply, Text
from services.domain.market import Fact
from services.domain.profiles import PSX, Profile
from services.wording.numbers import clock, day, index_level, number, percent, price
from services.wording.sentences import say, say_of

MOST_BUTTONS = 10


@dataclass(frozen=True, slots=True)
class Watch:
    """An alert as it is shown: its id ("" if it was not kept), its rule, and the instrument's name."""

    id: str
    rule: Rule
    name: str


def set_reply(lang: Lang, watch: Watch, level: Fact, label: str) -> Reply:
    """The confirmation, with a button that takes it back."""
    text = say(lang, "alerts.set", rule=rule_text(lang, watch), level=level_text(lang, level))
    cancel = Button(say(lang, "alerts.cancel", name=watch.rule.code), f"alerts?cancel={watch.id}")
    return Reply((Text(text),), (cancel,), _source(lang, level, label))


def already_reply(lang: Lang, fired: Fired, label: str) -> Reply:
    """Said instead of keeping a watch that is true from the start."""
    change = percent(fired.change, 2, signed=True)
    text = say(lang, "alerts.already", level=level_text(lang, fired.level), change=change)
    return Reply((Text(text),), (), _source(lang, fired.level, label))


def fired_reply(lang: Lang, watch: Watch, fired: Fired, label: str) -> Reply:
    """The message when it has come true: the rule, the level and the day's change. No word on what to do."""
    change = percent(fired.change, 2, signed=True)
    text = say(
        lang, "alerts.fired", rule=rule_text(lang, watch), level=level_text(lang, fired.level), change=change
    )
    buttons = (Button(watch.rule.code, f"quote?names={watch.rule.code}"),)
    return Reply((Text(text),), buttons, _source(lang, fired.level, label))


def list_reply(lang: Lang, watches: Sequence[Watch], lead: str = "", market: Profile = PSX) -> Reply:
    """All watches, each with its button; ``lead`` says what just happened."""
    before = f"{lead}\n\n" if lead else ""
    if not watches:
        return Reply((Text(before + say_of(market, lang, "alerts.none")),))
    shown = watches[:MOST_BUTTONS]
    lines = [f"{n}. {rule_text(lang, watch)}" for n, watch in enumerate(shown, 1)]
    if len(watches) > len(shown):
        lines.append(say(lang, "alerts.more", count=str(len(watches) - len(shown))))
    buttons = tuple(
        Button(say(lang, "alerts.cancel", name=f"{n}. {watch.rule.code}"), f"alerts?cancel={watch.id}")
        for n, watch in enumerate(shown, 1)
    )
    return Reply((Text(before + "\n".join((say(lang, "alerts.list"), *lines))),), buttons)


def rule_text(lang: Lang, watch: Watch) -> str:
    """A rule in words, with the instrument's name and code."""
    rule = watch.rule
    value = number(rule.value, 2).removesuffix(".00")
    if rule.rule not in {"above", "below"}:
        value = number(rule.value * 100, 2).removesuffix(".00").removesuffix("0") + "%"
    name = rule.code if watch.name == rule.code else f"{watch.name} ({rule.code})"
    return say(lang, f"alerts.rule.{rule.rule}", name=name, value=value)


def level_text(lang: Lang, level: Fact) -> str:
    """A price in its currency or an index level in points."""
    if level.unit == "index points":
        return say(lang, "alerts.points", level=index_level(level.value))
    return price(level)


def _source(lang: Lang, level: Fact, label: str) -> str:
    stamp = f"{level.source}, {day(level.as_of.date())} {clock(level.as_of)}"
    return f"{stamp} · {say(lang, 'alerts.source', label=label)}"
