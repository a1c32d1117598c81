"""Classes of investors and sectors in NCCPL's flows: one name for each of the ways its reports have written them."""

import re
from collections.abc import Mapping
from typing import Literal

Side = Literal["FIPI", "LIPI"]

ALL = "All"
"""The sector that stands for the whole market."""

INVESTORS: Mapping[str, tuple[Side, str]] = {
    "foreignindividual": ("FIPI", "Foreign Individuals"),
    "foreigncorporate": ("FIPI", "Foreign Corporates"),
    "overseaspakistani": ("FIPI", "Overseas Pakistanis"),
    "fipi": ("FIPI", "All foreigners"),
    "lipi": ("LIPI", "All locals"),
    "individual": ("LIPI", "Individuals"),
    "companie": ("LIPI", "Companies"),
    "company": ("LIPI", "Companies"),
    "bank": ("LIPI", "Banks/DFI"),
    "bankdfi": ("LIPI", "Banks/DFI"),
    "banksdfi": ("LIPI", "Banks/DFI"),
    "nbfc": ("LIPI", "NBFC"),
    "mutualfund": ("LIPI", "Mutual Funds"),
    "otherorganization": ("LIPI", "Other Organization"),
    "otherorganisation": ("LIPI", "Other Organization"),
    "brokerproprietary": ("LIPI", "Broker Proprietary Trading"),
    "brokerproprietarytrading": ("LIPI", "Broker Proprietary Trading"),
    "brokerprop": ("LIPI", "Broker Proprietary Trading"),
    "insurance": ("LIPI", "Insurance"),
    "insurancecompanie": ("LIPI", "Insurance"),
    "insurancecompany": ("LIPI", "Insurance"),
}
"""By the letters alone, small, without a plural's s."""

TOTALS: Mapping[str, Side | None] = {
    "": None, "total": None, "grandtotal": None, "net": None, "nettotal": None,
    "fipinet": "FIPI", "lipinet": "LIPI", "fipitotal": "FIPI", "lipitotal": "LIPI",
    "netfipi": "FIPI", "netlipi": "LIPI", "totalfipi": "FIPI", "totallipi": "LIPI",
}  # fmt: skip
"""Rows that add others up; None: of the side whose rows stand above it."""

_SECTORS: tuple[tuple[str, str], ...] = (
    (r"all ?sectors?|total|overall|all", ALL),
    (r"all other.*|others?|other sectors?", "All Other"),
    (r"cement", "Cement"),
    (r"fertili[sz]ers?", "Fertilizer"),
    (r"food.*", "Food & Personal Care"),
    (
        r"e ?& ?p|(?:oil (?:&|and) gas )?exploration.*|oil (?:&|and) gas exploration.*",
        "Oil & Gas Exploration",
    ),
    (r"omcs?|oil (?:&|and) gas marketing.*", "Oil & Gas Marketing"),
    (r"power.*", "Power"),
    (r"(?:commercial )?banks?(?: ?/ ?dfis?)?", "Commercial Banks"),
    (r"tech.*", "Technology & Communication"),
    (r"textile.*", "Textile Composite"),
    (r"debt.*", "Debt Market"),
)


def investor(shown: str) -> tuple[Side, str] | None:
    """The side and the class; None for a total's label. Raises ``ValueError`` for a label nobody knows."""
    letters = re.sub(r"[^a-z]", "", shown.lower())
    known = INVESTORS.get(letters) or INVESTORS.get(letters.removesuffix("s"))
    if known is None and letters not in TOTALS:
        raise ValueError(f"{shown[:40]!r} is no class of investors we know")
    return known


def total_of(shown: str) -> Side | None:
    """Whose total a label of ``TOTALS`` means."""
    return TOTALS[re.sub(r"[^a-z]", "", shown.lower())]


def sector(shown: str) -> str:
    """Our name of the sector ("All" = the whole market). Raises ``ValueError`` for one nobody knows."""
    plain = " ".join(re.sub(r"\(.*?\)|\$", " ", shown.lower()).split())
    for pattern, name in _SECTORS:
        if re.fullmatch(pattern, plain):
            return name
    raise ValueError(f"{shown[:40]!r} is no sector we know")
