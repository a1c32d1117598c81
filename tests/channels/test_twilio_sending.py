"""Twilio: sending against an API with its own rules."""

import json
from pathlib import Path
from urllib.parse import urlencode

import pytest

from services.domain.conversation import (
    Address,
    Button,
    Picture,
    Template,
    Text,
    Voice,
)
from services.domain.errors import DeliveryFailed, RecipientGone, WindowClosed
from tests.fakes.sender import free

OWN = Path(__file__).parents[1] / "payloads" / "twilio"
FORM = "application/x-www-form-urlencoded"
PUBLIC = "https://bot.example.pk"
BILAL = Address("twilio", "whatsapp:+923339990001")


def body(name):
    return (OWN / name).read_bytes().strip()


def read(twilio, name):
    return twilio.parse(body(name), FORM)


async def test_a_reply_with_everything_arrives_in_order(twilio, twilio_api, shelf, outbound):
    message = outbound(
        "twilio", BILAL.key, Text("*X-Ray*"), Picture(shelf.png, "by _sector_"), Voice(shelf.ogg, 60.0),
        source="Sample data",
    )  # fmt: skip
    receipt = await twilio.send(message, shelf, free)
    text, picture, voice = twilio_api.messages
    assert receipt.refs == tuple(m["sid"] for m in twilio_api.messages)
    assert text["Body"] == "*X-Ray*\n\n_Sample data_"
    assert (text["From"], text["To"]) == ("whatsapp:+14155550100", BILAL.key)
    assert text["StatusCallback"] == PUBLIC + "/webhooks/twilio/status"
    assert picture["Body"] == "by _sector_"
    assert picture["MediaUrl"].endswith(shelf.png.key)
    assert voice["MediaUrl"].endswith(shelf.ogg.key)
    assert "Body" not in voice


async def test_buttons_are_numbered_and_a_number_presses_them(twilio, twilio_api, shelf, outbound):
    buttons = [Button("X-Ray", "xray"), Button("Brief", "brief"), Button("Menu", "help")]
    await twilio.send(outbound("twilio", BILAL.key, Text("What next?"), buttons=buttons), shelf, free)
    assert twilio_api.messages[0]["Body"] == "What next?\n\n1 X-Ray\n2 Brief\n3 Menu"
    say = lambda text: twilio.parse(urlencode(twilio_api.message("SM1", BILAL.key, text)).encode(), FORM)[0]  # noqa: E731
    assert (say(" 2 ").pressed, say("2").text) == ("brief", "Brief")
    assert say("٣").pressed == "help"
    assert (say("4").pressed, say("0").pressed, say("2 MEBL").pressed, say("²").pressed) == ("", "", "", "")
    await twilio.send(outbound("twilio", BILAL.key, Text("How much?"), key="k2"), shelf, free)
    assert say("2").pressed == ""


async def test_buttons_use_the_operators_quick_reply_where_there_is_one(twilio, twilio_api, shelf, outbound):
    twilio_api.contents["HX2"] = 5
    buttons = [Button("X-Ray", "xray"), Button("Brief", "brief")]
    await twilio.send(outbound("twilio", BILAL.key, Text("What next?"), buttons=buttons), shelf, free)
    variables = json.loads(twilio_api.messages[0]["ContentVariables"])
    assert variables == {"1": "What next?", "2": "X-Ray", "3": "xray", "4": "Brief", "5": "brief"}


async def test_a_long_text_with_buttons_goes_in_pieces(twilio, twilio_api, shelf, outbound):
    text = "\n\n".join(f"*Part {n}* " + "لفظ 📈 " * 40 for n in range(12))
    await twilio.send(outbound("twilio", BILAL.key, Text(text), buttons=[Button("Go", "go")]), shelf, free)
    assert len(twilio_api.messages) > 2
    assert "".join("".join(m["Body"] for m in twilio_api.messages).split()) == "".join(
        (text + "1 Go").split()
    )


async def test_a_shut_window_takes_the_template(twilio, twilio_api, shelf, outbound):
    twilio_api.shut.add(BILAL.key)
    twilio_api.contents["HX1"] = 2
    template = Template("brief", ("Sana\n\tIqbal", "KSE-100 *up*     0.8%"))
    receipt = await twilio.send(
        outbound("twilio", BILAL.key, Text("long brief"), template=template), shelf, free
    )
    (sent,) = twilio_api.messages
    assert receipt.refs == (sent["sid"],)
    assert json.loads(sent["ContentVariables"]) == {"1": "Sana Iqbal", "2": "KSE-100 up 0.8%"}
    with pytest.raises(WindowClosed):
        await twilio.send(outbound("twilio", BILAL.key, Text("no template"), key="k2"), shelf, free)


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        ((400, 21610), (RecipientGone, True, False)),
        ((400, 63015), (RecipientGone, True, False)),
        ((400, 63016), (WindowClosed, True, False)),
        ((400, 63019), (DeliveryFailed, True, False)),
        ((400, 99999), (DeliveryFailed, True, False)),
        ((401, 20003), (DeliveryFailed, False, False)),
        ((429, 20429), (DeliveryFailed, False, False)),
        ((503, 20503), (DeliveryFailed, False, False)),
        ((500, None), (DeliveryFailed, False, True)),
    ],
)
async def test_refusals(twilio, twilio_api, shelf, outbound, refusal, expected):
    status, said = refusal
    answer = (status, {"code": said, "message": "Invalid 'To' whatsapp:+923339990001", "status": status})
    twilio_api.next = [answer, answer]
    with pytest.raises(DeliveryFailed) as failed:
        await twilio.send(outbound("twilio", BILAL.key, Text("secret words")), shelf, free)
    error = failed.value
    assert (type(error), error.permanent, error.ambiguous) == expected
    assert "3339990001" not in str(failed.value)
    assert twilio_api.token not in str(failed.value)


async def test_the_other_token_of_a_rotation_is_tried(twilio, twilio_api, shelf, outbound):
    twilio_api.token = "next-token"
    await twilio.send(outbound("twilio", BILAL.key, Text("hi")), shelf, free)
    assert len(twilio_api.messages) == 1


async def test_a_lost_answer_is_ambiguous(twilio, twilio_api, shelf, outbound):
    twilio_api.next = ["hang"]
    with pytest.raises(DeliveryFailed) as failed:
        await twilio.send(outbound("twilio", BILAL.key, Text("hi")), shelf, free)
    assert failed.value.ambiguous


async def test_typing_names_the_message_and_never_raises(twilio, twilio_api):
    (event,) = read(twilio, "text.form")
    await twilio.typing(event)
    assert twilio_api.typing == [event.reply_ref]
    await twilio_api._server.close()
    await twilio.typing(event)
