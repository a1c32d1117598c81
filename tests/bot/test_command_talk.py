"""Commands through the real doors: typed as phones type them, in captions, edited, and meant for another bot."""

import pytest

from tests.fakes.phones import MetaPhone, TelegramPhone, TwilioPhone, reached

PHONES = [TelegramPhone, TwilioPhone, MetaPhone]


TYPED = [
    "/portfolio",
    "／portfolio",
    "／ＰＯＲＴＦＯＬＩＯ",
    "\u200f/Portfolio\u200f",
    "\u2067/PORTFOLIO\u2069 ",
]


@pytest.mark.parametrize("phone", PHONES)
async def test_a_command_is_understood_however_it_is_typed(house, phone):
    person = await reached(phone(house))
    for typed in TYPED:
        await person.say(typed)
        assert "100.0%" in person.words(), typed


@pytest.mark.parametrize("phone", PHONES)
async def test_digits_of_urdu_and_arabic_keyboards_are_digits(house, phone):
    person = await reached(phone(house))
    for typed in ("/alert LUCK above ۹۹۹۹", "/alert LUCK above ٩٩٩٨", "/alert LUCK above ９９９７"):
        await person.say(typed)
    (user,) = [user async for user in house.world.users.page()]
    levels = sorted(alert.value for alert in await house.world.alerts.of(user.id))
    assert [level.partition(".")[0] for level in levels] == ["9997", "9998", "9999"]


async def test_an_operators_announcement_keeps_its_own_digits_and_signs(open_house):
    async with open_house(admins=("telegram:7001",)) as house:
        boss = await reached(TelegramPhone(house, 7001))
        await boss.say("／announce کل ۹:۳۰ بجے، \u200fان شاء اللہ")
        assert "کل ۹:۳۰ بجے، \u200fان شاء اللہ" in boss.words()


def photo(person, number, caption, **more):
    """A picture with a caption, as Telegram brings it."""
    update = person.typed(number, "")
    del update["message"]["text"]
    sizes = [{"file_id": "f1", "file_unique_id": "u1", "width": 90, "height": 90}]
    update["message"] |= {"photo": sizes, "caption": caption} | more
    return update


async def test_a_command_in_a_caption_is_run(house):
    person = await reached(TelegramPhone(house))
    before = len(person.listen().heard)
    await person.deliver(photo(person, 5001, "/portfolio"))
    await house.bot.dispatcher.drain(30)
    person.heard = person.listen().heard[before:]
    assert "100.0%" in person.words()


async def test_an_edit_runs_nothing_again(house):
    person = await reached(TelegramPhone(house))
    await person.say("/portfolio")
    before = len(person.listen().heard)
    for text in ("/portfolio", "/delete", "/stop"):
        update = person.typed(5100 + len(text), text)
        update["edited_message"] = update.pop("message") | {"edit_date": 1787203900}
        assert await person.deliver(update) == 200
    await house.bot.dispatcher.drain(30)
    assert len(person.listen().heard) == before
    (user,) = [user async for user in house.world.users.page()]
    assert user.stage == "active"


async def test_a_command_for_another_bot_is_not_ours(house):
    person = await reached(TelegramPhone(house))
    await house.bot.introduce(house.url)
    before = len(person.listen().heard)
    await person.say("/portfolio@another_bot")
    assert len(person.listen().heard) == before
    await person.say("/portfolio@MarketByte_Bot")
    assert "100.0%" in person.words()
