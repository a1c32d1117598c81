"""Meta: each code as what it means, whichever way it comes, and what is remembered of a person."""

from dataclasses import replace

import pytest

from bot.channels.late import judge
from bot.channels.meta_codes import CODES, REFUSALS
from bot.channels.wire import Fate
from services.domain.conversation import Address, Picture, Reply, Text, Voice
from services.domain.errors import (
    AccountRefused,
    DeliveryFailed,
    HeldBack,
    NotOurs,
    OptedOut,
    RecipientGone,
    TemplateRefused,
    TooFast,
    WindowClosed,
)
from tests.fakes.sender import free

HIRA = Address("meta", "PK.5511002200")
NUMBER = "923001112233"

# code, HTTP status -> class, permanent, ambiguous, scope
MEANINGS = [
    (131047, 400, WindowClosed, True, False, "message"),
    (131050, 400, OptedOut, True, False, "chat"),
    (131049, 400, HeldBack, True, False, "chat"),
    (130472, 400, HeldBack, True, False, "chat"),
    (131056, 400, TooFast, False, False, "chat"),
    (130429, 429, TooFast, False, False, "sender"),
    (131048, 400, TooFast, False, False, "sender"),
    (80007, 400, TooFast, False, False, "account"),
    (4, 400, TooFast, False, False, "account"),
    *[(code, 400, TemplateRefused, True, False, "message")
      for code in (132000, 132005, 132007, 132012, 132015, 132016, 132018, 132068, 132069, 132999)],
    *[(code, 400, AccountRefused, False, False, "account") for code in (190, 10, 200, 299, 131031, 368, 131042, 133010)],
    (131000, 500, DeliveryFailed, False, False, "message"),
    (133004, 503, DeliveryFailed, False, False, "message"),
    (131026, 400, DeliveryFailed, True, False, "message"),
    (131008, 400, DeliveryFailed, True, False, "message"),
    (987654, 400, DeliveryFailed, True, False, "message"),  # nobody knows it: final for this message, told by its code
    (987654, 500, DeliveryFailed, False, False, "message"),
    (None, 429, TooFast, False, False, "sender"),
    (None, 401, AccountRefused, False, False, "account"),
    (None, 502, DeliveryFailed, False, False, "message"),
    (None, 504, DeliveryFailed, False, True, "message"),
]  # fmt: skip


@pytest.mark.parametrize("row", MEANINGS, ids=lambda row: f"{row[0]}-{row[1]}")
async def test_behaviour_31_a_code_in_an_answer(meta, meta_api, shelf, outbound, row):
    code, status, *meaning = row
    meta_api.next = [(status, {"error": {"code": code, "message": "to +923001112233 secret words"}})]
    with pytest.raises(DeliveryFailed) as caught:
        await meta.send(outbound("meta", NUMBER, Text("secret words")), shelf, free)
    error = caught.value
    assert [type(error), error.permanent, error.ambiguous, error.scope] == meaning
    assert error.code == str(code or status)
    assert NUMBER not in str(error)
    assert "secret words" not in str(error)


@pytest.mark.parametrize("row", [row for row in MEANINGS if row[0] in REFUSALS], ids=lambda row: row[0])
def test_behaviour_31_the_same_code_by_a_status(row):
    error = judge("meta", str(row[0]))
    assert (type(error), error.permanent, error.scope, error.code) == (row[2], row[3], row[5], str(row[0]))
    assert error.wait == (3600.0 if row[0] == 131048 else error.wait)


@pytest.mark.parametrize("code", ["", "x", "987654", "٣", "9" * 400])
def test_a_code_that_nobody_knows_is_final_for_its_message(code):
    error = judge("meta", code)
    assert (type(error), error.permanent, error.code) == (DeliveryFailed, True, code)


def test_every_code_has_one_meaning_and_is_told_to_the_alarms():
    assert {str(code) for code in REFUSALS} == CODES
    assert {REFUSALS[code] for code in (131031, 368, 131042)} == {Fate.ACCOUNT}


async def test_behaviour_30_one_person_too_fast_waits_ever_longer_until_something_goes_through(
    meta, meta_api, shelf, outbound
):
    waits = []
    refused = (400, {"error": {"code": 131056}})
    for answer in (refused, refused, refused, None, refused):
        meta_api.next = [answer] if answer else []
        try:
            await meta.send(outbound("meta", NUMBER, Text("hi")), shelf, free)
        except TooFast as error:
            waits.append(error.wait)
    assert waits == [6.0, 16.0, 64.0, 6.0]


async def test_behaviour_30_the_number_and_the_account_wait_as_long_as_meta_says(
    meta, meta_api, shelf, outbound
):
    found = []
    for code, headers in (
        (131048, {}),
        (
            80007,
            {"X-Business-Use-Case-Usage": '{"1":[{"type":"whatsapp","estimated_time_to_regain_access":7}]}'},
        ),
        (80007, {"X-Business-Use-Case-Usage": "nonsense"}),
        (130429, {"Retry-After": "9"}),
    ):
        meta_api.next = [(400, {"error": {"code": code}}, headers)]
        with pytest.raises(TooFast) as caught:
            await meta.send(outbound("meta", NUMBER, Text("hi")), shelf, free)
        found.append((caught.value.scope, caught.value.wait))
    assert found == [("sender", 3600.0), ("account", 420.0), ("account", 60.0), ("sender", 9.0)]


