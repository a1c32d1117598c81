"""Who buys must buy from somebody: the sums that a day of foreign and local investors' dealing has to keep.

The clearing company publishes net figures in USD million by class of investor and sector. What foreigners buy locals sell,
in all and in every sector, and an investor's sectors add up to the investor's whole. A table that breaks one of these was
copied wrongly or in part.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from services.domain.errors import BrokenPage
from services.domain.importing.headers import plain
from services.domain.rows import FlowRow

Side = Literal["FIPI", "LIPI"]
WHOLE = "All"
INVESTORS: Mapping[str, tuple[Side, str]] = {
    "foreignindividuals": ("FIPI", "Foreign Individuals"), "foreignindividual": ("FIPI", "Foreign Individuals"),
    "foreigncorporates": ("FIPI", "Foreign Corporates"), "foreigncorporate": ("FIPI", "Foreign Corporates"),
    "foreigncorporations": ("FIPI", "Foreign Corporates"), "overseaspakistanis": ("FIPI", "Overseas Pakistanis"),
    "overseaspakistani": ("FIPI", "Overseas Pakistanis"),
    "individuals": ("LIPI", "Individuals"), "individual": ("LIPI", "Individuals"), "localindividuals": ("LIPI", "Individuals"),
    "companies": ("LIPI", "Companies"), "company": ("LIPI", "Companies"), "banksdfi": ("LIPI", "Banks/DFI"),
    "banksdfis": ("LIPI", "Banks/DFI"), "bankdfi": ("LIPI", "Banks/DFI"), "banks": ("LIPI", "Banks/DFI"),
    "nbfc": ("LIPI", "NBFC"), "nbfcs": ("LIPI", "NBFC"), "mutualfunds": ("LIPI", "Mutual Funds"),
    "mutualfund": ("LIPI", "Mutual Funds"), "otherorganization": ("LIPI", "Other Organization"),
    "otherorganizations": ("LIPI", "Other Organization"), "otherorganisation": ("LIPI", "Other Organization"),
    "others": ("LIPI", "Other Organization"), "brokerproprietarytrading": ("LIPI", "Broker Proprietary Trading"),
    "brokerproprietary": ("LIPI", "Broker Proprietary Trading"), "brokers": ("LIPI", "Broker Proprietary Trading"),
    "insurancecompanies": ("LIPI", "Insurance"), "insurance": ("LIPI", "Insurance"),
}  # fmt: skip
SECTORS: Mapping[str, str] = {
    "cement": "Cement", "fertilizer": "Fertilizer", "fertiliser": "Fertilizer", "food": "Food & Personal Care",
    "foodandpersonalcareproducts": "Food & Personal Care", "foodpersonalcare": "Food & Personal Care",
    "foodpersonalcareproducts": "Food & Personal Care", "eandp": "Oil & Gas Exploration", "ep": "Oil & Gas Exploration",
    "oilandgasexplorationcompanies": "Oil & Gas Exploration", "oilgasexploration": "Oil & Gas Exploration",
    "oilgasexplorationcompanies": "Oil & Gas Exploration", "omc": "Oil & Gas Marketing", "omcs": "Oil & Gas Marketing",
    "oilandgasmarketingcompanies": "Oil & Gas Marketing", "oilgasmarketing": "Oil & Gas Marketing",
    "oilgasmarketingcompanies": "Oil & Gas Marketing", "power": "Power", "powergenerationanddistribution": "Power",
    "powergenerationdistribution": "Power", "banks": "Commercial Banks", "commercialbanks": "Commercial Banks",
    "tech": "Technology & Communication", "technologyandcommunication": "Technology & Communication",
    "technologycommunication": "Technology & Communication", "textile": "Textile Composite",
    "textilecomposite": "Textile Composite", "debt": "Debt Market", "debtmarket": "Debt Market", "others": "All Other",
    "other": "All Other", "allother": "All Other", "allothers": "All Other", "allothersectors": "All Other",
    "all": WHOLE, "total": WHOLE, "net": WHOLE, "wholemarket": WHOLE, "grandtotal": WHOLE,
}  # fmt: skip


def investor_of(name: object) -> tuple[Side, str] | None:
    """Side and name of a class of investors, however it is written; None if it is none."""
    return INVESTORS.get(plain(name))


def sector_of(name: object) -> str | None:
    """Our name of a sector of this table ("All" for its sum); None if it is none."""
    return SECTORS.get(plain(name))


def check_flows(rows: Sequence[FlowRow], page: str) -> None:
    """Check every day's sums; the tolerance is what rounding to the decimals given can add up to.

    Raises:
        BrokenPage: A day has but one side, foreign and local nets do not mirror each other, a sector does not net to zero,
            or an investor's sectors do not add up; the column tells which.
    """
    by_day: dict[date, list[FlowRow]] = defaultdict(list)
    for row in rows:
        by_day[row.day].append(row)
    for day, of_day in sorted(by_day.items()):
        _check_day(of_day, f"{page}, {day.isoformat()}")


def _check_day(rows: Sequence[FlowRow], page: str) -> None:
    sides = {row.side for row in rows}
    if len(sides) == 1:
        only = next(iter(sides))
        raise BrokenPage(
            f"only {only} is there: the two sides prove each other, bring both together", page=page
        )
    half = (
        rounding(row.net for row in rows) / 2 + 1e-9
    )  # what one figure can be off by; the rest is binary fractions
    across: dict[str, list[float]] = defaultdict(list)
    along: dict[tuple[str, str], list[FlowRow]] = defaultdict(list)
    for row in rows:
        across[row.sector].append(row.net)
        along[row.side, row.investor].append(row)
    for sector, nets in across.items():
        left = sum(nets)
        if abs(left) > half * len(nets):
            what = "FIPI is not minus LIPI" if sector == WHOLE else "buying and selling do not net to zero"
            raise BrokenPage(f"{what}: {left:+.6f} USD mn is left", page=page, column=sector)
    for (_, investor), own in along.items():
        whole = [row.net for row in own if row.sector == WHOLE]
        parts = [row.net for row in own if row.sector != WHOLE]
        if whole and parts and abs(sum(parts) - whole[0]) > half * (len(parts) + 1):
            raise BrokenPage("its sectors do not add up to its net", page=page, column=investor)


def rounding(figures: Iterable[float]) -> float:
    """The last decimal that any of the figures shows: 0.001 for 1.25 and 0.125."""
    exponents = (Decimal(str(figure)).as_tuple().exponent for figure in figures)
    places = max((-e for e in exponents if isinstance(e, int)), default=0)
    return float(10.0 ** -min(max(places, 0), 9))
