"""Meta: signatures over raw bytes, batches read piece by piece, and sending against a Graph API with its own rules."""

import hashlib
import hmac
import json
from pathlib import Path

import pytest

from bot.channels.meta import Meta
from services.domain.conversation import (
    Address,
    Attachment,
    Button,
    Document,
    Inbound,
    Notice,
    Picture,
    Template,
    Text,
    Voice,
)
from services.domain.errors import DeliveryFailed, Forbidden, Malformed, RecipientGone, WindowClosed
from tests.fakes.meta import FakeMeta

OWN = Path(__file__).parents[1] / "payloads" / "meta"
SHARED = Path(__file__).parents[3] / "shared" / "payloads" / "meta"
HIRA = Address("meta", "PK.5511002200")


@pytest.fixture
async def fake():
    async with FakeMeta() as running:
        yield running


@pytest.fixture
def meta(session, fake, now):
    return Meta(
        session, phone_number_id=fake.number, access_token=fake.token, app_secret=f"old-secret, {fake.secret}",
        verify_token="let-me-in", now=now, templates={"brief": {"name": "morning_brief", "language": "en"}}, base=fake.base,
    )  # fmt: skip


def read(meta, name):
    return meta.parse((OWN / name).read_bytes(), "application/json")


def sign(secret, raw):
    return {"x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}


def test_the_challenge_is_answered_as_it_is(meta):
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "let-me-in"}
    assert meta.challenge(query) == "1158201444"
    for wrong in ({"hub.verify_token": "x"}, {"hub.verify_token": ""}, {"hub.mode": "unsubscribe"}):
        with pytest.raises(Forbidden):
            meta.challenge(query | wrong)


def test_a_signature_is_over_the_bytes_received(meta, fake):
    raw = (OWN / "text.json").read_bytes()
    for secret in ("old-secret", fake.secret):
        meta.verify(sign(secret, raw), "/", raw)
    good = sign(fake.secret, raw)
    for headers, body in (
        ({}, raw), (good, raw + b" "), (good, json.dumps(json.loads(raw)).encode()), (sign("third", raw), raw),
        (sign("", raw), raw), ({"X-Hub-Signature-256": good["x-hub-signature-256"][7:]}, raw),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            meta.verify(headers, "/", body)


def test_the_known_vectors(session, now):
    path = SHARED / "signature_vectors.json"
    for vector in json.loads(path.read_text())["vectors"] if path.exists() else []:
        one = Meta(
            session, phone_number_id="1", access_token="t", app_secret=vector["app_secret"], verify_token="v", now=now
        )
        if vector["valid"]:
            one.verify({"X-Hub-Signature-256": vector["header"]}, "/", vector["raw_body"].encode())
        else:
            with pytest.raises(Forbidden):
                one.verify({"X-Hub-Signature-256": vector["header"]}, "/", vector["raw_body"].encode())


def test_an_empty_secret_closes_the_door(session, now):
    closed = Meta(session, phone_number_id="1", access_token="t", app_secret="", verify_token="", now=now)
    assert not closed.configured
    with pytest.raises(Forbidden):
        closed.verify(sign("", b"{}"), "/", b"{}")
    with pytest.raises(Forbidden):
        closed.challenge({"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1"})


@pytest.mark.parametrize(
    ("name", "text", "pressed", "attachments"),
    [
        ("text.json", "MEBL 40 aur LUCK 60", "", ()),
        ("text_hidden_number.json", "hi", "", ()),
        ("reply_button.json", "X-Ray", "xray", ()),
        ("list_choice.json", "Cement", "brief?sector=CEMENT", ()),
        ("template_button.json", "Send audio", "audio?scope=personal", ()),
        ("voice.json", "", "", (Attachment("voice", "55", "audio/ogg; codecs=opus"),)),
        ("image_with_caption.json", "meri list", "", (Attachment("image", "56", "image/jpeg"),)),
        ("unsupported.json", "", "", (Attachment("other"),)),
    ],
)
def test_what_people_send(meta, name, text, pressed, attachments):
    (event,) = read(meta, name)
    assert isinstance(event, Inbound)
    assert (event.address, event.name) == (HIRA, "Hira")
    assert (event.text, event.pressed, event.attachments) == (text, pressed, attachments)
    assert event.event_id == f"meta:{event.reply_ref}"
    assert event.at.isoformat() == "2026-08-20T05:30:00+00:00"


def test_who_has_no_user_id_is_known_by_number(meta):
    (event,) = read(meta, "text_without_user_id.json")
    assert event.address == Address("meta", "923001112233")
    assert meta.phone("923001112233") == "+923001112233"


def test_the_number_behind_a_user_id_is_remembered_once_it_was_seen(meta):
    read(meta, "text_hidden_number.json")
    assert meta.phone(HIRA.key) == ""
    read(meta, "text.json")
    assert meta.phone(HIRA.key) == "+923001112233"


@pytest.mark.parametrize(
    "name", ["reaction.json", "interactive_without_body.json", "group_text.json", "number_changed.json", "template_status.json"]
)
def test_where_nobody_spoke(meta, name):
    (event,) = read(meta, name)
    assert (type(event), event.kind) == (Notice, "other")


def test_statuses(meta):
    events = read(meta, "statuses.json")
    assert [event.kind for event in events] == ["sent", "delivered", "read", "played"]
    assert {event.ref for event in events} == {"wamid.out1"}
    assert {event.address for event in events} == {HIRA}
    assert len({event.event_id for event in events}) == 4
    (shut,) = read(meta, "status_window_shut.json")
    assert (shut.kind, shut.code) == ("failed", "131047")


def test_who_wants_no_more_is_heard_on_both_ways(meta):
    failed, stopped = read(meta, "status_stopped_marketing.json")
    assert (failed.kind, stopped.kind, stopped.address) == ("failed", "stopped", HIRA)
    (stopped,) = read(meta, "preference_stop.json")
    assert (stopped.kind, stopped.address) == ("stopped", HIRA)


def test_a_poisoned_part_takes_nothing_else_with_it(meta):
    events = read(meta, "batch_with_poison.json")
    assert [event.text for event in events if isinstance(event, Inbound)] == ["one", "two", "three"]
    assert [event.kind for event in events if isinstance(event, Notice)] == ["other", "sent", "failed"]
    assert [e.event_id for e in events] == [e.event_id for e in read(meta, "batch_with_poison.json")]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"{}", b'{"entry":{}}', b"\xff"])
