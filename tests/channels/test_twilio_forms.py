"""Twilio: what its forms say, whatever their shape."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.domain.conversation import Address, Attachment, Inbound, Notice
from services.domain.errors import Malformed

OWN = Path(__file__).parents[1] / "payloads" / "twilio"
SHARED = Path(__file__).parents[3] / "shared" / "payloads" / "twilio"
FORM = "application/x-www-form-urlencoded"
BILAL = Address("twilio", "whatsapp:+923339990001")
EVERY = [*sorted(OWN.glob("*.form")), *sorted(SHARED.glob("*/*.form"))]


def read(twilio, name):
    return twilio.parse((OWN / name).read_bytes().strip(), FORM)


def medium(number):
    return f"https://api.twilio.com/m/{number}"


@pytest.mark.parametrize(
    ("name", "text", "pressed", "attachments"),
    [
        ("text", "MEBL 40, MZNPETF 60", "", ()),
        ("text_urdu", "میری ہولڈنگز 📊", "", ()),
        ("empty_body", "", "", ()),
        ("forwarded", "FFC dividend?", "", ()),
        ("ad_referral", "Hello! Can I get more info?", "", ()),
        ("sandbox_join", "join silver-otter", "", ()),
        ("help", "HELP", "", ()),
        ("quick_reply", "Send audio", "audio?scope=personal", ()),
        ("template_button", "Send audio", "audio?scope=personal&day=2026-08-20", ()),
        ("list_choice", "Cement", "brief?sector=CEMENT", ()),
        ("voice_note", "", "", (Attachment("voice", medium(1), "audio/ogg"),)),
        ("image_caption", "what is this?", "", (Attachment("image", medium(21), "image/jpeg"),)),
        ("sticker", "", "", (Attachment("sticker", medium(22), "image/webp"),)),
        ("contacts", "", "", (Attachment("contact", medium(23), "text/vcard"),)),
        ("video", "", "", (Attachment("video", medium(24), "video/mp4"),)),
        ("document", "annual report.pdf", "", (Attachment("document", medium(25), "application/pdf"),)),
        ("location", "", "", (Attachment("location", "24.85,67.0"),)),
        ("unknown_kind", "", "", (Attachment("other"),)),
        ("flow_reply", "", "", ()),
        ("metadata_garbage", "salam", "", ()),
    ],
)
def test_what_people_send(twilio, now, name, text, pressed, attachments):
    (event,) = read(twilio, f"{name}.form")
    assert isinstance(event, Inbound)
    assert (event.address, event.text, event.pressed, event.attachments) == (
        BILAL,
        text,
        pressed,
        attachments,
    )
    assert event.event_id == f"twilio:{event.reply_ref}"
    assert re.fullmatch("[SM]M[0-9a-z]{32}", event.reply_ref)
    assert (event.at, event.aliases) == (now(), ())
    assert event.name == ("" if name == "metadata_garbage" else "بلال" if name == "text_urdu" else "Bilal")


def test_a_name_may_come_in_the_metadata_alone(twilio):
    assert read(twilio, "metadata_only_name.form")[0].name == "Bilal Ahmed"


def test_a_hidden_number_is_an_address_as_it_stands(twilio):
    (event,) = read(twilio, "hidden_number.form")
    assert (event.address.key, event.aliases) == ("whatsapp:PK.88120011", ())


def test_user_ids_beside_a_number_are_the_same_person(twilio):
    (event,) = read(twilio, "both_ids.form")
    assert event.address == BILAL
    assert [alias.key for alias in event.aliases] == [
        "whatsapp:PK.13491208655302741918", "whatsapp:PK.ENT.900001",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "forged", ["whatsapp:+923110000001 ", "PK", "telegram:1", "whatsapp:", "whatsapp:PK.1 or 1"]
)
def test_only_ids_of_the_known_shapes_are_believed(twilio, forged):
    fields = dict(parse_qsl((OWN / "both_ids.form").read_text())) | {"WaId": "923110000001"}
    fields |= {"ExternalUserId": forged, "ParentExternalUserId": "", "ProfileName": "whatsapp:+923110000001"}
    (event,) = twilio.parse(urlencode(fields).encode(), FORM)
    assert (event.address, event.aliases) == (BILAL, ())


def test_stop_and_start(twilio):
    (stopped,) = read(twilio, "opt_out.form")
    assert (stopped.kind, stopped.address) == ("stopped", BILAL)
    again, said = read(twilio, "opt_in.form")
    assert (again.kind, said.text) == ("unblocked", "START")
    assert again.event_id != said.event_id


@pytest.mark.parametrize(
    ("name", "kinds", "code"),
    [
        ("delivered", ["delivered"], ""),
        ("delivered_late", ["delivered"], ""),
        ("code_zero", ["delivered"], ""),
        ("read", ["read"], ""),
        ("event_only", ["read"], ""),
        ("queued", ["other"], ""),
        ("sending", ["other"], ""),
        ("unknown_word", ["other"], ""),
        ("window_shut", ["failed"], "63016"),
        ("rate", ["failed"], "63018"),
        ("experiment", ["failed"], "63032"),
        ("media", ["failed"], "63019"),
        ("opted_out", ["failed", "stopped"], "21610"),
        ("blocked", ["failed", "blocked"], "63014"),
        ("not_on_whatsapp", ["failed", "blocked"], "63024"),
    ],
)
def test_statuses(twilio, name, kinds, code):
    events = read(twilio, f"status_{name}.form")
    assert [event.kind for event in events] == kinds
    assert (events[0].ref, events[0].code, events[0].address) == ("SM" + "c" * 32, code, BILAL)
    assert len({event.event_id for event in events}) == len(events)


def test_every_status_of_a_message_has_a_key_of_its_own_and_a_repeat_the_same(twilio):
    names = ["status_queued", "status_sending", "status_delivered", "status_read", "status_window_shut"]
    keys = [read(twilio, f"{name}.form")[0].event_id for name in names]
    assert len(set(keys)) == len(keys)
    assert keys == [read(twilio, f"{name}.form")[0].event_id for name in names]


@pytest.mark.parametrize(
    ("name", "about", "address"),
    [
        ("reaction", "reaction", BILAL),
        ("debugger", "account", None),
        ("sms", "unknown", None),
        ("status_without_sid", "unknown", Address("twilio", "whatsapp:+14155550100")),
    ],
)
def test_what_wants_no_answer_is_only_noted(twilio, name, about, address):
    (event,) = read(twilio, f"{name}.form")
    assert (event.kind, event.about, event.address) == ("other", about, address)


def test_a_forged_button_id_is_no_longer_than_any_of_ours(twilio):
    fields = dict(parse_qsl((OWN / "quick_reply.form").read_text())) | {"ButtonPayload": "x" * 5000}
    (event,) = twilio.parse(urlencode(fields).encode(), FORM)
    assert len(event.pressed) == 256


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_every_known_form_is_read_however_it_is_cut(twilio, path):
    raw = path.read_bytes().strip()
    events = twilio.parse(raw, FORM)
    silent = {"status", "out", "reaction", "debugger", "sms"} & set(path.stem.split("_"))
    assert isinstance(events[-1], Notice if silent else Inbound)
    for cut in range(0, len(raw), 37):
        try:
            twilio.parse(raw[:cut], FORM)
        except Malformed:
            assert cut < 37


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_every_field_may_be_missing_blank_or_odd(twilio, path):
    fields = dict(parse_qsl(path.read_text(), keep_blank_values=True))
    for name in fields:
        for odd in (None, "", "\x00", "9" * 400, "٣", '{"a":', "\U0001f642" * 50):
            changed = {k: v for k, v in fields.items() if k != name} | ({} if odd is None else {name: odd})
            events = twilio.parse(urlencode(changed).encode(), FORM)
            assert events
            assert len({event.event_id for event in events}) == len(events)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.dictionaries(st.sampled_from([
    "MessageSid", "From", "To", "Body", "SmsStatus", "MessageStatus", "NumMedia", "MediaContentType0", "MessageType",
    "ErrorCode", "OptOutType", "ChannelMetadata", "ButtonPayload", "ExternalUserId", "Latitude", "Longitude",
]), st.text(max_size=30) | st.sampled_from(["whatsapp:+923001234567", "received", "failed", "STOP", "63016", "1"])))  # fmt: skip
def test_no_form_can_break_the_reader(twilio, fields):
    try:
        events = twilio.parse(urlencode(fields).encode("utf-8", "replace"), FORM)
    except Malformed:
        assert not fields
        return
    assert all(event.at for event in events)


def test_no_form_at_all_is_malformed(twilio):
    deep = b'{"a":' * 5000
    for raw, kind in (
        (b"", FORM),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (deep, "application/json"),
    ):
        with pytest.raises(Malformed):
            twilio.parse(raw, kind)
