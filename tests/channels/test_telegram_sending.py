"""Telegram: sending against a Bot API with its own rules."""

import asyncio
import re
from dataclasses import replace

import pytest

from bot.channels.base import LIMITS
from bot.channels.telegram import Telegram
from services.domain.conversation import (
    Address,
    Button,
    Document,
    Picture,
    Text,
    Voice,
)
from services.domain.errors import DeliveryFailed, NotOurs
from tests.fakes.sender import free

SANA = Address("telegram", "70001")


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
    assert telegram_api.files["document-file-4242-3"].startswith(b"%PDF")
    assert "reply_markup" not in document


async def test_a_long_text_goes_in_pieces_that_telegram_takes(telegram, telegram_api, shelf, outbound):
    text = "\n".join(f"*line {n}* & <{n}> 📈" for n in range(700))
    await telegram.send(outbound("telegram", "70001", Text(text), buttons=[Button("Go", "go")]), shelf, free)
    assert len(telegram_api.messages) > 1
    told = [re.sub(r"\n\(\d/\d\)$", "", m["plain"]) for m in telegram_api.messages]
    assert "\n".join(told) == text.replace("*", "")
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
    assert not failed.value.ambiguous
    assert failed.value.done == ("70001:1",)
    receipt = await telegram.send(replace(message, done=failed.value.done), shelf, free)
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


async def test_a_group_that_moved_is_followed_once_for_all_parts_and_reported(
    telegram, telegram_api, shelf, outbound
):
    telegram_api.migrated["-4000017"] = "-100777"
    receipt = await telegram.send(
        outbound("telegram", "-4000017", Text("hi"), Picture(shelf.png)), shelf, free
    )
    assert [m["chat_id"] for m in telegram_api.messages] == ["-100777", "-100777"]
    assert telegram_api.calls == ["sendMessage", "sendMessage", "sendPhoto"]
    assert receipt.moved == Address("telegram", "-100777")
    assert receipt.refs == tuple(f"-100777:{m['message_id']}" for m in telegram_api.messages)


async def test_a_group_that_moves_for_ever_is_not_followed_for_ever(telegram, telegram_api, shelf, outbound):
    telegram_api.migrated |= {"-4": "-100777", "-100777": "-4"}
    with pytest.raises(DeliveryFailed) as failed:
        await telegram.send(outbound("telegram", "-4", Text("hi")), shelf, free)
    assert not failed.value.ambiguous
    assert len(telegram_api.calls) == 2


async def test_the_gate_is_asked_before_each_request_that_reaches_a_person(
    telegram, telegram_api, shelf, outbound
):
    """A second try as plain text counts as a request; an upload and its message are one."""
    asked = []

    async def gate():
        asked.append((len(telegram_api.messages), len(telegram_api.calls)))

    telegram_api.next = [(400, {"ok": False, "description": "Bad Request: can't parse entities: x"})]
    await telegram.send(
        outbound("telegram", "70001", Text("*a*"), Picture(shelf.png), Text("b")), shelf, gate
    )
    assert asked == [(0, 0), (0, 0), (1, 1), (2, 2)]


async def test_a_shut_gate_ends_the_sending(telegram, telegram_api, shelf, outbound):
    async def gate():
        raise NotOurs("paused")

    with pytest.raises(NotOurs):
        await telegram.send(outbound("telegram", "70001", Picture(shelf.png)), shelf, gate)
    assert telegram_api.calls == []


async def test_what_telegram_finds_too_long_is_cut_again_and_nothing_is_lost(
    telegram, telegram_api, shelf, outbound, monkeypatch
):
    """A splitter's bug must not lose a message."""
    monkeypatch.setattr("bot.channels.telegram.MEASURE", replace(LIMITS["telegram"], text=9000, caption=5000))
    text, caption = "\n".join(f"line {n} 📈" for n in range(600)), "\n".join(f"*row {n}*" for n in range(300))
    message = outbound(
        "telegram", "70001", Picture(shelf.png, caption), Text(text), buttons=[Button("Go", "go")]
    )  # fmt: skip
    receipt = await telegram.send(message, shelf, free)
    photo, *texts = telegram_api.messages
    assert photo["plain"] == ""
    told = "\n".join(m["plain"] for m in texts)
    assert told == caption.replace("*", "") + "\n" + text
    assert ["reply_markup" in m for m in texts] == [False] * (len(texts) - 1) + [True]
    assert [ref.endswith("+") for ref in receipt.refs].count(False) == 2, (
        "one whole id for each part of the reply"
    )


