"""Money, ranges, percentages, ratios and plain figures as English words."""

import re

from services.wording.lexicon import CURRENCIES, MAGNITUDES, UNITS
from services.wording.spoken_numbers import NUM, cardinal, digits, figure, is_one, ordinal, year
from services.wording.spoken_rule import Rule, Surroundings

_MINUS = "−–-"
_SIGN = rf"[+±{_MINUS}]"
_CUR = r"(?:US\$|[Rr][Ss](?:\.(?=\s?[\d(+\-−–.]))?|RS|PKR|INR|USD|EUR|GBP|JPY|CNY|AED|SAR|[$€£¥₹])"
_MAG = (
    r"(?:(?i:trillion|billion|million|thousand|trn|tn|bln|bn|mln|mn|lakhs?|lacs?|crores?|cr)|[kKmMbB])(?!\w)"
)
_UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
_SIGNS = {"+": "plus ", "±": "plus or minus ", **dict.fromkeys(_MINUS, "minus ")}
_FRACTIONS = {
    "1/2": "one half",
    "1/3": "one third",
    "2/3": "two thirds",
    "1/4": "one quarter",
    "3/4": "three quarters",
}


def _magnitude(text: str | None) -> str:
    return f" {MAGNITUDES.get(text.lower(), text.lower())}" if text else ""


def _currency(code: str) -> tuple[str, str, str]:
    return CURRENCIES[code.lower().rstrip(".")]


def _amount(figures: str, magnitude: str | None, code: str, *, until: str | None = None) -> str:
    """Read "1.2", "bn", "$" as "one point two billion dollars"; two decimals alone are rupees and paisa."""
    one, many, hundredth = _currency(code)
    if until:
        return f"{figure(figures)} to {figure(until)}{_magnitude(magnitude)} {many}"
    whole, _, cents = figures.partition(".")
    if magnitude or len(cents) != 2 or not hundredth:
        return (
            f"{figure(figures)}{_magnitude(magnitude)} {one if is_one(figures) and not magnitude else many}"
        )
    parts = []
    if whole.strip("0,"):
        parts.append(f"{figure(whole)} {one if is_one(whole) else many}")
    if int(cents):
        parts.append(f"{cardinal(int(cents))} {hundredth if int(cents) > 1 else hundredth.removesuffix('s')}")
    return " and ".join(parts) or f"zero {many}"


def _money(m: re.Match[str], _: Surroundings) -> str:
    sign = _SIGNS.get(m["mo_sign"] or m["mo_inner"] or ("-" if m["mo_open"] else ""), "")
    per = f" per {UNITS.get(m['mo_per'], (m['mo_per'],))[0]}" if m["mo_per"] else ""
    return sign + _amount(m["mo_figure"], m["mo_mag"], m["mo_cur"], until=m["mo_until"]) + per


def _money_after(m: re.Match[str], _: Surroundings) -> str:
    return _SIGNS.get(m["ma_sign"] or "", "") + _amount(m["ma_figure"], m["ma_mag"], m["ma_cur"])


def _pair(m: re.Match[str], _: Surroundings) -> str:
    return f"{_currency(m['pair_a'])[0]} to {_currency(m['pair_b'])[0]}"


def _with_unit(words: str, figures: str, unit: str | None) -> str:
    if not unit:
        return words
    one, many = UNITS[unit if unit in UNITS else unit.lower()]
    return f"{words} {one if is_one(figures) else many}"


def _range(m: re.Match[str], _: Surroundings) -> str:
    first, second = (_SIGNS.get(m[f"r_s{n}"] or "", "") + figure(m[f"r_{n}"]) for n in "ab")
    return _with_unit(f"{first} to {second}{_magnitude(m['r_mag'])}", m["r_b"], m["r_unit"])


def _times(m: re.Match[str], _: Surroundings) -> str:
    return f"times {figure(m['times'])}"


def _ratio(m: re.Match[str], _: Surroundings) -> str:
    return f"{figure(m['ratio_a'])} to {figure(m['ratio_b'])}"


def _mixed(m: re.Match[str], _: Surroundings) -> str:
    part = _FRACTIONS[m["mixed_part"]].replace("one half", "a half").replace("one ", "a ")
    return f"{figure(m['mixed'])} and {part}"


def _fraction(m: re.Match[str], _: Surroundings) -> str:
    top, bottom = m["top"], m["bottom"]
    known = _FRACTIONS.get(f"{top}/{bottom}")
    if known:
        return known
    if f"{top}/{bottom}" == "24/7":
        return "twenty-four seven"
    return f"{figure(top)} {'out of' if int(top) <= int(bottom) else 'over'} {figure(bottom)}"


