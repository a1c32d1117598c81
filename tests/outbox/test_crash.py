"""A process that dies at any step: nobody is told twice, nobody is forgotten, and what cannot be known is said to be unknown."""

import asyncio
import random
from datetime import timedelta
from pathlib import Path

import pytest

from services.domain.conversation import Notice
from services.domain.errors import DeliveryFailed
from services.stores.journal import FileJournal
from services.stores.outbox import MongoOutbox

STEPS = ("put", "leased", "begun", "posted", "answered", "written")


class Died(BaseException):
    """kill -9: nothing of ours runs any more, no clause catches it."""


class Mortal:
    """The provider; the process dies at one step of one message, and from then on nothing of it goes on."""

    def __init__(self, sender, step, victim):
        self._sender, self._step, self._victim = sender, step, victim
        self.dead = asyncio.Event()

    async def send(self, outbound, gate):
        async def guarded():
            await self._until("begun", outbound)
            await gate()
            await self._until("posted", outbound)

        receipt = await self._sender.send(outbound, guarded)
        await self._until("answered", outbound)
        return receipt

    async def find(self, outbound, since):
        return await self._sender.find(outbound, since)

    async def _until(self, step, outbound):
        if self._step == step and outbound.key == self._victim:
            self.dead.set()
            await asyncio.Event().wait()


async def killed(task, office):
    """Everything of a process ends at once, without a goodbye."""
    for running in (task, *office._running, *(t for p in office._pumps for t in p._tasks.values())):
        running.cancel()
    for writing in set(office._delivery._writing):
        writing.cancel()
    await asyncio.sleep(0.05)


@pytest.fixture
def journals(tmp_path: Path):
    return lambda name: FileJournal(tmp_path / "sending", name)


async def restarted(post, journals, name="second"):
    """The next process: round by round it takes over what the first left, and works off what waits."""
    office = post.office(name)
    office._reconciler._journal = journals(name)
    for _ in range(20):  # a last write of the dead may arrive behind the first look
        await office.take_over()
        await office.sweep()
        await office.reconcile()
        await office.sweep()
        if not set((await post.states()).values()) & {"queued", "sending"}:
            break
        await asyncio.sleep(0.05)
    return office


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("journal", [True, False], ids=["journal", "another machine"])
async def test_a_crash_at_every_step(post, journals, step, journal):
    """Twelve messages; the first process dies while one of them is at that step."""
    briefs = [post.brief(f"m{n}") for n in range(12)]
    post.sender.latency = 0.001
    post.village.dead = {"first"}
    office = post.outbox
    mortal = Mortal(post.sender, step, "m5")
    office._delivery._sender = mortal
    if journal:
        office._keeper.journal = journals("first")
        office._keeper.journal.open()
    flying = set()
    await office.put(briefs)
    if step == "leased":
        await office._store.lease(
            "broadcast", ("telegram",), post.clock.now(), limit=5, until=post.clock.now() + timedelta(hours=1)
        )
    elif step != "put":
        task = asyncio.create_task(office.run(("telegram",)))
        await asyncio.wait([asyncio.create_task(mortal.dead.wait())], timeout=3)
        if step == "written":
            await asyncio.sleep(0.5)
        flying = set(post.sender.flying)
        await killed(task, office)
    await restarted(post, journals if journal else lambda _name: FileJournal(Path("/nowhere"), "x"))
    states = await post.states()
    assert {len(parts) for parts in post.sender.taken.values()} <= {1}, "nobody is told twice"
    unknown = {key for key, state in states.items() if state == "unknown"}
    assert set(post.sender.taken) | unknown == {brief.key for brief in briefs}, "nobody is forgotten"
    if journal or step in {"put", "leased", "written"}:
        assert unknown <= flying | ({"m5"} if step in {"posted", "answered"} else set())
    if step in {"put", "leased", "written"}:
        assert not unknown
    if step == "posted":
        assert unknown >= {"m5"}, "nobody can tell, so nobody guesses"


@pytest.mark.parametrize("lists", [True, False], ids=["can be asked", "cannot be asked"])
async def test_a_lost_answer_is_found_out_or_stays_unknown(post, lists):
    """The provider takes a message and the connection drops: it is never sent again before that is clear."""
    post.sender.lists = lists
    post.sender.plans["a"] = ["lost"]
    await post.outbox.put([post.out("a"), post.out("b")])
    await post.outbox.sweep()
    assert (await post.states())["a"] == "unknown"
    await post.outbox.sweep()
    assert await post.outbox.reconcile() == (1 if lists else 0)
    assert (await post.states())["a"] == ("accepted" if lists else "unknown")
    post.clock.forward(days=2)
    await post.outbox.reconcile()
    await post.outbox.sweep()
    assert len(post.sender.taken["a"]) == 1


async def test_what_its_provider_does_not_list_is_sent_again_but_not_before_a_minute(post):
    """A request that was lost before its provider saw it. Lists lag, so "not there" counts only after a while."""
    post.sender.lists = True
    post.sender.plans["a"] = [DeliveryFailed("no answer", ambiguous=True)]
    await post.outbox.put([post.out("a")])
    await post.outbox.sweep()
    for _ in range(4):
        assert await post.outbox.reconcile() == 0
        post.clock.forward(seconds=14)
        assert await post.outbox.sweep() == 0
    post.clock.forward(seconds=4)
    assert await post.outbox.reconcile() == 1
    assert await post.outbox.sweep() == 1
    assert len(post.sender.taken["a"]) == 1


