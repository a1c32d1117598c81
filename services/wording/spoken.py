"""Written English market text turned into words a voice can say, and cut into sentences a voice can bear.

One compiled alternation is scanned once from left to right. Each match is consumed by one rule and never looked at
again, so no reading can be rewritten by another rule ("AI" cannot be found inside "said").
"""

import html
import re
import unicodedata
from collections.abc import Mapping

from services.wording import spoken_dates, spoken_money, spoken_words
from services.wording.lexicon import COMMON, pronounceable
from services.wording.spoken_rule import Rule, Surroundings

MAX_CHARACTERS = 300
MAX_WORDS = 40

_RULES: tuple[Rule, ...] = (
    *spoken_words.FIRST,
    *spoken_dates.RULES,
    *spoken_words.INDICES,
    *spoken_money.RULES,
    *spoken_words.LAST,
)
_READ = {rule.name: rule.read for rule in _RULES}
_ANY = re.compile("|".join(f"(?P<{rule.name}>{rule.pattern})" for rule in _RULES))

_VULGAR = {"½": " 1/2", "⅓": " 1/3", "⅔": " 2/3", "¼": " 1/4", "¾": " 3/4"}
_DIGITS = {
    ord(figure): str(value) for row in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for value, figure in enumerate(row)
}
_BEFORE = {
    **_DIGITS,
    **{ord(sign): text for sign, text in _VULGAR.items()},
    **dict.fromkeys(map(ord, "’‘ʼ`´"), "'"),
}
_SPACES = frozenset({"Cc", "Zl", "Zp"})
_NOTHING = frozenset({"Cf", "Cs", "Co", "Cn"})
_TAG = re.compile(r"</?[A-Za-z!?][^<>]{0,200}>")
_MARKS = re.compile(r"[*_~`]{1,3}(?=\S)|(?<=\S)[*_~`]{1,3}")
_BULLET = re.compile(r"(?m)^[ \t]*(?:[-–—•·*#>]+|\d{1,2}[.)])[ \t]+")
_EXPLAINED = re.compile(r"(?<!\w)([A-Z][A-Z0-9.&-]+)\s*\(([A-Z][^()\d]{1,60})\)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=\S)")
_PIECE = re.compile(r"\S+")


def speakable(text: str, names: Mapping[str, str] | None = None) -> str:
    """The words to say for a written English text: no figure, no symbol, no emoji; "" if nothing can be said.

    Args:
        text: Any text; it may hold several sentences.
        names: Ticker -> spoken name ("" = spell it); matched on case, as a whole word.

    Letters that are said one by one come out as single capitals with spaces between ("K S E one hundred").
    """
    clean = _named_once(cleaned(text), names or {})
    around = Surroundings(names or {}, shouted=_is_shouted(clean, names or {}))

    def read(match: re.Match[str]) -> str:
        words = _READ[match.lastgroup or ""](match, around)
        before = match.string[match.start() - 1 : match.start()]
        after = match.string[match.end() : match.end() + 1]
        return f"{' ' if before.isalnum() else ''}{words}{' ' if after.isalnum() else ''}"

    return _tidied(_ANY.sub(read, clean))


def spoken_sentences(text: str, names: Mapping[str, str] | None = None) -> list[str]:
    """The text as speakable pieces, each a sentence or, if that is too long, a part of one.

    No piece is longer than ``MAX_CHARACTERS`` or ``MAX_WORDS``; no word is lost between them.
    """
    said = speakable(text, names)
    return [piece for sentence in _SENTENCE_END.split(said) for piece in cut(sentence) if _has_word(piece)]


def foreign_share(text: str) -> float:
    """Which part of the letters is not Latin (0 for a text without letters): such words are not said in English."""
    names = [unicodedata.name(char, "") for char in text if char.isalpha()]
    return sum("LATIN" not in name for name in names) / len(names) if names else 0.0


def cut(sentence: str) -> list[str]:
    """Cut an over-long sentence: at a semicolon, comma or joining word if there is one, else between words."""
    words = [part for word in _PIECE.findall(sentence) for part in _slices(word)]
    pieces: list[str] = []
    while words:
        fits = _how_many_fit(words)
        if fits < len(words):
            fits = _best_break(words, fits)
        pieces.append(" ".join(words[:fits]))
        words = words[fits:]
    return pieces


