"""Which listed companies a headline is certainly about: names with their context, never a bare keyword.

Precision first: a headline that leaves a doubt gets no symbol. A company is named by a name the press gives it, or by its
ticker in capitals; the longest name that begins at a word counts, so that "Lucky Motor" is not Lucky Cement.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta, timezone
from enum import Enum, auto
from functools import cache

from services.domain.everyday import COMMON, EVERYDAY, GENERIC
from services.domain.letters import spans, words
from services.domain.market import Share
from services.domain.press_names import (
    BEFORE,
    BEHIND,
    BROKERS,
    CAREFUL,
    DOING,
    FIRM,
    INITIALS,
    LOOSE,
    MARKET,
    NEVER,
    NO_MARKET,
    OTHERS,
    OWN_ACCOUNTS,
    SPORT,
    SURE,
)  # fmt: skip
from services.domain.rows import NewsRow

ENGRO_RENAMED = date(2025, 1, 1)
"""From here on the listed Engro is Engro Holdings (formerly Dawood Hercules); before, it was another company."""
_KARACHI = timezone(timedelta(hours=5))
_MOST_TEXT = 400
_LEGAL = frozenset(words("""limited ltd limted company co corporation corp inc plc pvt private pk"""))
_TAIL = frozenset(words("""mills industries works factory technologies communication"""))
_SMALL = frozenset(words("""of and the for in on to al de"""))
_PLAIN_WORDS = GENERIC | EVERYDAY | COMMON | frozenset(words("""papers foods cables tyres hotels developers synthetics oxygen engineering shipping reinsurance packaging films
    paint paints mills industries works factory chemicals services laboratories motors assurance life general premier
    century crescent imperial image pace big bird data agro brands distributors security secure safe mix concrete
    wheels castings air products battery leather paper board energy clean silver star reliance progressive universal
    business industrial commercial leasing globe residency signature blessed organic meat fast cables metropolitan
    oilboy nets communication english popular"""))  # fmt: skip
_POSSESSIVE = re.compile(r"(?:'s|’s|'|’)(?=\s|$|,)")


class _Kind(Enum):
    """How much a name needs beside it: nothing; a sign of a firm; its own accounts; it is somebody else."""

    SURE = auto()
    LOOSE = auto()
    BROKER = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a headline: folded, as written, and what stands between it and the next."""

    key: str
    raw: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        return self.raw[0].isupper() or self.raw[0].isdigit()


@dataclass(frozen=True, slots=True)
class _Headline:
    """A headline ready to be looked through. ``titled``: nearly every word has a capital, which then tells nothing."""

    text: str
    words: tuple[_Word, ...]
    titled: bool
    shouted: bool

    def joined(self, at: int) -> bool:
        """Whether a word belongs to the one before it: only spaces, hyphens and the like stand between."""
        gap = self.text[self.words[at - 1].end : self.words[at].start]
        return not set(gap) - set(" -&.()'’\u00a0") and not gap.startswith((". ", ") ("))

    def next(self, at: int) -> _Word | None:
        """The word at a place, if it belongs to the one before it."""
        return self.words[at] if at < len(self.words) and self.joined(at) else None


def _read(title: str) -> _Headline:
    text = _POSSESSIVE.sub(lambda m: " " * len(m[0]), title[:_MOST_TEXT])
    found = tuple(_Word(key, text[start:end], start, end) for key, start, end in spans(text))
    inner = [w for w in found[1:] if len(w.key) > 3 and w.raw[0].isalpha()]
    letters = [c for c in text if c.isalpha()]
    titled = len(inner) > 1 and sum(w.capital for w in inner) > 0.7 * len(inner)
    shouted = sum(c.isupper() for c in letters) > 0.7 * len(letters) and len(found) > 3
    return _Headline(title[:_MOST_TEXT], found, titled or shouted, shouted)


