"""The way in on bad days: a full house, a slow store, repeats, changes that came twice."""

import asyncio
import json
import time

import pytest
from pydantic import SecretStr

from services.domain.errors import Unavailable
from tests.fakes.doors import DOORS, membership, opt, proof
from tests.fakes.phones import MetaPhone, TelegramPhone, TwilioPhone, person, reached

PHONES = [TelegramPhone, TwilioPhone, MetaPhone]


class Stuck:
    """A handler of everything that waits until it is let go."""

    def __init__(self, house, monkeypatch) -> None:
        self.go, self.reached = asyncio.Event(), asyncio.Event()
        self.choose = house.bot.router.choose
        monkeypatch.setattr(house.bot.router, "choose", self.wait)

    async def wait(self, turn):
        self.reached.set()
        await self.go.wait()
        return await self.choose(turn)


async def headers_of(house, phone, payload):
    """Status and headers of one delivery."""
    body = json.dumps(payload).encode()
    url = house.url + DOORS[phone.channel]
    async with house.session.post(url, data=body, headers=proof(house, phone.channel, body)) as answer:
        return answer.status, answer.headers


def crowd(house, kind, count):
    if kind is TelegramPhone:
        return [TelegramPhone(house, 800_000 + n) for n in range(count)]
    if kind is TwilioPhone:
        return [TwilioPhone(house, f"+92300{n:07}") for n in range(count)]
    return [MetaPhone(house, f"92301{n:07}", f"PK.9{n}") for n in range(count)]


@pytest.mark.parametrize("kind", [TelegramPhone, MetaPhone])
async def test_a_full_house_turns_away_who_comes_again_and_hears_admins(open_house, kind, monkeypatch):
    boss = {TelegramPhone: "telegram:5550", MetaPhone: "whatsapp:+923335550000"}[kind]
    async with open_house(admins=(boss,)) as house:
        house.bot.dispatcher._most_in_hand = 10
        stuck = Stuck(house, monkeypatch)
        people = crowd(house, kind, 14)
        statuses = [await p.deliver(p.typed(7000 + n, "Hi")) for n, p in enumerate(people[:10])]
        assert statuses == [200] * 10
        late = people[10]
        status, headers = await headers_of(house, late, late.typed(7010, "Hi"))
        assert status == 503
        assert 1 <= int(headers["Retry-After"]) <= 3600
        assert await people[0].deliver(people[0].typed(7000, "Hi")) == 200, "what is in hand is no new burden"
        admin = (
            TelegramPhone(house, 5550) if kind is TelegramPhone else MetaPhone(house, "923335550000", "PK.B")
        )
        assert await admin.deliver(admin.typed(7099, "/status")) == 200
        for path in ("/healthz", "/metrics"):
            async with house.session.get(house.url + path) as answer:
                assert answer.status == 200
                text = await answer.text()
        assert f'marketbyte_received_total{{channel="{late.channel}",kind="shed"}}' in text
        stuck.go.set()
        await house.bot.dispatcher.drain(60)
        assert await late.deliver(late.typed(7010, "Hi")) == 200, "brought again, it is taken"
        await house.bot.dispatcher.drain(60)
        for somebody in [*people[:11], admin]:
            assert somebody.listen().heard, "nobody is forgotten"


async def test_twilio_does_not_come_again_so_it_is_always_kept(house, monkeypatch):
    house.bot.dispatcher._most_in_hand = 3
    stuck = Stuck(house, monkeypatch)
    people = crowd(house, TwilioPhone, 8)
    assert [await p.deliver(p.typed(7100 + n, "Hi")) for n, p in enumerate(people)] == [200] * 8
    stuck.go.set()
    await house.bot.dispatcher.drain(60)
    assert all(p.listen().heard for p in people)


class Slow:
    """The store's accepting, held up."""

    def __init__(self, inbox) -> None:
        self.inbox, self.go = inbox, asyncio.Event()

    async def __call__(self, inbound):
        await self.go.wait()
        return await self.inbox.accept(inbound)


@pytest.mark.parametrize("kind", PHONES)
async def test_a_slow_store_is_a_503_within_two_seconds_and_one_answer(house, kind, monkeypatch):
    slow = Slow(house.world.inbox)
    monkeypatch.setattr(house.inbox, "accept", slow)
    phone = crowd(house, kind, 1)[0]
    payload = phone.typed(7200, "Hi")
    began = time.monotonic()
    assert await asyncio.gather(phone.deliver(payload), phone.deliver(payload)) == [503, 503]
    assert time.monotonic() - began < 2
    slow.go.set()
    await asyncio.sleep(0.05)
    assert [await phone.deliver(payload) for _ in range(3)] == [200] * 3, "it is kept by now"
    await house.bot.dispatcher.drain(60)
    assert phone.listen().words().count("Which language?") == 1


