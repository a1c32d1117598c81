"""The two markets as data: zone, currency, indices, sectors, hours of the briefs, sources; nothing else knows a market by name."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from services.domain.errors import BadInput

Market = Literal["psx", "us"]
Currency = Literal["PKR", "USD"]
Brief = Literal["personal", "market", "sectors"]
_SHORTEST_STEM = 3  # letters: "the" and "for" begin no sector


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of the timetable in the market's own time, on its sessions. ``name`` is the job's word for it."""

    name: str
    at: time
    brief: Brief


@dataclass(frozen=True, slots=True)
class Profile:
    """A market. ``indices`` are names by code, the headline first; ``sectors`` names by code.

    ``price_index`` is the price-only sister of a total-return headline, "" if the headline is one of prices.
    ``evening_from`` is the hour from which a pushed brief tells of a whole day; before it, and after noon, it is midday's.
    ``featured`` are the sectors (by code) that the sector brief tells of, () for all; ``sector_etfs`` whether a sector's
    code is also a fund that is traded. ``reference`` is how people call the price that a day's change is measured from.
    ``siblings`` are three indices told beside the headline, ``gauges`` those that measure no shares; ``banks`` is the sector
    of the banks, "" if its breadth is not told apart. ``economy``: local rates, funds' NAVs and investors' flows are known.
    ``least_value`` is the median traded value of a day under which no screen shows a share, ``floor`` the day's traded value
    under which a share heads no list of movers. ``sums`` are the sums that may be asked, ``blank_screens`` those without data.
    ``feeds`` are the names of the sources that serve it; ``index_aliases`` what people call an index (no ticker: DOW is one), ``sector_aliases`` what sources call a sector, each with its code.
    """

    market: Market
    exchange: str
    name: str
    country: str
    zone: ZoneInfo
    currency: Currency
    sign: str
    indices: Mapping[str, str]
    sectors: Mapping[str, str]
    hours: tuple[Hour, ...]
    reference: str
    feeds: tuple[str, ...]
    least_value: Decimal
    floor: Decimal
    sums: frozenset[str]
    sector_examples: tuple[str, ...]
    siblings: tuple[str, ...] = ()
    gauges: frozenset[str] = frozenset()
    banks: str = ""
    economy: bool = False
    blank_screens: frozenset[str] = frozenset()
    price_index: str = ""
    evening_from: time = time(15, 30)
    featured: tuple[str, ...] = ()
    sector_etfs: bool = False
    lakh_and_crore: bool = False
    shariah_list: str = ""
    index_aliases: Mapping[str, str] = field(default_factory=dict)
    sector_aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def headline(self) -> str:
        """The code of the index that everything is measured against."""
        return next(iter(self.indices))

    @property
    def headline_name(self) -> str:
        return self.indices[self.headline]

    def sector_named(self, words: Collection[str]) -> str:
        """The code of the sector that most of some folded words name ("tech", "banks"), "" if none does.

        A word names a sector if a word of its name begins with it, or is its singular.
        """
        named = [*((name, code) for code, name in self.sectors.items()), *self.sector_aliases.items()]
        stems = [word.removesuffix("s") for word in words if len(word) > _SHORTEST_STEM]
        hits = [
            (sum(any(part.startswith(stem) for part in name.lower().split()) for stem in stems), code)
            for name, code in named
        ]
        most, code = max(hits, key=lambda hit: hit[0])
        return code if most else ""

    def times(self, brief: Brief) -> tuple[time, ...]:
        """The hours of one kind of brief, in order."""
        return tuple(sorted(hour.at for hour in self.hours if hour.brief == brief))


_PSX_SECTORS: Mapping[str, str] = {
    "0801": "Automobile Assembler", "0802": "Automobile Parts", "0803": "Cable & Electrical Goods",
    "0804": "Cement", "0805": "Chemical", "0806": "Closed-End Mutual Fund", "0807": "Commercial Banks",
    "0808": "Engineering", "0809": "Fertilizer", "0810": "Food & Personal Care", "0811": "Glass & Ceramics",
    "0812": "Insurance", "0813": "Investment Banks & Companies", "0814": "Jute", "0815": "Leasing",
    "0816": "Leather & Tanneries", "0818": "Miscellaneous", "0819": "Modarabas",
    "0820": "Oil & Gas Exploration", "0821": "Oil & Gas Marketing", "0822": "Paper, Board & Packaging",
    "0823": "Pharmaceuticals", "0824": "Power", "0825": "Refinery", "0826": "Sugar",
    "0827": "Synthetic & Rayon", "0828": "Technology & Communication", "0829": "Textile Composite",
    "0830": "Textile Spinning", "0831": "Textile Weaving", "0832": "Tobacco", "0833": "Transport",
    "0834": "Vanaspati", "0835": "Woollen", "0836": "Real Estate Investment Trust",
    "0837": "Exchange Traded Funds", "0838": "Property", "0839": "Apparel",
}  # fmt: skip

