"""Meta: the approved template with its picture, values and button, in a language it has; uploads used a million times."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.meta import Meta
from bot.channels.meta_templates import Approved, content_of
from services.domain.conversation import Address, Picture, Reply, Template, Text, Voice
from services.domain.errors import TemplateRefused, Unavailable, WindowClosed
from tests.channels.conftest import NOON
from tests.fakes.meta_rules import Approval, Refused, check
from tests.fakes.sender import free

HIRA = Address("meta", "PK.5511002200")


@pytest.fixture
def made(session, meta_api, now, files):
    """Makes a channel with these templates."""

    def channel(**templates):
        return Meta(
            session, phone_number_id=meta_api.number, access_token=meta_api.token, app_secret="s", verify_token="v",
            now=now, files=files, templates=templates, base=meta_api.base,
        )  # fmt: skip

    return channel


def brief(outbound, template, *blocks, **more):
    return outbound("meta", HIRA.key, *blocks, template=template, **more)


async def test_behaviour_33_a_shut_window_takes_the_template(meta, meta_api, shelf, outbound):
    meta_api.shut.add(HIRA.key)
    meta_api.templates["morning_brief"] = 2
    template = Template("brief", ("Hira\n\tKhan", "KSE-100 *up*     0.8%"))
    receipt = await meta.send(brief(outbound, template, Text("long brief")), shelf, free)
    (sent,) = meta_api.messages
    assert receipt.refs == (sent["wamid"],)
    values = [p["text"] for p in sent["template"]["components"][0]["parameters"]]
    assert values == ["Hira Khan", "KSE-100 up 0.8%"]
    with pytest.raises(WindowClosed):
        await meta.send(brief(outbound, Template("unknown"), Text("x"), key="k2"), shelf, free)


async def test_behaviour_33_a_template_has_the_chart_above_and_the_button_below(
    made, meta_api, shelf, outbound
):
    meta_api.templates["morning_brief"] = Approval(2, header=True, button=True)
    meta_api.shut.add(HIRA.key)
    template = Template("brief", ("Hira", "up"), header=shelf.png, press="audio?scope=personal")
    await made(brief={"name": "morning_brief"}).send(brief(outbound, template), shelf, free)
    header, body, button = meta_api.messages[0]["template"]["components"]
    assert header == {"type": "header", "parameters": [{"type": "image", "image": {"id": "media1"}}]}
    assert [p["text"] for p in body["parameters"]] == ["Hira", "up"]
    assert (button["sub_type"], button["index"]) == ("quick_reply", "0")
    assert button["parameters"] == [{"type": "payload", "payload": "audio?scope=personal"}]
    assert meta_api.media["media1"] == (shelf.data[shelf.png.key], "image/png")


async def test_a_template_of_its_own_for_the_chart_is_taken_where_there_is_one(
    made, meta_api, shelf, outbound
):
    meta_api.templates |= {"plain": 1, "charted": Approval(1, header=True, button=True)}
    channel = made(**{"brief": "plain", "brief-chart": {"name": "charted"}})
    with_chart = Template("brief", ("up",), header=shelf.png, press="audio")
    await channel.send(brief(outbound, with_chart), shelf, free)
    await channel.send(brief(outbound, Template("brief", ("up",)), key="k2"), shelf, free)
    assert [m["template"]["name"] for m in meta_api.messages] == ["charted", "plain"]


async def test_a_template_approved_without_a_chart_goes_without_and_that_is_learnt(
    made, meta_api, shelf, outbound
):
    meta_api.templates["plain"] = 1
    channel, gates = made(brief="plain"), []

    async def gate():
        gates.append(len(meta_api.messages))

    for number in range(3):
        template = Template("brief", ("up",), header=shelf.png, press="audio")
        await channel.send(brief(outbound, template, key=f"k{number}"), shelf, gate)
    assert gates == [0, 0, 1, 2], "refused once, and every request had its place in the rate"
    said = made(other={"name": "plain", "chart": False})
    await said.send(brief(outbound, Template("other", ("up",), header=shelf.png), key="k9"), shelf, free)
    assert len(meta_api.messages) == 4


async def test_behaviour_34_a_language_that_is_not_there_falls_back_once(made, meta_api, shelf, outbound):
    meta_api.templates["morning"] = Approval(1, languages=("en",))
    channel, asked = made(brief={"name": "morning", "language": "ur"}), []

    async def gate():
        asked.append(1)

    for number in range(3):
        await channel.send(brief(outbound, Template("brief", ("up",)), key=f"k{number}"), shelf, gate)
    assert [m["template"]["language"]["code"] for m in meta_api.messages] == ["en"] * 3
    assert len(asked) == 4
    meta_api.templates.clear()
    with pytest.raises(TemplateRefused) as caught:
        await channel.send(brief(outbound, Template("brief", ("up",)), key="k8"), shelf, free)
    assert caught.value.code == "132001"


async def test_behaviour_34_a_wrong_count_is_found_before_anything_is_asked(made, meta_api, shelf, outbound):
    channel = made(brief={"name": "morning", "variables": 2})
    with pytest.raises(TemplateRefused) as caught:
        await channel.send(brief(outbound, Template("brief", ("one",))), shelf, free)
    assert caught.value.code == "count"
    with pytest.raises(WindowClosed) as caught:
        await channel.send(brief(outbound, Template("unset", ("one",))), shelf, free)
    assert caught.value.code == "unset"
    assert meta_api.messages == []


@given(st.lists(st.text(max_size=1200), min_size=1, max_size=6), st.text(max_size=100))
def test_behaviour_34_whatever_the_words_are_meta_takes_them(values, press):
    approved = Approved("morning", "en")
    body = content_of(approved, Template("brief", tuple(values), press=press[:20].strip()))
    try:
        check(body, {}, {"morning": Approval(len(values), button=True)})
    except Refused as refused:
        pytest.fail(f"{refused.code}")


async def test_behaviour_37_one_upload_serves_everybody_who_wants_it_at_once(meta, meta_api, shelf, outbound):
    async def one(number):
        key = f"92300{number:07}"
        return await meta.send(outbound("meta", key, Picture(shelf.png), key=f"k{number}"), shelf, free)

    await asyncio.gather(*(one(number) for number in range(200)))
    assert (len(meta_api.messages), meta_api.uploads, shelf.asked) == (200, 1, 1)


async def test_behaviour_37_an_upload_is_made_anew_when_meta_has_forgotten_it(
    meta, meta_api, shelf, outbound
):
    for number in range(4):
        if number == 2:
            meta_api.media.clear()
        await meta.send(outbound("meta", HIRA.key, Picture(shelf.png), key=f"k{number}"), shelf, free)
    assert (meta_api.uploads, len(meta_api.messages)) == (2, 4)


async def test_behaviour_37_an_upload_is_known_for_29_days(meta, shelf, outbound, files, monkeypatch):
    until = []

    async def of(channel, owner, key, upload):
        identity, ends = await upload()
        until.append((channel, owner, key, ends))
        return identity, False

    monkeypatch.setattr(files, "of", of)
    await meta.send(outbound("meta", HIRA.key, Picture(shelf.png), Voice(shelf.ogg, 3.0)), shelf, free)
    assert until == [
        ("meta", "1090000001", f"image:{shelf.png.key}", NOON + timedelta(days=29)),
        ("meta", "1090000001", f"audio:{shelf.ogg.key}", NOON + timedelta(days=29)),
    ]


async def test_a_memory_that_fails_does_not_keep_a_picture_back(
    meta, meta_api, shelf, outbound, files, monkeypatch
):
    async def away(*_):
        raise Unavailable("the database does not answer")

    monkeypatch.setattr(files, "of", away)
    monkeypatch.setattr(files, "drop", away)
    await meta.send(outbound("meta", HIRA.key, Picture(shelf.png)), shelf, free)
    assert len(meta_api.messages) == 1


async def test_behaviour_37_only_opus_is_a_voice_note(meta, meta_api, shelf, outbound):
    mp3 = shelf.keep(b"ID3" + b"x" * 50, "audio/mpeg", ".mp3")
    reply = Reply((Voice(shelf.ogg, 3.0), Voice(mp3, 3.0)))
    await meta.send(outbound("meta", HIRA.key, *reply.blocks), shelf, free)
    opus, other = (m["audio"] for m in meta_api.messages)
    assert (opus.get("voice"), other.get("voice")) == (True, None)
    assert meta_api.media[opus["id"]][1] == "audio/ogg; codecs=opus"


async def test_a_number_that_has_gone_to_somebody_else_is_not_written_to_for_its_old_owner(
    meta, meta_api, shelf, outbound
):
    for n, identity in enumerate((HIRA.key, "PK.777")):
        said = {"id": f"wamid.{n}", "from": "923001112233", "from_user_id": identity, "type": "text"}
        meta._reader.read(meta_api.payload(said | {"text": {"body": "hi"}}))
    await meta.send(outbound("meta", HIRA.key, Text("hi")), shelf, free)
    await meta.send(outbound("meta", "PK.777", Text("hi"), key="k2"), shelf, free)
    sent = [(m.get("to"), m.get("recipient")) for m in meta_api.messages]
    assert sent == [(None, HIRA.key), ("+923001112233", "PK.777")]


async def test_a_message_held_for_its_quality_is_taken(meta, meta_api, shelf, outbound):
    meta_api.held = True
    receipt = await meta.send(outbound("meta", HIRA.key, Text("hi")), shelf, free)
    assert receipt.refs == ("wamid.fake0",)
