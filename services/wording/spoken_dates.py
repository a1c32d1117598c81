"""Dates (day first), times and fiscal periods as English words."""

import re
from collections.abc import Callable

from services.wording.lexicon import MONTHS, WEEKDAYS
from services.wording.spoken_numbers import cardinal, ordinal, short_year, year
from services.wording.spoken_rule import Rule, Surroundings, closes_sentence, the

_SHORT = r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)"
# A dot after a short month belongs to it only where the sentence visibly goes on; a full month's dot never does.
_MONTH = rf"(?:(?:{'|'.join(MONTHS)})|{_SHORT}\.(?=\s+(?:(?:19|20)\d\d|[a-z])|,)|{_SHORT})(?![A-Za-z])"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_TH = r"(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d\d"
_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_HALF = r"\s?(?:[ap]\.m\.|[AP]\.M\.|[apAP]\.?[mM])(?![A-Za-z])"
_PERIODS = {"H": "half", "Q": "quarter"}
_GUESS = {"": "", "E": " estimated", "F": " forecast"}


def _month(text: str) -> str:
    return next(name for name in MONTHS if name.startswith(text[:3]))


def _with_year(words: str, figures: str | None) -> str:
    return f"{words}, {short_year(figures)}" if figures else words


def _day_month(m: re.Match[str], _: Surroundings) -> str:
    day = ordinal(int(m["dm_day"]))
    if m["dm_until"]:
        day += f" to the {ordinal(int(m['dm_until']))}"
    return _with_year(f"{the(m)}{day} of {_month(m['dm_month'])}", m["dm_year"])


def _month_day(m: re.Match[str], _: Surroundings) -> str:
    return _with_year(f"{the(m)}{ordinal(int(m['md_day']))} of {_month(m['md_month'])}", m["md_year"])


def _month_year(m: re.Match[str], _: Surroundings) -> str:
    return f"{_month(m['my_month'])} {short_year(m['my_year'])}"


def _iso(m: re.Match[str], _: Surroundings) -> str:
    month = MONTHS[int(m["iso_month"]) - 1]
    return _with_year(f"{the(m)}{ordinal(int(m['iso_day']))} of {month}", m["iso_year"])


def _figures(m: re.Match[str], _: Surroundings) -> str:
    day, month = int(m["fig_day"]), int(m["fig_month"])
    if month > 12:  # only the American order makes sense of it
        day, month = month, day
    if month > 12:
        return f"{cardinal(day)}, {cardinal(month)}, {short_year(m['fig_year'])}"
    return _with_year(f"{the(m)}{ordinal(day)} of {MONTHS[month - 1]}", m["fig_year"])


def _weekday(m: re.Match[str], _: Surroundings) -> str:
    return WEEKDAYS[m["weekday"].rstrip(".")]


def _said_time(clock: str, half: str) -> str:
    hour, minute = (int(part) for part in clock.split(":")[:2])
    if not half and minute == 0 and hour in {0, 12}:
        return "noon" if hour else "midnight"
    letter = half.strip()[:1].upper() or ("A" if hour < 12 else "P")
    hour = (hour - 1) % 12 + 1
    minutes = "" if minute == 0 else f" oh {cardinal(minute)}" if minute < 10 else f" {cardinal(minute)}"
    return f"{cardinal(hour)}{minutes} {letter} M"


def _dot_after_half(m: re.Match[str], half: str) -> str:
    return "." if half.endswith(".") and closes_sentence(m) else ""


def _time(m: re.Match[str], _: Surroundings) -> str:
    first, half, second, second_half = (m[group] or "" for group in ("t_a", "t_ah", "t_b", "t_bh"))
    words = _said_time(first, half)
    if second:
        words += f" to {_said_time(second, second_half)}"
    return words + _dot_after_half(m, second_half or half)


def _hour(m: re.Match[str], _: Surroundings) -> str:
    return _said_time(f"{m['hour']}:00", m["hour_half"]) + _dot_after_half(m, m["hour_half"])


def _part(count: str, kind: str) -> str:
    if kind in _PERIODS:
        return f"{ordinal(int(count))} {_PERIODS[kind]}"
    return f"first {cardinal(int(count))} months"


def _fiscal_year(kind: str, figures: str, until: str | None) -> str:
    name = {"F": "fiscal year ", "C": "calendar year "}.get(kind[:1], "")
    return name + short_year(figures) + (f" to {short_year(until)}" if until else "")


def _period(p: str) -> Callable[[re.Match[str], Surroundings], str]:
    def read(m: re.Match[str], _: Surroundings) -> str:
        figures = m[f"{p}_year"]
        year_words = _fiscal_year(m[f"{p}_fy"] or "", figures, m[f"{p}_until"]) if figures else ""
        return (
            f"{the(m)}{_part(m[f'{p}_n'], m[f'{p}_kind'])}{f' of {year_words}' if figures else ''}"
            + _GUESS[m[f"{p}_guess"] or ""]
        )

    return read


