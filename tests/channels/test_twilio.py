"""Twilio: signatures against the library as an oracle, forms, and sending against an API with its own rules."""

import hashlib
import json
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from bot.channels.twilio import Twilio
from services.domain.conversation import Address, Attachment, Button, Inbound, Notice, Picture, Template, Text, Voice
from services.domain.errors import DeliveryFailed, Forbidden, Malformed, RecipientGone, WindowClosed
from tests.fakes.twilio import FakeTwilio

OWN = Path(__file__).parents[1] / "payloads" / "twilio"
SHARED = Path(__file__).parents[3] / "shared" / "payloads" / "twilio"
FORM = "application/x-www-form-urlencoded"
PUBLIC = "https://bot.example.pk"
PATH = "/webhooks/twilio?x=1&y=%20a"
BILAL = Address("twilio", "whatsapp:+923339990001")


@pytest.fixture
async def fake():
    async with FakeTwilio() as running:
        yield running


@pytest.fixture
def twilio(session, fake, now):
    return Twilio(
        session,
        account_sid=fake.account,
        auth_token=f"{fake.token},next-token",
        sender="+14155550100",
        public_url=PUBLIC + "/",
        media_url=lambda ref: f"http://127.0.0.1/media/{ref.key}",
        now=now,
        templates={"brief": "HX1", "buttons-2": "HX2"},
        status_url=PUBLIC + "/webhooks/twilio/status",
        base=fake.base,
    )


def body(name):
    return (OWN / name).read_bytes().strip()


def signed(token, url, raw):
    return RequestValidator(token).compute_signature(url, MultiDict(parse_qsl(raw.decode(), keep_blank_values=True)))


@pytest.mark.parametrize("path", sorted(OWN.glob("*.form")), ids=lambda path: path.stem)
@pytest.mark.parametrize("token", ["twilio-token", "next-token"])
def test_what_the_library_signs_is_let_in(twilio, path, token):
    raw = path.read_bytes().strip()
    headers = {"x-twilio-signature": signed(token, PUBLIC + PATH, raw), "Host": "evil.example", "X-Forwarded-Proto": "http"}
    twilio.verify(headers, PATH, raw)


