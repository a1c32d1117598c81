"""What names rows all at once is what names each."""

from datetime import UTC, date, datetime

import pytest

from services.domain.records import Kind, key_of, keys_of
from services.domain.rows import Bar, FlowRow, HolidayRow, IndexRow

DAY = date(2026, 8, 20)
ROWS = {
    "bars": [Bar(name, DAY, None, None, None, 2.0, 7) for name in ("HBL", "786")],
    "holidays": [HolidayRow(DAY, "Eid")],
    "indices": [IndexRow("KSE100", datetime(2026, 8, 20, 15, tzinfo=UTC), None, None, 1.0, 0.0, 0.0)],
    "flows": [FlowRow(DAY, "FIPI", "Foreign", "All", 1.0)],
    "news": [],
}


@pytest.mark.parametrize("kind", ROWS)
def test_the_keys_of_rows_at_once_are_those_of_each(kind: Kind):
    assert keys_of(kind, ROWS[kind]) == [key_of(kind, row) for row in ROWS[kind]]
