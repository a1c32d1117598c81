"""Telegram: the door, the reading of updates."""

import json
from pathlib import Path

import orjson
import pytest

from bot.channels.telegram import Telegram
from services.domain.conversation import Address, Inbound
from services.domain.errors import Forbidden, Malformed
from tests.fakes.known_files import FilesInMemory

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
    closed = Telegram(session, token="1:x", secret=" , ", now=now, files=FilesInMemory())
    assert not closed.configured
    with pytest.raises(Forbidden):
        closed.verify({HEADER: ""}, "/", b"{}")


def test_a_text(telegram):
    event = read(telegram, "text.json")
    assert event.event_id == "telegram:4242:9001"
    assert (event.address, event.text, event.name) == (SANA, "MEBL 40 aur OGDC 60", "Sana")
    assert event.at.isoformat() == "2026-08-20T05:30:00+00:00"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"update_id":"x"}', b"\xff\xfe"])
def test_what_is_no_update_is_malformed(telegram, body):
    with pytest.raises(Malformed):
        telegram.parse(body, "application/json")


STRANGE = (None, [], {}, "", "x", -1, 0, 1.5, True, 10**18, [None], [[]], {"id": []}, "\u202e" * 3)


def mutations(value):
    """The value with each part at any depth left out, or replaced by something of another type or size."""
    yield from STRANGE
    if isinstance(value, dict):
        for key, inner in value.items():
            yield {k: v for k, v in value.items() if k != key}
            for other in mutations(inner):
                yield {**value, key: other}
    if isinstance(value, list):
        for place, inner in enumerate(value):
            for other in mutations(inner):
                yield [*value[:place], other, *value[place + 1 :]]


ALL = [*sorted(OWN.glob("*.json")), *sorted(SHARED.glob("*/*.json"))]


@pytest.mark.parametrize("path", ALL, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_update_however_mangled_raises(telegram, path):
    update = json.loads(path.read_bytes())
    if "update_id" not in update:
        return  # an answer of the API, not an update
    number = update["update_id"]
    for key, value in update.items():
        if key == "update_id":
            continue
        for mangled in mutations(value):
            body = orjson.dumps({"update_id": number, key: mangled})
            (event,) = telegram.parse(body, "application/json")
            assert event.event_id == f"telegram:4242:{number}"
            telegram_is_pleased_with(event)


def telegram_is_pleased_with(event):
    """What the rest of the bot may rely on: an aware time, an address of digits, a press of at most 64 bytes."""
    assert event.at.tzinfo is not None
    if isinstance(event, Inbound):
        assert event.address.key.lstrip("-").isdecimal()
        assert len(event.pressed.encode()) <= 64
        assert all(isinstance(said, str) for said in (event.text, event.name, event.reply_ref))


@pytest.mark.parametrize("number", [None, "9001", 1.0, True, [], {}, 10**30])
def test_an_update_without_its_number_is_kept_aside(telegram, number):
    with pytest.raises(Malformed):
        telegram.parse(json.dumps({"update_id": number, "message": {}}).encode(), "application/json")


def test_it_reads_what_the_telegram_library_reads(telegram):
    """The library as oracle where it manages: it raises on Telegram's own documented examples."""
    from telegram import Update

    compared = 0
    for path in sorted(OWN.glob("*.json")):
        raw = json.loads(path.read_bytes())
        (ours,) = telegram.parse(path.read_bytes(), "application/json")
        try:
            theirs = Update.de_json(raw, None)
        except (KeyError, TypeError, ValueError, OverflowError, OSError):
            continue
        if not isinstance(ours, Inbound):
            continue
        compared += 1
        assert ours.address.key == str(theirs.effective_user.id)
        assert ours.name == theirs.effective_user.first_name
        if theirs.message and not ours.text.startswith(("/", "／")):
            assert ours.text == (theirs.message.text or theirs.message.caption or "")
            assert ours.at == theirs.message.date
    assert compared > 15
