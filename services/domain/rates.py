"""Which rates somebody asks for: currencies and other rates by the words people use, and how old a rate is."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.domain.market import Event, Fact, MarketBook

STALE_DAYS = 7
"""A market rate older than this, seen from the book's day, is marked as old."""
POLICY_SOURCE = "SBP calendar"
MAIN_CURRENCIES = ("USD", "EUR", "GBP", "AED", "SAR")

# Rate name -> the words for it, casefolded; the name itself always counts.
WORDS: Mapping[str, tuple[str, ...]] = {
    "USD": ("dollar", "dollars", "usd", "us dollar", "dolar", "ڈالر", "امریکی ڈالر", "$"),
    "EUR": ("euro", "euros", "یورو", "€"),
    "GBP": ("pound", "pounds", "sterling", "پاؤنڈ", "پونڈ", "£"),
    "AED": ("dirham", "dirhams", "dirhum", "درہم"),
    "SAR": ("riyal", "saudi riyal", "rial", "ریال", "سعودی ریال"),
    "CNY": ("yuan", "rmb", "renminbi", "chinese yuan", "یوآن"),
    "JPY": ("yen", "ین"),
    "CAD": ("canadian dollar", "کینیڈین ڈالر"),
    "AUD": ("australian dollar", "آسٹریلین ڈالر"),
    "CHF": ("swiss franc", "franc"),
    "KWD": ("kuwaiti dinar", "dinar", "کویتی دینار"),
    "QAR": ("qatari riyal", "قطری ریال"),
    "OMR": ("omani rial", "omani riyal", "عمانی ریال"),
    "TRY": ("lira", "turkish lira"),
    "INR": ("indian rupee",),
    "MYR": ("ringgit",),
    "policy_rate": ("policy rate", "interest rate", "sbp rate", "sharah sood", "شرح سود", "پالیسی ریٹ"),
    "cpi_yoy": ("inflation", "cpi", "mehngai", "mehengai", "مہنگائی", "افراط زر"),
    "kibor_6m": ("kibor", "کائبور"),
}


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate of the book, its age in days on the book's day, and whether that is too old to pass unmarked."""

    name: str
    fact: Fact
    age: int

    @property
    def stale(self) -> bool:
        return self.age > STALE_DAYS


@dataclass(frozen=True, slots=True)
class Rates:
    """What is answered: currencies, the economy's rates by name, what was asked for and is not there, what is due."""

    currencies: tuple[Rate, ...]
    economy: Mapping[str, Rate]
    missing: tuple[str, ...]
    meeting: Event | None
    asked: bool


def named(words: Iterable[str]) -> tuple[str, ...]:
    """Rate names for the words asked, in the order of asking; words that mean no rate are passed over."""
    table = {word: name for name, known in WORDS.items() for word in (*known, name.casefold())}
    found = (table.get(word.casefold().strip()) or table.get(_bare(word)) for word in words)
    return tuple(dict.fromkeys(name for name in found if name))


def _bare(word: str) -> str:
    """The words without "rate", "today" and particles: "dollar ka rate" is "dollar"."""
    return " ".join(
        re.sub(r"\b(rate|price|ka|ki|ke|today|aaj|the)\b|[?؟]|ریٹ|کا|آج", " ", word.casefold()).split()
    )


def rates_of(book: MarketBook, names: tuple[str, ...] = ()) -> Rates:
    """The rates asked for, or the five main currencies and all of the economy's if none is named."""
    wanted = names or (*MAIN_CURRENCIES, "policy_rate", "cpi_yoy", "kibor_6m", "pkrv_6M")
    if "kibor_6m" in names:
        wanted = (*names, "pkrv_6M")
    found = {name: _rate(book, name) for name in wanted if name in book.rates}
    meetings = [each for each in book.events if each.source.startswith(POLICY_SOURCE) and each.day > book.day]
    return Rates(
        currencies=tuple(rate for name, rate in found.items() if name.isupper()),
        economy={name: rate for name, rate in found.items() if not name.isupper()},
        missing=tuple(name for name in wanted if name not in found),
        meeting=min(meetings, key=lambda each: each.day) if meetings else None,
        asked=bool(names),
    )


def _rate(book: MarketBook, name: str) -> Rate:
    fact = book.rates[name]
    return Rate(name, fact, (book.day - fact.as_of.date()).days)
