"""Gives a fund a short stable code made from its name alone: what a person can type and a button can carry."""

import re

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


def code_of(name: str) -> str:
    """The code of a fund that nobody has given one by hand."""
    return cut(slug(name))
