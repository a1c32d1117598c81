"""Who is who through the real doors: numbers that appear, hide, move and change hands; stops by every way; bad news."""

import pytest

from bot.channels.base import Recent
from services.domain.conversation import Address
from services.domain.portfolio import Portfolio
from tests.fakes.phones import MetaPhone, person, reached

NUMBER, OTHER = "923001112233", "923009998877"
BOSS = "923110000001"


async def one(house, channel, key):
    return await house.bot.services.users.by_address(Address(channel, key))


def system(house, **told):
    message = {
        "from": NUMBER,
        "id": "wamid.moved",
        "timestamp": "1787203900",
        "type": "system",
        "system": told,
    }
    return house.meta.payload(message)


async def test_behaviour_20_one_person_while_the_number_appears_and_hides(open_house):
    async with open_house() as house:
        first = await reached(MetaPhone(house, NUMBER, ""))
        before = await person(first)
        for later in (MetaPhone(house, NUMBER, "PK.1"), MetaPhone(house, NUMBER, "PK.1", hidden=True)):
            await later.say("portfolio")
            assert "MEBL" in later.words()
            assert (await person(later)).id == before.id
        counts = await house.world.users.counts()
        assert sum(counts.values()) == 1


async def test_behaviour_20_a_used_number_shows_a_stranger_nothing(open_house):
    async with open_house() as house:
        owner = await reached(MetaPhone(house, NUMBER, "PK.1"))
        before = await person(owner)
        stranger = MetaPhone(house, NUMBER, "PK.2")
        await stranger.say("portfolio")
        assert "MEBL" not in stranger.words()
        assert (await person(stranger)).id != before.id
        assert (await person(stranger)).portfolio == Portfolio()
        assert (await one(house, "meta", "PK.1")).portfolio == before.portfolio


@pytest.mark.parametrize(
    ("told", "after"),
    [
        ({"type": "user_changed_number", "wa_id": OTHER, "body": "…"}, (OTHER, "PK.9")),
        ({"type": "user_changed_user_id", "user_id": "PK.9", "previous_user_id": "PK.1", "wa_id": OTHER}, (OTHER, "PK.9")),
    ],
)  # fmt: skip
async def test_behaviour_20_who_changes_the_number_keeps_what_is_theirs(open_house, told, after):
    async with open_house() as house:
        owner = await reached(MetaPhone(house, NUMBER, "PK.1"))
        before = await person(owner)
        for _ in range(3):
            assert await owner.deliver(system(house, **told)) == 200
        moved = MetaPhone(house, *after)
        await moved.say("portfolio")
        assert "MEBL" in moved.words()
        assert (await person(moved)).id == before.id
        stranger = MetaPhone(house, NUMBER, "PK.5")
        await stranger.say("portfolio")
        assert "MEBL" not in stranger.words()


async def test_behaviour_19_an_operator_named_by_number_is_one_by_user_id_after_a_restart(open_house):
    async with open_house(admins=(f"whatsapp:+{BOSS}",)) as house:
        await MetaPhone(house, BOSS, "PK.7").say("/status")
        # What a channel remembers is gone after a restart; what the person proved is not.
        house.bot.world.webhooks["meta"]._sending._phones = Recent()
        hidden = MetaPhone(house, BOSS, "PK.7", hidden=True)
        await hidden.say("/status")
        assert "sample data, 20 Aug 2026" in hidden.words()
        other = await reached(MetaPhone(house, BOSS, "PK.8", hidden=True))
        await other.say("/status")
        assert "sample data, 20 Aug 2026" not in other.words()
        # The number goes to somebody else: so do the rights, for it is the number that was named.
        await MetaPhone(house, BOSS, "PK.9").say("Hi")
        await hidden.say("/status")
        assert "sample data, 20 Aug 2026" not in hidden.words()


async def test_behaviour_21_a_stop_counts_at_once_by_every_way_that_meta_has(open_house):
    async with open_house() as house:
        someone = await reached(MetaPhone(house, NUMBER, "PK.1"))
        user = await person(someone)
        services = house.bot.services

        def preference(value, at=1787203800):
            told = {"wa_id": NUMBER, "category": "marketing_messages", "value": value, "timestamp": at}
            return house.meta.payload(user_preferences=[told], field="user_preferences")

        async def says(word):
            await someone.say(word)

        async def fails(code):
            await someone.status(f"wamid.{code}", "failed", code)

        for stop in (
            lambda: says("stop"),
            lambda: someone.deliver(preference("stop")),
            lambda: fails(131050),
        ):
            assert await services.users.wants_broadcasts(user.id)
            await stop()
            assert not await services.users.wants_broadcasts(user.id)
            await services.users.activate(await services.users.get(user.id))
        await someone.deliver(preference("stop", 1787204000))
        assert not await services.users.wants_broadcasts(user.id)
        await someone.deliver(preference("resume", 1787204001))
        assert await services.users.wants_broadcasts(user.id)


async def test_three_undeliverable_messages_in_a_row_make_the_account_void_until_it_speaks(open_house):
    async with open_house() as house:
        someone = await reached(MetaPhone(house, NUMBER, "PK.1"))
        for number in range(3):
            assert (await person(someone)).inactive == ()
            await someone.status(f"wamid.gone{number}", "failed", 131026)
        assert set((await person(someone)).inactive) == {Address("meta", "PK.1"), Address("meta", NUMBER)}
        await someone.say("Hi")
        assert (await person(someone)).inactive == ()


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("message_template_status_update", {"event": "PAUSED"}, "template:meta"),
        ("account_update", {"event": "ACCOUNT_RESTRICTION"}, "account:meta"),
        ("phone_number_quality_update", {"event": "FLAGGED"}, "spam:meta"),
        ("message_template_status_update", {"event": "APPROVED"}, None),
    ],
)
async def test_bad_news_about_us_reaches_the_operators(open_house, monkeypatch, field, value, kind):
    async with open_house() as house:
        heard = []
        monkeypatch.setattr(house.bot.alarms, "_tell", lambda name, detail: heard.append(name))
        phone = MetaPhone(house, NUMBER, "PK.1")
        payload = house.meta.payload(field=field, **value)
        assert await phone.deliver(payload) == 200
        await house.bot.dispatcher.drain(5)
    assert heard == ([kind] if kind else [])
