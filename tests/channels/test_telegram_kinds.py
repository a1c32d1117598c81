"""Telegram: what every kind of update is to us, one line a payload."""

import json
from pathlib import Path

import pytest

from services.domain.conversation import Address, Attachment, Inbound, Moved, Notice

OWN = Path(__file__).parents[1] / "payloads" / "telegram"
SANA, GROUP = Address("telegram", "70001"), Address("telegram", "-100500")
OLD_GROUP = Address("telegram", "-4000017")

SAID = {
    "text": ("MEBL 40 aur OGDC 60", ()),
    "text_urdu": ("او جی ڈی سی کی قیمت؟ 📈", ()),
    "no_is_bot_no_type": ("hi", ()),
    "date_out_of_range": ("hi", ()),
    "reply_quote": ("why?", ()),
    "forwarded_command": ("/start", ()),
    "command_to_us": ("/xray MEBL", ()),
    "command_emoji_utf16": ("/xray MEBL", ()),
    "command_fullwidth": ("／xray MEBL", ()),
    "command_unmarked": ("/help", ()),
    "command_later_in_text": ("try /help@other_bot", ()),
    "command_in_caption": ("/portfolio", (Attachment("image", "p1", "image/jpeg"),)),
    "voice": ("", (Attachment("voice", "voice-1", "audio/ogg"),)),
    "photo_with_caption": ("meri holdings", (Attachment("image", "large", "image/jpeg"),)),
    "sticker": ("", (Attachment("sticker", "st-1"),)),
    "location": ("", (Attachment("location"),)),
    "video_note": ("", (Attachment("video", "vn"),)),
    "document_pdf": ("my list", (Attachment("document", "d1", "application/pdf"),)),
    "contact": ("", (Attachment("contact"),)),
    "poll_message": ("", (Attachment("other"),)),
    "dice": ("", (Attachment("other"),)),
    "story": ("", (Attachment("other"),)),
}
PRESSED = {
    "press": ("explain?names=banks", "Why banks?", "callback:8812"),
    "press_inaccessible": ("help", "", "callback:8813"),
    "press_inline": ("help", "", "callback:8821"),
}
SILENT = {
    "blocked": ("blocked", SANA, ""),
    "user_deactivated_left": ("blocked", SANA, ""),
    "unblocked": ("unblocked", SANA, ""),
    "group_bot_kicked": ("blocked", GROUP, ""),
    "group_bot_added": ("other", None, "membership"),
    "edited": ("other", SANA, "edit"),
    "edited_caption": ("other", SANA, "edit"),
    "command_to_other_bot": ("other", SANA, "command for another bot"),
    "command_emoji_other_bot": ("other", SANA, "command for another bot"),
    "pinned_service_message": ("other", SANA, "service"),
    "new_kind_of_message": ("other", SANA, "service"),
    "message_in_anothers_name": ("other", SANA, "sender"),
    "message_of_a_bot": ("other", SANA, "sender"),
    "group_text": ("other", None, "group"),
    "group_command_to_us": ("other", None, "group"),
    "group_anonymous_admin": ("other", None, "group"),
    "group_service_members": ("other", None, "group"),
    "channel_post": ("other", None, "channel"),
    "channel_post_as_anonymous_admin": ("other", None, "channel"),
    "reaction": ("other", None, "reaction"),
    "poll_answer_new_kind": ("other", None, "poll"),
    "inline_query": ("other", None, "inline"),
    "pre_checkout": ("other", None, "payment"),
    "boost": ("other", None, "boost"),
    "business_message": ("other", None, "business"),
    "join_request": ("other", None, "membership"),
    "kind_of_2030": ("other", None, "unknown"),
    "ids_as_strings": ("other", None, "group"),
    "press_game": ("other", SANA, "press"),
    "press_in_group": ("other", None, "press"),
}
MOVED = {"group_to_supergroup": (OLD_GROUP, GROUP), "supergroup_from_group": (OLD_GROUP, GROUP)}


def read(telegram, name):
    (event,) = telegram.parse((OWN / f"{name}.json").read_bytes(), "application/json")
    return event


@pytest.mark.parametrize("name", SAID)
def test_what_people_say(telegram, name):
    event = read(telegram, name)
    assert isinstance(event, Inbound)
    assert (event.address, event.text, event.attachments) == (SANA, *SAID[name])


@pytest.mark.parametrize("name", PRESSED)
def test_what_people_press(telegram, name):
    event = read(telegram, name)
    assert isinstance(event, Inbound)
    assert (event.address, event.pressed, event.text, event.reply_ref) == (SANA, *PRESSED[name])


@pytest.mark.parametrize("name", SILENT)
def test_where_nobody_speaks_to_us(telegram, name):
    event = read(telegram, name)
    assert isinstance(event, Notice)
    assert (event.kind, event.address, event.about) == SILENT[name]


@pytest.mark.parametrize("name", MOVED)
def test_a_group_that_becomes_a_supergroup_moves(telegram, name):
    """Both groups tell it, each from its side."""
    event = read(telegram, name)
    assert isinstance(event, Moved)
    assert (event.old, event.new) == MOVED[name]
    assert event.at.isoformat() == "2026-08-20T05:30:00+00:00"


def test_every_payload_has_its_line():
    assert {path.stem for path in OWN.glob("*.json")} == {*SAID, *PRESSED, *SILENT, *MOVED}


def test_no_line_of_a_stranger_may_command(telegram):
    """Whatever looks like an operator's command outside a private chat, or in another's name, is no message at all."""
    for name in (
        "group_anonymous_admin",
        "channel_post_as_anonymous_admin",
        "message_in_anothers_name",
        "business_message",
    ):
        assert not isinstance(read(telegram, name), Inbound)


def test_update_ids_are_told_apart_by_bot(telegram, session, now, files):
    from bot.channels.telegram import Telegram

    other = Telegram(session, token="77:x", secret="s", now=now, files=files)
    body = (OWN / "text.json").read_bytes()
    assert [c.parse(body, "")[0].event_id for c in (telegram, other)] == [
        "telegram:4242:9001",
        "telegram:77:9001",
    ]


def test_until_telegram_told_our_name_every_command_is_ours(session, now, files):
    from bot.channels.telegram import Telegram

    nameless = Telegram(session, token="4242:x", secret="s", now=now, files=files)
    assert read(nameless, "command_to_other_bot").text == "/xray MEBL"
    nameless._reader.learn_name("MarketByte_Bot")
    assert isinstance(read(nameless, "command_to_other_bot"), Notice)
    assert read(nameless, "command_to_us").text == "/xray MEBL"


@pytest.mark.parametrize("entities", [None, 7, "x", [7], [None], [{}], [{"type": "bot_command"}], [{"type": "bot_command", "offset": "0"}],
    [{"type": "bot_command", "offset": -1}], [{"type": "bot_command", "offset": 10**9}], [{"type": "bot_command", "offset": 1, "length": 3}]])  # fmt: skip
def test_entities_that_make_no_sense_change_nothing(telegram, entities):
    update = json.loads((OWN / "text_urdu.json").read_bytes())
    update["message"] |= {"text": "📈 hello", "entities": entities}
    (event,) = telegram.parse(json.dumps(update).encode(), "")
    assert event.text == "📈 hello"
