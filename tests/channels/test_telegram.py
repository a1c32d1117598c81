"""Telegram: the door, the reading of updates."""

import json
from pathlib import Path

import pytest

from bot.channels.telegram import Telegram
from services.domain.conversation import (
    Address,
    Attachment,
    Inbound,
    Notice,
)
from services.domain.errors import Forbidden, Malformed

OWN = Path(__file__).parents[1] / "payloads" / "telegram"
SHARED = Path(__file__).parents[3] / "shared" / "payloads" / "telegram"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
SANA = Address("telegram", "70001")


def read(telegram, name):
    (event,) = telegram.parse((OWN / name).read_bytes(), "application/json")
    return event


@pytest.mark.parametrize("secret", ["old-one", "new-one"])
def test_both_secrets_of_a_rotation_open_the_door(telegram, secret):
    telegram.verify({HEADER.lower(): secret}, "/webhooks/telegram", b"{}")


@pytest.mark.parametrize(
    "headers", [{}, {HEADER: ""}, {HEADER: "third"}, {HEADER: "old-one,new-one"}, {HEADER: "ö"}]
)
def test_anything_else_is_forbidden(telegram, headers):
    with pytest.raises(Forbidden):
        telegram.verify(headers, "/", b"{}")


def test_an_empty_secret_closes_the_door(session, now):
    closed = Telegram(session, token="1:x", secret=" , ", now=now)
    assert not closed.configured
    with pytest.raises(Forbidden):
        closed.verify({HEADER: ""}, "/", b"{}")


def test_a_text(telegram):
    event = read(telegram, "text.json")
    assert event.event_id == "telegram:4242:9001"
    assert (event.address, event.text, event.name) == (SANA, "MEBL 40 aur OGDC 60", "Sana")
    assert event.at.isoformat() == "2026-08-20T05:30:00+00:00"


@pytest.mark.parametrize(
    ("name", "text", "attachments"),
    [
        ("text_urdu.json", "او جی ڈی سی کی قیمت؟ 📈", ()),
        ("command_to_us.json", "/xray MEBL", ()),
        ("no_is_bot_no_type.json", "hi", ()),
        ("voice.json", "", (Attachment("voice", "voice-1", "audio/ogg"),)),
        ("photo_with_caption.json", "meri holdings", (Attachment("image", "large", "image/jpeg"),)),
        ("sticker.json", "", (Attachment("sticker", "st-1"),)),
        ("location.json", "", (Attachment("location"),)),
    ],
)
def test_what_people_send(telegram, name, text, attachments):
    event = read(telegram, name)
    assert isinstance(event, Inbound)
    assert (event.address, event.text, event.attachments) == (SANA, text, attachments)


def test_a_press_bears_its_id_its_title_and_what_it_takes_to_answer_it(telegram):
    event = read(telegram, "press.json")
    assert (event.pressed, event.text, event.reply_ref) == (
        "explain?names=banks",
        "Why banks?",
        "callback:8812",
    )
    old = read(telegram, "press_inaccessible.json")
    assert (old.pressed, old.text, old.address) == ("help", "", SANA)


@pytest.mark.parametrize(
    ("name", "kind", "address"),
    [
        ("blocked.json", "blocked", SANA),
        ("unblocked.json", "unblocked", SANA),
        ("edited.json", "other", None),
        ("command_to_other_bot.json", "other", SANA),
        ("pinned_service_message.json", "other", SANA),
        ("group_text.json", "other", None),
        ("group_anonymous_admin.json", "other", None),
        ("poll_answer_new_kind.json", "other", None),
    ],
)
def test_what_is_no_message(telegram, name, kind, address):
    event = read(telegram, name)
    assert isinstance(event, Notice)
    assert (event.kind, event.address) == (kind, address)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"update_id":"x"}', b"\xff\xfe"])
def test_what_is_no_update_is_malformed(telegram, body):
    with pytest.raises(Malformed):
        telegram.parse(body, "application/json")


def mutations(update):
    """The update with each value at any depth replaced by something of another type."""
    yield update
    for key, value in update.items():
        for other in (None, [], {}, "x", -1, [None], {"id": []}):
            yield {**update, key: other}
        if isinstance(value, dict):
            for inner in mutations(value):
                yield {**update, key: inner}


ALL = [*sorted(OWN.glob("*.json")), *sorted(SHARED.glob("*/*.json"))]


@pytest.mark.parametrize("path", ALL, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_update_however_mangled_raises(telegram, path):
    update = json.loads(path.read_bytes())
    if "update_id" not in update:
        return  # an answer of the API, not an update
    for mangled in mutations(update):
        if isinstance(mangled.get("update_id"), int):
            (event,) = telegram.parse(json.dumps(mangled).encode(), "application/json")
            assert event.event_id == f"telegram:4242:{mangled['update_id']}"


def test_it_reads_what_the_telegram_library_reads(telegram):
    from telegram import Update

    for name in ("text.json", "text_urdu.json", "voice.json", "press.json"):
        raw = json.loads((OWN / name).read_bytes())
        theirs, ours = Update.de_json(raw, None), read(telegram, name)
        assert ours.address.key == str(theirs.effective_chat.id)
        assert ours.name == theirs.effective_user.first_name
        if theirs.message:
            assert ours.text == (theirs.message.text or "")
            assert ours.at == theirs.message.date
