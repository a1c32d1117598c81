"""An operator hears of trouble once an hour a kind, over a way that still works, and trouble never makes more trouble."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.alarms import KINDS, Alarms
from services.domain.conversation import Address
from services.domain.errors import Unavailable
from services.domain.users import User

NOON = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)
BOSS = Address("telegram", "7001")
PHONE = Address("twilio", "whatsapp:+923001234567")
PAGE = Address("web", "page-1")


class Ticking:
    at = NOON

    def now(self):
        return self.at


class Shelf:
    """Keeps messages once by their key, as the outbox store does; may be away."""

    def __init__(self):
        self.kept, self.down, self.asked = {}, False, 0

    async def put(self, outbounds):
        self.asked += 1
        if self.down:
            raise Unavailable("the database does not answer")
        for outbound in outbounds:
            self.kept.setdefault(outbound.key, outbound)


class People:
    def __init__(self, *users):
        self.users = users

    async def by_address(self, address):
        return next((user for user in self.users if address in user.addresses), None)


class Counted:
    def __init__(self):
        self.seen = []

    def add(self, what, *, channel="", kind="", code="", count=1):
        self.seen.append((what, channel, kind))


def person(*addresses, **more):
    return User(id="u1", addresses=addresses, created_at=NOON, **more)


@pytest.fixture
def office():
    class Office:
        clock, shelf, lines, counts = Ticking(), Shelf(), [], Counted()

        def alarms(self, *admins, users=None):
            known = People(person(BOSS)) if users is None else users
            return Alarms(
                admins=admins or (BOSS,), put=self.shelf.put, users=known, clock=self.clock,
                tell=lambda kind, detail: self.lines.append((kind, detail)), counts=self.counts,
            )  # fmt: skip

    return Office()


async def test_an_alarm_is_a_line_a_count_and_one_message(office):
    await office.alarms().sound(
        "account:twilio", "twilio refused the message (code 20003): check our account"
    )
    (message,) = office.shelf.kept.values()
    assert message.address == BOSS
    assert message.user_id == "u1"
    assert message.lane == "interactive"
    assert message.template is None
    assert message.expires_at == NOON + timedelta(hours=6)
    (text,) = message.reply.blocks
    assert text.text.startswith("*Alarm: account (twilio)* 20 Aug 2026")
    assert "code 20003" in text.text
    assert office.lines == [("account:twilio", "twilio refused the message (code 20003): check our account")]
    assert office.counts.seen == [("alarm", "twilio", "account")]


async def test_a_storm_of_one_kind_is_one_message_an_hour(office):
    alarms = office.alarms()
    await asyncio.gather(*(alarms.sound("poison", f"payload {n}") for n in range(100)))
    assert len(office.shelf.kept) == 1
    assert len(office.lines) == 1
    assert office.counts.seen == [("alarm", "", "poison")] * 100
    office.clock.at = NOON + timedelta(minutes=59)
    await alarms.sound("poison", "still")
    assert len(office.shelf.kept) == 1
    office.clock.at = NOON + timedelta(hours=1)
    await alarms.sound("poison", "again")
    assert len(office.shelf.kept) == 2


async def test_two_processes_tell_the_same_trouble_once(office):
    await asyncio.gather(*(office.alarms().sound("full", "no room") for _ in range(4)))
    assert len(office.shelf.kept) == 1


async def test_kinds_and_channels_are_told_apart(office):
    alarms = office.alarms()
    for kind in ("account:twilio", "account:meta", "template:meta"):
        await alarms.sound(kind, "x")
    assert len(office.shelf.kept) == 3


async def test_every_operator_is_told_who_ever_wrote_to_us(office):
    stranger = Address("telegram", "9999")
    other = replace(person(PHONE), id="u2")
    await office.alarms(BOSS, PHONE, stranger, users=People(person(BOSS), other)).sound("code:meta", "x")
    assert {o.address for o in office.shelf.kept.values()} == {BOSS, PHONE}


async def test_an_alarm_about_a_channel_takes_another_way(office):
    linked = People(person(BOSS, PAGE, PHONE))
    await office.alarms(users=linked).sound("account:telegram", "x")
    (message,) = office.shelf.kept.values()
    assert message.address == PHONE
    assert message.template.name == "announcement", "its 24 hours may be over"
    assert "account (telegram)" in message.template.parameters[1]


async def test_a_void_way_is_not_taken_and_without_another_it_waits_on_its_own(office):
    linked = People(person(BOSS, PHONE, inactive=(PHONE,)))
    await office.alarms(users=linked).sound("account:telegram", "x")
    (message,) = office.shelf.kept.values()
    assert message.address == BOSS


async def test_with_the_store_away_nothing_is_raised_and_the_next_one_tries_again(office):
    alarms = office.alarms()
    office.shelf.down = True
    await alarms.sound("mongodb", "x")
    assert office.lines == [("mongodb", "x")]
    office.shelf.down = False
    await alarms.sound("mongodb", "x")
    assert len(office.shelf.kept) == 1


async def test_without_operators_it_is_told_in_the_log_alone(office):
    await office.alarms(users=People()).sound("full", "x")
    assert office.shelf.kept == {}
    assert office.lines == [("full", "x")]


async def test_numbers_of_people_and_senseless_lengths_never_get_into_it(office):
    await office.alarms().sound("Code:Meta; DROP", f"refused +923001234567 and 7654321098 {'x' * 900}")
    (message,) = office.shelf.kept.values()
    (kind, detail) = office.lines[0]
    assert "92300" not in detail
    assert "76543" not in detail
    assert len(detail) <= 300
    assert detail in message.reply.blocks[0].text
    assert kind == "code:meta_drop"
    assert "20003" not in KINDS
