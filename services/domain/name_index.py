"""The look-up tables behind the directory: every way of writing a name as one key, and every word of a name."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping

from services.domain.everyday import COMMON
from services.domain.letters import words
from services.domain.market import MarketBook
from services.domain.nicknames import LATIN, URDU

_LEGAL = frozenset(["limited", "ltd", "company", "co", "corporation", "corp", "inc", "plc", "pvt", "private"])
_ETF = re.compile(r"\(?\betf\b\)?|exchange traded fund", re.IGNORECASE)
_BRACKET = re.compile(r"\(([^()]*)\)")
_OMITTED = frozenset({"ghp", "the"})  # "Alfalah GHP Stock Fund" is called "Alfalah Stock Fund"

_ROMAN = {
    tens * "x" + ones: 10 * tens + unit
    for tens in range(5)
    for unit, ones in enumerate(("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"))
    if tens or unit
}

# A key of an upper tier hides the same key further down: a ticker beats a nickname, a nickname a variant.
CODE, ALIAS, NICKNAME, FULL, VARIANT, INITIALS = range(6)


def key_of(tokens: Iterable[str]) -> str:
    """Words written together: "D.G. Khan", "DG Khan" and "dgkhan" are one key."""
    return "".join(tokens)


class NameIndex:
    """Names of one market book by key, by prefix and by word. Built once a book, read only afterwards."""

    def __init__(self, book: MarketBook) -> None:
        self.names: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        self._codes: dict[str, list[str]] = {}
        self._tiers: dict[str, int] = {}
        self._words: dict[str, set[str]] = defaultdict(set)
        self.brands: set[str] = set()
        self.brand_of: dict[str, str] = {}
        self.word_count: dict[str, int] = {}
        self.known: set[str] = set()
        self._collect(book)
        self._add_names()
        self._add_aliases(book.aliases)
        self._add_nicknames()
        self.keys: tuple[str, ...] = tuple(sorted(self._codes))
        self.word_list: tuple[str, ...] = tuple(sorted(w for w in self._words if len(w) >= 4))

    def codes(self, key: str) -> tuple[str, ...]:
        """The codes that go by this key, in the order of the book."""
        return tuple(self._codes.get(key, ()))

    def tier(self, key: str) -> int:
        return self._tiers[key]

    def is_prefix(self, start: str) -> bool:
        """Whether any key begins so; lets a scan of a text stop early."""
        at = bisect_left(self.keys, start)
        return at < len(self.keys) and self.keys[at].startswith(start)

    def with_words(self, wanted: Iterable[str]) -> set[str]:
        """The codes whose names have all these words."""
        sets = [self._words.get(word, set()) for word in wanted]
        return set.intersection(*sets) if sets else set()

    def knows_word(self, word: str) -> bool:
        return word in self._words

    def _collect(self, book: MarketBook) -> None:
        for code, name in book.index_names.items():
            self._enter(code, name, "index")
        for code in book.indices:
            self._enter(code, book.index_names.get(code, code), "index")
        for code, fund in book.funds.items():
            self._enter(code, fund.name, "fund")
            if fund.price_symbol:
                self._add(key_of(words(fund.price_symbol)), code, CODE)
        listed_funds = {fund.price_symbol for fund in book.funds.values()}
        for code, share in book.shares.items():
            if code not in listed_funds:
                self._enter(code, share.name, "share")

    def _enter(self, code: str, name: str, kind: str) -> None:
        if code not in self.names:
            self.names[code], self.kinds[code] = name, kind
            self._add(key_of(words(code)), code, CODE)

    def _add(self, key: str, code: str, tier: int) -> None:
        held = self._tiers.get(key)
        if not key or (held is not None and held < tier):
            return
        if held is None or held > tier:
            self._codes[key], self._tiers[key] = [code], tier
        elif code not in self._codes[key]:
            self._codes[key].append(code)

    def _add_names(self) -> None:
        for code, name in self.names.items():
            tokens = words(_ETF.sub(" etf ", name))
            self._add(key_of(tokens), code, FULL)
            self._add(key_of(words(name)), code, FULL)
            bare = tuple(t for t in tokens if t not in _LEGAL and t not in _OMITTED)
            self._add(key_of(bare), code, VARIANT)
            if bare[-1:] == ("pakistan",) and len(bare) > 1:
                self._add(key_of(bare[:-1]), code, VARIANT)
            if self.kinds[code] == "fund":
                self._add_fund(code, name)
            self.word_count[code] = len(bare)
            if self.kinds[code] != "index" and bare and bare[0] not in COMMON:
                self.brands.add(bare[0])
                self.brand_of[code] = bare[0]
            for word in {*tokens, code.lower()}:
                self._words[word].add(code)

    def _add_fund(self, code: str, name: str) -> None:
        """Of "Family Fund (Some Plan)" the plan, the family and both initials are names too."""
        family = words(_BRACKET.sub(" ", name))
        self._add(key_of(family), code, VARIANT)
        self._add(key_of(w for w in family if w not in _OMITTED), code, VARIANT)
        for inner in _BRACKET.findall(name):
            self._add(key_of(words(inner)), code, VARIANT)
        numbered = tuple(str(_ROMAN[w]) if w in _ROMAN else w for w in words(name))
        self._add(key_of(numbered), code, VARIANT)
        if len(family) >= 3:
            self._add("".join(w[0] for w in family), code, INITIALS)

    def _add_aliases(self, aliases: Mapping[str, tuple[str, ...]]) -> None:
        for code, others in aliases.items():
            if code in self.names:
                for other in others:
                    self._add_phrase(other, code, ALIAS)
            else:
                for target in others:
                    if target in self.names:
                        self._add_phrase(code, target, ALIAS)

    def _add_nicknames(self) -> None:
        by_name = {key_of(words(name)): code for code, name in self.names.items()}
        for table in (LATIN, URDU):
            for target, phrases in table.items():
                code = target if target in self.names else by_name.get(key_of(words(target)))
                for phrase in phrases if code else ():
                    self._add_phrase(phrase, str(code), NICKNAME)

    def _add_phrase(self, phrase: str, code: str, tier: int) -> None:
        tokens = words(phrase)
        self._add(key_of(tokens), code, tier)
        self.known.add(code)
        for word in tokens:
            self._words[word].add(code)
