"""Meta: whom an event is about, and that nobody is ever taken for somebody else."""

import json
from pathlib import Path

import pytest

from bot.channels.base import Recent
from bot.channels.meta_codes import Undeliverable
from bot.channels.meta_events import EventReader
from services.domain.conversation import Address
from tests.channels.conftest import NOON

OWN = Path(__file__).parents[1] / "payloads" / "meta"
PHONE = Address("meta", "923001112233")
HIRA = Address("meta", "PK.5511002200")


def reader():
    return EventReader(lambda: NOON, Recent(), Undeliverable())


def read(path):
    return reader().read(json.loads(path.read_bytes()))


def test_behaviour_20_the_address_is_the_user_id_and_the_number_an_alias():
    (event,) = read(OWN / "text.json")
    assert (event.address, event.aliases) == (HIRA, (PHONE,))
    (event,) = read(OWN / "text_hidden_number.json")
    assert (event.address, event.aliases) == (HIRA, ())
    (event,) = read(OWN / "text_without_user_id.json")
    assert (event.address, event.aliases) == (PHONE, ())
    (event,) = read(OWN / "text_shared_id_only.json")
    assert event.address == Address("meta", "PK.ENT.99"), "better than to lose the message"


def test_behaviour_20_everybody_in_a_batch_is_who_they_are():
    events = read(OWN / "batch_of_strangers.json")
    assert [(e.address.key, e.aliases[0].key, e.name) for e in events] == [
        ("PK.0", "923000000000", "N0"),
        ("PK.1", "923000000001", ""),  # there is no card of hers, and she is lent nobody else's
        ("PK.2", "923000000002", "N2"),
    ]


@pytest.mark.parametrize(
    ("sender", "card"),
    [
        ({"from": "923117777777"}, {"wa_id": "923001112233", "user_id": HIRA.key}),
        ({"from": "923117777777"}, {"wa_id": "923001112233"}),
        ({"from_user_id": "PK.66"}, {"wa_id": "923001112233", "user_id": HIRA.key}),
        ({"from_user_id": "PK.66", "from": "923117777777"}, {"wa_id": "923117777777", "user_id": HIRA.key}),
    ],
)
def test_behaviour_19_nobody_is_lent_the_number_or_id_of_somebody_elses_card(sender, card):
    message = {**sender, "id": "wamid.1", "type": "text", "text": {"body": "/pause"}}
    value = {"messages": [message], "contacts": [{**card, "profile": {"name": "Boss"}}]}
    (event,) = reader().read({"entry": [{"changes": [{"field": "messages", "value": value}]}]})
    assert {event.address.key, *(alias.key for alias in event.aliases)} == set(sender.values())
    assert event.name == ""


@pytest.mark.parametrize("again", [0, 3])
def test_an_address_is_void_when_three_messages_in_a_row_cannot_be_delivered(again):
    one = reader()

    def failed(wamid, word="failed", code=131026):
        status = {"id": wamid, "status": word, "recipient_id": "923001112233", "timestamp": "1787203801"}
        status |= {"errors": [{"code": code}]} if word == "failed" else {}
        return [
            e.kind
            for e in one.read({"entry": [{"changes": [{"value": {"statuses": [status] * (1 + again)}}]}]})
        ]

    assert "blocked" not in failed("wamid.1") + failed("wamid.2") + failed("wamid.9", "delivered")
    assert "blocked" not in failed("wamid.3") + failed("wamid.3") + failed("wamid.4")
    assert "blocked" in failed("wamid.5")
