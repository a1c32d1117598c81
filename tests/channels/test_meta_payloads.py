"""Meta: what each kind of payload becomes, ours and those that others recorded; golden, one line each."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.base import Recent
from bot.channels.meta_codes import Undeliverable
from bot.channels.meta_events import EventReader
from services.domain.conversation import Inbound, Moved
from tests.channels.conftest import NOON

OWN = Path(__file__).parents[1] / "payloads" / "meta"
SHARED = Path(__file__).parents[3] / "shared" / "payloads" / "meta"


def reader():
    return EventReader(lambda: NOON, Recent(), Undeliverable())


def read(path):
    return reader().read(json.loads(path.read_bytes()))


def line(event):
    """An event in one line, as the golden table has it."""
    if isinstance(event, Moved):
        return f"moved {event.old.key} -> {event.new.key}"
    if isinstance(event, Inbound):
        things = ",".join(f"{a.kind}={a.ref[:12]}" for a in event.attachments)
        return " ".join(
            filter(
                None, ["in", event.text and repr(event.text), event.pressed and f"<{event.pressed}>", things]
            )
        )
    return " ".join(filter(None, [event.kind, event.about, event.code, event.key and f"key={event.key}"]))


GOLDEN = {
    "account_alert": ["other account CRITICAL"],
    "account_error": ["other account 131031"],
    "account_reinstated": ["other update"],
    "account_restricted": ["other account ACCOUNT_RESTRICTION"],
    "batch_of_strangers": ["in '0'", "in '1'", "in '2'"],
    "batch_with_poison": ["in 'one'", "other unknown", "in 'two'", "sent", "failed", "in 'three'"],
    "contact_card": ["in contact="],
    "document_by_url": ["in 'my list' document=https://medi"],
    "echo": ["other echo"],
    "edit": ["other edit"],
    "field_of_tomorrow": ["other unknown"],
    "flow_reply": ["in other="],
    "forwarded_reply_from_an_ad": ["in 'KSE100'"],
    "group_text": ["other group"],
    "identity_changed": ["other system"],
    "image_with_caption": ["in 'meri list' image=56"],
    "interactive_without_body": ["in other="],
    "kind_of_tomorrow": ["in other="],
    "list_choice": ["in 'Cement' <brief?sector=CEMENT>"],
    "location": ["in location=24.86,67.0"],
    "number_changed": ["moved 923001112233 -> 923009998877"],
    "number_flagged": ["other spam FLAGGED"],
    "number_upgraded": ["other update"],
    "order": ["in other="],
    "other_error": ["in other=", "other error 131000"],
    "preference_resume": ["unblocked"],
    "preference_stop": ["stopped"],
    "reaction": ["other reaction"],
    "reply_button": ["in 'X-Ray' <xray>"],
    "revoke": ["other revoke"],
    "status_held": ["other held"],
    "status_in_group": ["read", "read"],
    "status_stopped_marketing": ["failed 131050", "stopped 131050"],
    "status_window_shut": ["failed 131047"],
    "status_with_our_key": ["sent key=brief:2026-08-20:0900:u1:0"],
    "status_without_anybody": ["failed 131026"],
    "statuses": ["sent", "delivered", "read", "played"],
    "sticker": ["in sticker=57"],
    "template_button": ["in 'Send audio' <audio?scope=personal>"],
    "template_is_marketing": ["other template MARKETING"],
    "template_paused": ["other template PAUSED"],
    "template_quality_red": ["other template RED"],
    "template_status": ["other update"],
    "text": ["in 'MEBL 40 aur LUCK 60'"],
    "text_hidden_number": ["in 'hi'"],
    "text_shared_id_only": ["in 'hi'"],
    "text_without_user_id": ["in 'hi'"],
    "unreaction": ["other reaction"],
    "unsupported": ["in other="],
    "user_id_changed": ["moved PK.5511002200 -> PK.8800110022", "moved 923001112233 -> PK.8800110022"],
    "user_id_changed_hidden": ["moved PK.5511002200 -> PK.8800110022"],
    "user_id_update": ["moved PK.5511002200 -> PK.8800110022"],
    "voice": ["in voice=55"],
}
# What others recorded (pywa's samples), by the start of the file's name.
RECORDED = {
    "account_update__account_deleted": "other account ACCOUNT_DELETED",
    "account_update__account_disabled": "other update",
    "account_update__account_offboarded": "other account ACCOUNT_OFFBOARDED",
    "account_update__account_restriction": "other account ACCOUNT_RESTRICTION",
    "account_update__account_violation": "other account ACCOUNT_VIOLATION",
    "account_update__partner_app_uninstalled": "other account PARTNER_APP_UNINSTALLED",
    "account_update__partner_removed": "other account PARTNER_REMOVED",
    "account_update__": "other update",
    "callback_button__": "in 'title' <callback_data>",
    "callback_selection__": "in 'title' <callback_data>",
    "deleted_message": "other revoke",
    "edited_message": "other edit",
    "message__animated_sticker": "in sticker=123456789098",
    "message__audio": "in audio=123456789098",
    "message__contacts": "in contact=",
    "message__document": "in 'caption' document=123456789098",
    "message__forwarded_many_times": "in",
    "message__interactive": "in other=",
    "message__order": "in other=",
    "message__reaction": "other reaction",
    "message__referral": "in 'BODY'",
    "message__unreaction": "other reaction",
    "message__unsupported": "in other=",
    "message__voice": "in voice=123456789098",
    "message__": "in",
    "message_status__delivered": "delivered",
    "message_status__failed": "failed 130472",
    "message_status__group": "read",
    "message_status__played": "played",
    "message_status__read": "read",
    "message_status__with_tracker": "sent key=some data",
    "message_status__sent": "sent",
    "outgoing_message": "other echo",
    "system__identity": "other system",
    "system__phone": "moved 972987654321 -> 972912345678",
    "template_category": "other template MARKETING",
    "template_quality": "other template YELLOW",
    "template_status_update__rejected": "other template REJECTED",
    "template_": "other u",
    "user_marketing_preferences": "unblocked",
}


def test_behaviour_16_the_golden_table_has_every_payload():
    assert sorted(GOLDEN) == sorted(path.stem for path in OWN.glob("*.json"))


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_behaviour_16_what_a_payload_becomes(name):
    assert [line(event) for event in read(OWN / f"{name}.json")] == GOLDEN[name]


def test_behaviour_16_what_others_recorded():
    for path in sorted(SHARED.glob("pywa/*.json")):  # in addition, where they lie beside the project
        expected = next(value for start, value in RECORDED.items() if path.stem.startswith(start))
        assert line(read(path)[0]).startswith(expected), path.stem


@pytest.mark.parametrize(
    "name", ["kind_of_tomorrow", "interactive_without_body", "flow_reply", "unsupported"]
)
def test_behaviour_22_a_kind_we_cannot_read_is_somebody_who_waits_for_an_answer(name):
    (event, *_) = read(OWN / f"{name}.json")
    assert isinstance(event, Inbound)
    assert event.attachments[0].kind == "other"


@pytest.mark.parametrize("name", ["edit", "revoke", "reaction", "identity_changed", "echo", "group_text"])
def test_behaviour_18_nothing_that_is_no_new_message_runs_anything(name):
    assert not any(isinstance(event, Inbound) for event in read(OWN / f"{name}.json"))


def test_behaviour_10_a_status_is_one_event_by_message_word_time_and_recipient():
    payload = json.loads((OWN / "status_in_group.json").read_bytes())
    value = payload["entry"][0]["changes"][0]["value"]
    value["statuses"] += copy.deepcopy(value["statuses"])  # brought twice
    later = {**value["statuses"][0], "timestamp": "1787203999"}
    value["statuses"].append(later)
    ids = [event.event_id for event in reader().read(payload)]
    assert ids[:2] == ids[2:4]
    assert len(set(ids)) == 3
    assert [e.event_id for e in reader().read(payload)] == ids, "another process gives the same"


def test_behaviour_11_a_thousand_in_one_post_and_one_poison_among_them():
    def message(n):
        return {
            "from": f"92300{n:07}",
            "id": f"wamid.{n}",
            "timestamp": "1787203800",
            "type": "text",
            "text": {"body": str(n)},
        }

    messages = [message(n) for n in range(1000)]
    messages[500] = {"id": ["not", {"a": "string"}], "type": 7, "timestamp": {"x": []}}
    statuses = [{"id": f"wamid.o{n}", "status": "sent", "recipient_id": "923001112233"} for n in range(5)]
    changes = [
        {"field": "messages", "value": {"messages": messages[:600]}},
        {"field": "messages", "value": {"messages": messages[600:], "statuses": [*statuses, None, "x"]}},
        None,
    ]
    events = reader().read({"entry": [{"changes": changes}, {"changes": changes[1:]}]})
    texts = [event.text for event in events if isinstance(event, Inbound)]
    assert texts == [str(n) for n in [*range(500), *range(501, 1000), *range(600, 1000)]]
    assert len({event.event_id for event in events}) == 1000 + 5


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = [
    "messages", "statuses", "contacts", "user_preferences", "errors", "message_echoes", "user_id_update", "id", "type",
    "text", "body", "from", "from_user_id", "wa_id", "user_id", "timestamp", "interactive", "system", "status", "value",
    "recipient_id", "recipient_user_id", "field", "event", "alert_info", "ban_info", "biz_opaque_callback_data", "profile",
]  # fmt: skip
FIELDS = st.dictionaries(
    st.sampled_from(NAMES), JSON | st.lists(st.dictionaries(st.sampled_from(NAMES), JSON)), max_size=6
)


@settings(max_examples=50, deadline=None)
@given(st.lists(FIELDS, max_size=4))
def test_behaviour_12_whatever_a_payload_holds_it_is_read_to_its_end(values):
    payload = {"entry": [{"id": "1", "changes": [{"field": "messages", "value": value} for value in values]}]}
    events = reader().read(payload)
    assert events
    assert all(event.event_id.startswith("meta:") and len(event.event_id) < 700 for event in events)


def test_behaviour_12_nesting_without_end_and_ids_without_end_harm_nobody():
    deep = []
    for _ in range(900):
        deep = [deep]
    poison = {
        "id": "x" * 100_000,
        "type": "text",
        "text": {"body": "hi"},
        "from": "9" * 1000,
        "identity": deep,
    }
    fine = {"id": "wamid.1", "type": "text", "text": {"body": "fine"}, "from": "923001112233"}
    events = reader().read({"entry": [{"changes": [{"value": {"messages": [poison, fine]}}]}]})
    assert [getattr(event, "text", "") for event in events] == ["", "fine"]
    assert len(events[0].event_id) < 100