async def test_a_store_that_goes_away_in_the_middle_of_a_turn_delays_it(house, monkeypatch):
    monkeypatch.setattr("bot.dispatcher.PAUSES", (0.01, 0.01, 0.01))
    commit, fails = house.world.turns.commit, iter([True, True])

    async def away(*given, **named):
        if next(fails, False):
            raise Unavailable("the database does not answer")
        return await commit(*given, **named)

    monkeypatch.setattr(house.world.turns, "commit", away)
    phone = TelegramPhone(house)
    await phone.say("Hi")
    assert phone.words().count("Which language?") == 1


@pytest.mark.parametrize("kind", [TwilioPhone, MetaPhone])
async def test_an_old_stop_that_comes_again_after_start_changes_nothing(house, kind):
    someone = await reached(kind(house))
    await opt(someone, 71, "STOP")
    await opt(someone, 72, "START")
    assert (await person(someone)).stage == "active"
    assert await opt(someone, 71, "STOP") == 200
    assert (await person(someone)).stage == "active"
    assert await opt(someone, 73, "STOP") == 200
    assert (await person(someone)).stage == "stopped"


async def test_an_old_block_that_comes_again_changes_nothing(house):
    phone = await reached(TelegramPhone(house))
    await phone.deliver(membership(phone, 81, "kicked"))
    await phone.deliver(membership(phone, 82, "member"))
    await phone.deliver(membership(phone, 81, "kicked"))
    assert (await person(phone)).inactive == ()


async def test_fifty_repeats_from_all_sides_are_one_answer(house):
    phones = crowd(house, TelegramPhone, 5)
    payloads = [(p, p.typed(7300 + n, "Hi")) for n, p in enumerate(phones)]
    statuses = await asyncio.gather(*(p.deliver(payload) for _ in range(50) for p, payload in payloads))
    assert set(statuses) == {200}
    await house.bot.dispatcher.drain(60)
    assert [p.listen().words().count("Which language?") for p in phones] == [1] * 5


async def test_a_body_that_says_it_is_ten_megabytes_is_not_waited_for(house):
    reader, writer = await asyncio.open_connection(*house.url.removeprefix("http://").split(":"))
    writer.write(b"POST /webhooks/meta HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n{")
    line = await asyncio.wait_for(reader.readline(), 5)
    assert b" 413 " in line
    writer.close()


async def test_a_chat_that_is_stuck_delays_no_other(house, monkeypatch):
    first, second = crowd(house, TelegramPhone, 2)
    stuck = Stuck(house, monkeypatch)
    await first.deliver(first.typed(7400, "Hi"))
    await first.deliver(first.typed(7401, "English"))
    await stuck.reached.wait()
    monkeypatch.setattr(house.bot.router, "choose", stuck.choose)
    await second.deliver(second.typed(7402, "Hi"))
    for _ in range(500):
        if "Which language?" in second.listen().words():
            break
        await asyncio.sleep(0.01)
    assert "Which language?" in second.words()
    assert not first.listen().heard
    stuck.go.set()
    await house.bot.dispatcher.drain(60)
    assert first.listen().words().index("Which language?") >= 0


async def test_a_closed_door_stays_closed(open_house):
    async with open_house(telegram_secret=SecretStr("")) as house:
        assert await TelegramPhone(house).deliver({"update_id": 1}) == 404


@pytest.mark.parametrize("kind", PHONES)
async def test_who_waits_sees_typing_within_a_second_and_nothing_after_the_answer(house, kind, monkeypatch):
    phone = crowd(house, kind, 1)[0]
    stuck, shown = Stuck(house, monkeypatch), []
    typing = house.world.sender.typing

    async def noted(inbound, sign="typing"):
        shown.append((asyncio.get_running_loop().time(), inbound.address.key))
        await typing(inbound, sign)

    monkeypatch.setattr(type(house.world.sender), "typing", lambda _self, *given: noted(*given))
    began = asyncio.get_running_loop().time()
    await phone.deliver(phone.typed(7500, "Hi"))
    await asyncio.sleep(1.5)
    assert len(shown) == 1
    assert shown[0][0] - began <= 1.2
    stuck.go.set()
    await house.bot.dispatcher.drain(30)
    assert phone.listen().heard
    await phone.deliver(phone.typed(7501, "English"))
    await house.bot.dispatcher.drain(30)
    await asyncio.sleep(1.2)
    assert len(shown) == 1, "a quick answer shows nothing, and nothing is shown behind an answer"