def _whole_year(m: re.Match[str], _: Surroundings) -> str:
    return _fiscal_year(m["fy_kind"], m["fy_year"], m["fy_until"]) + _GUESS[m["fy_guess"] or ""]


def _years(m: re.Match[str], _: Surroundings) -> str:
    return f"{year(int(m['ys_from']))} to {short_year(m['ys_to'])}"


def _year(m: re.Match[str], _: Surroundings) -> str:
    return year(int(m["year"]))


def _of_year(p: str) -> str:
    begins = rf"(?:\s?(?P<{p}_fy>[FC]Y)\s?'?|\s?'|(?<=[HQ])(?=\d\d(?!\d))|\s(?={_YEAR}))"
    return rf"(?:{begins}(?P<{p}_year>{_YEAR}|\d\d)(?:[-/](?P<{p}_until>\d\d))?(?P<{p}_guess>[EF])?)?"


RULES = (
    Rule(
        "iso",
        rf"(?<![\w.-])(?P<iso_year>{_YEAR})-(?P<iso_month>0[1-9]|1[0-2])-(?P<iso_day>0[1-9]|[12]\d|3[01])(?!\d|-\d)",
        _iso,
    ),
    Rule(
        "figures",
        rf"(?<![\w./-])(?P<fig_day>{_DAY})(?P<fig_cut>[/.-])(?P<fig_month>{_DAY})(?P=fig_cut)(?P<fig_year>{_YEAR}|\d\d)(?![\w/-]|\.\d)",
        _figures,
    ),
    Rule(
        "day_month",
        rf"(?<![\w.,/])(?P<dm_day>{_DAY}){_TH}(?:\s?[-–]\s?(?P<dm_until>{_DAY}){_TH})?(?:\s+(?:of\s+)?|-)(?P<dm_month>{_MONTH})(?:(?:,?\s+|-)(?P<dm_year>{_YEAR}|(?<=-)\d\d)(?![\w%]))?",
        _day_month,
    ),
    Rule(
        "month_day",
        rf"(?<![A-Za-z])(?P<md_month>{_MONTH})\s+(?P<md_day>{_DAY}){_TH}(?![\w%:]|[.,:]\d|\s?%)(?:,?\s+(?P<md_year>{_YEAR})(?![\w%]))?",
        _month_day,
    ),
    Rule(
        "month_year",
        rf"(?<![A-Za-z])(?P<my_month>{_MONTH})(?:\s+(?P<my_cut>')?|-|')(?P<my_year>{_YEAR}|(?<=['-])\d\d)(?![\w%])",
        _month_year,
    ),
    Rule(
        "weekday_name",
        rf"(?<![A-Za-z])(?P<weekday>{'|'.join(sorted(WEEKDAYS, key=len, reverse=True))})(?![a-z])\.?(?=,?\s+{_DAY}(?!\d))",
        _weekday,
    ),
    Rule(
        "time",
        rf"(?<![\w:.])(?P<t_a>{_CLOCK})(?P<t_ah>{_HALF})?(?:\s?[-–]\s?(?P<t_b>{_CLOCK})(?P<t_bh>{_HALF})?)?(?![\d:])(?!\s(?:split|bonus|rights?|ratio)\b)",
        _time,
    ),
    Rule("hour_only", rf"(?<![\w:.,])(?P<hour>1[0-2]|0?[1-9])(?P<hour_half>{_HALF})", _hour),
    Rule(
        "period",
        rf"(?<![\w.,])(?P<pn_n>[1-4](?=[HQ])|[369](?=M\s?[FC]Y))(?P<pn_kind>[HQM]){_of_year('pn')}(?!\w)",
        _period("pn"),
    ),
    Rule(
        "period_first", rf"(?<![\w.,])(?P<pf_kind>[HQ])(?P<pf_n>[1-4]){_of_year('pf')}(?!\w)", _period("pf")
    ),
    Rule(
        "whole_year",
        rf"(?<![\w])(?P<fy_kind>[FC]Y)\s?'?(?P<fy_year>{_YEAR}|\d\d)(?:[-/](?P<fy_until>\d\d))?(?P<fy_guess>E|F)?(?![\w])",
        _whole_year,
    ),
    Rule(
        "years",
        rf"(?<![\w.,$€£-])(?P<ys_from>{_YEAR})\s?[-–/]\s?(?P<ys_to>{_YEAR}|\d\d)(?![\w%]|[.,-]\d)",
        _years,
    ),
    Rule(
        "year_only",
        r"(?<![\w.,$€£₹+−–/-])(?P<year>(?:19|20)\d\d)(?![\w%/-]|[.,:]\d|\s?%|\s(?:points?|shares?|rupees|million|billion|lakh|crore|units)\b)",
        _year,
    ),
)
