"""A service window that the provider reports shut only later: the template follows, once."""

import asyncio
import json

import pytest

from services.domain.conversation import Text
from tests.fakes.phones import MetaPhone, TwilioPhone, person, reached

TEMPLATES = {"brief": "HX" + "b" * 32, "announcement": "HX" + "a" * 32, "alert": "HX" + "c" * 32}
META_TEMPLATES = {name: {"name": f"mb_{name}", "language": "en"} for name in TEMPLATES}


async def rows(house, prefix):
    return {row["_id"]: row for row in await house.outbox() if row["_id"].startswith(prefix)}


async def told_late(house, phone):
    """A brief that the provider takes at first; returns the ids of its parts."""
    from services.domain.conversation import Reply

    user = await person(phone)
    broadcasts = house.bot.services.broadcasts

    async def compose(_user):
        return (Reply((Text("*Morning*\nline one\nline two"), Text("second part"))),)

    await broadcasts.run("brief:x", lambda one: one.id == user.id, compose, template="brief")
    await house.bot.outbox.sweep((phone.channel,))
    return (await rows(house, "brief:x"))[f"brief:x:{user.id}:0"]["refs"]


WINDOW = {"twilio": "63016", "meta": 131047}


def with_templates(**more):
    return {"twilio_templates": json.dumps(TEMPLATES), "meta_templates": json.dumps(META_TEMPLATES)} | more


@pytest.mark.parametrize("phone", [TwilioPhone, MetaPhone])
async def test_a_window_found_shut_late_brings_the_template_once(open_house, phone):
    async with open_house(**with_templates()) as house:
        house.twilio.contents = {TEMPLATES["brief"]: 2}
        house.meta.templates = {"mb_brief": 2}
        someone = await reached(phone(house))
        refs = await told_late(house, someone)
        before = len(someone.listen().heard)
        for ref in (*refs, *refs):
            assert await someone.status(ref, "failed", WINDOW[someone.channel]) == 200
        await asyncio.gather(*(house.bot.outbox.sweep((someone.channel,)) for _ in range(3)))
        (template,) = someone.listen().heard[before:]
        assert template.get("ContentSid", template.get("template", {}).get("name")) in {
            TEMPLATES["brief"],
            "mb_brief",
        }
        states = {key.rpartition(":")[2]: row for key, row in (await rows(house, "brief:x")).items()}
        assert (states["0"]["state"], states["0"]["code"]) == ("failed", str(WINDOW[someone.channel]))
        assert states["template"]["state"] == "accepted"
        # The template itself refused for the window: there is no second template.
        await someone.status(states["template"]["refs"][0], "failed", WINDOW[someone.channel])
        assert await house.bot.outbox.sweep() == 0
        assert len(await rows(house, "brief:x")) == 2


@pytest.mark.parametrize("phone", [TwilioPhone, MetaPhone])
async def test_a_status_quicker_than_our_own_note_brings_the_template_too(open_house, phone):
    async with open_house(**with_templates()) as house:
        house.twilio.contents = {TEMPLATES["brief"]: 2}
        house.meta.templates = {"mb_brief": 2}
        someone = await reached(phone(house))
        count = len(getattr(house, someone.channel).messages)
        coming = f"SM{count:032d}" if someone.channel == "twilio" else f"wamid.fake{count}"
        await someone.status(coming, "failed", WINDOW[someone.channel])
        refs = await told_late(house, someone)
        assert coming in refs
        assert await house.bot.outbox.sweep() == 1
        assert (await rows(house, "brief:x"))[f"brief:x:{(await person(someone)).id}:0:template"][
            "state"
        ] == "accepted"


@pytest.mark.parametrize("phone", [TwilioPhone, MetaPhone])
async def test_a_message_that_arrived_or_has_no_template_stays_as_it_is(open_house, phone):
    async with open_house(**with_templates()) as house:
        someone = await reached(phone(house))
        refs = await told_late(house, someone)
        await someone.status(refs[0], "delivered")
        await someone.status(refs[0], "failed", WINDOW[someone.channel])
        await someone.say("KSE100")
        reply = next(iter((await rows(house, "reply:")).values()))
        await someone.status(reply["refs"][0], "failed", WINDOW[someone.channel])
        assert await house.bot.outbox.sweep() == 0
        assert not [key for key in await rows(house, "") if key.endswith(":template")]
