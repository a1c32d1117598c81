"""Files of prices as an operator brings them: a good one, a wrong one, and any other."""

from services.imports import Brought
from tests.fakes import table_files as made

HEAD = ["symbol", "date", "open", "high", "low", "close", "volume"]


def prices(name, *rows):
    full = [[s, d, c, c, c, c, 100] for s, d, c in rows]
    return Brought(name, made.csv([HEAD, *full]))


GOOD = prices(
    "aug.csv", ("LUCK", "2026-08-19", 400.5), ("LUCK", "2026-08-20", 410.5), ("MEBL", "2018-01-02", 70)
)
WRONG = prices("bad.csv", ("LUCK", "2026-08-19", 400), ("LUCK", "soon", 410))