def _slices(word: str) -> list[str]:
    return [word[start : start + MAX_CHARACTERS] for start in range(0, len(word), MAX_CHARACTERS)]


def _how_many_fit(words: list[str]) -> int:
    length = -1
    for count, word in enumerate(words[: MAX_WORDS + 1]):
        length += len(word) + 1
        if count == MAX_WORDS or length > MAX_CHARACTERS:
            return count
    return len(words)


def _best_break(words: list[str], fits: int) -> int:
    """The last good place to breathe in the second half of what fits."""
    window = range(fits, fits // 2, -1)
    for ends in (";:", ","):
        for count in window:
            if words[count - 1][-1] in ends:
                return count
    return next(
        (count for count in window if words[count] in {"and", "but", "or", "while", "which", "because"}), fits
    )


def _has_word(text: str) -> bool:
    return any(char.isalnum() for char in text)


def cleaned(text: str) -> str:
    """Plain characters only: no control codes, no lone surrogates, no tags, no bold marks; figures in Latin digits."""
    if not (text.isascii() and text.isprintable()):
        text = "".join(" " if unicodedata.category(c) in _SPACES and c != "\n" else c for c in text)
        text = "".join(c for c in text if unicodedata.category(c) not in _NOTHING)
    text = _TAG.sub(" ", html.unescape(text))
    text = unicodedata.normalize("NFKC", text.translate(_BEFORE)).replace("⁄", "/")
    text = _MARKS.sub("", _BULLET.sub("", text))
    return re.sub(r"(?<![.!?:;,\n])\s*\n\s*", ". ", text.strip()).replace("\n", " ")


def _named_once(text: str, names: Mapping[str, str]) -> str:
    """Drop a name that explains a ticker: "MEBL (Meezan Bank)" is read as "Meezan Bank" by "MEBL" alone."""

    def once(match: re.Match[str]) -> str:
        name = names.get(match[1], "").casefold()
        return match[1] if name and match[2].casefold().startswith(name.split(" ", 1)[0]) else match[0]

    return _EXPLAINED.sub(once, text)


def _is_shouted(text: str, names: Mapping[str, str]) -> bool:
    """Whether it is a headline in capitals: no small letter, at least three words, most of them ordinary ones."""
    words = re.findall(r"[A-Za-z][A-Za-z&-]+", text)
    if len(words) < 3 or any(char.islower() for char in text):
        return False
    ordinary = sum(
        word in COMMON or (word not in names and len(word) > 3 and pronounceable(word)) for word in words
    )
    return ordinary * 2 >= len(words)


_PAUSES = (
    (re.compile(r"\.{2,}"), "."),
    (re.compile(r"\s*[()\[\]{}|•·]\s*|\s*[—―]\s*|\s[-–]+\s|\s–|–\s"), ", "),
    (re.compile(r"[–‐‑‒]"), "-"),
    (re.compile(r"(?<![A-Za-z])'|'(?![A-Za-z])"), ""),
)
_ORPHANS = re.compile(r"(?<![A-Za-z])-+|-+(?![A-Za-z])")
_UNSAYABLE = re.compile(r"[^A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿ .,:;!?'-]")
_DOUBLES = re.compile(r"([.!?,;:])(?:\s*[.!?,;:])+")


def _tidied(words: str) -> str:
    """Punctuation a voice understands, and nothing else but Latin letters."""
    for pattern, pause in _PAUSES:
        words = pattern.sub(pause, words)
    words = _UNSAYABLE.sub(" ", words)
    words = re.sub(r"\s+", " ", _ORPHANS.sub(" ", words))
    words = re.sub(r"\s+(?=[.,;:!?])", "", words)
    words = _DOUBLES.sub(_strongest, words)
    words = re.sub(r"(?<=[.!?,;:])(?=[A-Za-z])", " ", words)
    return words.strip(" ,;:-").lstrip(".!? ,;:")


def _strongest(match: re.Match[str]) -> str:
    return min((char for char in match[0] if not char.isspace()), key="!?.;:,".index)
