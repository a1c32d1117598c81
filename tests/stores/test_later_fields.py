"""A field that a row has got later: what was kept before says what a row says without it, and goes on being merged."""

import zlib
from datetime import date, datetime
from zoneinfo import ZoneInfo

import orjson
import pytest

from services.domain.records import Batch, key_of
from services.domain.rows import NavRow
from services.stores.day_rows import packed, stamp_of, unpacked
from services.stores.merging import Part, merge
from services.stores.partitions import Wanted, decoded, encoded
from services.stores.tables import rows, schema, table

AT = datetime(2026, 9, 10, 20, 0, tzinfo=ZoneInfo("Asia/Karachi"))
OLD = NavRow("F", date(2026, 9, 10), "Open-End", "Equity", 10.5, returns={"1D": 1.0})
PRICES = NavRow("F", date(2026, 9, 10), "Open-End", "Equity", 10.5, offer=10.7, part="prices")


def batch(row: NavRow) -> Batch:
    return Batch("navs", (row,), AT, "mufap", "live", "o")


@pytest.mark.parametrize("only", [(), ("fund", "part", "nav")])
def test_a_file_of_before_is_read_with_the_field_blank(only: tuple[str, ...]) -> None:
    body = encoded(table("navs", [batch(OLD)]).drop_columns(["part"]))
    found = decoded(body, Wanted("navs"), only)
    assert found.column("part").to_pylist() == [""]
    assert found.column("fund").to_pylist() == ["F"]
    if not only:
        assert found.schema.equals(schema("navs"))
        assert rows("navs", found) == [OLD]


def test_new_rows_are_merged_with_those_of_before() -> None:
    body = encoded(table("navs", [batch(OLD)]).drop_columns(["part"]))
    part = Part(decoded(body, Wanted("navs")), schema("navs").empty_table())
    made, changed = merge("navs", part, table("navs", [batch(PRICES), batch(OLD)]))
    assert changed == 1
    assert rows("navs", made.top) == [OLD, PRICES]


def test_a_document_of_before_too() -> None:
    body = packed("navs", {key_of("navs", OLD): (stamp_of(batch(OLD)), OLD)})
    assert body[:1] in {b"j", b"z"}
    text = orjson.loads(zlib.decompress(body[1:]) if body[:1] == b"z" else body[1:])
    del text["columns"]["part"]
    assert unpacked("navs", b"j" + orjson.dumps(text)) == [(stamp_of(batch(OLD)), OLD)]
