"""A message laid out for understanding: cleaned, its names and figures found and masked, its words folded."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.domain.instruments import Mention
from services.domain.letters import fold, plain, words
from services.domain.profiles import Currency
from services.intents.figures import Figures, figures
from services.intents.lexicon import cue_words, sector_words

LONGEST = 500
"""Characters read of a message: what it wants stands at its beginning, and reading costs time."""

Finder = Callable[[str], Sequence[Mention]]

_TOKEN = re.compile(r"@[a-z]+|[^\W_]+")
_LONG_DRAWN = re.compile(r"([^\W\d_])\1{2,}")
_JOINED = re.compile(r"(?<=[^\W\d_])[-‐’'`](?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Heard:
    """What was typed, ready to be judged.

    ``text`` is the cleaned text; ``masked`` the same folded, with "@name" for each name and "@amt", "@pct", "@time",
    "@num" for figures; ``tokens`` its words; ``folded`` the folded text with names masked and figures standing.
    """

    text: str
    folded: str
    masked: str
    tokens: tuple[str, ...]
    mentions: tuple[Mention, ...]
    figures: Figures

    @property
    def names(self) -> tuple[str, ...]:
        """Codes where they are sure, else what was typed; each once."""
        return tuple(dict.fromkeys(m.code or m.raw.replace(",", " ") for m in self.mentions))


def hear(text: str, finder: Finder, currency: Currency = "PKR") -> Heard:
    """Lay a message out; ``finder`` gives the names in a text with their places, ``currency`` is what prices are in."""
    clean = cleaned(text)
    mentions = tuple(m for m in finder(clean) if not _by_chance(m)) if clean else ()
    return _laid_out(clean, mentions, currency)


def cleaned(text: str) -> str:
    """The first ``LONGEST`` characters with invisible signs gone, digits and signs in ASCII, blanks single."""
    visible = "".join(
        c for c in text[: 2 * LONGEST] if c == "\u200c" or unicodedata.category(c) not in _UNSEEN
    )
    return " ".join(plain(unicodedata.normalize("NFC", visible)).replace("\u200c", " ").split())[:LONGEST]


# Format signs (zero-width, direction marks), and unpaired surrogates that no library likes.
_UNSEEN = frozenset({"Cf", "Cs", "Co", "Cn"})


def _by_chance(mention: Mention) -> bool:
    """A name that was guessed out of plain words of ours ("price", "best", "banks") is none; a code in capitals is."""
    if len(mention.raw) == 1:
        return True
    if mention.score >= 1 or mention.raw.isupper():
        return False
    return all(word in cue_words() or word in sector_words() for word in words(mention.raw))


def sample(text: str) -> Heard:
    """A training example, in which "@name" already stands for a name."""
    return _laid_out(cleaned(text), ())


def _laid_out(clean: str, mentions: tuple[Mention, ...], currency: Currency = "PKR") -> Heard:
    parts: list[str] = []
    at = 0
    for mention in mentions:
        parts += [clean[at : mention.start], " @name "]
        at = mention.end
    parts.append(clean[at:])
    folded = _LONG_DRAWN.sub(r"\1", _JOINED.sub("", fold("".join(parts))))
    found = figures(folded, currency)
    tokens = tuple(_TOKEN.findall(found.masked.replace("&", " and ")))
    return Heard(clean, folded, found.masked, tokens, mentions, found)
