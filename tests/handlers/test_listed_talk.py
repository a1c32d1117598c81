"""A share that is listed and not in our data is named as such, in each language; its code of before leads to today's."""

from datetime import date

import pytest

from services.domain.errors import Unavailable
from services.domain.records import Batch
from services.domain.rows import Symbol
from services.listings import Known, Listings
from tests.fakes.talk import RecordedBot

DAY = date(2026, 8, 20)


async def test_a_listed_share_without_a_price_is_not_called_unknown(bot: RecordedBot) -> None:
    world = bot.bot.world
    row = Symbol("QQXX", DAY, "Quaid Quarries Limited", "PROPERTY")
    await world.data.daily.put([Batch("symbols", [row], world.clock.now(), "psx", "live", "p")])
    person = bot.person("zara-0000000001", name="Zara")
    for words in ("Hi", "English", "yes", "MEBL 40, LUCK 60", "yes", "9 am and 5 pm"):
        await person.say(words)
    await person.say("/add QQXX 10")
    assert "Quaid Quarries Limited (QQXX) is listed, but our data hold no price of it" in person.words()
    await person.say("/add XYZQ 10")
    assert "I know no share, fund or index called “XYZQ”" in person.words()


class Renamed:
    """Knows one share by its code of before."""

    async def find(self, name: str) -> Known:
        return Known("LUCK", "Lucky Cement Limited", priced=True, former=True)


class Away:
    """Its database does not answer."""

    async def find(self, name: str) -> Known:
        raise Unavailable("away")


@pytest.mark.parametrize(
    ("listings", "told"),
    [(Renamed(), "is Lucky Cement Limited (LUCK) today"), (Away(), "I know no share, fund or index called")],
)
async def test_todays_code_is_offered_and_without_the_database_the_refusal_stands(
    bot: RecordedBot, listings: Listings, told: str
) -> None:
    object.__setattr__(bot.bot.services, "listings", listings)
    person = bot.person("zara-0000000001", name="Zara")
    for words in ("Hi", "English", "yes", "MEBL 40, LUCK 60", "yes", "9 am and 5 pm", "/add QQXX 10"):
        await person.say(words)
    assert told in person.words()
