"""From what people call a share, a fund or an index to its code: exact, partial and misspelt names, never a guess."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice, product
from typing import Literal, cast

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from services.domain.errors import AmbiguousName, UnknownName
from services.domain.everyday import FUNCTION, GENERIC, URDU_WORDS
from services.domain.letters import short, words
from services.domain.market import MarketBook
from services.domain.mentions import Mention, Scan
from services.domain.name_index import ALIAS, NICKNAME, NameIndex, key_of
from services.domain.profiles import Currency

__all__ = ["Directory", "Kind", "Mention"]

Kind = Literal["share", "fund", "index"]
MOST_CHOICES = 6
_MOST_WORDS = 14
_SHARE_WORDS = frozenset({"share", "shares", "scrip", "stock", "stocks"})
_FUND_WORDS = frozenset({"fund", "funds", "etf"})
_PLURALS = {"funds": "fund", "stocks": "stock", "banks": "bank"}
_KIND_ORDER = {"share": 0, "fund": 1, "index": 2}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is looked for: the words without "share" or "fund", and the kind that these words asked for."""

    tokens: tuple[str, ...]
    kind: Kind | None


class Directory:
    """All names of one market book. Building takes tens of milliseconds; keep one a book version."""

    def __init__(self, book: MarketBook) -> None:
        self._book = book
        self._index = NameIndex(book)

    def resolve(self, name: str) -> str:
        """The code that a name means.

        Raises:
            UnknownName: If nothing goes by that name; ``suggestions`` are codes that come near.
            AmbiguousName: If several do; ``choices`` are at most six codes, best first.
        """
        codes = self.candidates(name)
        shown = short(name)
        if len(codes) == 1:
            return codes[0]
        if codes:
            raise AmbiguousName(
                f"{shown!r} fits {len(codes)} names: say which", name=shown, choices=codes[:MOST_CHOICES]
            )
        raise UnknownName(
            f"no share, fund or index is called {shown!r}: use its ticker or its full name",
            suggestions=self.suggest(name),
            name=shown,
        )

    def candidates(self, name: str) -> tuple[str, ...]:
        """All codes that a name may mean, best first; one if it is certain, none if it is unknown."""
        tokens = tuple(islice(words(name[:400]), _MOST_WORDS))
        if not tokens:
            return ()
        found = self._find(tokens)
        if not found:
            english = tuple(URDU_WORDS.get(t, t) for t in tokens)
            found = self._find(english) if english != tokens else ()
        return found or self._respelt(tokens)

    def name_of(self, code: str) -> str:
        """The official name of a code; the code itself if the book does not hold it (a renamed or delisted share)."""
        return self._index.names.get(code, code)

    def kind_of(self, code: str) -> Kind:
        """What a code is.

        Raises:
            UnknownName: If the book does not hold the code.
        """
        if code not in self._index.kinds:
            raise UnknownName(f"the market book holds no {short(code)!r}", name=short(code))
        return cast("Kind", self._index.kinds[code])

    def holdable(self, code: str) -> bool:
        """Whether one can hold it: a share, a fund, or an index that stands in the book as a basket."""
        return code in self._book.shares or code in self._book.funds

    @property
    def currency(self) -> Currency:
        """What its prices are in."""
        return self._book.profile.currency

    def price_of(self, code: str) -> Decimal | None:
        """The price of one share or fund unit in ``currency``: the quote, else the NAV; None if neither is known."""
        fund = self._book.funds.get(code)
        quote = self._book.quotes.get(fund.price_symbol if fund and fund.price_symbol else code)
        if quote is not None:
            return quote.price.value
        return fund.nav.value if fund and fund.nav else None

    def mentions(self, text: str, *, asked: bool = False) -> tuple[Mention, ...]:
        """The names inside a text, in its order, without overlap, the longest reading first.

        An ambiguous one has an empty ``code`` and its ``choices``. ``asked``: we have just asked for names, so that
        a ticker that is also an everyday word ("luck") counts without further signs.
        """
        return Scan(self._index, self.candidates, text, asked=asked).run()

    def suggest(self, name: str, limit: int = 3) -> tuple[str, ...]:
        """Codes whose names look most like this one, nearest first; none if nothing is near."""
        tokens = words(name[:100])
        if not tokens:
            return ()
        near = process.extract(
            key_of(tokens), self._index.keys, scorer=fuzz.ratio, score_cutoff=62, limit=limit * 4
        )
        codes = (code for key, _, _ in near for code in self._index.codes(key))
        return tuple(islice(dict.fromkeys(codes), limit))

    def _find(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        exact = self._index.codes(key_of(tokens))
        if exact:
            return self._ordered({*exact, *self._rivals(tokens, exact)}, tokens)
        asked = _without_kind(tokens)
        if not asked.tokens:
            return ()
        if asked.kind != "fund":
            exact = tuple(self._of_kind(self._index.codes(key_of(asked.tokens)), asked.kind))
            if exact and asked.tokens != tokens:
                return self._ordered(exact, asked.tokens)
        if FUNCTION.issuperset(asked.tokens):
            return ()
        found = self._of_kind(self._index.with_words(asked.tokens), asked.kind)
        whole = self._index.with_words(_PLURALS.get(t, t) for t in tokens)
        return self._ordered({*found} or whole, asked.tokens)

    def _of_kind(self, codes: Iterable[str], kind: Kind | None) -> Iterator[str]:
        return (code for code in codes if kind is None or self._index.kinds[code] == kind)

    def _rivals(self, tokens: tuple[str, ...], exact: tuple[str, ...]) -> Iterator[str]:
        """Beside the one fund that "Meezan Islamic" may be short for, those whose names are hardly longer."""
        index = self._index
        if (
            len(exact) > 1
            or index.kinds[exact[0]] != "fund"
            or index.tier(key_of(tokens)) not in {ALIAS, NICKNAME}
        ):
            return
        if any(URDU_WORDS.get(t, t) in _FUND_WORDS for t in tokens) or len(tokens) < 2:
            return
        most = index.word_count[exact[0]] + 1
        yield from (
            c for c in index.with_words(tokens) if index.kinds[c] == "fund" and index.word_count[c] <= most
        )

    def _ordered(self, codes: Iterable[str], tokens: tuple[str, ...]) -> tuple[str, ...]:
        """Best first: names that begin so, the heavier in the index, the better known, then the shorter name."""
        index, weights = self._index, self._book.kse100_weights.weights

        def rank(code: str) -> tuple[bool, Decimal, bool, int, int, str]:
            return (
                index.brand_of.get(code) != tokens[0],
                -weights.get(code, Decimal(0)),
                code not in index.known,
                index.word_count.get(code, 9),
                _KIND_ORDER[index.kinds[code]],
                index.names[code],
            )

        return tuple(sorted(codes, key=rank))

    def _respelt(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        """Each unknown word replaced by the words of names that are one or two typing errors away."""
        options = [self._spellings(token, alone=len(tokens) == 1) for token in tokens]
        if not all(options):
            return self._run_together(tokens)
        found: dict[str, None] = {}
        for reading in islice(product(*options), 8):
            found |= dict.fromkeys(self._find(tuple(reading)))
        return tuple(found) or self._run_together(tokens)

    def _spellings(self, token: str, *, alone: bool) -> tuple[str, ...]:
        if self._index.knows_word(token) or token in _SHARE_WORDS | _FUND_WORDS:
            return (token,)
        # Four letters are a ticker: one letter off is another company.
        if len(token) < (5 if alone else 4) or any(c.isdigit() for c in token):
            return ()
        near = process.extract(
            token,
            self._index.word_list,
            scorer=OSA.distance,
            score_cutoff=1 if len(token) < 6 else 2,
            limit=8,
        )
        best = min((distance for _, distance, _ in near), default=0)
        return tuple(
            w for w, d, _ in near if d == best and _close(token, w, int(d)) and not (alone and w in GENERIC)
        )[:4]

    def _run_together(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        """A long name misspelt as a whole ("hubpowr company"): taken only where nothing else is nearly as close."""
        wanted = key_of(tokens)
        if len(wanted) < 8 or any(c.isdigit() for c in wanted):
            return ()
        near = process.extract(wanted, self._index.keys, scorer=fuzz.ratio, score_cutoff=88, limit=8)
        best = max((score for _, score, _ in near), default=0.0)
        return tuple(dict.fromkeys(c for key, s, _ in near if s > best - 5 for c in self._index.codes(key)))


def _close(token: str, word: str, distance: int) -> bool:
    """One error anywhere, two only in long words that begin alike, and never between two short words."""
    longest = max(len(token), len(word))
    if distance == 2:
        return longest >= 7 and token[0] == word[0]
    return longest >= 4


def _without_kind(tokens: tuple[str, ...]) -> _Asked:
    kind: Kind | None = None
    if any(t in _FUND_WORDS for t in tokens):
        kind = "fund"
    elif any(t in _SHARE_WORDS for t in tokens):
        kind = "share"
    drop = {"fund": _FUND_WORDS, "share": _SHARE_WORDS}.get(kind or "", frozenset())
    return _Asked(tuple(t for t in tokens if t not in drop), kind)
