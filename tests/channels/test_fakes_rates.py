"""The fakes' rate rules and bad days: they must be able to catch a bot that is too fast, and be the same for one seed."""

import asyncio

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.faults import KINDS, Faults, HandClock
from tests.fakes.rules_rate import RateRule


def test_a_window_admits_its_limit_and_no_more():
    clock = HandClock()
    rule = RateRule(3, 1.0, clock=clock)
    assert [rule.hit() for _ in range(4)] == [0, 0, 0, 1.0]
    assert rule.violations == {("rate", ""): 1}
    clock.advance(0.9)
    assert rule.hit() > 0, "within the pause that it asked for"
    assert rule.violations == {("rate", ""): 1, ("closed", ""): 1}
    clock.advance(0.2)
    assert rule.hit() == 0


def test_keys_have_nothing_to_do_with_each_other():
    rule = RateRule(1, 60.0, clock=HandClock())
    assert [rule.hit("a"), rule.hit("b")] == [0, 0]
    assert rule.hit("a") == 60.0
    assert rule.broken == 1


def test_a_bucket_takes_a_burst_and_fills_again():
    clock = HandClock()
    rule = RateRule(1, 1.0, burst=5, wait=2.0, clock=clock)
    assert [rule.hit("chat") for _ in range(6)] == [0, 0, 0, 0, 0, 2.0]
    clock.advance(2.0)
    assert [rule.hit("chat") for _ in range(3)] == [0, 0, 2.0]


def test_a_pause_closes_and_opens_again():
    clock = HandClock()
    rule = RateRule(30, 1.0, clock=clock)
    rule.close(7)
    assert rule.hit() == 7.0
    clock.advance(7.0)
    assert rule.hit() == 0


@given(st.lists(st.floats(0, 3), max_size=60), st.integers(1, 5))
def test_no_window_ever_holds_more_than_the_limit(steps, limit):
    """Whatever is admitted: counted again by hand over every window."""
    clock, admitted = HandClock(), []
    rule = RateRule(limit, 1.0, clock=clock)
    for step in steps:
        clock.advance(step)
        if rule.hit() == 0:
            admitted.append(clock())
    assert all(sum(at - 1.0 < other <= at for other in admitted) <= limit for at in admitted)
    assert rule.most <= limit


def test_the_same_seed_is_the_same_bad_day():
    one, two, other = (Faults.spread(seed, 0.5) for seed in (7, 7, 8))
    days = [[faults.draw() for _ in range(200)] for faults in (one, two, other)]
    assert days[0] == days[1] != days[2]
    assert set(days[0]) == {*KINDS, ""}
    assert Faults(7).draw() == ""


def test_a_share_is_kept():
    faults = Faults(1, server=0.05, reset=0.03)
    drawn = [faults.draw() for _ in range(20_000)]
    assert drawn.count("server") == pytest.approx(1000, rel=0.15)
    assert drawn.count("reset") == pytest.approx(600, rel=0.15)
    assert set(drawn) == {"server", "reset", ""}


def test_a_misspelt_fault_is_an_error():
    with pytest.raises(ValueError, match="no such faults"):
        Faults(0, resets=0.1)


def test_deliveries_repeat_and_lose_nothing():
    faults = Faults(3, repeat=0.2, disorder=0.3)
    brought = faults.deliveries(range(500))
    assert set(brought) == set(range(500))
    assert 550 < len(brought) < 650
    assert brought != sorted(brought)
    assert Faults(3).deliveries(range(9)) == list(range(9))


async def test_each_fault_is_what_it_says():
    """Whether the provider took it, and what its client sees."""
    taken = []

    async def take(request):
        async def handle():
            taken.append((await request.read()).decode())
            return web.Response(text="taken")

        kind = request.path.strip("/")
        refuse = {"throttle": lambda: web.Response(status=429), "server": lambda: web.Response(status=502)}
        return await Faults(0, delay_seconds=0.01, **{kind: 1.0}).around(request, handle, refuse)

    app = web.Application()
    app.router.add_post("/{kind}", take)
    seen = {}
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        for kind in KINDS:
            try:
                async with asyncio.timeout(5), session.post(server.make_url(f"/{kind}"), data=kind) as answer:
                    seen[kind] = answer.status
            except aiohttp.ServerDisconnectedError:
                seen[kind] = "cut"
    assert seen == {
        "throttle": 429, "server": 502, "server_after": 504, "reset": "cut", "reset_after": "cut", "delay": 200,
    }  # fmt: skip
    assert taken == ["server_after", "reset_after", "delay"]
