"""Tables as operators bring them, and what came of reading them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.domain.importing.grid import Grid
from services.domain.importing.reading import Around
from services.domain.importing.recognising import read

NOW = datetime(2026, 8, 21, 18, 0, tzinfo=ZoneInfo("Asia/Karachi"))
THU = date(2026, 8, 20)
HEAD = ["Symbol", "Date", "Open", "High", "Low", "Close", "Volume"]


def grid(*rows, name=""):
    width = max(map(len, rows))
    return Grid(
        name,
        range(1, len(rows) + 1),
        tuple(zip(*([*r, *[None] * (width - len(r))] for r in rows), strict=True)),
    )


def looked(kind, *rows, page="file.csv", **more):
    return read(kind, [grid(*rows)], Around(page, NOW, **more))


def reasons(reading):
    return [(one.row, one.reason) for one in reading.rejected]


FLOWS = ["date", "side", "label", "buy_usd_mn", "sell_usd_mn", "net_usd_mn", "Cement", "Debt"]
DAY = [
    ["2026-08-20", "LIPI", "Individual", "5", "-3", "2", "1.5", "0.5"],
    ["2026-08-20", "LIPI", "Banks/DFI", "1", "-2", "-1", "-1", "0"],
    ["2026-08-20", "LIPI_TOTAL", "LIPI Net", "6", "-5", "1", "0.5", "0.5"],
    ["2026-08-20", "FIPI", "Foreign Corporates", "1", "-2", "-1", "-0.5", "-0.5"],
    ["2026-08-20", "FIPI_TOTAL", "FIPI Net", "1", "-2", "-1", "-0.5", "-0.5"],
    ["2026-08-20", "FIPI_PERIOD", "mtd", "9", "-12", "-3", "1", "1"],
]
