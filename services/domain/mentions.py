"""Finding names inside a sentence: known phrases first, then brands and misspellings, never an everyday word by chance."""

from collections.abc import Callable
from dataclasses import dataclass

from services.domain.everyday import COMMON, EVERYDAY, FUNCTION, GENERIC, MARKET_WORDS, URDU_WORDS
from services.domain.letters import plain, spans
from services.domain.name_index import ALIAS, CODE, INITIALS, NICKNAME, NameIndex, key_of

_MOST_WORDS = 12
_MOST_TEXT = 4000
_TYPO_CHECKS = 8
_JOINERS = frozenset(["fund", "funds", "etf", "share", "shares", "index", "plan", "bank"])


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text: ``raw`` as typed at ``start``–``end``. ``code`` is "" where it fits several ``choices``."""

    raw: str
    code: str
    start: int
    end: int
    score: float
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What can be resolved again later: the code, or the words typed while they are ambiguous."""
        return self.code or self.raw


class Scan:
    """One pass over one text."""

    def __init__(
        self, index: NameIndex, candidates: Callable[[str], tuple[str, ...]], text: str, *, asked: bool
    ) -> None:
        self._index = index
        self._candidates = candidates
        self._text = text[:_MOST_TEXT]
        self._plain = plain(self._text)
        self._tokens = list(spans(self._text))
        self._asked = asked or len(self._tokens) == 1
        letters = [c for c in self._text if c.isalpha() and (c.isupper() or c.islower())]
        # Counted over Latin words only: in "LUCK نکال دو" the capitals still mark a ticker.
        latin = sum(self._raw(at, 1).isascii() for at in range(len(self._tokens)))
        self._shouting = sum(c.isupper() for c in letters) > 0.8 * len(letters) and latin > 2
        self._checks = _TYPO_CHECKS

    def run(self) -> tuple[Mention, ...]:
        found: list[Mention] = []
        at = 0
        while at < len(self._tokens):
            mention, used = self._phrase(at)
            if mention is None:
                mention, used = self._loose(at)
            if mention is not None:
                found.append(mention)
            at += max(used, 1)
        return tuple(found)

    def _phrase(self, at: int) -> tuple[Mention | None, int]:
        """The longest known key that starts here."""
        key, best, used = "", "", 0
        for count in range(1, min(_MOST_WORDS, len(self._tokens) - at) + 1):
            key += self._tokens[at + count - 1][0]
            if not self._index.is_prefix(key) or (count > 1 and self._broken(at + count - 1)):
                break
            if self._index.codes(key) and self._stands(key, at, count):
                best, used = key, count
        if not used or self._goes_on(at, used):
            return None, 0
        codes = self._index.codes(best)
        if len(codes) > 1 or self._index.tier(best) in {
            ALIAS,
            NICKNAME,
        }:  # it may have rivals: asked, not guessed
            codes = self._look(at, used) or codes
        return self._mention(at, used, codes, 1.0), used

    def _broken(self, at: int) -> bool:
        """Whether a line break, comma or other mark parts this word from the one before it: no name crosses that."""
        gap = self._plain[self._tokens[at - 1][2] : self._tokens[at][1]]
        return any(mark in gap for mark in ",;\n%=:+/|")

    def _stands(self, key: str, at: int, count: int) -> bool:
        tier = self._index.tier(key)
        first = self._raw(at, 1)
        if count > 1:
            return self._stands_apart(key, tier, at, count)
        capital = first.isupper() and not self._shouting
        if tier == INITIALS or key in FUNCTION:
            return capital or (self._asked if tier == INITIALS else len(self._tokens) == 1)
        ordinary = key in GENERIC or (key in EVERYDAY and not self._asked and not self._in_market_talk(at))
        return not key.isdigit() and (capital or not ordinary)

    def _stands_apart(self, key: str, tier: int, at: int, count: int) -> bool:
        """Short keys made of several words ("a gp") are chance, unless letters are spelt out ("o g d c")."""
        spelt = all(len(self._tokens[at + i][0]) == 1 for i in range(count))
        return len(key) > 5 or spelt or tier not in {CODE, INITIALS} or any(c.isdigit() for c in key)

    def _in_market_talk(self, at: int) -> bool:
        """A market word within two words, or a number or percentage right beside it."""
        near = range(max(0, at - 1), min(len(self._tokens), at + 3))
        if any(self._tokens[i][0] in MARKET_WORDS for i in near if i != at):
            return True
        beside = (self._tokens[i][0] for i in (at - 1, at + 1) if 0 <= i < len(self._tokens))
        return any(word[0].isdigit() for word in beside) and not self._tokens[at][0].isdigit()

    def _goes_on(self, at: int, used: int) -> bool:
        """Whether "fund" or the like follows a ticker that is also a house ("HBL fund", "meezan bank fund")."""
        after = at + used
        if after >= len(self._tokens) or self._broken(after):
            return False
        word = URDU_WORDS.get(self._tokens[after][0], self._tokens[after][0])
        return word in {"fund", "funds"} and self._tokens[at][0] in self._index.brands

    def _loose(self, at: int) -> tuple[Mention | None, int]:
        """A brand with words of its names ("Alfalah fund"), or a misspelling of something known."""
        first = self._tokens[at][0]
        if first[0].isdigit() or first in FUNCTION:  # "100" alone is a number, whatever indices are called
            return None, 0
        english = URDU_WORDS.get(first, first)
        known = self._index.knows_word(english)
        beginning = (english in self._index.brands and english not in GENERIC) or self._plural(at)
        if (known and not beginning) or (not known and not self._worth_checking(first)):
            return None, 0
        count = self._reach(at)
        for length in range(count, 0, -1):
            codes = self._look(at, length)
            if codes and key_of(t[0] for t in self._tokens[at : at + length]) in COMMON:
                return None, length
            if codes and (length > 1 or self._may_stand_alone(at, codes, known=known)):
                return self._mention(at, length, codes, 0.85 if known else 0.8), length
        return None, 0

    def _plural(self, at: int) -> bool:
        return (
            self._asked and self._index.knows_word(self._tokens[at][0]) and self._tokens[at][0] not in GENERIC
        )

    def _worth_checking(self, word: str) -> bool:
        if len(word) < 5 or not word.isalpha() or self._checks <= 0 or word in MARKET_WORDS or word in COMMON:
            return False
        self._checks -= 1
        return True

    def _reach(self, at: int) -> int:
        """How many further words may belong to the name: words that names have, up to a mark."""
        count = 1
        while count < 7 and at + count < len(self._tokens) and not self._broken(at + count):
            word = self._tokens[at + count][0]
            english = URDU_WORDS.get(word, word)
            if not (self._index.knows_word(english) or english in _JOINERS or self._is_near(word)):
                break
            count += 1
        return count

    def _is_near(self, word: str) -> bool:
        return self._worth_checking(word) and bool(self._candidates(word))

    def _look(self, at: int, length: int) -> tuple[str, ...]:
        return self._candidates(self._raw(at, length))

    def _may_stand_alone(self, at: int, codes: tuple[str, ...], *, known: bool) -> bool:
        word = self._tokens[at][0]
        if word in FUNCTION or word in GENERIC:
            return False
        if not known and not self._asked:
            return (
                len(word) >= 5
                and not word.endswith(("ing", "ed", "ly"))
                and self._is_a_brand(word, codes, at)
            )
        return self._asked or word not in EVERYDAY or self._in_market_talk(at)

    def _is_a_brand(self, word: str, codes: tuple[str, ...], at: int) -> bool:
        """One misspelt word counts in free talk only if it begins a name, and if short only beside a market word."""
        alike = any(self._index.brand_of.get(c, "")[:1] == word[0] for c in codes)
        return alike and (len(word) > 5 or len(codes) > 1 or self._in_market_talk(at))

    def _mention(self, at: int, count: int, codes: tuple[str, ...], score: float) -> Mention:
        start, end = self._tokens[at][1], self._tokens[at + count - 1][2]
        raw = self._text[start:end]
        if len(codes) == 1:
            return Mention(raw, codes[0], start, end, score)
        return Mention(raw, "", start, end, 0.5, codes[:6])

    def _raw(self, at: int, count: int) -> str:
        return self._text[self._tokens[at][1] : self._tokens[at + count - 1][2]]
