"""Twilio: signatures, with the library as an oracle."""

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
from services.domain.errors import Forbidden

OWN = Path(__file__).parents[1] / "payloads" / "twilio"
SHARED = Path(__file__).parents[3] / "shared" / "payloads" / "twilio"
SETTINGS = "X-Twilio-Webhooks-Signature-Settings"
PUBLIC = "https://bot.example.pk"
PATH = "/webhooks/twilio?x=1&y=%20a"


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
    twilio.verify({"X-Twilio-Signature": signature, SETTINGS: "key=SK1,algorithm=HMAC_SHA256"}, PATH, raw)
    for other in ("key=SK1,algorithm=HMAC_MD5", "algorithm=none", "key=SK1,algorithm=HMAC_SHA1"):
        with pytest.raises(Forbidden):
            twilio.verify({"X-Twilio-Signature": signature, SETTINGS: other}, PATH, raw)


def test_an_empty_token_closes_the_door(session, now):
    closed = at(session, now, PUBLIC, "")
    assert not closed.configured
    raw = body("text.form")
    with pytest.raises(Forbidden):
        closed.verify({"X-Twilio-Signature": signed("", PUBLIC + PATH, raw)}, PATH, raw)


def at(session, now, host, *tokens):
    """The channel behind that public URL."""
    return Twilio(
        session, account_sid="AC", auth_token=",".join(tokens), sender="+1", public_url=host,
        media_url=lambda ref: "", now=now,
    )  # fmt: skip


VECTORS = json.loads((OWN / "signature_vectors.json").read_text())


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["name"])
def test_our_own_vectors_by_the_library(session, now, vector):
    scheme, _, rest = vector["url"].partition("://")
    host, _, tail = rest.partition("/")
    door = at(session, now, f"{scheme}://{host}", "an-older-token", VECTORS["auth_token"])
    raw = vector["raw_body"] if "raw_body" in vector else urlencode([tuple(pair) for pair in vector["pairs"]])
    headers = {"X-Twilio-Signature": vector["signature"], "Host": "evil.example", "X-Forwarded-Proto": "http"}
    headers |= {"X-Forwarded-Host": "evil.example", "X-Original-URL": "/other", "Forwarded": "host=evil"}
    headers |= {SETTINGS: vector["settings"]} if "settings" in vector else {}
    if vector["valid"]:
        door.verify(headers, "/" + tail, raw.encode())
    else:
        with pytest.raises(Forbidden):
            door.verify(headers, "/" + tail, raw.encode())


def test_the_known_vectors(session, now):
    path = SHARED / "signature_vectors.json"
    book = json.loads(path.read_text()) if path.exists() else {"auth_token": "", "vectors": []}
    for vector in book["vectors"]:
        token = vector.get("auth_token", book["auth_token"])
        scheme, _, rest = vector["url"].partition("://")
        host, _, tail = rest.partition("/")
        one = at(session, now, f"{scheme}://{host}", token)
        pairs = [
            (k, v)
            for k, values in vector["params"].items()
            for v in (values if isinstance(values, list) else [values])
        ]
        raw = vector["raw_body"].encode() if "raw_body" in vector else urlencode(pairs).encode()
        headers = {"X-Twilio-Signature": vector["signature"]}
        setting = next((value for name, value in vector.items() if name.startswith("header ")), None)
        headers |= {SETTINGS: setting} if setting else {}
        if vector["valid"]:
            one.verify(headers, "/" + tail, raw)
        else:
            with pytest.raises(Forbidden):
                one.verify(headers, "/" + tail, raw)


def test_stray_bytes_and_heaps_of_fields_are_refused_not_stumbled_over(twilio):
    headers = {"X-Twilio-Signature": "AAAA"}
    for path, raw in (
        ("/webhooks/twilio?x=\udcff", b"Body=x"),
        (":8x/", b"Body=x"),
        (PATH, b"\xff\xfe=%FF"),
        (PATH, b"a=1&" * 20_000),
        ("/webhooks/twilio?bodySHA256=\udcff", b""),
    ):
        with pytest.raises(Forbidden):
            twilio.verify(headers, path, raw)
    with pytest.raises(Forbidden):
        twilio.verify({"X-Twilio-Signature": "caf\udce9"}, PATH, b"Body=x")


def test_a_body_of_three_megabytes_is_verified_and_read(twilio):
    raw = urlencode(
        [("MessageSid", "SM1"), ("From", "whatsapp:+92300123"), ("Body", "x" * 3_000_000)]
    ).encode()
    twilio.verify({"X-Twilio-Signature": signed("twilio-token", PUBLIC + PATH, raw)}, PATH, raw)
    (event,) = twilio.parse(raw, "application/x-www-form-urlencoded")
    assert len(event.text) == 3_000_000
