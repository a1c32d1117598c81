"""A provider that cannot be asked but echoes our key: what its silence tells, and when it tells nothing."""

from datetime import timedelta

import pytest

from services.domain.conversation import Notice
from services.domain.errors import DeliveryFailed

NO_ANSWER = DeliveryFailed("no answer", ambiguous=True)


@pytest.fixture
def meta(post):
    """A post office whose provider echoes keys."""
    post.sender.echoes = True
    return post


async def sent(post, *keys, **fields):
    """They go out one after another, a second apart; ``fields`` as for ``Post.brief``."""
    for key in keys:
        brief = post.brief(key, to=f"meta:{key}", **fields)
        post.village.heard_ago(brief.address, hours=1)
        await post.outbox.put([brief])
        await post.outbox.sweep()
        post.clock.forward(seconds=1)


async def told(post, *keys, kind="sent", echoed=True, part=0):
    for key in keys:
        address = post.brief(key, to=f"meta:{key}").address
        ref = f"{key}#{part}"
        event = f"{ref}:{kind}"
        await post.outbox.note(Notice(event, kind, address, post.clock.now(), ref, key=key if echoed else ""))


async def later(post, **by):
    """Time goes by; how often each message arrived by then."""
    post.clock.forward(**by)
    await post.outbox.reconcile()
    await post.outbox.sweep()
    return {key: len(parts) for key, parts in post.sender.taken.items()}


BEFORE, BEHIND = ("b1", "b2", "b3"), ("c1", "c2", "c3")


async def test_what_alone_was_not_told_of_goes_again_once(meta):
    meta.sender.plans["a"] = [NO_ANSWER]
    await sent(meta, *BEFORE, "a", *BEHIND)
    await told(meta, *BEFORE, *BEHIND)
    assert "a" not in await later(meta, seconds=30), "a status may still come"
    assert (await later(meta, seconds=31))["a"] == 1
    assert (await later(meta, minutes=30))["a"] == 1
    assert (await meta.states())["a"] == "accepted"


async def test_what_was_taken_is_told_of_and_never_goes_again(meta):
    meta.sender.plans["a"] = ["lost"]
    await sent(meta, *BEFORE, "a", *BEHIND)
    await told(meta, *BEFORE, *BEHIND, "a")
    assert (await later(meta, minutes=5))["a"] == 1
    assert (await meta.states())["a"] == "sent"


@pytest.mark.parametrize("untold", [*BEFORE, *BEHIND])
async def test_silence_of_a_neighbour_as_well_tells_nothing(meta, untold):
    """The line was down, and what is still to be told may be of both."""
    meta.sender.plans["a"] = ["lost"]
    await sent(meta, *BEFORE, "a", *BEHIND)
    await told(meta, *{*BEFORE, *BEHIND} - {untold})
    for _ in range(12):
        assert (await later(meta, minutes=1))["a"] == 1
    assert (await meta.states())["a"] == "unknown"
    assert "check_at" not in (await meta.rows())["a"], "nobody looks for ever"
    await told(meta, "a", kind="delivered")
    assert (await later(meta, seconds=1))["a"] == 1
    assert (await meta.states())["a"] == "delivered", "a late status still tells"


async def test_a_neighbour_that_is_told_of_late_makes_it_clear(meta):
    meta.sender.plans["a"] = [NO_ANSWER]
    await sent(meta, *BEFORE, "a", *BEHIND)
    await told(meta, *BEFORE, *BEHIND[1:])
    assert "a" not in await later(meta, minutes=3)
    await told(meta, BEHIND[0], kind="failed")
    assert (await later(meta, minutes=1))["a"] == 1


async def test_statuses_without_our_key_tell_nothing(meta):
    meta.sender.plans["a"] = ["lost"]
    await sent(meta, *BEFORE, "a", *BEHIND)
    await told(meta, *BEFORE, *BEHIND, echoed=False)
    assert (await later(meta, minutes=3))["a"] == 1
    assert (await meta.states())["a"] == "unknown"


@pytest.mark.parametrize(
    ("before", "behind"),
    [(("b1", "b2", "b3", "b4", "b5"), ()), (("b1",), BEHIND), ((), BEHIND), (BEFORE, BEHIND[:2])],
    ids=["nothing behind it", "too few before it", "none before it", "too few behind it"],
)
async def test_too_few_neighbours_are_no_evidence(meta, before, behind):
    meta.sender.plans["a"] = ["lost"]
    await sent(meta, *before, "a", *behind)
    await told(meta, *before, *behind)
    assert (await later(meta, minutes=3))["a"] == 1
    assert (await meta.states())["a"] == "unknown"


