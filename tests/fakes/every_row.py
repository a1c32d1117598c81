"""A row or two of every kind, with what is awkward in each: nothing, zero, text for a number, two alphabets, a zone."""

from datetime import date, datetime, timedelta, timezone

from services.domain import rows as r
from services.domain.records import Kind, Row
from services.domain.rows import Bar, EventRow, IndexRow, NewsRow, Tick
from services.domain.rows_psx import Breadth, Depth, Leader, Totals
from services.domain.rows_us import Mover, SectorMove

KARACHI = timezone(timedelta(hours=5))
DAY = date(2026, 8, 20)
AT = datetime(2026, 8, 20, 15, 30, 0, 123456, tzinfo=KARACHI)
ROWS: dict[Kind, tuple[Row, ...]] = {
    "bars": (Bar("786", DAY, None, 1.5, 0.0, 12.34, 0, 11.5), Bar("LUCK", DAY, 1.0, 2.0, 0.5, 1.5, 2**40)),
    "watch": (
        r.Watch("LUCK", DAY, "Lucky", "0804", ("KSE100", "KMI30"), ("XD",), 1.0, 1, 1.0, 1.0, 1.1, -0.1, -9.9, 5),
    ),
    "indices": (IndexRow("KSE100", AT, None, None, 100000.12, -1.5, -0.01),),
    "constituents": (
        r.Constituent("KSE100", "LUCK", DAY, "L", None, 1.0, None, None, 4.5, 3.2, None, None, None, 7.0),
        r.Constituent("KSE30", "LUCK", DAY, "L", 1.0, 1.0, 0.0, 0.0, 4.5, 3.2, 100, 1.0, 2.0, 7.0),
    ),
    "symbols": (r.Symbol("786", DAY, "786 Investments", "INV. BANKS", is_gem=True),),
    "sectors": (r.Sector("0801", DAY, "AUTOS", 1, 2, 3, 4, None),),
    "screener": (
        r.Screened("LUCK", DAY, "0804", (), (), None, 1.0, None, 2.0, None, 3.0, None, 9.5),
    ),
    "ticks": (Tick("LUCK", AT, 10.5, 0), Tick("LUCK", AT, 10.5, 100)),
    "announcements": (r.Notice("a1", AT, "", "PSX", "Holiday", "/x", revoked=True),),
    "payouts": (
        r.PayoutRow("LUCK", DAY, AT, "35%(F)(D)", "dividend", 35.0, True, None, DAY, None, "Lucky", "CEMENT"),
        r.PayoutRow("SYS", DAY, AT, "10%(B)", "bonus", None, None, None, None, None),
    ),
    "companies": (r.Company("LUCK", AT, "Lucky", "CEMENT", 1.5, None, None, {"VAR": "3.1", "AVG": "x"}, 1.0),),
    "baskets": (r.BasketRow("MZNPETF", DAY, "LUCK", "Lucky", 12.0),),
    "fx": (r.FxRow("USD", DAY, 281.5, {"1-WEEK": 281.9, "1-MONTH": 283.0}), r.FxRow("EUR", DAY, 310.0)),
    "rates": (r.RateRow("policy_rate", DAY, 10.5, "%"),),
    "flows": (r.FlowRow(DAY, "FIPI", "Foreign Corporate", "All", -1.25), r.FlowRow(DAY, "LIPI", "Banks", "All", 1.25, 2.0, -0.75)),
    "navs": (r.NavRow("Fund", DAY, "Open-End", "Equity", None, returns={"1D": -3.45, "YTD": 0.0}),),
    "holdings": (r.HoldingRow("Fund", DAY, "LUCK", 0.05),),
    "news": (NewsRow("n1", AT, "پاکستان اسٹاک", "https://x", "Dawn", ("LUCK", "SYS")), NewsRow("n2", AT, "t", "l", "p")),
    "holidays": (r.HolidayRow(DAY, "Eid", tentative=True),),
    "events": (EventRow("e1", AT, "US", "CPI", "High", None, 3.1, 3.0),),
    "actions": (r.ActionRow("LUCK", DAY, "split", 0.2, 0.0, "5:1"),),
    "movers": (Mover("gainers", 1, "NVDA", DAY, "Nvidia", "NASDAQ", 1.0, 0.5, 50.0),),
    "sector_moves": (SectorMove("XLK", DAY, "Technology", "NYSE", -1.5),),
    "depth": (Depth("REG/main", "LUCK", DAY, "Lucky", 1, 2.0, 0, 0.0, None, None, 5),),
    "totals": (Totals(AT, 1, 2, 3, 4, 5, 6, 7.5),),
    "breadth": (Breadth("ADV", DAY, 0.25),),
    "leaders": (Leader("symbols", 1, "LUCK", DAY, "Lucky", 9), Leader("sectors", 1, "0804", DAY, "CEMENT", 9)),
}  # fmt: skip
