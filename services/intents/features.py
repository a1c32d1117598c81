"""What the classifier looks at: words, pairs of words, parts of words, sound, families of cues and the build of a message."""

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from services.intents.heard import Heard
from services.intents.lexicon import cues_of, sectors_in
from services.intents.patterns import hints

_MOST_TOKENS = 40
_NAME_JOINERS = frozenset({"and", "aur", "or", "vs", "اور", "@name", "@num", "@pct"})
_SOUNDS = (("kh", "k"), ("gh", "g"), ("ph", "f"), ("th", "t"), ("dh", "d"), ("bh", "b"), ("jh", "j"), ("q", "k"), ("w", "v"), ("z", "j"))  # fmt: skip
_BUILD_MARKS = frozenset({"f:onlynames", "f:weights", "f:question", "f:sector"})
_VOWELS = re.compile(r"[aeiouyh]+")
_URDU_VOWELS = re.compile(r"[اویےہںء]+")
_TWICE = re.compile(r"(.)\1+")


# How loud each kind of feature speaks: whole words and hints more than parts of words, which are many.
LOUDNESS = {"w": 1.2, "b": 0.8, "n": 0.45, "s": 0.9, "c": 1.3, "p": 0.6, "f": 1.0, "r": 1.2, "v": 2.0}


def length(names: Iterable[str]) -> float:
    """What a message's features are divided by, so that a long message is not louder than a short one."""
    return max(math.sqrt(sum(LOUDNESS[name[0]] ** 2 for name in names)), 1.0)


def features(heard: Heard) -> list[str]:
    """The features of a message, each once, in a stable order."""
    tokens = heard.tokens[:_MOST_TOKENS]
    found: dict[str, None] = {}
    for token in tokens:
        found.update(dict.fromkeys(_of_word(token)))
    edged = ("^", *tokens, "$")
    for first, second in pairwise(edged):
        found[f"b:{first} {second}"] = None
    found.update(dict.fromkeys(_build(heard, tokens)))
    cues = [name[2:] for name in found if name.startswith("c:")]
    found.update(dict.fromkeys(_pairs(cues)))
    found.update(dict.fromkeys(hints(_marks(cues, found, tokens))))
    return list(found)


@lru_cache(maxsize=4096)
def sound(word: str) -> str:
    """A word without its vowels and doubled letters: kharidna, khareedna and khridna sound alike."""
    if word.isascii():
        for typed, heard in _SOUNDS:
            word = word.replace(typed, heard)
        return _TWICE.sub(r"\1", word[0] + _VOWELS.sub("", word[1:]))
    return word[0] + _URDU_VOWELS.sub("", word[1:])


@lru_cache(maxsize=4096)
def _of_word(token: str) -> tuple[str, ...]:
    names = [f"w:{token}"]
    if token.startswith("@"):
        return tuple(names)
    names += [f"c:{cue}" for cue in cues_of(token)]
    if len(token) >= 4:
        names.append(f"s:{sound(token)}")
        edged = f"^{token}$"
        names += [f"n:{edged[i : i + size]}" for size in (3, 4) for i in range(len(edged) - size + 1)]
    return tuple(names)


def _build(heard: Heard, tokens: tuple[str, ...]) -> list[str]:
    names = tokens.count("@name")
    words = [t for t in tokens if not t.startswith("@")]
    build = [f"f:names{min(names, 2)}", f"f:length{_bucket(len(tokens))}"]
    if names and all(token in _NAME_JOINERS for token in tokens):
        build.append("f:onlynames")
    if names and ("@pct" in tokens or "@num" in tokens):
        build.append("f:weights")
    if "?" in heard.masked:
        build.append("f:question")
    if sectors_in(tuple(words)):
        build.append("f:sector")
    return build


def _marks(cues: list[str], found: Iterable[str], tokens: tuple[str, ...]) -> set[str]:
    marks = {*cues, *(token[1:] for token in tokens if token.startswith("@"))}
    marks.update(name[2:] for name in found if name in _BUILD_MARKS)
    if len(tokens) <= 2:
        marks.add("short")
    return marks


def _bucket(count: int) -> int:
    return count if count < 4 else 4 if count < 7 else 7 if count < 12 else 12


def _pairs(cues: list[str]) -> list[str]:
    """Pairs of families carry the meaning ("own" + "which", "dont" + "send"), in whatever order they stand."""
    cues = sorted(set(cues))[:10]
    return [f"p:{a}+{b}" for i, a in enumerate(cues) for b in cues[i + 1 :]]
