"""Web addresses, index names, tickers, capitals, abbreviations and symbols as English words."""

import re
from functools import lru_cache

from services.wording.lexicon import (
    ABBREVIATIONS,
    COMMON,
    SAID_AS_WORDS,
    SPELLED,
    SYMBOLS,
    TITLES,
    pronounceable,
)
from services.wording.spoken_numbers import NUM, figure
from services.wording.spoken_rule import Rule, Surroundings, closes_sentence, letters

_INDEX = r"(?:PSX-KMI|KSE|KMI|PSX|S&P|FTSE|NIFTY|Nifty|Nikkei|Nasdaq|NASDAQ|Dow|DAX|CAC|JSMF|BKTI|NIT)"
_TICKER = r"[A-Z][A-Z0-9]*(?:[&.-][A-Z0-9]+)*"


def _address(m: re.Match[str], _: Surroundings) -> str:
    return "an e-mail address" if "@" in m[0] else "a link"


def _company_address(m: re.Match[str], _: Surroundings) -> str:
    return f"{m['company']} dot com"


def _index(m: re.Match[str], around: Surroundings) -> str:
    name = " ".join(capitals(part, around) for part in m["ix_name"].split("-"))
    if m["ix_all"]:
        return f"{name} all share"
    return f"{name} {figure(m['ix_number'])}"


def _aside(m: re.Match[str], around: Surroundings) -> str:
    """A ticker in brackets after the name it stands for is not said again."""
    name = around.names.get(m["aside"])
    first = (name or "").split(" ", 1)[0].casefold()
    before = m.string[max(0, m.start() - 80) : m.start()].casefold()
    if first and first in before:
        return ""
    return f", {_symbol(m['aside'], around)},"


def _ticker(m: re.Match[str], around: Surroundings) -> str:
    word = m["ticker"]
    dot = "." if m["t_dot"] and (closes_sentence(m) or "." not in word) else ""
    return _symbol(word, around) + ("s" if m["t_plural"] else "") + dot


def _symbol(word: str, around: Surroundings) -> str:
    hidden = around.shouted and word in COMMON
    if word in around.names and not hidden:
        return _plain(around.names[word]) or letters(word)
    if word in ABBREVIATIONS:
        return ABBREVIATIONS[word]
    parts = re.split(r"[.-]", word)
    if all(len(part) == 1 for part in parts):
        return " ".join(parts)
    said = (capitals(part, around) for part in parts)
    return ("-" if "-" in word else " ").join(said)


def capitals(word: str, around: Surroundings) -> str:
    """A word of capitals and digits: read, or spelled if it is short or cannot be said and is no common word."""
    if "&" in word:
        return " and ".join(capitals(part, around) for part in word.split("&"))
    if not word.isalpha():
        return " ".join(
            figure(bit) if bit.isdigit() else letters(bit) for bit in re.findall(r"\d+|[A-Z]+", word)
        )
    if word in SAID_AS_WORDS:
        return SAID_AS_WORDS[word]
    spelled = word in SPELLED and not around.shouted
    if not spelled and (word in COMMON or (len(word) > 3 and pronounceable(word))):
        return word.lower() if len(word) > 1 else word
    return letters(word)


@lru_cache(maxsize=2048)
def _plain(name: str) -> str:
    """A company's name made speakable itself ("Oil & Gas", "D.G. Khan", "786 Investments"); it knows no tickers."""
    initials = re.sub(r"\b([A-Z])\.\s?(?=[A-Z])", r"\1 ", name.replace(".com", " dot com"))
    initials = (
        re.sub(r"\b([A-Z])\.(?=\s|$)", r"\1", initials)
        .replace("&", " and ")
        .replace("(", " ")
        .replace(")", " ")
    )
    words = (_plain_word(word) for word in initials.split())
    return " ".join(words)


def _plain_word(word: str) -> str:
    if re.fullmatch(NUM, word):
        return figure(word)
    return capitals(word, Surroundings({})) if re.fullmatch(r"[A-Z][A-Z0-9]+", word) else word