def test_what_is_no_payload_is_malformed(meta, body):
    with pytest.raises(Malformed):
        meta.parse(body, "application/json")


def mutations(value):
    """The value with every part at any depth replaced by something of another type."""
    if isinstance(value, dict):
        for key, inner in value.items():
            for other in (None, [], {}, "x", -1, [None], {"id": []}, *mutations(inner)):
                yield {**value, key: other}
    if isinstance(value, list):
        for number, inner in enumerate(value):
            for other in mutations(inner):
                yield [*value[:number], other, *value[number + 1 :]]


ALL = [*sorted(OWN.glob("*.json")), *sorted(SHARED.glob("pywa/*.json")), *sorted(SHARED.glob("derived/*.json"))]


@pytest.mark.parametrize("path", ALL, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_payload_however_mangled_raises(meta, path):
    payload = json.loads(path.read_bytes())
    assert meta.parse(json.dumps(payload).encode(), "application/json")
    for mangled in mutations(payload):
        try:
            events = meta.parse(json.dumps(mangled).encode(), "application/json")
        except Malformed:
            assert not isinstance(mangled.get("entry"), list)
            continue
        assert events
        assert all(event.event_id.startswith("meta:") for event in events)


async def test_a_reply_with_everything_arrives_in_order(meta, fake, shelf, outbound):
    read(meta, "text.json")
    message = outbound(
        "meta", HIRA.key,
        Text("*X-Ray* of _MEBL_"), Picture(shelf.png, "by sector"), Voice(shelf.ogg, 60.0), Document(shelf.pdf),
        buttons=[Button("Why?", "explain"), Button("Menu", "help")], source="Sample data",
    )  # fmt: skip
    receipt = await meta.send(message, shelf)
    assert receipt.refs == ("wamid.fake0", "wamid.fake1", "wamid.fake2", "wamid.fake3")
    text, picture, voice, document = fake.messages
    assert text["interactive"]["body"]["text"] == "*X-Ray* of _MEBL_\n\n_Sample data_"
    assert [b["reply"]["id"] for b in text["interactive"]["action"]["buttons"]] == ["explain", "help"]
    assert (text["to"], text["recipient"]) == ("+923001112233", HIRA.key)
    assert text["biz_opaque_callback_data"] == "reply:e:0"
    assert picture["image"]["caption"] == "by sector"
    assert voice["audio"]["voice"] is True
    assert fake.media[voice["audio"]["id"]][1] == "audio/ogg; codecs=opus"
    assert document["document"]["filename"] == "report.pdf"


async def test_a_hidden_number_is_written_to_by_user_id_and_a_number_with_its_plus(meta, fake, shelf, outbound):
    await meta.send(outbound("meta", HIRA.key, Text("hi")), shelf)
    await meta.send(outbound("meta", "923001112233", Text("hi"), key="k2"), shelf)
    first, second = fake.messages
    assert (first.get("to"), first["recipient"]) == (None, HIRA.key)
    assert (second["to"], second.get("recipient")) == ("+923001112233", None)


@pytest.mark.parametrize(
    ("titles", "kind"),
    [
        (["A", "B", "C"], "button"),
        (["A", "B", "C", "D"], "list"),
        (["A title over twenty units", "B"], "list"),
        (["Same", "Same"], "list"),
        ([f"Choice {n} with rather a long title" for n in range(13)], "list"),
    ],
)
async def test_buttons_or_a_list(meta, fake, shelf, outbound, titles, kind):
    buttons = [Button(title, f"press?n={n}") for n, title in enumerate(titles)]
    await meta.send(outbound("meta", HIRA.key, Text("pick"), buttons=buttons), shelf)
    assert fake.messages[0]["interactive"]["type"] == kind
    said = json.dumps(fake.messages[0], ensure_ascii=False)
    assert all(title in said for title in titles)


async def test_buttons_without_words_get_a_message_of_their_own(meta, fake, shelf, outbound):
    await meta.send(outbound("meta", HIRA.key, Voice(shelf.ogg, 3.0), buttons=[Button("Go", "go")]), shelf)
    assert [m["type"] for m in fake.messages] == ["audio", "interactive"]


async def test_a_long_text_with_buttons_goes_in_pieces(meta, fake, shelf, outbound):
    text = "\n\n".join(f"*Part {n}* " + "لفظ 📈 " * 60 for n in range(30))
    await meta.send(outbound("meta", HIRA.key, Text(text), buttons=[Button("Go", "go")]), shelf)
    assert [m["type"] for m in fake.messages][-1] == "interactive"
    said = "".join(m["text"]["body"] if "text" in m else m["interactive"]["body"]["text"] for m in fake.messages)
    assert "".join(said.split()) == "".join(text.split())


async def test_an_upload_is_used_again_and_renewed_when_it_has_expired(meta, fake, shelf, outbound):
    for number in range(3):
        await meta.send(outbound("meta", HIRA.key, Picture(shelf.png), key=f"k{number}"), shelf)
    assert fake.uploads == 1
    fake.media.clear()
    await meta.send(outbound("meta", HIRA.key, Picture(shelf.png), key="k9"), shelf)
    assert fake.uploads == 2
    assert len(fake.messages) == 4


async def test_a_shut_window_takes_the_template(meta, fake, shelf, outbound):
    fake.shut.add(HIRA.key)
    fake.templates["morning_brief"] = 2
    template = Template("brief", ("Hira\n\tKhan", "KSE-100 *up*     0.8%"))
    receipt = await meta.send(outbound("meta", HIRA.key, Text("long brief"), template=template), shelf)
    (sent,) = fake.messages
    assert receipt.refs == (sent["wamid"],)
    values = [p["text"] for p in sent["template"]["components"][0]["parameters"]]
    assert values == ["Hira Khan", "KSE-100 up 0.8%"]
    with pytest.raises(WindowClosed):
        await meta.send(outbound("meta", HIRA.key, Text("x"), key="k2", template=Template("unknown")), shelf)


@pytest.mark.parametrize(
    ("status", "code", "kind", "permanent", "ambiguous"),
    [
        (400, 131047, WindowClosed, True, False),
        (400, 131050, RecipientGone, True, False),
        (400, 131026, DeliveryFailed, True, False),
        (400, 132000, DeliveryFailed, True, False),
        (429, 130429, DeliveryFailed, False, False),
        (400, 131056, DeliveryFailed, False, False),
        (401, 190, DeliveryFailed, False, False),
        (500, 131000, DeliveryFailed, False, False),
        (500, None, DeliveryFailed, False, True),
        (400, 987654, DeliveryFailed, True, False),
    ],
)
async def test_refusals(meta, fake, shelf, outbound, status, code, kind, permanent, ambiguous):
    fake.next = [(status, {"error": {"code": code, "message": "to +923001112233 secret words"}})]
    with pytest.raises(DeliveryFailed) as failed:
        await meta.send(outbound("meta", "923001112233", Text("secret words")), shelf)
    assert type(failed.value) is kind
    assert (failed.value.permanent, failed.value.ambiguous) == (permanent, ambiguous)
    assert "923001112233" not in str(failed.value)
    assert "secret words" not in str(failed.value)


async def test_a_lost_message_is_ambiguous_and_a_lost_upload_is_not(meta, fake, shelf, outbound):
    fake.next = ["hang"]
    with pytest.raises(DeliveryFailed) as failed:
        await meta.send(outbound("meta", HIRA.key, Text("hi")), shelf)
    assert failed.value.ambiguous
    fake.next = ["hang"]
    with pytest.raises(DeliveryFailed) as failed:
        await meta.send(outbound("meta", HIRA.key, Picture(shelf.png), key="k2"), shelf)
    assert not failed.value.ambiguous


async def test_typing_marks_as_read_and_never_raises(meta, fake):
    (event,) = read(meta, "text.json")
    await meta.typing(event)
    assert fake.reads[0]["typing_indicator"] == {"type": "text"}
    assert fake.reads[0]["message_id"] == "wamid.own1"
    await fake._server.close()
    await meta.typing(event)