async def test_a_part_cut_again_goes_on_behind_its_pieces(
    telegram, telegram_api, shelf, outbound, monkeypatch
):
    monkeypatch.setattr("bot.channels.telegram.MEASURE", replace(LIMITS["telegram"], text=9000, caption=5000))
    caption = "\n".join(f"row {n}" for n in range(600))
    message = outbound("telegram", "70001", Picture(shelf.png, caption), Text("the end"))
    stopped, tries = message, 0
    while True:
        tries += 1
        opened = iter([None, None, None])  # each try comes three requests far

        async def gate(opened=opened):
            if next(opened, "shut") == "shut":
                raise DeliveryFailed("too fast")

        try:
            await telegram.send(stopped, shelf, gate)
            break
        except DeliveryFailed as error:
            stopped = replace(message, done=error.done)
    assert tries > 1
    assert "\n".join(m["plain"] for m in telegram_api.messages[1:]) == caption + "\nthe end"
    assert telegram_api.uploads == 1


@pytest.mark.parametrize(
    "answer",
    [
        (200, {}),
        (200, {"ok": False}),
        (200, []),
        (200, None),
        (302, {}),
        (504, {"ok": False, "description": "x"}),
    ],
)
async def test_an_answer_that_tells_nothing_leaves_the_message_unsure(
    telegram, telegram_api, shelf, outbound, answer
):
    telegram_api.next = [answer]
    with pytest.raises(DeliveryFailed) as failed:
        await telegram.send(outbound("telegram", "70001", Text("hi")), shelf, free)
    assert failed.value.ambiguous


@pytest.mark.parametrize("result", [{}, True, [], {"message_id": "x"}, {"message_id": 7, "chat": None}])
async def test_an_odd_result_is_a_message_that_was_taken(telegram, telegram_api, shelf, outbound, result):
    """The library's own model of a message raises for a missing field; ours is not asked."""
    telegram_api.next = [(200, {"ok": True, "result": result})]
    assert len((await telegram.send(outbound("telegram", "70001", Text("hi")), shelf, free)).refs) == 1


async def test_no_word_of_a_broken_answer_reaches_a_log(telegram, telegram_api, shelf, outbound, caplog):
    telegram_api.next = [(200, "not-json: secret words of somebody")]
    with pytest.raises(DeliveryFailed) as failed:
        await telegram.send(outbound("telegram", "70001", Text("hi")), shelf, free)
    assert "secret words" not in caplog.text + str(failed.value)


async def test_no_answer_is_ambiguous(telegram, telegram_api, shelf, outbound):
    telegram_api.next = ["hang"]
    with pytest.raises(DeliveryFailed) as failed:
        await telegram.send(outbound("telegram", "70001", Text("hi")), shelf, free)
    assert failed.value.ambiguous


async def test_no_connection_is_certainly_unsent(session, shelf, outbound, now, files):
    nowhere = Telegram(
        session, token="1:secret-part", secret="s", now=now, base="http://127.0.0.1:9", files=files
    )
    with pytest.raises(DeliveryFailed) as failed:
        await nowhere.send(outbound("telegram", "70001", Text("hi")), shelf, free)
    assert not failed.value.ambiguous
    assert "secret-part" not in f"{failed.value}{failed.value.__cause__}"


async def test_no_error_and_no_log_ever_bears_the_token(session, shelf, outbound, now, files, caplog):
    """The session's own errors bear the URL, and with it the token: here for an answer that is no HTTP."""

    async def garbage(reader, writer):
        await reader.read(100)
        writer.write(b"no such thing as http\r\n\r\n")
        await writer.drain()
        writer.close()

    caplog.set_level("DEBUG")
    async with await asyncio.start_server(garbage, "127.0.0.1", 0) as server:
        base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        telegram = Telegram(session, token="1:secret-part", secret="s", now=now, base=base, files=files)
        with pytest.raises(DeliveryFailed) as failed:
            await telegram.send(outbound("telegram", "70001", Text("hi")), shelf, free)
    error, told = failed.value, caplog.text
    assert error.ambiguous
    while error is not None:
        told += f"{error!r} {error} {vars(error)}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    assert "secret-part" not in told


async def test_an_empty_message_is_refused_before_it_is_sent(telegram, telegram_api, shelf, outbound):
    with pytest.raises(DeliveryFailed) as failed:
        await telegram.send(outbound("telegram", "70001", Text("  ")), shelf, free)
    assert failed.value.permanent


async def test_a_large_file_goes_out_in_pieces(telegram, telegram_api, shelf, outbound):
    large = shelf.keep(b"%PDF" + b"x" * 3_000_000, "application/pdf", ".pdf", "brief.pdf")
    await telegram.send(outbound("telegram", SANA.key, Document(large)), shelf, free)
    assert telegram_api.messages[-1]["document"] == shelf.data[large.key]
