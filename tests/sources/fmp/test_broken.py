"""What is no answer of FMP's ends in one of three typed errors, whatever it is; nothing passes by halves."""

import contextlib
import time
from datetime import timedelta

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.errors import BrokenPage, Gated, MarketByteError, NotInPlan, Unavailable
from services.domain.sourcing import Page
from services.sources.fmp import READERS
from tests.fakes.fmp import LIMIT, NO_ENDPOINT, NO_KEY, NO_SYMBOL
from tests.sources.fmp.test_reading import FETCHED, PAGES

ASKED = {"fmp.movers": {"board": "actives"}}
GOOD = {name: (PAGES / f"{name.removeprefix('fmp.')}.json").read_bytes() for name in READERS}
NAMES = st.sampled_from(sorted(READERS))
USED = {
    "fmp.quotes": ("symbol", "price", "change", "changePercentage", "volume", "open", "dayLow", "dayHigh", "previousClose", "timestamp"),
    "fmp.indices": ("symbol", "price", "change", "changePercentage", "timestamp"),
    "fmp.movers": ("symbol", "price", "change", "changesPercentage"),
    "fmp.sectors": ("date", "sector", "exchange", "averageChange"),
    "fmp.eod": ("symbol", "date", "adjOpen", "adjHigh", "adjLow", "adjClose", "volume"),
    "fmp.splits": ("symbol", "date", "numerator", "denominator"),
    "fmp.calendar": ("date", "country", "event", "actual", "estimate", "previous"),
    "fmp.symbols": ("symbol",),
}  # fmt: skip


def read(name: str, body: bytes):
    return READERS[name](Page(name, body, FETCHED, asked=ASKED.get(name, {})))


@pytest.mark.parametrize("name", sorted(READERS))
def test_the_good_page_is_good(name: str):
    assert len(read(name, GOOD[name])) >= 2


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (orjson.dumps(LIMIT), Unavailable),
        (orjson.dumps(NO_KEY), Gated),
        (NO_ENDPOINT.encode(), NotInPlan),
        (NO_SYMBOL.encode(), NotInPlan),
        (orjson.dumps(NO_SYMBOL), NotInPlan),
        (
            b'{"Error Message": "Legacy Endpoint : Due to Legacy endpoints being no longer supported"}',
            NotInPlan,
        ),
        (b'{"message": "Unauthorized"}', Gated),
        (b'{"Error Message": "something new"}', BrokenPage),
        (b"Internal Server Error", BrokenPage),
    ],
)
@pytest.mark.parametrize("name", ["fmp.quotes", "fmp.calendar"])
def test_refusals_are_told_by_their_content(name: str, said: bytes, kind: type[MarketByteError]):
    with pytest.raises(kind) as caught:
        read(name, said)
    assert type(caught.value) is kind
    assert name in caught.value.detail


def test_a_limit_is_no_gate_for_it_ends_by_itself():
    with pytest.raises(Unavailable) as caught:
        read("fmp.eod", orjson.dumps(LIMIT))
    assert not isinstance(caught.value, Gated)


@pytest.mark.parametrize("name", sorted(READERS))
@pytest.mark.parametrize(
    "body",
    [
        b"", b"  \n", b"<html><title>Sorry</title></html>", b"%PDF-1.7 \x00\x01", b"\xff\xfe\x00[", b"null", b"17", b"{}",
        b'"limit"', b"[17]", b"[null]", b'[{"symbol": 1}]', b"[[]]", b"[" * 5000, b"\x80" * 4000, b"[{}]", b"NaN",
        '[{"symbol": "Ｘ"}]'.encode("utf-16"),
    ],
)  # fmt: skip
def test_rubbish_is_a_broken_page_that_names_itself(name: str, body: bytes):
    with pytest.raises(BrokenPage) as caught:
        read(name, body)
    assert caught.value.page == name


@pytest.mark.parametrize("name", sorted(set(READERS) - {"fmp.splits"}))
def test_an_empty_list_is_an_error(name: str):
    with pytest.raises(BrokenPage, match="empty"):
        read(name, b"[]")


