"""The typing sign on a loop whose time is moved by hand: within a second, every five, and gone with the reply."""

import asyncio
import heapq
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from bot import signs
from bot.signs import Sign
from services.domain.conversation import Address, Inbound

AT = datetime(2026, 8, 20, tzinfo=UTC)


class Shown:
    """A sender that notes when it showed what."""

    def __init__(self, loop) -> None:
        self.loop, self.at, self.gate = loop, [], asyncio.Event()
        self.gate.set()

    async def typing(self, inbound, kind="typing") -> None:
        self.at.append((round(self.loop.time(), 1), kind))
        await self.gate.wait()


class HandLoop(asyncio.SelectorEventLoop):
    """Time jumps to the next timer as soon as nothing else is to do."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0

    def time(self) -> float:
        return self._now

    def _run_once(self) -> None:
        while self._scheduled and self._scheduled[0]._cancelled:
            heapq.heappop(self._scheduled)._scheduled = False
        if not self._ready and self._scheduled:
            self._now = max(self._now, self._scheduled[0]._when)
        super()._run_once()


def on_hand_time(scene, channel="telegram"):
    """Runs ``scene(sign, shown)``; returns what was shown when, after an hour of quiet."""

    async def run():
        shown = Shown(asyncio.get_running_loop())
        sign = Sign(shown, Inbound("e", Address(channel, "1"), AT, "hi"))
        await scene(sign, shown)
        before = list(shown.at)
        await asyncio.sleep(3600)
        assert shown.at == before, "nothing of the sign is left"
        return before

    with asyncio.Runner(loop_factory=HandLoop) as runner:
        return runner.run(run())


def test_a_quick_answer_shows_no_sign() -> None:
    async def scene(sign, _shown):
        await asyncio.sleep(0.5)
        sign.stop()

    assert on_hand_time(scene) == []


def test_a_slow_answer_shows_it_within_a_second_and_again_every_five() -> None:
    async def scene(sign, _shown):
        await asyncio.sleep(12)
        sign.stop()

    shown = on_hand_time(scene)
    assert shown[0][0] <= 1.0
    assert all(b[0] - a[0] <= 5 for a, b in pairwise(shown))
    assert [at for at, _ in shown] == [0.9, 5.4, 9.9]


@pytest.mark.parametrize("channel", ["twilio", "meta"])
def test_whatsapp_shows_it_for_25_seconds_so_it_is_told_less_often(channel) -> None:
    async def scene(sign, _shown):
        await asyncio.sleep(30)
        sign.stop()

    assert [at for at, _ in on_hand_time(scene, channel)] == [0.9, 20.9]


def test_a_handler_that_knows_shows_it_at_once_and_its_kind_stays() -> None:
    async def scene(sign, shown):
        await sign.show("recording")
        assert shown.at == [(0.0, "recording")], "shown before the work begins"
        await asyncio.sleep(6)
        sign.stop()

    assert on_hand_time(scene) == [(0.0, "recording"), (4.5, "recording")]


def test_after_a_part_was_told_it_comes_again_for_the_next() -> None:
    async def scene(sign, _shown):
        await asyncio.sleep(2)
        sign.stop()
        sign.again()
        await asyncio.sleep(0.5)
        sign.stop()
        sign.again()
        await asyncio.sleep(2)
        sign.stop()

    assert [at for at, _ in on_hand_time(scene)] == [0.9, 3.4]


def test_a_provider_that_does_not_answer_holds_up_nobody() -> None:
    async def scene(sign, shown):
        shown.gate.clear()
        await asyncio.sleep(3)
        sign.stop()
        await asyncio.sleep(0)

    assert len(on_hand_time(scene)) == 1


def test_the_sign_is_shown_within_a_second_of_nothing() -> None:
    assert signs.AFTER <= 1
    assert signs.AGAIN["telegram"] <= 5
