"""Numbers as English words, the way a Pakistani newsreader says them: with lakh and crore, with years and ordinals."""

import re

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WESTERN = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"))
_SOUTH_ASIAN = ((10**7, "crore"), (10**5, "lakh"), (1000, "thousand"))
_IRREGULAR = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
_LAKH_COMMAS = re.compile(r"\d{1,3}(?:,\d{2})+,\d{3}")
_LONGEST_CARDINAL = 15
_LONGEST_DIGITS = 20

NUM = r"(?:\d{1,3}(?:,\d{2,3})*,\d{3}|\d+)(?!\d)(?:\.\d+(?!\d))?"
"""Pattern of a figure: plain, with western or lakh commas, with decimals. It holds no sign."""


def _below_thousand(value: int) -> str:
    hundreds, rest = divmod(value, 100)
    ones = f"-{_SMALL[rest % 10]}" if rest % 10 else ""
    words = _SMALL[rest] if rest < 20 else _TENS[rest // 10] + ones
    if not hundreds:
        return words
    return f"{_SMALL[hundreds]} hundred" + (f" and {words}" if rest else "")


def cardinal(value: int, *, lakh: bool = False) -> str:
    """A whole number below 10**15 as words: 1976 -> "one thousand nine hundred and seventy-six".

    With ``lakh`` it is counted in crore and lakh: 150000 -> "one lakh fifty thousand".
    """
    parts = []
    for size, name in _SOUTH_ASIAN if lakh else _WESTERN:
        count, value = divmod(value, size)
        if count:
            parts.append(f"{cardinal(count, lakh=lakh)} {name}")
    if value or not parts:
        joint = "and " if parts and value < 100 else ""
        parts.append(joint + _below_thousand(value))
    return " ".join(parts)


def ordinal(value: int) -> str:
    """1 -> "first", 22 -> "twenty-second", 100 -> "one hundredth"."""
    head, cut, last = re.fullmatch(r"(.*?)([ -]?)([a-z]+)", cardinal(value)).groups()  # type: ignore[union-attr]  # words always match
    if last in _IRREGULAR:
        last = _IRREGULAR[last]
    elif last.endswith("y"):
        last = last[:-1] + "ieth"
    else:
        last += "th"
    return head + cut + last


def digits(figures: str) -> str:
    """One digit after the other: "021" -> "zero two one"."""
    return " ".join(_SMALL[int(figure)] for figure in figures)


def year(value: int) -> str:
    """A year between 1000 and 2999: 2026 -> "twenty twenty-six", 2005 -> "two thousand and five"."""
    century, rest = divmod(value, 100)
    if century % 10 == 0 and rest < 10:
        return cardinal(value)
    if rest == 0:
        return f"{_below_thousand(century)} hundred"
    return f"{_below_thousand(century)} {'oh ' if rest < 10 else ''}{_below_thousand(rest)}"


def short_year(figures: str) -> str:
    """A year written with two or four digits: "26" and "2026" -> "twenty twenty-six"; "98" is nineteen ninety-eight."""
    value = int(figures)
    if len(figures) == 2:
        value += 1900 if value > 60 else 2000
    return year(value)


def figure(text: str) -> str:
    """A figure that matches ``NUM`` as words: "1,50,000" -> "one lakh fifty thousand", "0.29" -> "zero point two nine".

    "10.0" is said as "ten". Codes with a leading zero are read digit by digit; what nobody could follow is named by its length.
    """
    lakh = bool(_LAKH_COMMAS.match(text)) and not re.match(r"\d{1,3}(?:,\d{3})+(?!\d)", text)
    whole, _, decimals = text.replace(",", "").partition(".")
    decimals = decimals if decimals.strip("0") else ""
    longest = max(len(whole), len(decimals))
    if longest > _LONGEST_DIGITS:
        count = len(whole) + len(decimals)
        return f"a number of {cardinal(count)} digits"
    if len(whole) > _LONGEST_CARDINAL or (len(whole) > 1 and whole[0] == "0"):
        words = digits(whole)
    else:
        words = cardinal(int(whole), lakh=lakh)
    return f"{words} point {digits(decimals)}" if decimals else words


def is_one(text: str) -> bool:
    """Whether a unit after this figure stands in the singular."""
    return text.replace(",", "") in {"1", "1.0", "1.00"}
