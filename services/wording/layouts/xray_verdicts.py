"""Verdicts of an X-Ray in words, each with its figure and its rule of thumb, and the names that they speak of."""

from decimal import Decimal

from services.domain.conversation import Lang
from services.domain.xray import XRay
from services.domain.xray_rules import Verdict
from services.wording.numbers import number, percent
from services.wording.sentences import catalog, say

MOST_NAME = 34


def finding_line(verdict: Verdict, xray: XRay, lang: Lang) -> str:
    """One verdict in words, without its mark: what, whose, how much, against which rule of thumb."""
    limit = _figure(verdict, verdict.rule.watch)
    rule = say(lang, "xray.from" if verdict.rule.at_least else "xray.up_to", limit=limit)
    return f"{_named(verdict, xray, lang)} ({rule})"


def check_line(verdict: Verdict, xray: XRay, lang: Lang) -> str:
    """One rule in words for the list of all: its value and both its limits."""
    key = "xray.at_least" if verdict.rule.at_least else "xray.at_most"
    watch, fail = _figure(verdict, verdict.rule.watch), _figure(verdict, verdict.rule.fail)
    return f"{_named(verdict, xray, lang)} — {say(lang, key, watch=watch, fail=fail)}"


def _named(verdict: Verdict, xray: XRay, lang: Lang) -> str:
    title = say(lang, f"xray.rule.{verdict.rule.name}")
    value = (
        say(lang, "xray.not_known") if verdict.value is None else _figure(verdict, verdict.value, digits=1)
    )
    about = _about(verdict, xray, lang)
    return f"{title}: {about} {value}" if about else f"{title}: {value}"


def _about(verdict: Verdict, xray: XRay, lang: Lang) -> str:
    match verdict.rule.name, verdict.subject:
        case "sector", (code, name):
            return sector_label(code, name, lang)
        case "overlap", (a, b):
            names = names_of(xray)
            return f"{names.get(a, a)} / {names.get(b, b)}"
        case "single_position", (symbol,):
            return symbol
        case _:
            return ""


def _figure(verdict: Verdict, value: Decimal, digits: int = 0) -> str:
    if verdict.rule.name == "effective_number":
        return number(value, digits)
    return percent(value, max(digits, 2) if verdict.rule.name == "fees" and digits else digits)


def sector_label(code: str, name: str, lang: Lang) -> str:
    """A sector as people call it; in English as the book has it."""
    if lang == "en" and name:
        return name
    key = f"sector.{code or 'other'}"
    return say(lang, key) if key in catalog() else name


def names_of(xray: XRay) -> dict[str, str]:
    """What is held by its code, short enough for a line."""
    return {line.code: short_name(line.name) for line in xray.held}


def short_name(name: str) -> str:
    """A fund's name that leaves room for what is said of it."""
    return name if len(name) <= MOST_NAME else name[: MOST_NAME - 1].rstrip() + "…"
