"""Telegram: a picture or voice note is uploaded once; after that its file id goes, until Telegram knows it no more."""

import asyncio

import pytest

from bot.channels.telegram import Telegram
from services.domain.conversation import Document, Picture, Voice
from services.domain.errors import DeliveryFailed, RecipientGone, Unavailable
from tests.fakes.sender import free


@pytest.fixture
def another(session, telegram_api, now, files):
    """Another process or bot that shares the memory of files."""
    return lambda **more: Telegram(
        session,
        **{"token": telegram_api.token, "secret": "s", "now": now, "base": telegram_api.base, "files": files}
        | more,
    )


async def test_a_thousand_sends_are_one_upload_and_a_dead_id_is_one_more(
    telegram, telegram_api, shelf, outbound
):
    """Many at once, as in a broadcast: all wait for the first upload. The id dies half-way."""
    crowd = asyncio.Semaphore(40)

    async def send(number):
        async with crowd:
            if number == 500:
                telegram_api.files.clear()
            await telegram.send(
                outbound(
                    "telegram", str(70000 + number), Picture(shelf.png, f"for {number}"), key=f"k{number}"
                ),
                shelf,
                free,
            )

    await asyncio.gather(*(send(number) for number in range(1000)))
    assert telegram_api.uploads == 2
    assert shelf.asked == 2
    assert sorted(int(m["plain"].split()[1]) for m in telegram_api.messages) == list(range(1000))


async def test_an_id_belongs_to_one_bot_and_one_kind(telegram, telegram_api, shelf, outbound, files, another):
    await telegram.send(outbound("telegram", "70001", Picture(shelf.png)), shelf, free)
    await telegram.send(outbound("telegram", "70001", Document(shelf.png)), shelf, free)
    assert telegram_api.uploads == 2
    assert set(files.known) == {
        ("telegram", "4242", f"photo:{shelf.png.key}"),
        ("telegram", "4242", f"document:{shelf.png.key}"),
    }
    telegram_api.token = "77:other"
    other = another(token="77:other")
    await other.send(outbound("telegram", "70001", Picture(shelf.png)), shelf, free)
    assert telegram_api.uploads == 3


async def test_ids_outlive_the_process(telegram, telegram_api, shelf, outbound, another):
    await telegram.send(outbound("telegram", "70001", Voice(shelf.ogg, 4.0)), shelf, free)
    again = another()
    await again.send(outbound("telegram", "70002", Voice(shelf.ogg, 4.0)), shelf, free)
    assert telegram_api.uploads == 1
    assert isinstance(telegram_api.messages[1]["voice"], str)


@pytest.mark.parametrize(
    "words",
    [
        "wrong file identifier/HTTP URL specified",
        "wrong remote file identifier specified: Wrong padding in the string",
        "failed to get HTTP URL content",
        "FILE_REFERENCE_EXPIRED",
    ],
)
async def test_an_id_that_telegram_refuses_is_dropped_and_the_bytes_go(
    telegram, telegram_api, shelf, outbound, files, words
):
    await telegram.send(outbound("telegram", "70001", Picture(shelf.png)), shelf, free)
    telegram_api.next = [(400, {"ok": False, "description": f"Bad Request: {words}"})]
    await telegram.send(outbound("telegram", "70001", Picture(shelf.png), key="k2"), shelf, free)
    assert telegram_api.uploads == 2
    assert files.dropped == ["photo-file-4242-1"]


async def test_a_first_receiver_who_is_gone_leaves_the_upload_to_the_next(
    telegram, telegram_api, shelf, outbound
):
    telegram_api.blocked.add("70001")
    with pytest.raises(RecipientGone):
        await telegram.send(outbound("telegram", "70001", Picture(shelf.png)), shelf, free)
    await telegram.send(outbound("telegram", "70002", Picture(shelf.png)), shelf, free)
    assert telegram_api.uploads == 1


async def test_an_answer_that_got_lost_with_the_upload_is_unsure_and_sent_once(
    telegram, telegram_api, shelf, outbound
):
    telegram_api.next = ["taken"]
    with pytest.raises(DeliveryFailed) as failed:
        await telegram.send(outbound("telegram", "70001", Picture(shelf.png)), shelf, free)
    assert failed.value.ambiguous
    assert len(telegram_api.messages) == 1


class Forgetful:
    """A memory that is away before or after the upload."""

    def __init__(self, *, after):
        self.after = after

    async def of(self, channel, owner, key, upload):
        if self.after:
            await upload()
        raise Unavailable("the database does not answer")

    async def drop(self, *_):
        raise Unavailable("the database does not answer")


@pytest.mark.parametrize("after", [False, True])
async def test_a_memory_that_fails_keeps_nobody_from_the_picture(
    telegram_api, shelf, outbound, another, after
):
    telegram = another(files=Forgetful(after=after))
    receipt = await telegram.send(outbound("telegram", "70001", Picture(shelf.png)), shelf, free)
    assert (telegram_api.uploads, len(receipt.refs)) == (1, 1)


async def test_a_picture_too_long_for_a_photo_goes_as_a_file(telegram, telegram_api, shelf, outbound):
    """Width and height of more than 10,000 together, or one of them 20 times the other."""
    wide = (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
        + (9000).to_bytes(4, "big")
        + (300).to_bytes(4, "big")
        + b"\x08" * 20
    )
    chart = shelf.keep(wide, "image/png", ".png", "chart.png")
    await telegram.send(outbound("telegram", "70001", Picture(chart, "a long year")), shelf, free)
    assert [(m["kind"], m["plain"]) for m in telegram_api.messages] == [("document", "a long year")]