class Tying:
    """The names of the listed shares. Building takes a few milliseconds; keep one a market book."""

    def __init__(self, shares: Mapping[str, Share]) -> None:
        self._listed = frozenset(shares)
        self._names: dict[tuple[str, ...], tuple[str, _Kind]] = {}
        self._longest: dict[str, int] = {}
        self._collect(shares)

    def symbols(self, title: str, day: date) -> tuple[str, ...]:
        """The symbols a headline of a day is certainly about, in alphabetical order; () if there is a doubt.

        Args:
            title: The headline as published.
            day: Its day: names change their owners.
        """
        if SPORT.search(title):
            return ()
        seen = _read(title)
        found: set[str] = set()
        at = 0
        while at < len(seen.words):
            symbol, used = self._named(seen, at, day)
            if symbol:
                found.add(symbol)
            at += used
        return tuple(sorted(found & self._listed))

    def tie(self, rows: Iterable[NewsRow]) -> tuple[NewsRow, ...]:
        """Rows with the symbols they are certainly about."""
        return tuple(
            replace(row, symbols=self.symbols(row.title, row.at.astimezone(_KARACHI).date())) for row in rows
        )

    def _named(self, seen: _Headline, at: int, day: date) -> tuple[str, int]:
        """What begins at a word: a symbol or "", and how many words it takes."""
        for length in range(self._reach(seen, at), 0, -1):
            name = self._names.get(tuple(word.key for word in seen.words[at : at + length]))
            if name is None or not self._written_as_name(seen, at, length):
                continue
            symbol, kind = name
            if kind is _Kind.OTHER:
                return "", length
            return (
                symbol if self._stands(seen, at, length, kind) and _of_its_time(symbol, day) else ""
            ), length
        return self._ticker(seen, at), 1

    def _reach(self, seen: _Headline, at: int) -> int:
        most = min(self._longest.get(seen.words[at].key, 0), len(seen.words) - at)
        return next((n for n in range(1, most) if not seen.joined(at + n)), most)

    def _written_as_name(self, seen: _Headline, at: int, length: int) -> bool:
        return all(word.capital or word.key in _SMALL for word in seen.words[at : at + length])

    def _stands(self, seen: _Headline, at: int, length: int, kind: _Kind) -> bool:
        after = (
            seen.words[at + length] if at + length < len(seen.words) and seen.joined(at + length) else None
        )
        if (after is not None and after.key in BEHIND) or (at and seen.words[at - 1].key in BEFORE):
            return False
        if kind is _Kind.BROKER:
            return at == 0 and bool(OWN_ACCOUNTS.search(seen.text[seen.words[length - 1].end :]))
        if kind is _Kind.SURE:
            return True
        return self._shown(seen, at, after)

    def _shown(self, seen: _Headline, at: int, after: _Word | None) -> bool:
        """Whether a name of ordinary words is written as a name here."""
        if after is not None and after.key in DOING:
            return True
        if seen.titled or (at and seen.joined(at) and seen.words[at - 1].capital and at > 1):
            return False
        if after is not None and after.capital:
            return False  # "Engro Enfrashare", "Pakistan Petroleum Institute": a longer name we do not know
        return FIRM.search(seen.text) is not None

    def _ticker(self, seen: _Headline, at: int) -> str:
        word = seen.words[at]
        if seen.shouted or not word.raw.isupper() or _is_another(seen, at, 1):
            return ""
        needed, barred, symbol = _conditions(word.raw)
        if symbol not in self._listed or symbol.lower() in NEVER:
            return ""
        if barred and _pattern(barred).search(seen.text):
            return ""
        return symbol if not needed or _pattern(needed).search(seen.text) else ""

    def _collect(self, shares: Mapping[str, Share]) -> None:
        for symbol, share in shares.items():
            for tokens, kind in _official(share.name):
                self._enter(tokens, symbol, kind, rival=True)
        for table, kind in ((LOOSE, _Kind.LOOSE), (SURE, _Kind.SURE), (BROKERS, _Kind.BROKER)):
            for symbol, phrases in table.items():
                for phrase in phrases:
                    self._enter(words(phrase), symbol, kind)
        for phrase in OTHERS:
            self._enter(words(phrase), "", _Kind.OTHER)

    def _enter(self, tokens: tuple[str, ...], symbol: str, kind: _Kind, *, rival: bool = False) -> None:
        """Add a name; an official one that two companies share means neither."""
        held = self._names.get(tokens)
        if rival and held is not None and held[0] != symbol:
            symbol, kind = "", _Kind.OTHER
        self._names[tokens] = (symbol, kind)
        self._longest[tokens[0]] = max(len(tokens), self._longest.get(tokens[0], 0))


def _is_another(seen: _Headline, at: int, length: int) -> bool:
    """Whether what stands before or behind a name makes it somebody else: a former one, its foundation, one of its funds."""
    if at and seen.words[at - 1].key in BEFORE:
        return True
    after = seen.next(at + length)
    if after is not None and after.key in BEHIND:
        return True
    for place in range(at + length, at + length + 4):
        word = seen.next(place)
        if word is None or not word.capital or (seen.titled and word.key in DOING):
            return False
        if word.key in {"fund", "funds", "etf", "modaraba", "plan"}:
            return True
    return False


def _official(name: str) -> Iterator[tuple[tuple[str, ...], _Kind]]:
    """The official name, with and without its legal form; of ordinary words it is a loose one without it."""
    tokens = tuple(word for word in words(name) if word != "the")
    bare = tokens
    while bare and bare[-1] in _LEGAL:
        bare = bare[:-1]
    if not bare:
        return
    for legal in ("limited", "ltd", "company"):
        yield (*bare, legal), _Kind.SURE
    while len(bare) > 1:
        plain = _PLAIN_WORDS.issuperset(bare)
        yield bare, _Kind.LOOSE if plain else _Kind.SURE
        if bare[-1] not in _TAIL or len(bare) < 3 or _PLAIN_WORDS.issuperset(bare[:-1]):
            return
        bare = bare[:-1]


def _conditions(raw: str) -> tuple[str, str, str]:
    """What must and what must not stand beside a ticker, and the symbol it means."""
    if raw in INITIALS:
        symbol, needed, barred = INITIALS[raw]
        return needed, barred, symbol
    if raw in CAREFUL:
        return (*CAREFUL[raw], raw)
    return ("" if raw in SURE else FIRM.pattern), "", raw


@cache
def _pattern(alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{alternatives})\b", re.IGNORECASE)


def _of_its_time(symbol: str, day: date) -> bool:
    return symbol != "ENGROH" or day >= ENGRO_RENAMED


def is_of_the_market(title: str) -> bool:
    """Whether a headline without a company is about the market or the economy, so that it may be told to everybody."""
    return MARKET.search(title) is not None and not NO_MARKET.search(title) and not SPORT.search(title)
