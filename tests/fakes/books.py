"""A tiny market book, made by hand: eight shares, three funds and one index, for tests that need no real market."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from zoneinfo import ZoneInfo

from services.domain.market import (
    Adjustment,
    Announcement,
    Basket,
    Event,
    Fact,
    Flow,
    Fund,
    Fundamentals,
    IndexLevel,
    MarketBook,
    Payout,
    Quote,
    Series,
    Share,
    Unit,
)

DAY = date(2026, 8, 20)
CLOSED = datetime(2026, 8, 20, 15, 50, tzinfo=ZoneInfo("Asia/Karachi"))
SESSIONS = (date(2026, 8, 17), date(2026, 8, 18), date(2026, 8, 19), DAY)

# symbol, name, sector code, sector, in the KMI list, price, ldcp, fair closes before today
_SHARES = (
    ("MEBL", "Meezan Bank Limited", "0807", "COMMERCIAL BANKS", True, "500", "490", (480.0, 485.0, 490.0)),
    ("HBL", "Habib Bank Limited", "0807", "COMMERCIAL BANKS", False, "300", "303", (298.0, 301.0, 303.0)),
    ("LUCK", "Lucky Cement Limited", "0804", "CEMENT", True, "400", "400", (395.0, 402.0, 400.0)),
    ("OGDC", "Oil & Gas Development Company Limited", "0820", "OIL & GAS EXPLORATION COMPANIES", True, "250", "245",
     (240.0, 243.0, 245.0)),
    ("HUBC", "The Hub Power Company Limited", "0824", "POWER GENERATION & DISTRIBUTION", True, "200", "204",
     (201.0, 205.0, 204.0)),
    ("ENGROH", "Engro Holdings Limited", "0813", "INV. BANKS / INV. COS. / SECURITIES COS.", True, "260", "258",
     (255.0, 256.0, 258.0)),
    ("SYS", "Systems Limited", "0828", "TECHNOLOGY & COMMUNICATION", True, "150", "148", (146.0, 147.0, 148.0)),
    ("LCI", "Lucky Core Industries Limited", "0805", "CHEMICAL", True, "300", "297", (290.0, 295.0, 297.0)),
)  # fmt: skip


def fact(
    value: str, unit: Unit = "PKR", entity: str = "PK", *, name: str = "fact", as_of: datetime = CLOSED
) -> Fact:
    """A fact with the sample's time and a made-up source."""
    stamp = as_of.astimezone(UTC).date()
    return Fact(f"{name}:{entity}:{stamp}", Decimal(value), unit, entity, as_of, "hand-made book")


def small_book(
    aliases: Mapping[str, tuple[str, ...]] | None = None, *, version: str = "small-1"
) -> MarketBook:
    """Eight shares, three funds with and without a basket, one ETF among them, KSE100; every figure is invented."""
    shares, quotes, series = {}, {}, {}
    for symbol, name, sector_code, sector, shariah, price, ldcp, closes in _SHARES:
        lists = frozenset({"ALLSHR", "KSE100", *(("KMIALLSHR",) if shariah else ())})
        shares[symbol] = Share(symbol, name, sector_code, sector, shariah, lists)
        quotes[symbol] = _quote(symbol, Decimal(price), Decimal(ldcp))
        series[symbol] = _series((*closes, float(price)))
    weights = {s: Decimal("0.125") for s in shares}
    return MarketBook(
        market="psx",
        day=DAY,
        closed_at=CLOSED,
        label="sample data, 20 Aug 2026",
        version=version,
        sample=True,
        sessions=SESSIONS,
        shares=MappingProxyType(shares),
        quotes=MappingProxyType(quotes),
        series=MappingProxyType(series),
        adjustments={"LUCK": (Adjustment("LUCK", date(2025, 4, 28), 0.2, "5:1 split", "hand-made book"),)},
        fundamentals={
            "MEBL": Fundamentals(fact("9.5", "x", "MEBL"), fact("6.2", "%", "MEBL"), None, None),
            "OGDC": Fundamentals(fact("7.1", "x", "OGDC"), fact("5.0", "%", "OGDC"), None, None),
        },
        indices={"KSE100": _index()},
        index_series={"KSE100": {d: 176_000.0 + 200 * i for i, d in enumerate(SESSIONS)}},
        index_names={"KSE100": "KSE-100 Index"},
        funds=_funds(),
        flows=(Flow("FIPI", "Foreign Corporates", "All", fact("-1.2", "USD mn", "All")),),
        rates={"USD": fact("278.0", "PKR per USD"), "policy_rate": fact("11.5", "%")},
        payouts=(
            Payout(
                "LUCK", "dividend", "40%(F) (D)", date(2026, 8, 10), date(2026, 8, 17), None, "hand-made book"
            ),
        ),
        announcements=(
            Announcement(
                "a1", DAY, "LUCK", "Lucky Cement: final dividend of 40 %", "hand-made book", "payout"
            ),
        ),
        events=(Event(date(2026, 9, 14), "", "Monetary policy meeting", "hand-made book"),),
        kse100_weights=Basket(weights, CLOSED, "hand-made book"),
        shariah_list_date=date(2026, 6, 5),
        aliases=aliases if aliases is not None else {"dawh": ("ENGROH",), "dawood hercules": ("ENGROH",)},
    )


def _quote(symbol: str, price: Decimal, ldcp: Decimal) -> Quote:
    low, high = min(price, ldcp) - 2, max(price, ldcp) + 2
    return Quote(
        symbol,
        fact(str(price), "PKR", symbol, name="price"),
        fact(str(ldcp), "PKR", symbol, name="ldcp"),
        ldcp,
        high,
        low,
        fact("100000", "shares", symbol, name="volume"),
    )


def _series(closes: tuple[float, ...]) -> Series:
    return Series(
        SESSIONS,
        closes,
        tuple(c + 2 for c in closes),
        tuple(c - 2 for c in closes),
        closes,
        (90_000,) * len(closes),
    )


def _index() -> IndexLevel:
    return IndexLevel(
        "KSE100",
        fact("176600", "index points", "KSE100", name="index"),
        fact("200", "index points", "KSE100", name="index_change"),
    )


def _funds() -> dict[str, Fund]:
    basket = Basket(
        {"MEBL": Decimal("0.4"), "OGDC": Decimal("0.3"), "LUCK": Decimal("0.25")}, CLOSED, "hand-made book"
    )
    etf_fee = fact("0.005", "fraction", "MZNPETF")
    return {
        "MZNPETF": Fund("MZNPETF", "Meezan Pakistan ETF", "etf", "Exchange Traded Fund", True,
                        fact("25", "PKR", "MZNPETF", name="nav"), basket, etf_fee, "management fee",
                        price_symbol="MZNPETF"),
        "MIF": Fund("MIF", "Meezan Islamic Fund", "mutual", "Shariah Compliant Equity", True,
                    fact("150", "PKR", "MIF", name="nav"), None, fact("0.03", "fraction", "MIF"), "total expense ratio"),
        "MIIF": Fund("MIIF", "Meezan Islamic Income Fund", "mutual", "Shariah Compliant Income", True,
                     fact("55", "PKR", "MIIF", name="nav"), annualised=True),
    }  # fmt: skip
