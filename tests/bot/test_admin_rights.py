"""Who is an operator: the verified platform id alone, on every channel; and an announcement that reaches everybody once."""

import json

import pytest

from services.domain.conversation import Address
from tests.fakes.phones import MetaPhone, TelegramPhone, TwilioPhone, person, reached

BOSS = 7001
ADMINS = (f"telegram:{BOSS}", "whatsapp:+923110000001", "whatsapp: 92 311-0000002")
COMMANDS = [
    "/status",
    "/users",
    "/run morning_brief",
    "/announce Hello",
    "/pause",
    "/resume",
    "/holiday 2026-12-24 Eid",
    "/tickets",
]
TEMPLATES = {"announcement": "HX" + "a" * 32}
META_TEMPLATES = {"announcement": {"name": "mb_announcement", "language": "en"}}


@pytest.fixture
def managed(open_house):
    """A house with administrators."""

    def opened(**more):
        return open_house(admins=ADMINS, **more)

    return opened


def is_operator_talk(words):
    return any(
        sign in words
        for sign in (
            "Dry run",
            "Status",
            "Users",
            "Outbox",
            "outbox",
            "Paused:",
            "you declared",
            "Tickets",
            "due,",
        )
    )


async def test_an_administrator_on_telegram_runs_the_bot(managed):
    async with managed() as house:
        boss = TelegramPhone(house, BOSS, name="Boss")
        await boss.say("/status")
        assert "sample data, 20 Aug 2026" in boss.words()
        await boss.say("/users")
        assert "new" in boss.words()
        await boss.say("/pause")
        assert await house.world.operations.paused()
        await boss.say("/resume")
        assert not await house.world.operations.paused()
        await boss.say("/holiday 2026-12-24 Eid")
        assert "Eid" in boss.words()
        await boss.say("/run housekeeping")
        assert "files removed" in boss.words()
        other = await reached(TelegramPhone(house, 8001))
        await boss.say(f"/block telegram:{other.key}")
        await other.say("KSE100")
        assert other.heard == []
        await boss.say(f"/unblock telegram:{other.key}")
        await other.say("KSE100")
        assert other.heard


@pytest.mark.parametrize(
    "name", ["Boss", f"telegram:{BOSS}", str(BOSS), "admin-000000000000", "MarketByte Admin"]
)
async def test_another_id_gets_the_menu_whatever_it_is_called(managed, name):
    async with managed() as house:
        someone = await reached(TelegramPhone(house, 7002, name=name))
        await someone.say("/help")
        menu = someone.words()
        for command in COMMANDS:
            await someone.say(command)
            own = command in {"/pause", "/resume"}  # to everybody else these mean their own briefs
            assert own or someone.words() == menu, command
            assert not is_operator_talk(someone.words())
        assert not await house.world.operations.paused()
        assert await house.world.operations.holidays() == {}
        assert (await person(someone)).stage == "active"


async def test_a_stranger_gets_no_hint_of_the_commands(managed):
    async with managed() as house:
        stranger = TelegramPhone(house, 7003)
        for command in COMMANDS:
            await stranger.say(command)
            assert stranger.heard
            assert not is_operator_talk(stranger.words())


async def test_in_a_group_nobody_is_an_administrator_and_nothing_is_said(managed):
    async with managed() as house:
        boss = TelegramPhone(house, BOSS)
        group = {"id": -100500, "type": "supergroup", "title": "Boss and friends"}
        anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
        for number, sender in enumerate(({"id": BOSS, "is_bot": False, "first_name": "Boss"}, anonymous)):
            message = {"message_id": 1, "date": 1787203800, "chat": group, "from": sender, "text": "/pause"}
            message |= {"sender_chat": group} if sender is anonymous else {}
            assert await boss.deliver({"update_id": 600 + number, "message": message}) == 200
        post = {
            "message_id": 2,
            "date": 1787203800,
            "chat": {"id": BOSS, "type": "channel"},
            "text": "/pause",
        }
        assert await boss.deliver({"update_id": 610, "channel_post": post}) == 200
        edited = boss.typed(611, "/pause")
        edited["edited_message"] = edited.pop("message")
        assert await boss.deliver(edited) == 200
        await house.bot.dispatcher.drain(30)
        assert not await house.world.operations.paused()
        assert house.telegram.messages == []
        assert await house.world.users.counts() == {}


async def test_a_forged_press_of_an_administrators_button_does_nothing(managed):
    async with managed() as house:
        await reached(TelegramPhone(house, 7005))
        someone = await reached(TelegramPhone(house, 7004))
        house.telegram.messages.append({"chat_id": someone.key, "message_id": 1, "kind": "text", "plain": ""})
        for press in ("step/admin.announce?value=send", "status", "announce?value=x", "pause"):
            update = house.telegram.press_update(700 + len(press), someone.chat, press)
            await someone._speak(update)
            assert not is_operator_talk(someone.words())
        assert not [row for row in await house.outbox() if row["_id"].startswith("announce")]


