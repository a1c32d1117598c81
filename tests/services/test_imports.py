"""Imports over stores in memory: looked through first, all or nothing, once only, and taken back exactly."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.domain.errors import BadInput, Unavailable
from services.domain.importing.preview import document
from services.domain.records import Batch, day_of
from services.domain.rows import Bar
from services.imports import Brought, import_kind
from services.market_store import Raw
from tests.fakes import table_files as made
from tests.fakes.import_stores import NOW, Stores
from tests.fakes.price_files import GOOD, HEAD, WRONG, prices

SHARED = Path("/work/shared/data")
FLOWS = ["date", "investor", "sector", "net"]


@pytest.fixture
def stores():
    return Stores()


async def test_a_preview_stores_nothing(stores):
    preview = await stores.imports.preview("prices", [GOOD])
    (file,) = preview.files
    assert (file.taken, file.new, file.changed, file.same) == (3, 3, 0, 0)
    assert (preview.first, preview.last, preview.good) == (date(2018, 1, 2), date(2026, 8, 20), True)
    assert stores.all_empty()


async def test_what_is_taken_lies_everywhere(stores):
    _, (line,) = await stores.bring("prices", GOOD)
    assert stores.raw.bodies == {line.id: GOOD.data}
    (raw,) = stores.raw.comings
    assert (raw.name, raw.source, raw.asked["file"]) == ("prices", "import", "aug.csv")
    assert await stores.closes() == {
        ("LUCK", date(2026, 8, 19)): 400.5, ("LUCK", date(2026, 8, 20)): 410.5, ("MEBL", date(2018, 1, 2)): 70.0,
    }  # fmt: skip
    assert sorted(day for _, day in stores.daily.kept) == [date(2026, 8, 19), date(2026, 8, 20)], (
        "a month, not ten years"
    )
    newest = await stores.daily.newest("bars")
    assert (newest.status, newest.origin) == ("imported", line.id)
    assert (line.rows, line.by, line.first, line.last) == (3, "tester", date(2018, 1, 2), date(2026, 8, 20))


async def test_the_same_bytes_again_are_told_and_change_nothing(stores):
    await stores.bring("prices", GOOD)
    writes = stores.lake.writes
    preview, taken = await stores.bring("prices", Brought("other name.csv", GOOD.data))
    assert (preview.files[0].known, taken, stores.lake.writes) == ("21 Aug 2026 18:00", (), writes)
    told = document("prices", preview.files[0], stored=0)
    assert (told["stored"], told["already"]) == (0, "21 Aug 2026 18:00")
    assert len(stores.raw.comings) == 1


async def test_the_same_file_is_no_other_kind(stores):
    await stores.bring("prices", GOOD)
    preview, _ = await stores.bring("navs", GOOD)
    assert preview.files[0].reason == "the same file was imported as prices on 21 Aug 2026 18:00"


async def test_the_same_file_twice_at_once_is_one(stores):
    _, taken = await stores.bring("prices", GOOD, Brought("copy.csv", GOOD.data))
    assert len(taken) == 1
    assert len(stores.raw.comings) == 1


async def test_a_wrong_file_stores_nothing_and_neither_do_those_beside_it(stores):
    preview, _ = await stores.bring("prices", GOOD, WRONG)
    good, wrong = preview.files
    assert wrong.reason == "bad.csv: 1 of 2 rows are wrong; at most 1% may be"
    assert "another file" in good.reason
    with pytest.raises(BadInput, match="another file"):
        await stores.imports.take(preview, [GOOD, WRONG], "tester")
    assert stores.all_empty()


async def test_a_broken_file_is_told_in_its_document(stores):
    preview, _ = await stores.bring("prices", Brought("m2m.pdf", made.page([HEAD, HEAD])))
    told = document("prices", preview.files[0], stored=0)
    assert told["reason"] == "m2m.pdf: this is a web page (HTML), not what the name's .pdf says"
    assert (told["taken"], told["rejected"], told["from"], told["to"], told["stored"]) == (
        0,
        [],
        None,
        None,
        0,
    )
    assert json.dumps(told)


async def test_other_bytes_than_those_looked_through_are_not_taken(stores):
    preview = await stores.imports.preview("prices", [GOOD])
    with pytest.raises(BadInput, match="not the files"):
        await stores.imports.take(preview, [WRONG], "tester")
    assert stores.all_empty()


async def test_a_correction_changes_its_rows_and_undo_brings_the_old_ones_back(stores):
    await stores.bring("prices", GOOD)
    before, daily = await stores.closes(), {key: set(batch.rows) for key, batch in stores.daily.kept.items()}
    fix = prices(
        "fix.csv", ("LUCK", "2026-08-20", 411.0), ("OGDC", "2026-08-20", 200), ("MEBL", "2018-01-02", 70)
    )
    preview, (line,) = await stores.bring("prices", fix)
    file = preview.files[0]
    assert (file.new, file.changed, file.same) == (1, 1, 1)
    assert (await stores.closes())["LUCK", date(2026, 8, 20)] == 411.0
    undone = await stores.imports.undo("last")
    assert (undone.id, undone.undone) == (line.id, True)
    assert await stores.closes() == before
    assert {key: set(batch.rows) for key, batch in stores.daily.kept.items()} == daily


async def test_what_was_taken_back_can_be_brought_again(stores):
    await stores.bring("prices", GOOD)
    await stores.imports.undo("last")
    assert await stores.closes() == {}
    assert not stores.daily.kept
    preview, taken = await stores.bring("prices", GOOD)
    assert (preview.files[0].known, len(taken)) == ("", 1)
    assert len(await stores.closes()) == 3


async def test_undo_goes_by_id_and_only_where_it_is_certain(stores):
    _, (first,) = await stores.bring("prices", GOOD)
    await stores.bring("prices", prices("b.csv", ("OGDC", "2026-08-20", 200)))
    for which in ("", "abc", "nosuch" * 3, first.id[:5]):
        with pytest.raises(BadInput, match="no such import"):
            await stores.imports.undo(which)
    assert (await stores.imports.undo(first.id[:8])).id == first.id
    assert await stores.closes() == {("OGDC", date(2026, 8, 20)): 200.0}
    assert [line.undone for line in await stores.imports.newest()] == [False, True]


@pytest.mark.parametrize(
    ("store", "call"), [("raw", "keep"), ("lake", "write"), ("daily", "put"), ("ledger", "record")]
)
async def test_a_store_that_fails_half_way_is_made_good_by_bringing_it_again(stores, store, call):
    getattr(stores, store).fails[call] = Unavailable("the store does not answer")
    with pytest.raises(Unavailable):
        await stores.bring("prices", GOOD)
    assert not stores.ledger.lines
    _, (line,) = await stores.bring("prices", GOOD)
    assert len(await stores.closes()) == 3
    assert stores.ledger.lines == {line.id: line}
    assert len(stores.daily.kept) == 2


async def test_flows_of_two_files_prove_each_other(stores):
    foreign = Brought("fipi.csv", made.csv([FLOWS, ["2026-08-20", "Foreign Corporates", "All", "-1.25"]]))
    local = Brought("lipi.csv", made.csv([FLOWS, ["2026-08-20", "Individuals", "All", "1.25"]]))
    preview, _ = await stores.bring("flows", foreign)
    assert "only FIPI" in preview.files[0].reason
    assert stores.all_empty()
    _, taken = await stores.bring("flows", foreign, local)
    assert len(taken) == 2
    wrong = Brought("lipi2.csv", made.csv([FLOWS, ["2026-08-20", "Individuals", "All", "1.5"]]))
    foreign2 = Brought("fipi2.csv", foreign.data + b"\n")
    preview, _ = await stores.bring("flows", foreign2, wrong)
    assert not preview.good


async def test_running_totals_are_rates_and_go_with_their_flows(stores):
    rows = [["2026-08-20", "Foreign Corporates", "All", "-1.25"], ["2026-08-20", "Individuals", "All", "1.25"],
            ["2026-08-20", "mtd", "All", "-30"]]  # fmt: skip
    await stores.bring("flows", Brought("f.csv", made.csv([FLOWS, *rows])))
    assert [r.name for r in await stores.lake.rows("rates")] == ["fipi_net_mtd"]
    await stores.imports.undo("last")
    assert not await stores.lake.rows("rates")
    assert not stores.daily.kept


async def test_the_lake_can_be_read_anew_from_the_raw_bytes(stores):
    _, (kept,) = await stores.bring("prices", GOOD)
    await stores.bring("prices", prices("b.csv", ("OGDC", "2026-08-20", 200)))
    await stores.imports.undo("last")
    holdings = [["fund", "date", "holding", "%"], ["F", "2026-07-31", "Lucky Cement Limited", "60"]]
    preview, _ = await stores.bring("fund-holdings", Brought("h.csv", made.csv(holdings)))
    assert preview.files[0].reading.rows[0].symbol == "LUCK"
    reread = await stores.imports.rereader()
    again = [batch for raw in stores.raw.comings for batch in reread(raw, await stores.raw.body(raw.id))]
    assert [batch.kind for batch in again] == ["bars", "holdings"]
    assert again[0].origin == kept.id
    for batch in again:
        assert set(batch.rows) == set(await stores.lake.rows(batch.kind))
    assert reread(Raw("0" * 64, "psx.market_watch", "psx", NOW), b"<html>") == ()


async def test_a_file_older_than_a_month_is_for_the_lake_alone(stores):
    await stores.bring("prices", prices("old.csv", ("LUCK", "2020-01-02", 400)))
    assert stores.daily.kept == {}


async def test_undoing_leaves_other_sources_rows_of_the_day(stores):
    live = Bar("LUCK", date(2026, 8, 20), None, None, None, 399.0, 1)
    batch = Batch("bars", (live,), NOW - timedelta(hours=1), "psx", "live", "page")
    await stores.lake.write([batch])
    await stores.daily.put([batch])
    await stores.bring("prices", GOOD)
    assert (await stores.daily.newest("bars")).rows[0].close == 410.5
    await stores.imports.undo("last")
    assert [r.close for r in (await stores.daily.newest("bars")).rows] == [399.0]


def test_kinds_go_by_their_names():
    assert import_kind(" Fund_Holdings ") == "fund-holdings"
    with pytest.raises(
        BadInput, match="there are: prices, flows, fund-holdings, rates, calendar, announcements, navs"
    ):
        import_kind("shares")


REAL = {
    "prices/psx_eod_unadjusted_2018_2026.parquet": ("prices", 193_127, 0, 1411),
    "flows/fipi_lipi_2026-09-10.csv": ("flows", 132, 0, 0),
    "flows/fipi_lipi_2026-09-10.json": ("flows", 132, 0, 0),
    "funds/mufap_industry_returns_2026-08-24.csv": ("navs", 551, 0, 3),
    "funds/mufap_IndustryStatDaily_tab1_2026-08-22.html.gz": ("navs", 551, 0, 3),
    "funds/mufap_nav_2026-03_2026-07.parquet": ("navs", 37_169, 3, 79),
    "rates/mufap_pkrv_yield_curve_2022_2025.csv.gz": ("rates", 15_180, 0, 0),
    "rates/sbp_policy_rate_2020_2026.csv": ("rates", 21, 0, 0),
    "rates/pbs_national_cpi_2023_2026.csv": ("rates", 41, 0, 0),
    "symbols/psx_weekday_closures_2018_2026.csv": ("calendar", 117, 0, 0),
}


@pytest.mark.parametrize("path", [path for path in REAL if (SHARED / path).exists()])
async def test_the_real_files_are_taken_whole(path):
    stores = Stores(datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("Asia/Karachi")))
    kind, taken, rejected, mended = REAL[path]
    brought = [Brought(Path(path).name, (SHARED / path).read_bytes())]
    preview = await stores.imports.preview(kind, brought, compare=False)
    (file,) = preview.files
    assert (file.reason, file.taken, len(file.rejected), file.reading.mended) == ("", taken, rejected, mended)
    assert file.reading.first == min(map(day_of, file.reading.rows))


if (SHARED / "prices").exists():

    async def test_values_of_the_real_prices_by_hand():
        stores = Stores(datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("Asia/Karachi")))
        data = (SHARED / "prices/psx_eod_unadjusted_2018_2026.parquet").read_bytes()
        preview = await stores.imports.preview("prices", [Brought("p.parquet", data)], compare=False)
        rows = preview.files[0].reading.rows
        assert rows[0] == Bar("ABL", date(2018, 1, 2), 85.0, 89.21, 85.0, 87.84, 1_159_000)
        assert sum(r.volume == 0 for r in rows) == 261
        assert len({r.symbol for r in rows}) == 98
        assert len({r.day for r in rows}) == 2137
