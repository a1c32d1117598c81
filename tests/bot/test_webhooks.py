"""The doors: who may come in, what is refused how, and what a provider's reports change."""

import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from services.domain.conversation import Address
from tests.fakes.doors import DOORS, membership, opt, post, proof
from tests.fakes.phones import MetaPhone, TelegramPhone, TwilioPhone, person, reached

LATER = datetime(2100, 1, 1, tzinfo=UTC)


async def nothing_was_kept(house):
    return await house.world.inbox.open(older_than=LATER) == [] and await house.world.users.counts() == {}


@pytest.mark.parametrize("channel", DOORS)
async def test_without_a_proof_nobody_comes_in_and_nothing_is_kept(house, channel):
    bodies = [
        b"",
        b"{}",
        b"not json",
        b"\xff\xfe",
        json.dumps(TelegramPhone(house).typed(1, "Hi")).encode(),
        b"Body=Hi&From=x",
    ]
    headers = [
        {},
        {
            "X-Telegram-Bot-Api-Secret-Token": "wrong",
            "X-Hub-Signature-256": "sha256=00",
            "X-Twilio-Signature": "AAAA",
        },
        {"X-Telegram-Bot-Api-Secret-Token": "", "X-Hub-Signature-256": "", "X-Twilio-Signature": ""},
        {"X-Telegram-Bot-Api-Secret-Token": "tg-hook-secre", "X-Hub-Signature-256": "sha1=" + "0" * 40},
    ]
    for given in headers:
        for body in bodies:
            assert await post(house, DOORS[channel], body, given) == 403
    assert await nothing_was_kept(house)


async def test_a_signature_of_another_body_or_path_is_refused(house):
    twilio = TwilioPhone(house)
    form = twilio.typed(1, "Hi")
    status, _ = await house.twilio.deliver(
        house.session, house.url, form, public_url="https://elsewhere.example", path=DOORS["twilio"]
    )
    assert status == 403
    good = json.dumps(MetaPhone(house).typed(1, "Hi")).encode()
    assert await post(house, DOORS["meta"], good + b" ", proof(house, "meta", good)) == 403
    assert await nothing_was_kept(house)


async def test_spoofed_proxy_headers_change_nothing_for_twilio(house):
    form = TwilioPhone(house).typed(2, "Hi")
    signature = house.twilio.signature(house.url + DOORS["twilio"], list(form.items()))
    headers = {
        "X-Twilio-Signature": signature,
        "Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil",
    }
    assert await post(house, DOORS["twilio"], form, headers) == 200


@pytest.mark.parametrize(
    ("channel", "missing"),
    [
        ("telegram", {"telegram_secret": SecretStr("")}),
        ("telegram", {"telegram_secret": SecretStr(" , ")}),
        ("telegram", {"telegram_token": SecretStr("")}),
        ("twilio", {"twilio_token": SecretStr("")}),
        ("twilio", {"twilio_sid": ""}),
        ("twilio", {"public_url": ""}),
        ("meta", {"meta_app_secret": SecretStr("")}),
        ("meta", {"meta_token": SecretStr(""), "public_url": ""}),
    ],
)
async def test_a_door_without_its_keys_is_not_there(open_house, channel, missing):
    async with open_house(**missing) as house:
        empty = hmac.new(b"", b"{}", hashlib.sha256).hexdigest()
        for headers in (
            {},
            {"X-Telegram-Bot-Api-Secret-Token": "", "X-Hub-Signature-256": f"sha256={empty}"},
        ):
            assert await post(house, DOORS[channel], b"{}", headers) == 404
        if channel == "twilio":
            assert await post(house, "/webhooks/twilio/status", b"{}") == 404
        if channel == "meta":
            async with house.session.get(house.url + DOORS["meta"]) as answer:
                assert answer.status == 404
        assert await nothing_was_kept(house)


async def challenge(house, **query):
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "verify-word"}
    asked |= {f"hub.{name}": value for name, value in query.items()}
    async with house.session.get(house.url + DOORS["meta"], params=asked) as answer:
        return answer.status, await answer.text()


async def test_metas_challenge(house):
    assert await challenge(house) == (200, "1158201444")
    assert (await challenge(house, verify_token="wrong"))[0] == 403
    assert (await challenge(house, verify_token=""))[0] == 403
    assert (await challenge(house, mode="unsubscribe"))[0] == 403


async def test_metas_challenge_without_a_word_is_closed(open_house):
    async with open_house(meta_verify_token=SecretStr("")) as house:
        assert (await challenge(house))[0] == 404


@pytest.mark.parametrize("channel", DOORS)
async def test_a_body_of_three_megabytes_is_read_and_one_of_ten_refused(house, channel):
    large = b'{"padding":"' + b"x" * 3_000_000 + b'"}'
    expected = 403 if channel == "twilio" else 200  # its proof covers the fields, and here there are none
    assert await post(house, DOORS[channel], large, proof(house, channel, large)) == expected
    huge = b"x" * 10_000_000
    assert await post(house, DOORS[channel], huge, proof(house, channel, huge)) == 413
    assert await nothing_was_kept(house)