@pytest.mark.parametrize("number", ["923110000001", "923110000002"])
async def test_on_whatsapp_the_verified_number_counts_however_the_setting_writes_it(managed, number):
    async with managed() as house:
        for boss in (
            MetaPhone(house, number, f"PK.5{number}"),
            MetaPhone(house, number, ""),
            TwilioPhone(house, f"+{number}"),
        ):
            await boss.say("/status")
            assert "sample data, 20 Aug 2026" in boss.words()


async def test_on_whatsapp_no_name_no_hidden_number_and_no_foreign_card_makes_an_administrator(managed):
    async with managed() as house:
        admin = "923110000001"
        for someone in (
            MetaPhone(house, admin, "PK.66", hidden=True),
            MetaPhone(house, "923119999999", f"PK.{admin}", name=f"whatsapp:+{admin}"),
            TwilioPhone(house, "+923118888888", name="whatsapp:+923110000001"),
            TwilioPhone(house, f"{admin}.PK"),
        ):
            await reached(someone)
            await someone.say("/pause")
            assert "Paused" not in someone.words()
        # A number in fields that the person, not the provider, fills.
        forged = TwilioPhone(house, "+923118888888").typed(77_000_077, "/pause") | {
            "WaId": admin,
            "Author": f"whatsapp:+{admin}",
        }
        await TwilioPhone(house, "+923118888888").deliver(forged)
        # Another person's contact card beside the message.
        boss, thief = MetaPhone(house, admin, "PK.1"), MetaPhone(house, "923117777777", "")
        await boss.say("/help")
        payload = thief.typed(77_000_078, "/pause")
        payload["entry"][0]["changes"][0]["value"]["contacts"] = [
            {"wa_id": admin, "user_id": "PK.1", "profile": {"name": "Boss"}}
        ]
        await thief.deliver(payload)
        await house.bot.dispatcher.drain(30)
        assert not await house.world.operations.paused()
        assert not house.world.is_admin(Address("meta", ""))
        assert await person(thief) is not None, "somebody of his own"
        assert (await person(thief)).id != (await person(boss)).id
        await boss.say("/status")
        assert "sample data, 20 Aug 2026" in boss.words()


async def announce(house, text):
    boss = TelegramPhone(house, BOSS)
    await boss.say(f"/announce {text}")
    assert "Dry run" in boss.words()
    await boss.press("Send it")
    return boss


async def test_an_announcement_reaches_every_channel_once_and_by_template_outside_the_window(managed):
    templates = {"twilio_templates": json.dumps(TEMPLATES), "meta_templates": json.dumps(META_TEMPLATES)}
    async with managed(**templates) as house:
        house.twilio.contents = {TEMPLATES["announcement"]: 2}
        house.meta.templates = {"mb_announcement": 2}
        inside = [
            await reached(TelegramPhone(house, 9001)),
            await reached(TwilioPhone(house)),
            await reached(MetaPhone(house)),
        ]
        outside = [
            await reached(TwilioPhone(house, "+923450000001")),
            await reached(MetaPhone(house, "923450000002", "PK.45")),
        ]
        house.twilio.shut.add(outside[0].key)
        house.meta.shut |= {outside[1].key, "+923450000002"}
        before = {p: len(p.listen().heard) for p in (*inside, *outside)}
        await announce(house, "Holiday on Monday\nNo brief that day")
        for _ in range(3):
            await house.bot.outbox.sweep(("telegram", "twilio", "meta"))
        for someone, heard in before.items():
            someone.heard = someone.listen().heard[heard:]
            assert len(someone.heard) == 1, someone.channel
            assert "Holiday on Monday" in someone.words()
        assert outside[0].heard[0]["ContentSid"] == TEMPLATES["announcement"]
        assert outside[1].heard[0]["type"] == "template"
        assert {row["state"] for row in await house.outbox(_id={"$regex": "^announce"})} == {"accepted"}


async def test_without_a_template_the_announcement_fails_with_its_reason_and_is_not_tried_again(managed):
    async with managed() as house:
        inside = await reached(TelegramPhone(house, 9001))
        shut = [await reached(TwilioPhone(house)), await reached(MetaPhone(house))]
        house.twilio.shut.add(shut[0].key)
        house.meta.shut |= {shut[1].key}
        before = {p: len(p.listen().heard) for p in shut}
        await announce(house, "Hello all")
        for _ in range(3):
            await house.bot.outbox.sweep(("telegram", "twilio", "meta"))
        failed = await house.outbox(_id={"$regex": "^announce"}, channel={"$ne": "telegram"})
        assert [row["state"] for row in failed] == ["failed", "failed"]
        assert all("no template is set up" in row["reason"] for row in failed)
        assert await house.world.campaigns.halted() == {}, "it stops nobody else's"
        assert "Hello all" in inside.listen().words()
        assert all(len(p.listen().heard) == before[p] for p in shut)


async def test_pressing_send_twice_announces_once(managed):
    async with managed() as house:
        someone = await reached(TelegramPhone(house, 9001))
        boss = TelegramPhone(house, BOSS)
        await boss.say("/announce Hello")
        press = boss.pressed(990, "Send it")
        await boss._speak(press)
        assert "1 users" in boss.words()
        await boss._speak(press)
        again = dict(press, update_id=991)
        await boss._speak(again)
        await house.bot.outbox.sweep()
        assert sum("Hello" in m["plain"] for m in someone.listen().heard) == 1
