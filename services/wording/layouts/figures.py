"""How a brief writes a fact or a day: one named form each, in three languages, so that a sentence only names it.

A hole ``{move_rose}`` of a sentence is the fact ``move`` in the form ``rose``. Every form rounds by the rules of
``numbers`` and nothing else, so that grounding finds the fact again.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from services.domain.briefing.points import Point
from services.domain.conversation import LANGUAGES, Lang
from services.domain.market import Fact
from services.wording import numbers

_HOLE = re.compile(r"\{([a-z0-9]+)(?:_([a-z]+))?\}")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_WEEKDAYS: dict[Lang, tuple[str, ...]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "ur": ("پیر", "منگل", "بدھ", "جمعرات", "جمعہ", "ہفتہ", "اتوار"),
    "roman": ("Peer", "Mangal", "Budh", "Jumeraat", "Juma", "Hafta", "Itwaar"),
}
_AND: dict[Lang, str] = {"en": " and ", "ur": " اور ", "roman": " aur "}
# Up, down and flat by form and language; {} is the size.
_WAYS: dict[str, dict[Lang, tuple[str, str, str]]] = {
    "up": {
        "en": ("up {}", "down {}", "nearly unchanged"),
        "ur": ("{} اوپر", "{} نیچے", "تقریباً برابر"),
        "roman": ("{} oopar", "{} neeche", "taqreeban barabar"),
    },
    "rose": {
        "en": ("rose {}", "fell {}", "hardly moved"),
        "ur": ("میں {} اضافہ ہوا", "میں {} کمی ہوئی", "تقریباً برابر رہا"),
        "roman": ("mein {} izafa hua", "mein {} kami hui", "taqreeban barabar raha"),
    },
    "gain": {
        "en": ("a gain of {}", "a loss of {}", "no change to speak of"),
        "ur": ("{} اضافہ", "{} کمی", "کوئی خاص تبدیلی نہیں"),
        "roman": ("{} izafa", "{} kami", "koi khaas tabdeeli nahin"),
    },
    "apart": {
        "en": ("{} above", "{} below", "level with"),
        "ur": ("{} اوپر", "{} نیچے", "برابر"),
        "roman": ("{} oopar", "{} neeche", "barabar"),
    },
}
_POINTS: dict[Lang, str] = {"en": "percentage points", "ur": "فیصد پوائنٹ", "roman": "feesad point"}
_TWO = Decimal(2)
_TEN = Decimal(10)
_HUNDRED = Decimal(100)
_TRILLION = Decimal(1_000_000_000_000)
_BILLION = Decimal(1_000_000_000)
_MILLION = Decimal(1_000_000)
_LAKH = Decimal(100_000)
_TWENTY = Decimal(20)


def fill(template: str, point: Point, lang: Lang) -> str:
    """A sentence with every hole filled from the point.

    Raises:
        KeyError: If the point lacks what the sentence names: a bug, kept by a test over all sentences.
    """
    return _HOLE.sub(lambda hole: _written(point, hole[1], hole[2] or "", lang), template)


def holes(template: str) -> frozenset[tuple[str, str]]:
    """The (name, form) pairs of a sentence."""
    return frozenset((name, form) for name, form in _HOLE.findall(template))


def _written(point: Point, name: str, form: str, lang: Lang) -> str:
    """One hole: a name if the form is one of names, else a day, else a fact (of which a dated form takes its time)."""
    if form in _NAMED:
        return _NAMED[form](point.names[name], lang)
    if form in _DATED:
        day = point.days[name] if name in point.days else point.facts[name].as_of.date()
        return _DATED[form](day, lang)
    fact = point.facts[name]
    if form in _LOCAL and lang != "en":
        return _LOCAL[form](fact, lang)
    if form == "apps":
        return f"{numbers.number(abs(fact.value) * 100, 1)} {_POINTS[lang]}"
    return _way(fact, form, lang) if form in _WAYS else _PLAIN[form](fact)


def _way(fact: Fact, form: str, lang: Lang) -> str:
    """A move with its direction in words; a move that rounds to nothing has no figure."""
    size = points(fact) if fact.unit == "index points" else numbers.percent(abs(fact.value))
    if fact.unit != "index points" and abs(fact.value) < Decimal("0.0005"):
        return _WAYS[form][lang][2]
    if lang != "en" and fact.unit == "index points":
        size = size.removesuffix(" points") + {"ur": " پوائنٹس", "roman": " points"}[lang]
    return _WAYS[form][lang][0 if fact.value > 0 else 1].format(size)


def points(fact: Fact) -> str:
    """A distance in index points without its sign: "255 points", below ten "4.2 points"."""
    return f"{_size(fact)} points"


def _size(fact: Fact) -> str:
    """A size without its sign, with a digit only below ten."""
    size = abs(fact.value)
    return numbers.number(size, 0 if size >= _TEN else 1)


def big(fact: Fact) -> str:
    """A large amount: billions as the market counts its turnover, below that crore and lakh, or millions of dollars."""
    amount = _amount(fact)
    currency = numbers.currency_of(fact)
    if abs(amount) >= _TRILLION:
        return f"{numbers.money(amount / _TRILLION, currency, 2)} trillion"
    if abs(amount) >= _BILLION:
        return f"{numbers.money(amount / _BILLION, currency, 1)} billion"
    return numbers.large(amount, currency).replace(".0 ", " ")


def _amount(fact: Fact) -> Decimal:
    """Rupees in full; the screener gives market values in millions."""
    return fact.value * _MILLION if fact.unit == "PKR mn" else fact.value


def shares(fact: Fact) -> str:
    """A number of shares: "221 million shares", "12.3 million shares", "5.3 lakh shares", below a lakh in full."""
    for size, name in ((_MILLION, "million"), (_LAKH, "lakh")):
        if abs(fact.value) >= size:
            count = fact.value / size
            shown = numbers.number(count, 0 if abs(count) >= _HUNDRED else 1).removesuffix(".0")
            return f"{shown} {name} shares"
    return f"{numbers.number(fact.value, 0)} shares"


def _shares_said(fact: Fact, lang: Lang) -> str:
    """A number of shares in crore and lakh, as Urdu speakers count."""
    unit = {"ur": "شیئرز", "roman": "shares", "en": "shares"}[lang]
    return f"{_counted(fact.value, lang)} {unit}"


def _rupees_said(fact: Fact, lang: Lang) -> str:
    """A large amount: rupees in arab, crore and lakh, dollars in millions and billions."""
    if fact.unit == "USD":
        return (
            big(fact).replace(" billion", " ارب").replace(" million", " ملین") if lang == "ur" else big(fact)
        )
    return f"Rs {_counted(_amount(fact), lang)}"


def _counted(value: Decimal, lang: Lang) -> str:
    for size, name in _SIZES:
        if abs(value) >= size:
            return f"{numbers.number(value / size, 1)} {name[lang]}"
    return numbers.number(value, 0)


def _times(fact: Fact) -> str:
    """A ratio: "2.4 times", "5 times", from twenty on "53 times"."""
    shown = numbers.number(fact.value, 0 if fact.value >= _TWENTY else 1)
    return f"{shown if fact.value < _TWO else shown.removesuffix('.0')} times"


def _rate(fact: Fact) -> str:
    """A figure already in percent: "11.5%", with a second digit only where it says more."""
    digits = 1 if fact.value == round(fact.value, 1) else 2
    return f"{numbers.number(abs(fact.value), digits)}%"


def _dollars(fact: Fact) -> str:
    """USD million without its sign: "$0.29 million", from ten on "$12.3 million"."""
    return f"${numbers.number(abs(fact.value), 1 if abs(fact.value) >= _TEN else 2)} million"


def _near(fact: Fact) -> str:
    """A price for the ear: from a hundred rupees on without paisa, which are under half a percent of it."""
    return numbers.price(fact, 0 if abs(fact.value) >= _HUNDRED else 2)


def _long(day: date, lang: Lang) -> str:
    comma = {"en": ", ", "ur": "، ", "roman": ", "}[lang]
    return f"{_WEEKDAYS[lang][day.weekday()]}{comma}{_date(day)}"


def _date(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}"


def listed(text: str, lang: Lang) -> str:
    """Names parted by "|" as people list them."""
    *firsts, last = text.split("|")
    comma = {"en": ", ", "ur": "، ", "roman": ", "}[lang]
    return comma.join(firsts) + _AND[lang] + last if firsts else last


_SIZES: tuple[tuple[Decimal, dict[Lang, str]], ...] = (
    (_BILLION, {"ur": "ارب", "roman": "arab", "en": "billion"}),
    (Decimal(10_000_000), {"ur": "کروڑ", "roman": "crore", "en": "crore"}),
    (Decimal(100_000), {"ur": "لاکھ", "roman": "lakh", "en": "lakh"}),
)
_LOCAL: dict[str, Callable[[Fact, Lang], str]] = {"vol": _shares_said, "big": _rupees_said}
_NAMED: dict[str, Callable[[str, Lang], str]] = {
    "": lambda name, _: name,
    "cap": lambda name, _: name[:1].upper() + name[1:],
    "names": listed,
}
_PLAIN: dict[str, Callable[[Fact], str]] = {
    "level": lambda fact: numbers.index_level(fact.value),
    "whole": lambda fact: numbers.number(fact.value, 0),
    "plain": lambda fact: numbers.number(fact.value, 1),
    "points": points,
    "size": _size,
    "two": lambda fact: numbers.number(fact.value, 2),
    "pct": lambda fact: (
        numbers.percent(abs(fact.value)).replace(".0%", "%")
        if fact.value % Decimal("0.01") == 0
        else numbers.percent(abs(fact.value))
    ),
    "loss": lambda fact: numbers.percent(abs(fact.value)),
    "signed": lambda fact: numbers.percent(fact.value, signed=True),
    "fine": lambda fact: numbers.percent(fact.value, 2, signed=True),
    "pp": lambda fact: f"{numbers.number(abs(fact.value), 2)} percentage points",
    "rs": numbers.price,
    "near": _near,
    "big": big,
    "vol": shares,
    "many": lambda fact: shares(fact).removesuffix(" shares"),
    "times": _times,
    "n": lambda fact: numbers.number(fact.value, 0),
    "rate": _rate,
    "usd": _dollars,
}
_DATED: dict[str, Callable[[date, Lang], str]] = {
    "day": lambda day, _: f"{_date(day)} {day.year}",
    "date": lambda day, _: _date(day),
    "asof": lambda day, _: f"{_date(day)} {day.year}",
    "month": lambda day, _: f"{_MONTHS[day.month - 1]} {day.year}",
    "short": lambda day, _: numbers.day(day)[:-5],
    "long": _long,
    "weekday": lambda day, lang: _WEEKDAYS[lang][day.weekday()],
}


def tongue(lang: Lang) -> int:
    """The place of a language in a sentence's tuple."""
    return LANGUAGES.index(lang)
