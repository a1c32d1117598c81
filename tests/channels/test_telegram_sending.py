"""Telegram: sending against a Bot API with its own rules."""

import json
from pathlib import Path

import pytest

from bot.channels.telegram import Telegram
from services.domain.conversation import (
    Address,
    Button,
    Document,
    Picture,
    Text,
    Voice,
)
from services.domain.errors import DeliveryFailed, RecipientGone
from tests.fakes.sender import free

OWN = Path(__file__).parents[1] / "payloads" / "telegram"
SANA = Address("telegram", "70001")


def read(telegram, name):
    (event,) = telegram.parse((OWN / name).read_bytes(), "application/json")
    return event


async def test_a_reply_with_everything_arrives_in_order(telegram, telegram_api, shelf, outbound):
    message = outbound(
        "telegram", "70001",
        Text("*X-Ray* <of> _MEBL_ & co"), Picture(shelf.png, "by *sector*"), Voice(shelf.ogg, 71.6), Document(shelf.pdf),
        buttons=[Button("Why?", "explain"), Button("Menu", "help"), Button("A title that is rather long", "x?y=1")],
        source="Sample data, 20 Aug 2026",
    )  # fmt: skip
    receipt = await telegram.send(message, shelf, free)
    assert [m["kind"] for m in telegram_api.messages] == ["text", "photo", "voice", "document"]
    assert receipt.refs == tuple(f"70001:{m['message_id']}" for m in telegram_api.messages)
    text, photo, voice, document = telegram_api.messages
    assert text["text"] == "<b>X-Ray</b> &lt;of&gt; <i>MEBL</i> &amp; co\n\n<i>Sample data, 20 Aug 2026</i>"
    assert text["link_preview_options"] == {"is_disabled": True}
    rows = text["reply_markup"]["inline_keyboard"]
    assert [[b["callback_data"] for b in row] for row in rows] == [["explain", "help"], ["x?y=1"]]
    assert photo["plain"] == "by sector"
    assert voice["duration"] == "72"
    assert telegram_api.files["document-file-3"].startswith(b"%PDF")
    assert "reply_markup" not in document


async def test_a_medium_is_uploaded_once_and_again_when_its_id_has_gone_stale(
    telegram, telegram_api, shelf, outbound
):
    for number in range(3):
        await telegram.send(outbound("telegram", "70001", Picture(shelf.png), key=f"k{number}"), shelf, free)
    assert (telegram_api.uploads, shelf.asked) == (1, 1)
    telegram_api.files.clear()
    await telegram.send(outbound("telegram", "70001", Picture(shelf.png), key="k9"), shelf, free)
    assert telegram_api.uploads == 2
    assert len(telegram_api.messages) == 4


async def test_a_long_text_goes_in_pieces_that_telegram_takes(telegram, telegram_api, shelf, outbound):
    text = "\n".join(f"*line {n}* & <{n}> 📈" for n in range(700))
    await telegram.send(outbound("telegram", "70001", Text(text), buttons=[Button("Go", "go")]), shelf, free)
    assert len(telegram_api.messages) > 1
    assert "\n".join(m["plain"] for m in telegram_api.messages) == text.replace("*", "")
    assert ["reply_markup" in m for m in telegram_api.messages] == [False] * (
        len(telegram_api.messages) - 1
    ) + [True]


async def test_a_press_longer_than_64_bytes_becomes_a_line(telegram, telegram_api, shelf, outbound):
    buttons = [Button("Short", "go"), Button("Long", "میزان" * 9)]
    await telegram.send(outbound("telegram", "70001", Text("pick"), buttons=buttons), shelf, free)
    assert telegram_api.messages[0]["plain"] == "pick\n\n1 Long"
    assert len(telegram_api.messages[0]["reply_markup"]["inline_keyboard"]) == 1


async def test_a_second_try_goes_on_where_the_first_stopped(telegram, telegram_api, shelf, outbound):
    message = outbound("telegram", "70001", Text("one"), Picture(shelf.png), Text("two"))
    telegram_api.next = [
        (200, {"ok": True, "result": {"message_id": 1}}),
        (502, {"ok": False, "description": "Bad Gateway"}),
    ]
    with pytest.raises(DeliveryFailed) as failed:
        await telegram.send(message, shelf, free)
    assert failed.value.ambiguous
    receipt = await telegram.send(message, shelf, free)
    assert [m["kind"] for m in telegram_api.messages] == ["photo", "text"]
    assert receipt.refs[0] == "70001:1"
    assert len(receipt.refs) == 3


async def test_what_cannot_be_parsed_goes_once_more_as_plain_text(telegram, telegram_api, shelf, outbound):
    telegram_api.next = [
        (400, {"ok": False, "description": "Bad Request: can't parse entities: Unsupported start tag"})
    ]
    await telegram.send(outbound("telegram", "70001", Text("*a* < b")), shelf, free)
    assert [(m["text"], m.get("parse_mode")) for m in telegram_api.messages] == [("a < b", None)]


