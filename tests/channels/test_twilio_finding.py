"""Twilio: what became of a message whose answer was lost, by its own list."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.wire import Answer
from services.domain.conversation import Button, Picture, Template, Text, Voice
from services.domain.errors import DeliveryFailed, NotAvailable
from tests.fakes.sender import free

BILAL = "whatsapp:+923339990001"


async def lost(twilio, shelf, message):
    """Send with the answer to the last request lost; the failure."""
    with pytest.raises(DeliveryFailed) as failed:
        await twilio.send(message, shelf, free)
    assert failed.value.ambiguous
    return failed.value


async def good(twilio, shelf, outbound, *texts):
    for number, text in enumerate(texts):
        await twilio.send(outbound("twilio", BILAL, Text(text), key=f"g{number}"), shelf, free)


async def test_what_was_taken_is_found_and_what_was_not_is_not(twilio, twilio_api, shelf, outbound, now):
    message = outbound("twilio", BILAL, Text("*Quote* MEBL 250"))
    for planned, found in (("hang", False), ("lost", True)):
        twilio_api.next = [planned]
        await lost(twilio, shelf, message)
        receipt = await twilio.find(message, now())
        assert (receipt is not None) is found
    assert receipt.refs == (twilio_api.messages[0]["sid"],)


@pytest.mark.parametrize("part", [0, 1, 2])
async def test_of_several_parts_those_taken_are_told(twilio, twilio_api, shelf, outbound, now, part):
    message = outbound("twilio", BILAL, Text("one"), Picture(shelf.png, "two"), Voice(shelf.ogg, 9.0))
    real, count = twilio._api.create, 0

    async def create(to, fields):
        nonlocal count
        count += 1
        if count == part + 1:
            twilio_api.next = ["lost"]
        return await real(to, fields)

    twilio._api.create = create
    error = await lost(twilio, shelf, message)
    sids = [m["sid"] for m in twilio_api.messages]
    assert error.done == tuple(sids[:part])
    sent = replace(message, done=error.done)
    if part == 2:
        assert (await twilio.find(sent, now())).refs == tuple(sids)
        return
    with pytest.raises(DeliveryFailed) as half:
        await twilio.find(sent, now())
    assert (half.value.done, half.value.ambiguous, half.value.permanent) == (tuple(sids), False, False)
    await twilio.send(replace(message, done=half.value.done), shelf, free)
    assert [m.get("Body", "") for m in twilio_api.messages] == ["one", "two", ""]


async def test_a_like_message_of_before_or_of_another_is_not_mistaken(
    twilio, twilio_api, shelf, outbound, now
):
    moment = twilio_api.now()
    twilio_api.now = lambda: moment - timedelta(minutes=1)
    await good(twilio, shelf, outbound, "the menu")
    await twilio.send(outbound("twilio", "whatsapp:+923001112223", Text("a menu")), shelf, free)
    twilio_api._hear({"From": BILAL, "Body": "a menu", "MessageSid": "SMin"})
    twilio_api.now = lambda: moment
    for words in ("the menu", "a menu"):
        message = outbound("twilio", BILAL, Text(words))
        twilio_api.next = ["hang"]
        await lost(twilio, shelf, message)
        assert await twilio.find(message, now()) is None


async def test_our_clock_and_twilios_need_not_agree(session, twilio, twilio_api, shelf, outbound, now):
    assert abs(twilio_api.now() - now()) > timedelta(days=1)
    message = outbound("twilio", BILAL, Text("hi"))
    twilio_api.next = ["lost"]
    await lost(twilio, shelf, message)
    assert await twilio.find(message, now() - timedelta(seconds=30)) is not None


async def test_a_template_and_buttons_are_known_by_their_words(twilio, twilio_api, shelf, outbound, now):
    twilio_api.contents = {"HX1": 2, "HX2": 5}
    template = Template("brief", ("Sana", "KSE-100 up"))
    alone = outbound("twilio", BILAL, template=template)
    pressed = outbound("twilio", BILAL, Text("Next?"), buttons=[Button("A", "a"), Button("B", "b")])
    for message in (alone, pressed):
        twilio_api.next = ["hang"]
        await lost(twilio, shelf, message)
        assert await twilio.find(message, now()) is None
        twilio_api.next = ["lost"]
        await lost(twilio, shelf, message)
        assert (await twilio.find(message, now())).refs == (twilio_api.messages[-1]["sid"],)


async def test_a_template_sent_for_a_shut_window_is_found(twilio, twilio_api, shelf, outbound, now):
    twilio_api.contents, message = (
        {"HX1": 1},
        outbound("twilio", BILAL, Text("x"), template=Template("brief", ("S",))),
    )
    twilio_api.next = [(400, {"code": 63016}), "lost"]
    await lost(twilio, shelf, message)
    assert (await twilio.find(message, now())).refs == (twilio_api.messages[0]["sid"],)


async def test_a_sealed_message_cannot_be_told(twilio, outbound, now):
    message = outbound("twilio", BILAL, Text("hi"))
    with pytest.raises(NotAvailable):
        await twilio.find(replace(message, reply=replace(message.reply, sealed=True)), now())


@pytest.mark.parametrize(
    "planned", [(500, {}), (200, ["x"]), (200, {"messages": [{"sid": []}], "page_size": 1})]
)
async def test_a_list_that_is_none_says_nothing(twilio, outbound, now, planned):
    message = outbound("twilio", BILAL, Text("hi"))
    wire = twilio._api._backend._wire

    async def answered(*_given, **_named):
        return Answer(
            planned[0], planned[1] if isinstance(planned[1], dict) else {}, raw=str(planned[1]).encode()
        )

    wire.request = answered
    with pytest.raises(DeliveryFailed):
        await twilio.find(message, now())


async def test_a_list_too_long_to_see_its_beginning_says_nothing(twilio, twilio_api, shelf, outbound, now):
    await good(twilio, shelf, outbound, *[f"n{number}" for number in range(210)])
    with pytest.raises(DeliveryFailed) as unsure:
        await twilio.find(outbound("twilio", BILAL, Text("hi")), now())
    assert not unsure.value.permanent
    found = await twilio.find(outbound("twilio", BILAL, Text("n150")), now())
    assert found.refs == (twilio_api.messages[150]["sid"],)