@given(NAMES, st.floats(0, 1, exclude_max=True))
@settings(max_examples=150, deadline=None)
def test_cut_anywhere_nothing_passes(name: str, where: float):
    body = GOOD[name].strip()
    with pytest.raises(BrokenPage):
        read(name, body[: int(len(body) * where)])


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_lost_field_is_named(data: st.DataObject):
    name = data.draw(NAMES)
    items = orjson.loads(GOOD[name])
    field, place = data.draw(st.sampled_from(USED[name])), data.draw(st.integers(0, len(items) - 1))
    if name == "fmp.eod" and field.startswith("adj"):
        for item in items:
            del item[field]
    elif field == "symbol" and place == 2:
        return
    else:
        del items[place][field]
    with pytest.raises(BrokenPage) as caught:
        read(name, orjson.dumps(items))
    assert caught.value.column
    assert caught.value.row >= 1


RUBBISH = st.one_of(
    st.none(), st.booleans(), st.text(max_size=8), st.just([]), st.just({}), st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(2**63), 2**63 - 1),
)  # fmt: skip


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_rubbish_in_a_cell_is_refused_or_read_never_anything_else(data: st.DataObject):
    name = data.draw(NAMES)
    items = orjson.loads(GOOD[name])
    place = data.draw(st.integers(0, len(items) - 1))
    field = data.draw(st.sampled_from(sorted(items[place])))
    items[place][field] = data.draw(RUBBISH)
    whole = len(read(name, GOOD[name]))
    body = orjson.dumps(items)
    with contextlib.suppress(BrokenPage):
        assert len(read(name, body)) == whole, "all or nothing"


@pytest.mark.parametrize("name", sorted(READERS))
def test_absurd_figures_are_refused_with_column_and_row(name: str):
    numbers = {"price", "dayLow", "adjClose", "numerator", "averageChange", "volume", "previous"}
    field = next((each for each in USED[name] if each in numbers), "symbol")
    items = orjson.loads(GOOD[name])
    items[1][field] = -1e300 if field != "symbol" else "../etc"
    with pytest.raises(BrokenPage) as caught:
        read(name, orjson.dumps(items))
    assert (caught.value.column, caught.value.row) == (field, 2)


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("fmp.quotes", "timestamp", int((FETCHED + timedelta(days=2)).timestamp())),
        ("fmp.quotes", "timestamp", 1795208401000),
        ("fmp.quotes", "volume", 12.5),
        ("fmp.quotes", "dayLow", 900),
        ("fmp.quotes", "previousClose", 0),
        ("fmp.eod", "date", "2026-11-23"),
        ("fmp.eod", "date", "20/11/2026"),
        ("fmp.eod", "adjLow", 40),
        ("fmp.splits", "date", "2028-01-01"),
        ("fmp.calendar", "date", "2027-12-01 13:30:00"),
        ("fmp.calendar", "date", "2026-11-20"),
        ("fmp.sectors", "sector", "Tulips"),
    ],
)
def test_what_cannot_be_is_refused(name: str, field: str, value: object):
    items = orjson.loads(GOOD[name])
    items[0][field] = value
    with pytest.raises(BrokenPage) as caught:
        read(name, orjson.dumps(items))
    assert (caught.value.column, caught.value.row) == (field, 1)


@pytest.mark.parametrize("name", sorted(set(READERS) - {"fmp.symbols"}))
def test_a_hundred_thousand_rows_are_another_page_and_soon_refused(name: str):
    body = orjson.dumps(orjson.loads(GOOD[name])[:1] * 100_000)
    started = time.process_time()
    with pytest.raises(BrokenPage, match="rows"):
        read(name, body)
    assert time.process_time() - started < 5


def test_the_list_of_all_symbols_may_be_long():
    body = orjson.dumps([{"symbol": f"S{number}", "companyName": "A company"} for number in range(100_000)])
    assert len(read("fmp.symbols", body)) == 100_000


@pytest.mark.parametrize("name", sorted(set(READERS) - {"fmp.calendar"}))
def test_a_row_twice_is_refused(name: str):
    items = orjson.loads(GOOD[name])
    with pytest.raises(BrokenPage, match="twice"):
        read(name, orjson.dumps([*items, items[0]]))