def malformed(channel):
    from prometheus_client import REGISTRY

    value = REGISTRY.get_sample_value("marketbyte_received_total", {"channel": channel, "kind": "malformed"})
    return value or 0.0


@pytest.mark.parametrize("channel", ["telegram", "meta"])
@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b'{"entry": 7}', b"{", b"\xff", b'{"update_id": "x"}', b"[" * 5000]
)
async def test_what_is_proved_but_unreadable_is_acknowledged_and_counted(house, channel, body):
    before = malformed(channel)
    assert await post(house, DOORS[channel], body, proof(house, channel, body)) == 200
    assert malformed(channel) == before + 1
    assert await nothing_was_kept(house)


async def test_a_mistake_in_our_own_reader_does_not_make_the_provider_repeat_itself(house, told, monkeypatch):
    def broken(_body, _content_type):
        raise KeyError("words of a person")

    monkeypatch.setattr(house.world.webhooks["telegram"], "parse", broken)
    before = malformed("telegram")
    assert await TelegramPhone(house).deliver({"update_id": 1}) == 200
    assert malformed("telegram") == before + 1
    assert "KeyError" in told()
    assert "words of a person" not in told()


async def test_an_empty_form_of_twilio_is_acknowledged_and_counted(house):
    before = malformed("twilio")
    assert await post(house, DOORS["twilio"], b"", proof(house, "twilio", b"")) == 200
    assert malformed("twilio") == before + 1


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "", "application/json; charset=latin-7", "nonsense"]
)
async def test_a_wrong_content_type_does_not_matter_if_the_proof_is_right(house, kind):
    body = json.dumps(TelegramPhone(house).typed(31, "Hi")).encode()
    headers = proof(house, "telegram", body) | {"Content-Type": kind}
    assert await post(house, DOORS["telegram"], body, headers) == 200
    await house.bot.dispatcher.drain(30)
    assert "Which language?" in TelegramPhone(house).listen().words()


async def test_one_poisoned_member_of_a_post_harms_none_of_the_others(house):
    first, second = MetaPhone(house, "923000000001", "PK.1"), MetaPhone(house, "923000000002", "PK.2")
    payload = first.typed(41, "Hi")
    entries = payload["entry"]
    entries.append(
        {
            "changes": [
                {"field": "messages", "value": {"messages": [{"id": 5, "from": {}, "type": ["x"]}, 7, None]}}
            ]
        }
    )
    entries.append({"changes": "none"})
    entries += second.typed(42, "Hi")["entry"]
    assert await first.deliver(payload) == 200
    await house.bot.dispatcher.drain(30)
    assert "Which language?" in first.listen().words()
    assert "Which language?" in second.listen().words()


async def test_a_telegram_block_and_unblock_is_followed_at_once(house):
    phone = await reached(TelegramPhone(house))
    assert await phone.deliver(membership(phone, 51, "kicked")) == 200
    assert (await person(phone)).inactive == (Address("telegram", phone.key),)
    assert await house.bot.services.broadcasts.count_reachable() == 0
    await phone.deliver(membership(phone, 52, "member"))
    assert (await person(phone)).inactive == ()
    assert await house.bot.services.broadcasts.count_reachable() == 1


async def test_who_writes_again_is_reachable_again(house):
    phone = await reached(TelegramPhone(house))
    house.telegram.blocked.add(phone.key)
    await phone.say("KSE100")  # our answer is refused with 403
    assert (await person(phone)).inactive == (Address("telegram", phone.key),)
    house.telegram.blocked.clear()
    await phone.say("KSE100")
    assert (await person(phone)).inactive == ()
    assert phone.heard
    await phone.deliver(membership(phone, 53, "kicked"))
    await phone.say("KSE100")
    assert (await person(phone)).inactive == ()


@pytest.mark.parametrize("phone", [TwilioPhone, MetaPhone])
async def test_stop_and_start_at_the_provider(house, phone):
    someone = await reached(phone(house))
    assert await opt(someone, 61, "STOP") == 200
    assert (await person(someone)).stage == "stopped"
    assert await opt(someone, 62, "START") == 200
    await house.bot.dispatcher.drain(30)
    assert (await person(someone)).stage == "active"


@pytest.mark.parametrize("phone", [TwilioPhone, MetaPhone])
async def test_whom_an_operator_blocked_does_not_get_back_in_by_stop(house, phone):
    someone = await reached(phone(house))
    await house.bot.services.users.block(await person(someone))
    await opt(someone, 63, "STOP")
    await opt(someone, 64, "START")
    await house.bot.dispatcher.drain(30)
    assert (await person(someone)).stage == "blocked"


async def test_a_status_of_the_stop_list_or_a_block_is_followed(house):
    stopped, blocked = await reached(TwilioPhone(house)), await reached(TwilioPhone(house, "+923330000001"))
    await stopped.status("SM9", "undelivered", "21610")
    await blocked.status("SM8", "failed", "63014")
    assert (await person(stopped)).stage == "stopped"
    assert (await person(blocked)).inactive == (Address("twilio", blocked.key),)