PAIRS = st.lists(st.tuples(st.sampled_from(["Body", "From", "New", "A"]), st.text(max_size=8)), min_size=1, max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(PAIRS)
def test_repeated_blank_and_unknown_fields_are_signed_as_the_library_does(twilio, pairs):
    raw = urlencode(pairs).encode()
    twilio.verify({"X-Twilio-Signature": signed("twilio-token", PUBLIC + PATH, raw)}, PATH, raw)


def test_every_bit_of_a_signature_counts(twilio):
    raw = body("text.form")
    good = signed("twilio-token", PUBLIC + PATH, raw)
    bad = [good[:n] + chr(ord(good[n]) ^ 1) + good[n + 1 :] for n in range(len(good) - 2)]
    bad += ["", good[:-1], good + "=", signed("third", PUBLIC + PATH, raw), "ü"]
    for signature in bad:
        with pytest.raises(Forbidden):
            twilio.verify({"X-Twilio-Signature": signature}, PATH, raw)
    for path, changed in ((PATH + "z", raw), (PATH, raw + b"&a=b"), (PATH, raw.replace(b"MEBL", b"OGDC"))):
        with pytest.raises(Forbidden):
            twilio.verify({"X-Twilio-Signature": good}, path, changed)
    with pytest.raises(Forbidden):
        twilio.verify({}, PATH, raw)


def test_the_port_may_be_written_out_or_not(twilio):
    raw = body("text.form")
    twilio.verify({"X-Twilio-Signature": signed("twilio-token", "https://bot.example.pk:443" + PATH, raw)}, PATH, raw)


def test_a_json_body_is_signed_by_its_hash(twilio):
    raw = b'{"MessageSid":"SM1","From":"whatsapp:+92","Body":"hi"}'
    path = f"/webhooks/twilio?bodySHA256={hashlib.sha256(raw).hexdigest()}"
    headers = {"X-Twilio-Signature": RequestValidator("twilio-token").compute_signature(PUBLIC + path, {})}
    twilio.verify(headers, path, raw)
    with pytest.raises(Forbidden):
        twilio.verify(headers, path, raw + b" ")
    (event,) = twilio.parse(raw, "application/json")
    assert event.text == "hi"


def test_a_shared_key_signs_with_sha256_and_other_ways_are_refused(twilio):
    raw = body("text.form")
    fields = MultiDict(parse_qsl(raw.decode(), keep_blank_values=True))
    signature = RequestValidator("next-token").compute_signature(PUBLIC + PATH, fields, algorithm="HMAC_SHA256")
    settings = "X-Twilio-Webhooks-Signature-Settings"
    twilio.verify({"X-Twilio-Signature": signature, settings: "key=SK1,algorithm=HMAC_SHA256"}, PATH, raw)
    for other in ("key=SK1,algorithm=HMAC_MD5", "algorithm=none", "key=SK1,algorithm=HMAC_SHA1"):
        with pytest.raises(Forbidden):
            twilio.verify({"X-Twilio-Signature": signature, settings: other}, PATH, raw)


def test_an_empty_token_closes_the_door(session, now):
    closed = Twilio(
        session, account_sid="AC", auth_token="", sender="+1", public_url=PUBLIC, media_url=lambda ref: "", now=now
    )
    assert not closed.configured
    raw = body("text.form")
    with pytest.raises(Forbidden):
        closed.verify({"X-Twilio-Signature": signed("", PUBLIC + PATH, raw)}, PATH, raw)


def test_the_known_vectors(session, now):
    path = SHARED / "signature_vectors.json"
    book = json.loads(path.read_text()) if path.exists() else {"auth_token": "", "vectors": []}
    for vector in book["vectors"]:
        token = vector.get("auth_token", book["auth_token"])
        scheme, _, rest = vector["url"].partition("://")
        host, _, tail = rest.partition("/")
        one = Twilio(
            session, account_sid="AC", auth_token=token, sender="+1", public_url=f"{scheme}://{host}",
            media_url=lambda ref: "", now=now,
        )  # fmt: skip
        pairs = [(k, v) for k, values in vector["params"].items() for v in (values if isinstance(values, list) else [values])]
        raw = vector["raw_body"].encode() if "raw_body" in vector else urlencode(pairs).encode()
        headers = {"X-Twilio-Signature": vector["signature"]}
        setting = next((value for name, value in vector.items() if name.startswith("header ")), None)
        headers |= {"X-Twilio-Webhooks-Signature-Settings": setting} if setting else {}
        if vector["valid"]:
            one.verify(headers, "/" + tail, raw)
        else:
            with pytest.raises(Forbidden):
                one.verify(headers, "/" + tail, raw)


def read(twilio, name):
    return twilio.parse(body(name), FORM)


@pytest.mark.parametrize(
    ("name", "text", "pressed", "attachments"),
    [
        ("text.form", "MEBL 40, MZNPETF 60", "", ()),
        ("text_urdu.form", "میری ہولڈنگز 📊", "", ()),
        ("empty_body.form", "", "", ()),
        ("quick_reply.form", "Send audio", "audio?scope=personal", ()),
        ("list_choice.form", "Cement", "brief?sector=CEMENT", ()),
        ("voice_note.form", "", "", (Attachment("voice", "https://api.twilio.com/m/1", "audio/ogg"),)),
        ("location.form", "", "", (Attachment("location", "24.85,67.0"),)),
    ],
)
def test_what_people_send(twilio, now, name, text, pressed, attachments):
    (event,) = read(twilio, name)
    assert isinstance(event, Inbound)
    assert (event.address, event.text, event.pressed, event.attachments) == (BILAL, text, pressed, attachments)
    assert event.event_id == f"twilio:{event.reply_ref}"
    assert event.at == now()


def test_a_hidden_number_is_an_address_as_it_stands(twilio):
    (event,) = read(twilio, "hidden_number.form")
    assert event.address.key == "whatsapp:PK.88120011"


def test_stop_and_start(twilio):
    (stopped,) = read(twilio, "opt_out.form")
    assert (stopped.kind, stopped.address) == ("stopped", BILAL)
    again, said = read(twilio, "opt_in.form")
    assert (again.kind, said.text) == ("unblocked", "START")
    assert again.event_id != said.event_id


@pytest.mark.parametrize(
    ("name", "kinds", "code"),
    [
        ("status_delivered.form", ["delivered"], ""),
        ("status_read.form", ["read"], ""),
        ("status_queued.form", ["other"], ""),
        ("status_window_shut.form", ["failed"], "63016"),
        ("status_opted_out.form", ["failed", "stopped"], "21610"),
    ],
)
def test_statuses(twilio, name, kinds, code):
    events = read(twilio, name)
    assert [event.kind for event in events] == kinds
    assert (events[0].ref, events[0].code, events[0].address) == ("SM" + "c" * 32, code, BILAL)
    assert len({event.event_id for event in events}) == len(events)


@pytest.mark.parametrize("path", sorted(SHARED.glob("*/*.form")), ids=lambda path: path.stem)
def test_every_known_form_is_read(twilio, path):
    raw = path.read_bytes().strip()
    events = twilio.parse(raw, FORM)
    wanted = Notice if "status" in path.stem else Inbound
    assert all(isinstance(event, wanted) for event in events)
    for cut in range(0, len(raw), 37):
        try:
            twilio.parse(raw[:cut], FORM)
        except Malformed:
            assert cut < 37


def test_no_form_at_all_is_malformed(twilio):
    for raw, kind in ((b"", FORM), (b"{", "application/json"), (b"[]", "application/json")):
        with pytest.raises(Malformed):
            twilio.parse(raw, kind)


async def test_a_reply_with_everything_arrives_in_order(twilio, fake, shelf, outbound):
    message = outbound(
        "twilio", BILAL.key, Text("*X-Ray*"), Picture(shelf.png, "by _sector_"), Voice(shelf.ogg, 60.0),
        source="Sample data",
    )  # fmt: skip
    receipt = await twilio.send(message, shelf)
    text, picture, voice = fake.messages
    assert receipt.refs == tuple(m["sid"] for m in fake.messages)
    assert text["Body"] == "*X-Ray*\n\n_Sample data_"
    assert (text["From"], text["To"]) == ("whatsapp:+14155550100", BILAL.key)
    assert text["StatusCallback"] == PUBLIC + "/webhooks/twilio/status"
    assert picture["Body"] == "by _sector_"
    assert picture["MediaUrl"].endswith(shelf.png.key)
    assert voice["MediaUrl"].endswith(shelf.ogg.key)
    assert "Body" not in voice


async def test_buttons_are_numbered_and_a_number_presses_them(twilio, fake, shelf, outbound):
    buttons = [Button("X-Ray", "xray"), Button("Brief", "brief"), Button("Menu", "help")]
    await twilio.send(outbound("twilio", BILAL.key, Text("What next?"), buttons=buttons), shelf)
    assert fake.messages[0]["Body"] == "What next?\n\n1 X-Ray\n2 Brief\n3 Menu"
    say = lambda text: twilio.parse(urlencode(fake.message("SM1", BILAL.key, text)).encode(), FORM)[0]  # noqa: E731
    assert (say(" 2 ").pressed, say("2").text) == ("brief", "Brief")
    assert say("٣").pressed == "help"
    assert (say("4").pressed, say("0").pressed, say("2 MEBL").pressed, say("²").pressed) == ("", "", "", "")
    await twilio.send(outbound("twilio", BILAL.key, Text("How much?"), key="k2"), shelf)
    assert say("2").pressed == ""


async def test_buttons_use_the_operators_quick_reply_where_there_is_one(twilio, fake, shelf, outbound):
    fake.contents["HX2"] = 5
    buttons = [Button("X-Ray", "xray"), Button("Brief", "brief")]
    await twilio.send(outbound("twilio", BILAL.key, Text("What next?"), buttons=buttons), shelf)
    variables = json.loads(fake.messages[0]["ContentVariables"])
    assert variables == {"1": "What next?", "2": "X-Ray", "3": "xray", "4": "Brief", "5": "brief"}


async def test_a_long_text_with_buttons_goes_in_pieces(twilio, fake, shelf, outbound):
    text = "\n\n".join(f"*Part {n}* " + "لفظ 📈 " * 40 for n in range(12))
    await twilio.send(outbound("twilio", BILAL.key, Text(text), buttons=[Button("Go", "go")]), shelf)
    assert len(fake.messages) > 2
    assert "".join("".join(m["Body"] for m in fake.messages).split()) == "".join((text + "1 Go").split())


async def test_a_shut_window_takes_the_template(twilio, fake, shelf, outbound):
    fake.shut.add(BILAL.key)
    fake.contents["HX1"] = 2
    template = Template("brief", ("Sana\n\tIqbal", "KSE-100 *up*     0.8%"))
    receipt = await twilio.send(outbound("twilio", BILAL.key, Text("long brief"), template=template), shelf)
    (sent,) = fake.messages
    assert receipt.refs == (sent["sid"],)
    assert json.loads(sent["ContentVariables"]) == {"1": "Sana Iqbal", "2": "KSE-100 up 0.8%"}
    with pytest.raises(WindowClosed):
        await twilio.send(outbound("twilio", BILAL.key, Text("no template"), key="k2"), shelf)


@pytest.mark.parametrize(
    ("status", "code", "kind", "permanent", "ambiguous"),
    [
        (400, 21610, RecipientGone, True, False),
        (400, 63015, RecipientGone, True, False),
        (400, 63016, WindowClosed, True, False),
        (400, 63019, DeliveryFailed, True, False),
        (400, 99999, DeliveryFailed, True, False),
        (401, 20003, DeliveryFailed, False, False),
        (429, 20429, DeliveryFailed, False, False),
        (503, 20503, DeliveryFailed, False, False),
        (500, None, DeliveryFailed, False, True),
    ],
)
async def test_refusals(twilio, fake, shelf, outbound, status, code, kind, permanent, ambiguous):
    answer = (status, {"code": code, "message": "Invalid 'To' whatsapp:+923339990001", "status": status})
    fake.next = [answer, answer]
    with pytest.raises(DeliveryFailed) as failed:
        await twilio.send(outbound("twilio", BILAL.key, Text("secret words")), shelf)
    assert type(failed.value) is kind
    assert (failed.value.permanent, failed.value.ambiguous) == (permanent, ambiguous)
    assert "3339990001" not in str(failed.value)
    assert fake.token not in str(failed.value)


async def test_the_other_token_of_a_rotation_is_tried(twilio, fake, shelf, outbound):
    fake.token = "next-token"
    await twilio.send(outbound("twilio", BILAL.key, Text("hi")), shelf)
    assert len(fake.messages) == 1


async def test_a_lost_answer_is_ambiguous(twilio, fake, shelf, outbound):
    fake.next = ["hang"]
    with pytest.raises(DeliveryFailed) as failed:
        await twilio.send(outbound("twilio", BILAL.key, Text("hi")), shelf)
    assert failed.value.ambiguous


async def test_typing_names_the_message_and_never_raises(twilio, fake):
    (event,) = read(twilio, "text.form")
    await twilio.typing(event)
    assert fake.typing == [event.reply_ref]
    await fake._server.close()
    await twilio.typing(event)
