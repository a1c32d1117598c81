"""Amounts of money in a user's words, rupees or dollars: found for the answer at hand, masked before anything is written down.

Masking errs on the safe side: a year or a telephone number may be hidden too, an amount never stays.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from services.domain.letters import fold, plain, words
from services.domain.profiles import Currency

MASK = "▮"
LEAST_BARE = Decimal(1000)
_LOCAL = frozenset({5, 7})  # the powers of lakh and crore
HUNDREDS = 2  # "paanch sau lakh": a hundred multiplies on

_TOKEN = re.compile(
    r"""(?P<number>\d+[eE]\d{1,2}(?!\w)|\d+(?:[,.'_]\d+)*(?:(?:[ ]\d{2,3})*[ ]\d{3}(?!\d))?)
    |(?P<word>[^\W\d_][^\W\d_\u064b-\u065f\u0670]*)
    |(?P<mark>/-|/=|[$€£₨₹﷼])|(?P<percent>%)|(?P<stop>[,;\n\r&+|])""",
    re.VERBOSE,
)
_MARKS = frozenset(
    words(
        """rs re pkr inr rupee rupees rupe rupes ruppees rupay rupaye rupaiye rupaya rupiya rupia rupya rupye
        rupiye rupai rps روپے روپیہ روپیے روپئے روپیوں روپوں"""
    )
)
# "in dollars" may be half an amount, as "in rupees" may; "dollar" alone is more often the rate that somebody asks for.
_DOLLARS = frozenset(words("dollars bucks ڈالرز ڈالروں"))
_DOLLAR = frozenset(words("dollar usd dolar ڈالر"))
_PERCENTS = frozenset(words("percent percentage pct pc fisad feesad فیصد پرسنٹ"))
_SCALES = {
    "hundred": 2, "sau": 2, "so": 2, "sou": 2, "سو": 2,
    "k": 3, "thousand": 3, "thousands": 3, "hazar": 3, "hazaar": 3, "hazaron": 3, "ہزار": 3, "ہزاروں": 3, "grand": 3,
    "l": 5, "lakh": 5, "lakhs": 5, "lac": 5, "lacs": 5, "laakh": 5, "lakhon": 5, "لاکھ": 5, "لاکھوں": 5,
    "m": 6, "mn": 6, "mln": 6, "mil": 6, "million": 6, "millions": 6, "ملین": 6,
    "cr": 7, "crs": 7, "crore": 7, "crores": 7, "karor": 7, "karore": 7, "karod": 7, "کروڑ": 7, "کروڑوں": 7,
    "b": 9, "bn": 9, "billion": 9, "billions": 9, "arab": 9, "ارب": 9, "بلین": 9,
}  # fmt: skip
_NUMBER_WORDS = {
    "half": "0.5", "aadha": "0.5", "adha": "0.5", "آدھا": "0.5", "quarter": "0.25", "sawa": "1.25", "سوا": "1.25",
    "dedh": "1.5", "derh": "1.5", "ڈیڑھ": "1.5", "dhai": "2.5", "dhaai": "2.5", "arhai": "2.5", "ڈھائی": "2.5", "اڑھائی": "2.5",
    "one": "1", "a": "1", "ek": "1", "aik": "1", "ایک": "1", "two": "2", "do": "2", "دو": "2", "three": "3", "teen": "3",
    "تین": "3", "four": "4", "char": "4", "chaar": "4", "چار": "4", "five": "5", "panch": "5", "paanch": "5", "پانچ": "5",
    "six": "6", "chay": "6", "chhe": "6", "che": "6", "چھ": "6", "seven": "7", "saat": "7", "sat": "7", "سات": "7",
    "eight": "8", "aath": "8", "ath": "8", "آٹھ": "8", "nine": "9", "nau": "9", "no": "9", "نو": "9", "ten": "10", "das": "10",
    "dus": "10", "دس": "10", "eleven": "11", "gyarah": "11", "گیارہ": "11", "twelve": "12", "barah": "12", "بارہ": "12",
    "thirteen": "13", "fourteen": "14", "fifteen": "15", "pandrah": "15", "پندرہ": "15", "sixteen": "16",
    "seventeen": "17", "eighteen": "18", "nineteen": "19", "twenty": "20", "bees": "20", "bis": "20", "بیس": "20",
    "pachees": "25", "pachis": "25", "پچیس": "25", "thirty": "30", "tees": "30", "تیس": "30", "forty": "40",
    "chalis": "40", "chalees": "40", "چالیس": "40", "fifty": "50", "pachas": "50", "پچاس": "50", "sixty": "60",
    "saath": "60", "sath": "60", "ساٹھ": "60", "seventy": "70", "sattar": "70", "ستر": "70", "pachattar": "75",
    "eighty": "80", "assi": "80", "اسی": "80", "ninety": "90", "nawway": "90", "nabbe": "90", "نوے": "90",
}  # fmt: skip
_AND_A_HALF = frozenset({"sadhe", "saadhe", "sarhe", "saarhe", "ساڑھے"})
_FOLDED_SCALES = {fold(word): power for word, power in _SCALES.items()}
_FOLDED_WORDS = {fold(word): Decimal(value) for word, value in _NUMBER_WORDS.items()}
_FOLDED_HALVES = frozenset(map(fold, _AND_A_HALF))
_FOLDED_DOLLARS = frozenset(map(fold, _DOLLARS))
_FOLDED_DOLLAR = frozenset(map(fold, _DOLLAR))
_FOLDED_MARKS = frozenset(map(fold, _MARKS)) | _FOLDED_DOLLARS
_FOLDED_PERCENTS = frozenset(map(fold, _PERCENTS))

# One letter a token: N digits, W number word, H "sadhe", S scale, M currency mark, D "dollar" (a mark beside a number only),
# P percent, X an unknown word (in "tetalis lakh" it is the number), O anything else.
_GROUP = re.compile(r"[MD]*[NWH][NWHS]*[MD]*|X?M*S+M*|X(?:S+M*|M+(?![NWHS]))")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    start: int
    end: int
    value: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Group:
    """Tokens that belong together, and whether they are an amount."""

    tokens: tuple[_Token, ...]
    amount: bool
    percent: bool


def mask(text: str) -> str:
    """The text with every amount of money replaced by "▮". Where one is found, other plain numbers are hidden with it.

    Percentages stay as long as no currency mark or magnitude stands beside them. Masking twice is masking once.
    """
    groups = tuple(_groups(text))
    if not any(g.amount for g in groups):
        return text
    out, at = [], 0
    for group in groups:
        if group.amount or (not group.percent and _is_number(group)):
            start, end = group.tokens[0].start, group.tokens[-1].end
            out += [text[at:start], MASK]
            at = end
    return "".join([*out, text[at:]])


def find(text: str) -> tuple[Decimal, ...]:
    """The amounts of a text in its order, whatever their currency: "5 lakh aur Rs 20,000" is 500000 and 20000.

    A number in words that we do not know ("tetalis lakh") is masked, and not found.
    """
    groups = (g for g in _groups(text) if g.amount and all(t.kind != "X" for t in g.tokens))
    return tuple(value for group in groups for value in _sums(group.tokens))


def currencies(text: str) -> frozenset[Currency]:
    """The currencies that a text's amounts name; lakh and crore without another word are rupees."""
    found: set[Currency] = set()
    for group in _groups(text):
        named: set[Currency] = {
            "USD" if _is_dollar(text[t.start : t.end]) else "PKR" for t in group.tokens if t.kind in "MD"
        }
        if group.amount:
            found |= named or (
                {"PKR"} if any(t.kind == "S" and t.value in _LOCAL for t in group.tokens) else set()
            )
    return frozenset(found)


def _is_dollar(mark: str) -> bool:
    return mark == "$" or fold(mark) in _FOLDED_DOLLARS | _FOLDED_DOLLAR


def _groups(text: str) -> Iterator[_Group]:
    tokens = tuple(_tokens(plain(text)))
    kinds = "".join(t.kind for t in tokens)
    for match in _GROUP.finditer(kinds):
        inside = tokens[match.start() : match.end()]
        percent = kinds[match.end() : match.end() + 1] == "P"
        said = set(match.group())
        counted = bool(said & {"N", "W"})
        one = [t.value for t in inside if t.kind in "NW"] == [1] and "S" not in said
        marked = (
            "M" in said
            or ("D" in said and not one)
            or ("S" in said and (counted or _says_scale(inside, text)))
        )
        large = any(t.kind == "N" and t.value >= LEAST_BARE for t in inside)
        yield _Group(inside, marked or (large and not percent), percent)


def _says_scale(tokens: tuple[_Token, ...], text: str) -> bool:
    """Whether a magnitude without a number ("lakhon") is a word of its own: "so", "k" and "m" alone are not."""
    return any(t.end - t.start > 3 and t.value > 2 for t in tokens) or any(
        fold(text[t.start : t.end]) in {"lac", "lacs"} for t in tokens
    )


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        kind = match.lastgroup
        if kind == "number":
            yield _Token("N", start, end, _digits(match.group()))
        elif kind == "word":
            yield _word(fold(match.group()), start, end)
        else:
            yield _Token({"mark": "M", "percent": "P"}.get(kind or "", "O"), start, end)


def _word(word: str, start: int, end: int) -> _Token:
    if word in _FOLDED_MARKS:
        return _Token("M", start, end)
    if word in _FOLDED_PERCENTS | _FOLDED_DOLLAR:
        return _Token("P" if word in _FOLDED_PERCENTS else "D", start, end)
    if word in _FOLDED_HALVES:
        return _Token("H", start, end, Decimal("0.5"))
    if word in _FOLDED_SCALES:
        return _Token("S", start, end, Decimal(_FOLDED_SCALES[word]))
    return _Token("W", start, end, _FOLDED_WORDS[word]) if word in _FOLDED_WORDS else _Token("X", start, end)


def _digits(raw: str) -> Decimal:
    """The value of digits with any separators; a dot before exactly three digits is taken for thousands."""
    clean = re.sub(r"[,'_ ]", "", raw)
    if clean.count(".") > 1 or re.search(r"\.\d{3}$", clean):
        clean = clean.replace(".", "")
    return Decimal(clean)


def _is_number(group: _Group) -> bool:
    """A plain number of two digits or more, or any number beside a mark."""
    return any(t.kind == "N" and t.value >= 10 for t in group.tokens)


def _sums(tokens: tuple[_Token, ...]) -> Iterator[Decimal]:
    """The amounts of one group: "5 lakh 50 hazar" is one, "50000 25000" are two."""
    total: Decimal | None = None
    last = Decimal(-1)
    for value, power in _numbers(tokens):
        if total is not None and power < last:
            total += value
        else:
            if total is not None:
                yield total
            total = value
        last = power or Decimal(-1)
    if total is not None:
        yield total


def _numbers(tokens: tuple[_Token, ...]) -> Iterator[tuple[Decimal, Decimal]]:
    """Each number with its scale applied, and the power of ten of that scale (0 for none)."""
    current: Decimal | None = None
    half = Decimal(0)
    for token in tokens:
        if token.kind == "H":
            half = token.value
        elif token.kind in {"N", "W"}:
            if current is not None and (token.kind == "N" or current % 10):
                yield current, Decimal(0)
                current = None
            current, half = (current or 0) + token.value + half, Decimal(0)
        elif token.kind == "S":
            grown = (Decimal(1) if current is None else current).scaleb(int(token.value))
            current = grown if token.value == HUNDREDS else None
            if current is None:
                yield grown, token.value
    if current is not None:
        yield current, Decimal(0)
