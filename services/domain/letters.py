"""One form for what is typed: Urdu and Arabic letters and digits, fancy type and case, so that words can be compared."""

import re
import unicodedata
from collections.abc import Iterator

_DIGITS = "0123456789"
_ONE_FOR_ONE: dict[int, str] = {
    **{0x0660 + i: _DIGITS[i] for i in range(10)},  # Arabic-Indic
    **{0x06F0 + i: _DIGITS[i] for i in range(10)},  # Urdu and Persian
    **{0x0966 + i: _DIGITS[i] for i in range(10)},  # Devanagari
    **{0xFF10 + i: _DIGITS[i] for i in range(10)},  # full width
    **{0x1D7CE + i: _DIGITS[i % 10] for i in range(50)},  # mathematical bold, double-struck, …
    **{0xFF21 + i: chr(0x41 + i) for i in range(26)},
    **{0xFF41 + i: chr(0x61 + i) for i in range(26)},
}
_SIGNS = str.maketrans(
    {
        "٪": "%", "％": "%", "﹪": "%", "؉": "%", "٫": ".", "٬": ",", "،": ",", "؛": ";", "۔": ".", "؟": "?", "‘": "'", "’": "'", "“": '"',
        "”": '"', "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "＝": "=", "：": ":", "，": ",", "×": "x",
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u200c": " ", "\u3000": " ",
        "\u200b": " ", "\u200e": " ", "\u200f": " ", "\u202a": " ", "\u202b": " ", "\u202c": " ", "\ufeff": " ",
    }
)  # fmt: skip
_URDU = str.maketrans(
    {
        "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ه": "ہ", "ة": "ہ", "ۃ": "ہ", "ۀ": "ہ", "ھ": "ہ", "ؤ": "و",
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ۓ": "ے",
    }
)  # fmt: skip
# \w leaves out the vowel marks that Urdu may carry inside a word.
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u064b-\u065f\u0670\u0300-\u036f])*")


def plain(text: str) -> str:
    """Digits and punctuation in their ASCII form, character for character: positions in the text stay as they are."""
    return text.translate(_ONE_FOR_ONE).translate(_SIGNS)


def fold(word: str) -> str:
    """A word as it is compared: case, accents, vowel marks and the two keyboards' letters made equal."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", plain(word).translate(_URDU)).casefold()
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_URDU)


def spans(text: str) -> Iterator[tuple[str, int, int]]:
    """Each word of a text folded, with its start and end in the text."""
    for match in _WORD.finditer(text):
        folded = fold(match.group())
        if folded:
            yield folded, match.start(), match.end()


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text."""
    return tuple(word for word, _, _ in spans(text))


def short(text: str, limit: int = 40) -> str:
    """What may be echoed of a user's words: one line, printable, no angle brackets, at most ``limit`` characters."""
    clean = " ".join("".join(c if c.isprintable() and c not in "<>" else " " for c in text).split())
    return clean if len(clean) <= limit else clean[: limit - 1].rstrip() + "…"