async def test_an_unknown_one_is_settled_by_a_status_that_bears_our_key(post):
    """Meta cannot be asked, but its statuses echo our key: no second message, and the end is known."""
    post.sender.plans["a"] = ["lost"]
    brief = post.whatsapp("a")
    await post.outbox.put([brief])
    await post.outbox.sweep()
    await post.outbox.note(Notice("e", "delivered", brief.address, post.clock.now(), "w1", key="a"))
    await post.outbox.sweep()
    assert len(post.sender.taken["a"]) == 1
    assert post.sender.sends == ["a"], "its channel is not even asked: a template has one part"
    row = (await post.rows())["a"]
    assert (row["state"], row["refs"]) == ("delivered", ["w1"])


async def test_an_answer_of_a_turn_that_died(post, journals):
    """Committed as being sent: with the journal it is known that it never went out, without it stays unknown."""
    for name in ("with", "without"):
        store = MongoOutbox(post.mongo, post.clock, "sealed", name)
        await store.put([post.out(f"turn {name}", to=f"telegram:{name}")], own=True)
        assert await store.begin(f"turn {name}")
    journals("with").open()
    post.village.dead = {"with", "without"}
    await restarted(post, journals)
    assert await post.states() == {"turn with": "accepted", "turn without": "unknown"}


async def test_killed_again_and_again_everybody_is_told_once(post, journals):
    """A hundred kills at random moments of a broadcast of 400, each time a new process; some requests are lost."""
    chance = random.Random(5)
    briefs = [post.brief(f"m{n:03}") for n in range(400)]
    post.sender.latency = 0.004
    for brief in chance.sample(briefs, 20):
        post.sender.plans[brief.key] = [DeliveryFailed("503", wait=0.0, code="503")]
    await post.outbox.put(briefs)
    flying = kills = 0
    for number in range(100):
        name = f"p{number}"
        office = post.office(name)
        office._keeper.journal = office._reconciler._journal = journals(name)
        office._delivery._keeper.rates = slow(0.002)
        post.village.dead = {f"p{n}" for n in range(number)} | {"first"}
        task = asyncio.create_task(office.run(("telegram",)))
        await asyncio.sleep(chance.uniform(0.0, 0.06))
        flying += len(post.sender.flying)
        await killed(task, office)
        post.sender.flying.clear()
        kills += 1
        if set((await post.states()).values()) <= {"accepted", "unknown"}:
            break
    post.village.dead |= {f"p{n}" for n in range(100)}
    await restarted(post, journals, "last")
    states = await post.states()
    unknown = {key for key, state in states.items() if state == "unknown"}
    assert kills > 10
    assert {len(parts) for parts in post.sender.taken.values()} == {1}
    assert set(post.sender.taken) | unknown == set(states)
    assert len(unknown) <= flying


def slow(seconds):
    """A rate of one every so many seconds."""

    class Slow:
        lock = asyncio.Lock()

        def ready(self, _address, _lane):
            return True

        async def admit(self, _address, _lane):
            async with self.lock:
                await asyncio.sleep(seconds)

        async def hold(self, _address, _scope, _seconds): ...

    return Slow()


async def test_the_parts_before_the_kill_are_not_sent_again(post, journals):
    """Killed while it waited for the turn of its third part: it goes on with that."""
    post.sender.parts["a"] = 3
    office = post.outbox
    office._keeper.journal = journals("first")
    turns = 0

    class Stuck:
        def ready(self, _address, _lane):
            return True

        async def admit(self, _address, _lane):
            nonlocal turns
            turns += 1
            if turns == 3:
                await asyncio.Event().wait()

    office._keeper.rates = Stuck()
    await office.put([post.out("a")])
    task = asyncio.create_task(office.run(("telegram",)))
    for _ in range(200):
        await asyncio.sleep(0.01)
        if turns == 3:
            break
    await killed(task, office)
    post.village.dead = {"first"}
    await restarted(post, journals)
    assert [key for key, _ in post.sender.requests] == ["a", "a", "a"]
    row = (await post.rows())["a"]
    assert (row["state"], row["refs"]) == ("accepted", ["a#2"]), "the ids of the others died with the process"


async def test_an_orderly_stop_lets_what_is_under_way_end_and_the_rest_free(post):
    post.sender.latency = 0.3
    office = post.office("leaving", rates=slow(0.02))
    await office.put([post.brief(f"m{n:02}") for n in range(60)])
    task = asyncio.create_task(office.run(("telegram",)))
    while len(post.sender.requests) < 5:  # noqa: ASYNC110  # the fake tells nobody
        await asyncio.sleep(0.01)
    task.cancel()
    await office.stop(5)
    states = await post.states()
    assert set(states.values()) == {"accepted", "queued"}
    assert {key for key, state in states.items() if state == "accepted"} == set(post.sender.taken)
    post.village.dead = {"leaving"}
    await post.outbox.take_over()
    await post.outbox.sweep()
    assert set((await post.states()).values()) == {"accepted"}
    assert {len(parts) for parts in post.sender.taken.values()} == {1}