async def test_a_picture_that_is_no_photo_goes_as_a_file(telegram, telegram_api, shelf, outbound):
    odd = shelf.keep(b"not a picture", "image/png", ".png")
    await telegram.send(outbound("telegram", "70001", Picture(odd)), shelf, free)
    assert [m["kind"] for m in telegram_api.messages] == ["document"]


async def test_a_chat_that_moved_is_followed_once(telegram, telegram_api, shelf, outbound):
    body = {"ok": False, "description": "upgraded", "parameters": {"migrate_to_chat_id": -100777}}
    telegram_api.next = [(400, body)]
    await telegram.send(outbound("telegram", "70001", Text("hi")), shelf, free)
    assert telegram_api.messages[0]["chat_id"] == "-100777"


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        ((403, "Forbidden: bot was blocked by the user"), (RecipientGone, True, False, None)),
        ((403, "Forbidden: user is deactivated"), (RecipientGone, True, False, None)),
        ((400, "Bad Request: chat not found"), (RecipientGone, True, False, None)),
        ((400, "Bad Request: something new"), (DeliveryFailed, True, False, None)),
        ((401, "Unauthorized"), (DeliveryFailed, False, False, 600.0)),
        ((404, "Not Found"), (DeliveryFailed, False, False, 600.0)),
        ((502, "Bad Gateway"), (DeliveryFailed, False, True, None)),
    ],
)
async def test_refusals(telegram, telegram_api, shelf, outbound, refusal, expected):
    status, said = refusal
    telegram_api.next = [(status, {"ok": False, "error_code": status, "description": said})]
    with pytest.raises(DeliveryFailed) as failed:
        await telegram.send(outbound("telegram", "70001", Text("secret words")), shelf, free)
    error = failed.value
    assert (type(error), error.permanent, error.ambiguous, error.wait) == expected
    assert telegram_api.token not in str(error)
    assert "70001" not in str(error)


async def test_the_pause_that_telegram_asks_for_is_handed_on(telegram, telegram_api, shelf, outbound):
    telegram_api.next = [
        (429, {"ok": False, "description": "Too Many Requests", "parameters": {"retry_after": 7}})
    ]
    with pytest.raises(DeliveryFailed) as failed:
        await telegram.send(outbound("telegram", "70001", Text("hi")), shelf, free)
    assert (failed.value.wait, failed.value.permanent, failed.value.ambiguous) == (7.0, False, False)


async def test_no_answer_is_ambiguous_and_no_connection_is_not(
    telegram, telegram_api, session, shelf, outbound, now
):
    telegram_api.next = ["hang"]
    with pytest.raises(DeliveryFailed) as failed:
        await telegram.send(outbound("telegram", "70001", Text("hi")), shelf, free)
    assert failed.value.ambiguous
    nowhere = Telegram(session, token="1:secret-part", secret="s", now=now, base="http://127.0.0.1:9")
    with pytest.raises(DeliveryFailed) as failed:
        await nowhere.send(outbound("telegram", "70001", Text("hi")), shelf, free)
    assert not failed.value.ambiguous
    assert "secret-part" not in f"{failed.value}{failed.value.__cause__}"


async def test_every_press_is_answered_once(telegram, telegram_api, shelf, outbound):
    await telegram.send(outbound("telegram", "70001", Text("hi"), buttons=[Button("Go", "go")]), shelf, free)
    press = telegram_api.press_update(9100, 70001, "go")
    (event,) = telegram.parse(json.dumps(press).encode(), "application/json")
    assert event.text == "Go"
    await telegram.typing(event, "recording")
    await telegram.typing(event)
    await telegram.send(
        outbound("telegram", "70001", Text("yes"), key="k2", reply_ref=event.reply_ref), shelf, free
    )
    assert telegram_api.answered == ["q9100"]
    assert telegram_api.actions == [("70001", "record_voice"), ("70001", "typing")]


async def test_a_press_is_answered_by_the_message_if_nothing_was_typed(
    telegram, telegram_api, shelf, outbound
):
    telegram_api.queries.add("8812")
    await telegram.send(outbound("telegram", "70001", Text("yes"), reply_ref="callback:8812"), shelf, free)
    assert telegram_api.answered == ["8812"]


async def test_typing_never_raises(session, now, telegram, telegram_api):
    event = read(telegram, "press.json")
    await telegram.typing(event)  # the query is unknown to the telegram_api: too old
    nowhere = Telegram(session, token="1:x", secret="s", now=now, base="http://127.0.0.1:9")
    await nowhere.typing(event)


async def test_an_empty_message_is_refused_before_it_is_sent(telegram, telegram_api, shelf, outbound):
    with pytest.raises(DeliveryFailed) as failed:
        await telegram.send(outbound("telegram", "70001", Text("  ")), shelf, free)
    assert failed.value.permanent


async def test_a_large_file_goes_out_in_pieces(telegram, telegram_api, shelf, outbound):
    large = shelf.keep(b"%PDF" + b"x" * 3_000_000, "application/pdf", ".pdf", "brief.pdf")
    await telegram.send(outbound("telegram", SANA.key, Document(large)), shelf, free)
    assert telegram_api.messages[-1]["document"] == shelf.data[large.key]
