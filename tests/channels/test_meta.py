"""Meta: signatures over raw bytes, batches read piece by piece."""

import hashlib
import hmac
import json
from pathlib import Path

import pytest

from bot.channels.meta import Meta
from services.domain.conversation import (
    Address,
    Attachment,
    Inbound,
    Notice,
)
from services.domain.errors import Forbidden, Malformed

OWN = Path(__file__).parents[1] / "payloads" / "meta"
SHARED = Path(__file__).parents[3] / "shared" / "payloads" / "meta"
HIRA = Address("meta", "PK.5511002200")


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


def test_a_signature_is_over_the_bytes_received(meta, meta_api):
    raw = (OWN / "text.json").read_bytes()
    for secret in ("old-secret", meta_api.secret):
        meta.verify(sign(secret, raw), "/", raw)
    good = sign(meta_api.secret, raw)
    for headers, body in (
        ({}, raw), (good, raw + b" "), (good, json.dumps(json.loads(raw)).encode()), (sign("third", raw), raw),
        (sign("", raw), raw), ({"X-Hub-Signature-256": good["x-hub-signature-256"][7:]}, raw),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            meta.verify(headers, "/", body)


def test_the_known_vectors(session, now, files):
    path = SHARED / "signature_vectors.json"
    for vector in json.loads(path.read_text())["vectors"] if path.exists() else []:
        one = Meta(
            session,
            phone_number_id="1",
            access_token="t",
            app_secret=vector["app_secret"],
            verify_token="v",
            now=now,
            files=files,
        )
        if vector["valid"]:
            one.verify({"X-Hub-Signature-256": vector["header"]}, "/", vector["raw_body"].encode())
        else:
            with pytest.raises(Forbidden):
                one.verify({"X-Hub-Signature-256": vector["header"]}, "/", vector["raw_body"].encode())


def test_an_empty_secret_closes_the_door(session, now, files):
    closed = Meta(
        session, phone_number_id="1", access_token="t", app_secret="", verify_token="", now=now, files=files
    )
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


ALL = [
    *sorted(OWN.glob("*.json")),
    *sorted(SHARED.glob("pywa/*.json")),
    *sorted(SHARED.glob("derived/*.json")),
]


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