def _version(m: re.Match[str], _: Surroundings) -> str:
    return "version " + " point ".join(figure(part) for part in m["version"].split("."))


def _telephone(m: re.Match[str], _: Surroundings) -> str:
    return ", ".join(digits(part) for part in re.findall(r"\d+", m["phone"]))


def _decade(m: re.Match[str], _: Surroundings) -> str:
    return year(int(m["decade"])).removesuffix("y") + "ies"


def _number(m: re.Match[str], _: Surroundings) -> str:
    figures = m["n_figure"] if m["n_figure"][0] != "." else "0" + m["n_figure"]
    sign = _SIGNS.get(m["n_sign"] or "", "")
    if m["n_th"] and len(figures) < 6:
        return ordinal(int(figures.replace(",", "")))
    tail = m["n_tail"] or ""
    words = _with_unit(f"{sign}{figure(figures)}{_magnitude(m['n_mag'])}", figures, m["n_unit"])
    return f"{words} {' '.join(tail) if tail.isupper() else tail}".rstrip()


_NOT_IN_WORD = r"(?<![\w.])(?<!\d,)"

RULES = (
    Rule(
        "telephone",
        r"(?<![\w.,-])(?P<phone>\+\d{6,14}|\+?\d{2,4}[- ]\d{3,4}[- ]\d{4,7}|0\d{3}-\d{7})(?![\w-])",
        _telephone,
    ),
    Rule(
        "pair",
        r"(?<![A-Za-z])(?P<pair_a>USD|PKR|EUR|GBP|AED|SAR)\s?/\s?(?P<pair_b>USD|PKR|EUR|GBP|AED|SAR)(?![A-Za-z])",
        _pair,
    ),
    Rule(
        "money",
        rf"(?<![A-Za-z])(?:(?<![\w)])(?P<mo_sign>{_SIGN})\s?)?(?P<mo_cur>{_CUR})\s?(?P<mo_inner>{_SIGN})?(?P<mo_open>\()?(?P<mo_figure>{NUM})(?:\s?[-–]\s?(?P<mo_until>{NUM}))?(?(mo_open)\))(?:\s?(?P<mo_mag>{_MAG}))?(?!\d)(?:/(?P<mo_per>[a-z]+))?",
        _money,
    ),
    Rule(
        "money_after",
        rf"{_NOT_IN_WORD}(?:(?<![\w)])(?P<ma_sign>{_SIGN}))?(?P<ma_figure>{NUM})(?:\s?(?P<ma_mag>{_MAG}))?\s?(?P<ma_cur>PKR|USD|EUR|GBP|AED|SAR|Rs|[€£])(?!\w)",
        _money_after,
    ),
    Rule("times_before", rf"(?<!\w)[x×]\s?(?P<times>{NUM})(?!\w)", _times),
    Rule("ratio_of", r"(?<![\w:.])(?P<ratio_a>\d{1,4}):(?P<ratio_b>\d{1,4})(?![\d:])", _ratio),
    Rule(
        "mixed_fraction",
        r"(?<![\w.,/])(?P<mixed>\d{1,4})\s(?P<mixed_part>1/2|1/3|2/3|1/4|3/4)(?![\w/])",
        _mixed,
    ),
    Rule("fraction", r"(?<![\w.,/])(?P<top>\d{1,4})/(?P<bottom>\d{1,4})(?![\w/]|[.,]\d)", _fraction),
    Rule("version_of", r"(?<!\w)[vV](?:ersion\s)?\.?\s?(?P<version>\d{1,4}(?:\.\d{1,4})+)(?!\w)", _version),
    Rule("decade_of", r"(?<![\w.,])(?P<decade>(?:19|20)\d0)'?s(?!\w)", _decade),
    Rule(
        "range",
        rf"{_NOT_IN_WORD}(?:(?<![\w)])(?P<r_sa>{_SIGN}))?(?P<r_a>{NUM})\s?%?(?:\s?–\s?|-|\s-\s|\sto\s(?=[+−-]))(?P<r_sb>[+−-])?(?P<r_b>{NUM})(?!-?\d)(?:\s?(?P<r_mag>{_MAG}))?(?:\s?(?P<r_unit>{_UNIT})(?!\w))?",
        _range,
    ),
    Rule(
        "number",
        rf"(?<![.])(?:(?<![\w)])(?P<n_sign>{_SIGN}))?(?P<n_figure>{NUM}|(?<!\w)\.\d+(?!\d))(?:(?P<n_th>st|nd|rd|th)(?!\w)|(?:\s?(?P<n_mag>{_MAG}))?(?:\s?(?P<n_unit>{_UNIT})(?!\w))?(?P<n_tail>(?<=\d)[A-Za-z]+(?![A-Za-z]))?)",
        _number,
    ),
)