PSX = Profile(
    market="psx",
    exchange="PSX",
    name="Pakistan Stock Exchange",
    country="PK",
    zone=ZoneInfo("Asia/Karachi"),
    currency="PKR",
    sign="Rs ",
    indices={
        "KSE100": "KSE-100", "KSE100PR": "KSE-100 (price only)", "KSE30": "KSE-30", "KMI30": "KMI-30",
        "ALLSHR": "KSE All Share", "KMIALLSHR": "PSX-KMI All Share", "BKTI": "Banking Tradable Index",
        "OGTI": "Oil & Gas Tradable Index", "PSXDIV20": "PSX Dividend 20", "ACI": "Alfalah Consumer Index",
        "HBLTTI": "HBL Total Treasury Index", "JSGBKTI": "JS Global Banking Sector Index",
        "JSMFI": "JS Momentum Factor Index", "MII30": "Mahaana Islamic Index 30",
        "MZNPI": "Meezan Pakistan Index", "NBPPGI": "NBP Pakistan Growth Index",
        "NITPGI": "NIT Pakistan Gateway Index", "UPP9": "UBL Pakistan Enterprise Index",
    },
    sectors=_PSX_SECTORS,
    hours=(Hour("morning", time(9), "personal"), Hour("evening", time(17), "personal")),
    reference="LDCP",
    feeds=("psx", "sbp", "mufap", "nccpl", "pbs", "news"),
    least_value=Decimal(10_000_000),  # one crore
    floor=Decimal(5_000_000),
    sums=frozenset({"exposure", "fees", "dividend", "zakat", "gains_tax", "dividend_tax"}),
    sector_examples=("commercial banks", "cement", "fertilizer"),
    siblings=("KSE30", "KMI30", "ALLSHR"),
    banks="0807",
    economy=True,
    price_index="KSE100PR",
    lakh_and_crore=True,
    shariah_list="PSX-KMI All Share",
)  # fmt: skip

US = Profile(
    market="us",
    exchange="US exchanges",
    name="US stock exchanges",
    country="US",
    zone=ZoneInfo("America/New_York"),
    currency="USD",
    sign="$",
    indices={
        "SP500": "S&P 500", "NASDAQ": "Nasdaq Composite", "DOW30": "Dow Jones Industrial Average",
        "RUSSELL2000": "Russell 2000", "VIX": "Cboe Volatility Index",
    },
    sectors={
        "XLK": "Technology", "XLV": "Health Care", "XLF": "Financials", "XLE": "Energy",
        "XLY": "Consumer Discretionary", "XLP": "Consumer Staples", "XLI": "Industrials", "XLB": "Materials",
        "XLU": "Utilities", "XLRE": "Real Estate", "XLC": "Communication Services",
    },
    hours=(
        Hour("pre-market", time(5), "market"), Hour("sectors", time(7), "sectors"),
        Hour("midday", time(13), "market"), Hour("evening", time(19), "market"),
        # Before New York's open and after its close: the personal briefs' two usual hours.
        Hour("morning", time(9), "personal"), Hour("evening", time(17), "personal"),
    ),
    reference="previous close",
    feeds=("fmp", "news"),
    evening_from=time(16),
    # Ours: of ten million dollars a day an order of ten thousand is a thousandth, and moves no price. A list of movers asks
    # for more on its day, for one block trade in New York can be of that size.
    least_value=Decimal(10_000_000),
    floor=Decimal(25_000_000),
    # Zakat and the withholding rates that we know are Pakistan's.
    sums=frozenset({"exposure", "fees", "dividend"}),
    sector_examples=("technology", "energy", "financials"),
    siblings=("NASDAQ", "DOW30", "RUSSELL2000"),
    gauges=frozenset({"VIX"}),
    blank_screens=frozenset({"dividend", "cheap", "foreign", "announcement"}),  # our source has none of these
    featured=("XLK", "XLV", "XLF", "XLE", "XLY"),
    sector_etfs=True,
    sector_aliases={
        "Technology": "XLK", "Healthcare": "XLV", "Financial Services": "XLF", "Financials": "XLF", "Energy": "XLE",
        "Consumer Cyclical": "XLY", "Consumer Defensive": "XLP", "Industrials": "XLI", "Basic Materials": "XLB",
        "Utilities": "XLU", "Real Estate": "XLRE", "Communication Services": "XLC", "Banks": "XLF", "Pharmaceuticals": "XLV",
        "Oil & Gas": "XLE",
    },
    index_aliases={"S&P": "SP500", "S&P 500": "SP500", "DOW JONES": "DOW30", "RUSSELL 2000": "RUSSELL2000"},
)  # fmt: skip

_PROFILES: Mapping[Market, Profile] = {"psx": PSX, "us": US}


def profile(name: str) -> Profile:
    """The market of that name.

    Raises:
        BadInput: If there is none.
    """
    found = {str(market): each for market, each in _PROFILES.items()}.get(name)
    if found is None:
        raise BadInput(f"no market profile {name!r}: one of {', '.join(_PROFILES)}")
    return found


def zone_of(moment: datetime) -> ZoneInfo:
    """The market's zone that a time is told in: the clock's own. Karachi for one that bears none, as the database's do (UTC)."""
    told = moment.tzinfo, moment.tzname()
    zones = (each.zone for each in _PROFILES.values())
    return next((zone for zone in zones if zone is told[0] or zone.key == told[1]), PSX.zone)


def market_of(moment: datetime) -> Profile:
    """The market whose clock a time is told by."""
    return next(each for each in _PROFILES.values() if each.zone is zone_of(moment))
