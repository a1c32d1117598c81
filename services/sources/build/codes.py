"""Gives every fund a short stable code: its PSX symbol, its known initials, or a slug made from its name alone."""

import re

from services.sources.build.tables import ETF_SYMBOLS, FUND_CODES

_LONGEST = 26  # "add_holding?names=" and a weight still fit into a button's 64 bytes
_DROPPED = {"FUND", "THE", "OF", "AND"}
_SHORTER = {
    "ISLAMIC": "ISL",
    "INCOME": "INC",
    "GOVERNMENT": "GOVT",
    "SECURITIES": "SEC",
    "FINANCIAL": "FIN",
    "ALLOCATION": "ALLOC",
    "PLANNING": "PLN",
    "FIXED": "FIX",
    "RETURN": "RET",
    "MARKET": "MKT",
    "SOVEREIGN": "SOV",
    "SECTOR": "SECT",
    "PROTECTION": "PROT",
    "PRINCIPAL": "PRIN",
    "DEDICATED": "DED",
    "PAKISTAN": "PAK",
    "PROSPERITY": "PROSP",
    "STRATEGIC": "STRAT",
    "CONSERVATIVE": "CONS",
    "MODERATE": "MOD",
    "AGGRESSIVE": "AGGR",
    "OPPORTUNITY": "OPP",
    "PRESERVATION": "PRES",
    "CAPITAL": "CAP",
    "MUNAFA": "MUN",
    "MUSTAKIL": "MUST",
    "MUSTAHKAM": "MUSTH",
    "MEHDOOD": "MEHD",
    "MUDDAT": "MUD",
    "MEHFOOZ": "MEHF",
}


def slug(name: str) -> str:
    """Words in capitals joined by "-", the usual ones shortened, filler dropped; may still be too long.

    Of a plan in brackets only the plan is told ("X Fund (X Moderate Plan)" -> "X-MOD-PLAN"), after the house's name.
    """
    plan = re.fullmatch(r"(\S+) [^(]*\((.+ .+)\)(?: \(\w+\))?", name)
    if plan and " Fund" in plan[2]:
        name = name[: name.index("(")]
    elif plan:
        name = plan[2] if plan[2].startswith(plan[1]) else f"{plan[1]} {plan[2]}"
    words = re.findall(r"[A-Z0-9]+", name.upper().replace("’", "").replace("'", ""))
    return "-".join(_SHORTER.get(word, word) for word in words if word not in _DROPPED)


def cut(code: str) -> str:
    """At most 26 characters: the longest word loses its last letter until the whole fits; plan numbers stay whole."""
    parts = code.split("-")
    words = [index for index, part in enumerate(parts) if not re.fullmatch(r"[IVX]+[AB]?|\d+", part)]
    while len("-".join(parts)) > _LONGEST:
        longest = max(words, key=lambda index: len(parts[index]))
        parts[longest] = parts[longest][:-1]
    return "-".join(parts)


def fund_codes(names: list[str], taken: set[str]) -> dict[str, str]:
    """A code for each name, none of them a share's symbol.

    Raises:
        ValueError: If two names would get one code: shorten by hand in ``tables.FUND_CODES``.
    """
    codes: dict[str, str] = {}
    owners: dict[str, str] = {}
    for name in sorted(names):
        code = ETF_SYMBOLS.get(name) or FUND_CODES.get(name) or cut(slug(name))
        if code in owners or (code in taken and name not in ETF_SYMBOLS):
            raise ValueError(f"{name!r} and {owners.get(code, 'a share')!r} would both be {code}")
        owners[code] = name
        codes[name] = code
    return codes
