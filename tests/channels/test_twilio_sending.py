"""Twilio: sending against an API with its own rules."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.twilio import Twilio
from services.domain.conversation import Address, Button, Picture, Template, Text, Voice
from services.domain.errors import DeliveryFailed, NotOurs, TemplateRefused, WindowClosed
from tests.fakes.sender import free
from tests.fakes.twilio_rules import Content

OWN = Path(__file__).parents[1] / "payloads" / "twilio"
PUBLIC = "https://bot.example.pk"
BILAL = Address("twilio", "whatsapp:+923339990001")
TWO = [Button("X-Ray", "xray"), Button("Brief", "brief")]


def channel(session, api, now, **changes):
    fields = {
        "account_sid": api.account, "auth_token": api.token, "sender": "+14155550100", "public_url": PUBLIC,
        "media_url": lambda ref: f"http://127.0.0.1/media/{ref.key}", "now": now, "base": api.base,
    }  # fmt: skip
    return Twilio(session, **(fields | changes))


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


async def test_the_gate_is_asked_before_every_request_and_ends_the_sending(
    twilio, twilio_api, shelf, outbound
):
    asked = []

    async def gate():
        asked.append(len(twilio_api.messages))
        if len(asked) == 3:
            raise NotOurs("paused")

    blocks = [Text("one"), Picture(shelf.png), Text("three")]
    with pytest.raises(NotOurs):
        await twilio.send(outbound("twilio", BILAL.key, *blocks), shelf, gate)
    assert asked == [0, 1, 2]
    assert len(twilio_api.messages) == 2


async def test_sending_goes_on_behind_the_parts_already_taken(twilio, twilio_api, shelf, outbound):
    message = outbound("twilio", BILAL.key, Text("one"), Picture(shelf.png), Text("three"))
    twilio_api.next = [(500, {})]
    await twilio.send(replace(message, done=("SMa", "SMb", "SMc")), shelf, free)
    assert twilio_api.messages == []
    twilio_api.next = []
    receipt = await twilio.send(replace(message, done=("SMa", "SMb")), shelf, free)
    (last,) = twilio_api.messages
    assert (last["Body"], receipt.refs) == ("three", ("SMa", "SMb", last["sid"]))


async def test_buttons_are_numbered_lines_where_the_operator_made_no_content(
    twilio, twilio_api, shelf, outbound
):
    buttons = [*TWO, Button("Menu", "help")]
    await twilio.send(outbound("twilio", BILAL.key, Text("What next?"), buttons=buttons), shelf, free)
    assert twilio_api.messages[0]["Body"] == "What next?\n\n1 X-Ray\n2 Brief\n3 Menu"


async def test_buttons_use_the_operators_quick_reply_where_there_is_one(twilio, twilio_api, shelf, outbound):
    twilio_api.contents["HX2"] = Content("{{1}}", more=4, session=True)
    text = "What next?\n\n• your X-Ray\n• it's the brief"
    await twilio.send(outbound("twilio", BILAL.key, Text(text), buttons=TWO), shelf, free)
    variables = json.loads(twilio_api.messages[0]["ContentVariables"])
    assert variables == {"1": text, "2": "X-Ray", "3": "xray", "4": "Brief", "5": "brief"}


async def test_a_long_text_is_cut_so_that_real_buttons_can_stand_under_it(
    twilio, twilio_api, shelf, outbound
):
    twilio_api.contents["HX2"] = Content("{{1}}", more=4, session=True)
    text = "\n\n".join(f"Paragraph {n} " + "word " * 40 for n in range(9))
    await twilio.send(outbound("twilio", BILAL.key, Text(text), buttons=TWO), shelf, free)
    *bodies, last = twilio_api.messages
    assert all("Body" in message for message in bodies)
    assert len(json.loads(last["ContentVariables"])["1"]) <= 1024


async def test_a_long_text_with_buttons_goes_in_pieces(twilio, twilio_api, shelf, outbound):
    text = "\n\n".join(f"*Part {n}* " + "لفظ 📈 " * 40 for n in range(12))
    await twilio.send(outbound("twilio", BILAL.key, Text(text), buttons=[Button("Go", "go")]), shelf, free)
    assert len(twilio_api.messages) > 2
    told = "".join(re.sub(r"\n\(\d+/\d+\)", "", m["Body"]) for m in twilio_api.messages)
    assert "".join(told.split()) == "".join((text + "1 Go").split())


async def test_a_shut_window_takes_the_template(twilio, twilio_api, shelf, outbound):
    twilio_api.shut.add(BILAL.key)
    twilio_api.contents["HX1"] = 2
    template = Template("brief", ("Sana\n\tIqbal", 'KSE-100 *up*     0.8%, it\'s "fine"'))
    asked = []

    async def gate():
        asked.append(len(twilio_api.messages))

    message = outbound("twilio", BILAL.key, Text("long brief"), template=template)
    receipt = await twilio.send(message, shelf, gate)
    (sent,) = twilio_api.messages
    assert (receipt.refs, asked) == ((sent["sid"],), [0, 0])
    assert json.loads(sent["ContentVariables"]) == {"1": "Sana Iqbal", "2": 'KSE-100 up 0.8%, it\'s "fine"'}
    with pytest.raises(WindowClosed):
        await twilio.send(outbound("twilio", BILAL.key, Text("no template"), key="k2"), shelf, free)


async def test_a_window_known_to_be_shut_takes_the_template_alone(twilio, twilio_api, shelf, outbound):
    twilio_api.contents["HX1"] = 1
    await twilio.send(outbound("twilio", BILAL.key, template=Template("brief", ("Sana",))), shelf, free)
    (sent,) = twilio_api.messages
    assert (sent["ContentSid"], "Body" in sent) == ("HX1", False)
    with pytest.raises(WindowClosed) as refused:
        await twilio.send(outbound("twilio", BILAL.key, template=Template("alert", ("x",))), shelf, free)
    assert "TWILIO_TEMPLATES" in refused.value.detail


async def test_a_template_with_a_chart_and_a_button(session, twilio_api, now, shelf, outbound):
    url = lambda ref: f"{PUBLIC}/media/signed.{ref.key}"  # noqa: E731
    twilio_api.contents = {"HXc": Content("{{1}}: {{2}}.", more=2), "HXb": Content("{{1}}: {{2}}.")}
    twilio = channel(
        session, twilio_api, now, templates={"brief-chart": "HXc", "brief": "HXb"}, media_url=url
    )
    template = Template("brief", ("Sana", "up"), header=shelf.png, press="audio?day=1")
    await twilio.send(outbound("twilio", BILAL.key, template=template), shelf, free)
    await twilio.send(outbound("twilio", BILAL.key, template=Template("brief", ("Sana", "up"))), shelf, free)
    await twilio.send(outbound("twilio", BILAL.key, template=replace(template, press="")), shelf, free)
    rich, *plain = twilio_api.messages
    assert rich["ContentSid"] == "HXc"
    assert json.loads(rich["ContentVariables"]) == {
        "1": "Sana", "2": "up", "3": f"signed.{shelf.png.key}", "4": "audio?day=1",
    }  # fmt: skip
    assert [message["ContentSid"] for message in plain] == ["HXb", "HXb"]
    only = channel(session, twilio_api, now, templates={"brief-chart": "HXc"}, media_url=url)
    twilio_api.shut.add(BILAL.key)
    await only.send(outbound("twilio", BILAL.key, Text("all"), template=template), shelf, free)
    assert twilio_api.messages[-1]["ContentSid"] == "HXc"


async def test_a_template_that_wants_other_values_is_not_even_sent(session, twilio_api, now, shelf, outbound):
    templates = {"brief": {"sid": "HX1", "variables": 3}}
    twilio = channel(session, twilio_api, now, templates=templates)
    with pytest.raises(TemplateRefused):
        await twilio.send(outbound("twilio", BILAL.key, template=Template("brief", ("a", "b"))), shelf, free)
    assert twilio_api.requests == 0


async def test_twilio_is_told_how_long_a_message_is_good(twilio, twilio_api, shelf, outbound, now):
    for seconds in (600, 1, 100_000):
        ends = now() + timedelta(seconds=seconds)
        await twilio.send(outbound("twilio", BILAL.key, Text("x"), expires_at=ends), shelf, free)
    await twilio.send(outbound("twilio", BILAL.key, Text("x")), shelf, free)
    assert [m.get("ValidityPeriod") for m in twilio_api.messages] == ["600", "5", "36000", None]


async def test_a_messaging_service_may_send(session, twilio_api, now, shelf, outbound):
    await channel(session, twilio_api, now, sender="MG1").send(
        outbound("twilio", BILAL.key, Text("x")), shelf, free
    )
    (sent,) = twilio_api.messages
    assert (sent["MessagingServiceSid"], "From" in sent) == ("MG1", False)


async def test_nothing_to_say_is_refused_before_it_is_asked(twilio, twilio_api, shelf, outbound):
    with pytest.raises(DeliveryFailed) as failed:
        await twilio.send(outbound("twilio", BILAL.key), shelf, free)
    assert (failed.value.permanent, twilio_api.requests) == (True, 0)


async def test_typing_names_the_message_and_never_raises(twilio, twilio_api):
    (event,) = twilio.parse((OWN / "text.form").read_bytes(), "application/x-www-form-urlencoded")
    await twilio.typing(event)
    assert twilio_api.typing == [event.reply_ref]
    await twilio_api._server.close()
    await twilio.typing(event)
