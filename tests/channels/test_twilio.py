"""Twilio: signatures against the library as an oracle, forms."""

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
from services.domain.conversation import (
    Address,
    Attachment,
    Inbound,
    Notice,
)
from services.domain.errors import Forbidden, Malformed

OWN = Path(__file__).parents[1] / "payloads" / "twilio"
SHARED = Path(__file__).parents[3] / "shared" / "payloads" / "twilio"
FORM = "application/x-www-form-urlencoded"
PUBLIC = "https://bot.example.pk"
PATH = "/webhooks/twilio?x=1&y=%20a"
BILAL = Address("twilio", "whatsapp:+923339990001")


def body(name):
    return (OWN / name).read_bytes().strip()


def signed(token, url, raw):
    return RequestValidator(token).compute_signature(
        url, MultiDict(parse_qsl(raw.decode(), keep_blank_values=True))
    )


@pytest.mark.parametrize("path", sorted(OWN.glob("*.form")), ids=lambda path: path.stem)
@pytest.mark.parametrize("token", ["twilio-token", "next-token"])
def test_what_the_library_signs_is_let_in(twilio, path, token):
    raw = path.read_bytes().strip()
    headers = {
        "x-twilio-signature": signed(token, PUBLIC + PATH, raw),
        "Host": "evil.example",
        "X-Forwarded-Proto": "http",
    }
    twilio.verify(headers, PATH, raw)


PAIRS = st.lists(
    st.tuples(st.sampled_from(["Body", "From", "New", "A"]), st.text(max_size=8)), min_size=1, max_size=8
)


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
    twilio.verify(
        {"X-Twilio-Signature": signed("twilio-token", "https://bot.example.pk:443" + PATH, raw)}, PATH, raw
    )


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
    signature = RequestValidator("next-token").compute_signature(
        PUBLIC + PATH, fields, algorithm="HMAC_SHA256"
    )
    settings = "X-Twilio-Webhooks-Signature-Settings"
    twilio.verify({"X-Twilio-Signature": signature, settings: "key=SK1,algorithm=HMAC_SHA256"}, PATH, raw)
    for other in ("key=SK1,algorithm=HMAC_MD5", "algorithm=none", "key=SK1,algorithm=HMAC_SHA1"):
        with pytest.raises(Forbidden):
            twilio.verify({"X-Twilio-Signature": signature, settings: other}, PATH, raw)


def test_an_empty_token_closes_the_door(session, now):
    closed = Twilio(
        session,
        account_sid="AC",
        auth_token="",
        sender="+1",
        public_url=PUBLIC,
        media_url=lambda ref: "",
        now=now,
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
        pairs = [
            (k, v)
            for k, values in vector["params"].items()
            for v in (values if isinstance(values, list) else [values])
        ]
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
    assert (event.address, event.text, event.pressed, event.attachments) == (
        BILAL,
        text,
        pressed,
        attachments,
    )
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


@pytest.mark.parametrize(
    "path", [*sorted(OWN.glob("*.form")), *sorted(SHARED.glob("*/*.form"))], ids=lambda path: path.stem
)
def test_every_known_form_is_read_however_it_is_cut(twilio, path):
    raw = path.read_bytes().strip()
    events = twilio.parse(raw, FORM)
    wanted = Notice if {"status", "out"} & set(path.stem.split("_")) else Inbound
    assert isinstance(events[-1], wanted)
    for cut in range(0, len(raw), 37):
        try:
            twilio.parse(raw[:cut], FORM)
        except Malformed:
            assert cut < 37


def test_no_form_at_all_is_malformed(twilio):
    for raw, kind in ((b"", FORM), (b"{", "application/json"), (b"[]", "application/json")):
        with pytest.raises(Malformed):
            twilio.parse(raw, kind)