def _abbreviation(m: re.Match[str], _: Surroundings) -> str:
    key = m["abbreviation"]
    ends = m["ab_dot"] and key not in TITLES and closes_sentence(m)
    return ABBREVIATIONS[key] + ("." if ends else "")


def _count(m: re.Match[str], _: Surroundings) -> str:
    return "numbers " if m[0].startswith("Nos") else "number "


def _initial(m: re.Match[str], _: Surroundings) -> str:
    return m["initial"]


def _symbol_word(m: re.Match[str], _: Surroundings) -> str:
    return f" {SYMBOLS[m['symbol']]} "


def _up(m: re.Match[str], _: Surroundings) -> str:
    return f"{SYMBOLS[m['arrow']]} "


def _or(_m: re.Match[str], _: Surroundings) -> str:
    return " or "


_KEYS = "|".join(re.escape(key) for key in sorted(ABBREVIATIONS, key=len, reverse=True))
_LOWER = "|".join(re.escape(key) for key in ABBREVIATIONS if key[0].islower())
_ORDINARY = rf"(?!(?:{_LOWER}|rs|version)(?!\w))[a-z]{{2,}}(?![\w@/&'-]|\.\w|:[\w/])"
_DOMAIN = r"(?:[a-z0-9-]+\.)+(?:com|org|net|pk|io|edu|gov|info|me|ly|co|uk)(?:/[^\s<>]*)?"


def _as_it_is(m: re.Match[str], _: Surroundings) -> str:
    return m[0]


# Most of a text is small-letter words that no rule wants: taken first and many at once, they cost nearly nothing.
FIRST = (
    Rule("ordinary", rf"(?<![\w.@/&'-]){_ORDINARY}(?: {_ORDINARY})*", _as_it_is),
    Rule("company_address", r"(?<![\w@./-])(?P<company>[A-Z][a-z]+)\.com(?![\w/@-])", _company_address),
    Rule(
        "address",
        rf"(?:(?i:https?://|ftp://|www\.)[^\s<>]*[^\s<>.,;:!?)\]'\"]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w@.]){_DOMAIN}(?<![.,;:!?)])(?!\w))",
        _address,
    ),
)
INDICES = (
    Rule(
        "index",
        rf"(?<!\w)(?P<ix_name>{_INDEX})(?:[\s-]?(?P<ix_number>\d{{2,4}})(?!\w|[.,]\d)|[\s-](?P<ix_all>(?i:all[\s-]?shares?)|ALLSHR))(?:\s+[Ii]ndex(?=\s+[Ii]ndex))?",
        _index,
    ),
)
LAST = (
    Rule("aside_ticker", rf"\s*\((?P<aside>{_TICKER})\)", _aside),
    Rule("count", r"(?<!\w)Nos?\.\s?(?=\d)|(?<!\w)#(?=\d)", _count),
    Rule(
        "abbreviation_of",
        rf"(?<![\w.&/])(?P<abbreviation>{_KEYS})(?P<ab_dot>\.)?(?![\w&/]|-\w)",
        _abbreviation,
    ),
    Rule(
        "ticker_word",
        rf"(?<![A-Za-z0-9])(?P<ticker>{_TICKER})(?:(?<=[A-Z0-9]{{2}})|(?<=[A-Z][.&-][A-Z0-9]))(?P<t_plural>s(?![a-z]))?(?![a-z0-9])(?P<t_dot>\.)?",
        _ticker,
    ),
    Rule("initial_of", r"(?<![A-Za-z])(?P<initial>[A-Z])\.(?=\s?[A-Z])", _initial),
    Rule("arrow_up", r"(?P<arrow>[▲↑▼↓])\s?[+−-]?(?=\d)", _up),
    Rule("slash", r"(?<=\w)\s?/\s?(?=\w)", _or),
    Rule("symbol_of", f"(?P<symbol>[{re.escape(''.join(SYMBOLS))}])", _symbol_word),
)
