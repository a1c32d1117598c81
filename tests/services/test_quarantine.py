"""Jumps in the lake: found, settled by a word, gone from the list; the sample's real ones too."""

from datetime import date, datetime, timedelta

import pytest

from services.domain.calendar import KARACHI
from services.domain.errors import BadInput
from services.domain.records import Batch
from services.domain.rows import Bar, PayoutRow
from services.quarantine import Quarantine
from services.wording.layouts.quarantine import quarantine_text, settled_text
from tests.fakes.market_stores import DailyInMemory, LakeInMemory

NOW = datetime(2026, 8, 20, 18, tzinfo=KARACHI)
MONDAY = date(2026, 8, 10)


class Noon:
    def now(self) -> datetime:
        return NOW


def line(symbol: str, *closes: float) -> list[Bar]:
    return [Bar(symbol, MONDAY + timedelta(n), None, None, None, c, 100) for n, c in enumerate(closes)]


@pytest.fixture
async def lake() -> LakeInMemory:
    kept = LakeInMemory()
    rows = [*line("AAA", 500, 101, 102), *line("BBB", 80, 60, 61), *line("CCC", 10, 10.5)]
    await kept.write([Batch("bars", rows, NOW, "file", "imported", "f1")])
    return kept


async def test_it_lists_what_nothing_explains_newest_first(lake):
    state = await Quarantine(lake, DailyInMemory(), Noon()).judged()
    assert [(jump.symbol, jump.day, jump.suggestion) for jump in state.quarantined] == [
        ("BBB", date(2026, 8, 11), ""),
        ("AAA", date(2026, 8, 11), "split 5:1"),
    ]
    text = quarantine_text(state.quarantined, len(state.explained))
    assert "• AAA 2026-08-11: 500.00 to 101.00 (−79.8%); would fit: split 5:1" in text
    assert "• BBB 2026-08-11: 80.00 to 60.00 (−25.0%)" in text
    assert "/quarantine SYMBOL DAY" in text


async def test_a_settled_jump_is_an_action_of_the_operator(lake):
    daily, told = DailyInMemory(), []

    async def changed() -> None:
        told.append(1)

    quarantine = Quarantine(lake, daily, Noon(), changed)
    rows = await quarantine.settle("aaa", date(2026, 8, 11), "split 5:1", "u1")
    assert [jump.symbol for jump in (await quarantine.judged()).quarantined] == ["BBB"]
    (kept,) = await lake.rows("actions")
    assert (kept.symbol, kept.factor, kept.ex_date) == ("AAA", 0.2, date(2026, 8, 11))
    batch = await daily.newest("actions")
    assert (batch.source, batch.status, told) == ("operator", "imported", [1])
    assert settled_text(rows, 1).startswith("AAA on 11 Aug 2026 is settled")
    await quarantine.settle("BBB", date(2026, 8, 11), "ok", "u1")
    state = await quarantine.judged()
    assert (state.quarantined, len(state.explained)) == ((), 2)
    assert "• none" in quarantine_text(state.quarantined, 2)
    await quarantine.settle("AAA", date(2026, 8, 11), "ok", "u1")  # a second thought
    assert {(row.symbol, row.kind, row.factor) for row in await lake.rows("actions")} == {
        ("AAA", "split", 1.0),
        ("AAA", "dividend", 1.0),
        ("BBB", "dividend", 1.0),
    }


async def test_an_announced_payout_settles_by_itself(lake):
    payout = PayoutRow(
        "BBB", MONDAY, NOW, "200%(F) (D)", "dividend", 200.0, True, None, date(2026, 8, 12), date(2026, 8, 20)
    )
    await lake.write([Batch("payouts", [payout], NOW, "psx", "live", "p1")])
    state = await Quarantine(lake, DailyInMemory(), Noon()).judged()
    assert [jump.symbol for jump in state.quarantined] == ["AAA"]
    assert [(jump.symbol, jump.reference) for jump in state.explained] == [("BBB", 60.0)]


async def test_what_is_no_jump_cannot_be_settled(lake):
    quarantine = Quarantine(lake, DailyInMemory(), Noon())
    with pytest.raises(BadInput, match="no jump of CCC"):
        await quarantine.settle("CCC", date(2026, 8, 11), "ok", "u1")
    with pytest.raises(BadInput, match="further away"):
        await quarantine.settle("AAA", date(2026, 8, 11), "split 2:1", "u1")
    assert await lake.rows("actions") == []


async def test_the_bars_are_judged_once(lake):
    quarantine = Quarantine(lake, DailyInMemory(), Noon())
    first = await quarantine.judged()
    assert await quarantine.judged() is first
    await lake.write([Batch("bars", line("DDD", 100, 50), NOW, "file", "imported", "f2")])
    assert len((await quarantine.judged()).quarantined) == 3