async def test_what_went_long_before_or_behind_is_no_neighbour(meta):
    meta.sender.plans["a"] = ["lost"]
    await sent(meta, *BEFORE)
    meta.clock.forward(minutes=2)
    await sent(meta, "a")
    meta.clock.forward(minutes=2)
    await sent(meta, *BEHIND)
    await told(meta, *BEFORE, *BEHIND)
    assert (await later(meta, minutes=3))["a"] == 1


async def test_an_answer_in_a_conversation_is_not_told_by_silence(meta):
    """Nothing is near enough to it; whoever waits for it asks again."""
    meta.sender.plans["a"] = ["lost"]
    await sent(meta, *BEFORE, "a", *BEHIND, campaign="", lane="interactive")
    await told(meta, *BEFORE, *BEHIND)
    assert (await later(meta, minutes=3))["a"] == 1


async def test_the_part_that_was_not_taken_goes_behind_those_that_were(meta):
    meta.sender.parts["a"] = 3
    meta.sender.plans["a"] = ["", NO_ANSWER]
    await sent(meta, *BEFORE, "a", *BEHIND)
    await told(meta, *BEFORE, *BEHIND, "a")
    assert (await later(meta, minutes=2))["a"] == 3
    assert (await meta.rows())["a"]["refs"] == ["a#0", "a#1", "a#2"]


async def test_a_part_behind_one_that_was_not_told_of_is_not_told_by_silence(meta):
    """Its statuses do not come, so that none is missed."""
    meta.sender.parts["a"] = 2
    meta.sender.plans["a"] = ["", "lost"]
    await sent(meta, *BEFORE, "a", *BEHIND)
    await meta.mongo["outbox"].update_one(
        {"_id": "a"}, {"$unset": {"body.done": ""}}
    )  # its process died over it
    await told(meta, *BEFORE, *BEHIND)
    assert (await later(meta, minutes=3))["a"] == 2


async def test_a_late_word_of_the_first_part_tells_nothing_of_the_second(meta):
    """The first was taken in one try, the second lost in the next: only its own status makes that clear."""
    meta.sender.parts["a"] = 2
    meta.sender.plans["a"] = ["", DeliveryFailed("a pause", wait=1.0), "lost"]
    await sent(meta, "a")
    meta.clock.forward(seconds=5)
    await meta.outbox.sweep()
    assert (await meta.states())["a"] == "unknown"
    await told(meta, "a", kind="delivered")
    await told(meta, "a", kind="read")
    assert (await later(meta, seconds=1))["a"] == 2
    assert (await meta.states())["a"] == "unknown"
    await told(meta, "a", kind="delivered", part=1)
    await later(meta, seconds=1)
    assert (await meta.states())["a"] == "delivered"
    assert len(meta.sender.taken["a"]) == 2


async def test_what_a_process_died_over_is_told_by_silence_as_well(meta):
    meta.sender.plans["a"] = [NO_ANSWER]
    await sent(meta, *BEFORE, "a")
    await meta.mongo["outbox"].update_one(
        {"_id": "a"},
        {"$set": {"state": "sending", "owner": "gone"}, "$unset": {"lost_at": "", "check_at": ""}},
    )
    meta.village.dead = {"gone"}
    assert await meta.outbox.take_over() == 1
    meta.clock.forward(seconds=1)
    await sent(meta, *BEHIND)
    await told(meta, *BEFORE, *BEHIND)
    assert (await later(meta, seconds=70))["a"] == 1


async def test_the_nearest_are_found_by_their_index(meta):
    await sent(meta, *BEFORE)
    where = {
        "campaign": "brief:today",
        "channel": "meta",
        "sent_at": {"$gt": meta.clock.now() - timedelta(minutes=1)},
    }
    plan = await meta.mongo["outbox"].find(where).sort("sent_at", 1).limit(5).explain()
    assert "around" in str(plan["queryPlanner"]["winningPlan"])
    assert "SORT" not in str(plan["queryPlanner"]["winningPlan"]).replace("sortPattern", "")
