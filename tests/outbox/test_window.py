"""WhatsApp's window is looked at when a message is sent: free words inside, the template outside, a reason without."""

from dataclasses import replace

import pytest

WHATSAPP = pytest.mark.parametrize("channel", ["twilio", "meta"])


@WHATSAPP
@pytest.mark.parametrize(
    ("ago", "free"),
    [
        ({"hours": 23, "minutes": 54, "seconds": 59}, True),
        ({"hours": 23, "minutes": 55}, False),  # the margin: it might shut under way
        ({"hours": 23, "minutes": 59, "seconds": 30}, False),
        ({"hours": 24, "seconds": 1}, False),
    ],
)
async def test_inside_free_words_outside_the_template(post, channel, ago, free):
    brief = post.whatsapp("a", channel)
    post.village.heard_ago(brief.address, **ago)
    await post.outbox.put([brief])
    assert await post.outbox.sweep() == 1
    (sent,) = post.sender.taken["a"]
    assert bool(sent.reply.blocks) is free
    assert sent.template == brief.template


@WHATSAPP
async def test_it_is_the_time_of_sending_that_counts(post, channel):
    """Put inside, sent outside: a brief that waited an hour."""
    brief = post.whatsapp("a", channel)
    post.village.heard_ago(brief.address, hours=23, minutes=30)
    await post.outbox.put([brief])
    post.clock.forward(hours=1)
    await post.outbox.sweep()
    assert post.sender.taken["a"][0].reply.blocks == ()


@WHATSAPP
async def test_who_never_wrote_is_outside(post, channel):
    await post.outbox.put([post.whatsapp("a", channel), post.whatsapp("b", channel, template=None)])
    await post.outbox.sweep()
    assert post.sender.asked() == ["a"]
    assert post.sender.taken["a"][0].reply.blocks == ()
    row = (await post.rows())["b"]
    assert (row["state"], "no template" in row["reason"]) == ("failed", True)


@WHATSAPP
async def test_an_answer_is_not_asked_about_unless_it_is_old(post, channel):
    """An answer follows its person's message; one that was tried again for hours may not."""
    young, old = (post.out(key, to=f"{channel}:{key}") for key in ("young", "old"))
    await post.outbox.put([young])
    await post.outbox.sweep()
    await post.outbox.put([old])
    post.clock.forward(hours=25)
    await post.outbox.sweep()
    assert await post.states() == {"young": "accepted", "old": "failed"}


@pytest.mark.parametrize("channel", ["telegram", "web"])
async def test_other_channels_have_no_window(post, channel):
    await post.outbox.put([post.whatsapp("a", channel)])
    await post.outbox.sweep()
    assert post.sender.taken["a"][0].reply.blocks


async def test_the_day_s_number_of_people_outside_is_kept(post):
    inside, outside = post.whatsapp("in"), post.whatsapp("out")
    post.village.heard_ago(inside.address, hours=1)
    post.village.full_day = True
    await post.outbox.put([inside, outside])
    await post.outbox.sweep()
    assert await post.states() == {"in": "accepted", "out": "queued"}
    post.village.full_day = False
    post.clock.forward(hours=1)
    await post.outbox.sweep()
    assert (await post.states())["out"] == "accepted"


async def test_one_question_for_a_page(post):
    """Who wrote when is asked once for all of a page, not once a message."""
    asked = []

    async def heard(addresses):
        asked.append(len(addresses))
        return {address: post.clock.now() for address in addresses}

    office = post.office("first", heard=heard)
    await office.put(
        [
            replace(post.whatsapp("x"), key=f"m{n}", address=post.out("x", to=f"meta:{n}").address)
            for n in range(40)
        ]
    )
    assert await office.sweep() == 40
    assert sum(asked) == 40
    assert len(asked) <= 3