async def test_behaviour_31_undeliverable_once_is_a_message_and_three_times_nobody(
    meta, meta_api, shelf, outbound
):
    meta_api.nobody.add(NUMBER)
    kinds = []
    for key in ("k1", "k1", "k2", "k3"):
        with pytest.raises(DeliveryFailed) as caught:
            await meta.send(outbound("meta", NUMBER, Text("hi"), key=key), shelf, free)
        kinds.append(type(caught.value))
    assert kinds == [DeliveryFailed] * 3 + [RecipientGone]


@pytest.mark.parametrize("key", ["former:abc", "", "+92300", "pk.1", "0x1", "９２"])
async def test_an_address_at_which_nobody_can_be_is_not_asked_for(meta, meta_api, shelf, outbound, key):
    with pytest.raises(RecipientGone):
        await meta.send(outbound("meta", key, Text("hi")), shelf, free)
    assert meta_api.messages == meta_api.strays == []


async def test_behaviour_26_an_answer_lost_behind_an_acceptance_is_unsure(meta, meta_api, shelf, outbound):
    meta_api.next = [None, "taken"]
    with pytest.raises(DeliveryFailed) as caught:
        await meta.send(outbound("meta", HIRA.key, Text("one"), Text("two")), shelf, free)
    assert caught.value.ambiguous
    assert caught.value.done == ("wamid.fake0",), "the first part is known to be there"
    assert len(meta_api.messages) == 2


async def test_behaviour_25_sending_goes_on_behind_what_is_done(meta, meta_api, shelf, outbound):
    message = outbound("meta", HIRA.key, Text("one"), Voice(shelf.ogg, 3.0), done=("wamid.before",))
    receipt = await meta.send(message, shelf, free)
    assert receipt.refs == ("wamid.before", "wamid.fake0")
    assert [m["type"] for m in meta_api.messages] == ["audio"]


async def test_the_gate_is_asked_before_every_message_and_never_before_an_upload(
    meta, meta_api, shelf, outbound
):
    seen = []

    async def gate():
        seen.append((len(meta_api.messages), meta_api.uploads))
        if len(seen) == 3:
            raise NotOurs("paused")

    message = outbound("meta", HIRA.key, Text("one"), Picture(shelf.png), Text("three"))
    with pytest.raises(NotOurs):
        await meta.send(message, shelf, gate)
    assert seen == [(0, 0), (1, 1), (2, 1)]
    assert len(meta_api.messages) == 2


@pytest.mark.parametrize("code", ["131000", "131056", "130429"])
async def test_behaviour_31_what_failed_late_for_the_moment_goes_again_once_behind_what_stands(
    meta, meta_api, shelf, outbound, code
):
    sent = outbound("meta", HIRA.key, Text("one"), Voice(shelf.ogg, 3.0), done=("wamid.1", "wamid.2"))
    again = await meta.instead(sent, code, "wamid.2")
    assert (again.key, again.done, again.reply) == ("reply:e:0:again", ("wamid.1",), sent.reply)
    await meta.send(again, shelf, free)
    assert [m["type"] for m in meta_api.messages] == ["audio"]
    assert await meta.instead(replace(again, done=("wamid.1", "wamid.3")), code, "wamid.3") is None, "once"
    assert await meta.instead(sent, code, "wamid.1") is None, "the second part would come twice"
    sealed = replace(sent, reply=replace(sent.reply, sealed=True))
    assert await meta.instead(sealed, code, "wamid.2") is None, "its words are kept nowhere"
    assert await meta.instead(sent, "131026", "wamid.2") is None


async def test_behaviour_37_a_medium_refused_late_goes_up_anew_once_and_then_come_its_words(
    meta, meta_api, shelf, outbound
):
    voice = Voice(shelf.ogg, 3.0, "What was said.")
    sent = outbound("meta", HIRA.key, Text("one"), Picture(shelf.png, "by sector"), voice)
    refs = (await meta.send(sent, shelf, free)).refs
    sent = outbound("meta", HIRA.key, *sent.reply.blocks, done=refs)
    again = await meta.instead(sent, "131053", refs[2])
    assert again.reply == Reply((voice,))
    assert again.key != sent.key
    uploads = meta_api.uploads
    refs = (await meta.send(again, shelf, free)).refs
    assert meta_api.uploads == uploads + 1, "whatever id it had was of no use"
    words = await meta.instead(outbound("meta", HIRA.key, voice, key=again.key), "131053", refs[0])
    assert words.reply == Reply((Text("What was said."),))
    assert await meta.instead(words, "131053", "wamid.x") is None
