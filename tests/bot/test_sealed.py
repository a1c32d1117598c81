"""Rupee amounts that a person types are used for the answer at hand and are found nowhere afterwards.

After every message the whole database, the log and every file that the bot keeps are searched for the amount in every
writing of it, and for the sums that came of it.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from services.domain.portfolio import Holding, Portfolio
from services.domain.users import Preferences, User
from tests.fakes.talk import Person, RecordedBot

pytestmark = pytest.mark.slow  # about a minute

# What is typed, and the digits that may stand nowhere: of the amounts and of the sums that follow from them.
HOLDINGS = "MEBL 738519, LUCK 261487"
SPOKEN = [
    ("zakat on 738519", ("738519", "18463", "18462")),
    ("zakat on Rs 7,38,519", ("738519", "18463", "18462")),
    ("zakat on 7.38519 lakh", ("738519", "18463", "18462", "7.38519")),
    ("what do my holdings look like in 483917 rupees", ("483917",)),
    ("yearly fee on Rs 483,917", ("483917",)),
    ("483917 mein kya kya hai", ("483917",)),
    ("dividend on 4.83917 lakh", ("483917", "4.83917")),
    ("میرے ۴۸۳۹۱۷ روپے میں کیا کیا ہے", ("483917", "۴۸۳۹۱۷")),
    ("/calculate zakat on 483917", ("483917", "12098", "12097")),
    ("add 483917 of FFC", ("483917",)),
    ("add Rs 4,83,917 FFC", ("483917",)),
    ("remove 483917 of FFC", ("483917",)),
    ("your number is wrong, I lost Rs 483,917 in MEBL", ("483917",)),
    ("/feedback my salary is 4.83917 lakh and you are great", ("483917", "4.83917")),
    ("I invested 483917 in the market, what now", ("483917",)),
    ("should I put 483917 into LUCK", ("483917",)),
    ("xyzzy plover 483917 qwerty", ("483917",)),
    ("x-ray of MEBL 483917, OGDC 216083", ("483917", "216083")),
    ("x-ray of Meezan fund 483917 and OGDC 216083", ("483917", "216083")),
    ("add 483917 of Meezan fund", ("483917",)),
    ("add Rs 4,83,917 Meezan fund", ("483917",)),
    ("remove 483917 of Meezan fund", ("483917",)),
    ("yearly fee on 4.83917 lakh in Meezan fund", ("483917", "4.83917")),
    ("tell me when my portfolio is 483917 rupees", ("483917",)),
    ("explain 483917 rupees", ("483917",)),
    ("export", ()),
]


def writings(digits: str) -> tuple[str, ...]:
    """Every way in which these digits may have been written down."""
    if not digits.isdigit() or not digits.isascii():
        return (digits,)
    western = f"{int(digits):,}"
    head, tail = digits[:-3], digits[-3:]
    indian = ",".join([*re.findall(r"\d{1,2}(?=(?:\d\d)*$)", head), tail])
    lakh = f"{int(digits) / 100_000:f}".rstrip("0").rstrip(".")
    rounded = f"{int(digits) / 100_000:.2f} lakh"
    return tuple(dict.fromkeys((digits, western, indian, western.replace(",", " "), lakh, rounded)))


class Search:
    """Everything that the bot keeps, as text."""

    def __init__(self, bot: RecordedBot, folder: Path, log: Callable[[], str]) -> None:
        self._database = bot.bot.world.users._mongo.database  # type: ignore[attr-defined]
        self._folder = folder
        self._log = log

    async def everything(self) -> dict[str, str]:
        kept = {"log": self._log()}
        for name in await self._database.list_collection_names():
            rows = await self._database[name].find().to_list(None)
            kept[f"collection {name}"] = "\n".join(map(str, rows))
        for path in self._folder.rglob("*"):
            if path.is_file() and path.suffix not in {".png", ".ogg", ".wav", ".mp3"}:
                kept[f"file {path.name}"] = path.read_bytes().decode("utf-8", "replace")
        return kept

    async def found(self, *digits: str) -> list[str]:
        """Where any writing stands, with what stands around it."""
        places = []
        for where, text in (await self.everything()).items():
            for writing in (w for d in digits for w in writings(d)):
                matches = re.finditer(rf"(?<![\d.]){re.escape(writing)}(?!\d)", text)
                places += [f"{where}: …{text[max(0, m.start() - 80) : m.end() + 40]}…" for m in matches]
        return places


@pytest.fixture
def search(bot: RecordedBot, tmp_path: Path, told: Callable[[], str]) -> Search:
    return Search(bot, tmp_path, told)


async def onboarded(bot: RecordedBot) -> Person:
    """Somebody active who wants neither voice nor charts, put into the store."""
    person = bot.person()
    holdings = (Holding("MEBL", Decimal("0.6")), Holding("LUCK", Decimal("0.4")))
    at = bot.bot.world.clock.now()
    await bot.bot.world.users.save(
        User("sealed-user", (person.address,), at, stage="active", consented_at=at,
             preferences=Preferences(voice=False, charts=False), portfolio=Portfolio(holdings))
    )  # fmt: skip
    return person


async def test_the_search_finds_what_is_kept(bot: RecordedBot, search: Search) -> None:
    """The test itself: an amount that is put into the database or a file is seen in each writing."""
    person = await onboarded(bot)
    user = await bot.bot.services.users.by_address(person.address)
    assert user is not None
    assert await search.found("483917") == []
    for text in ("I have 483917", "I have Rs 4,83,917", "I have 483,917", "I have 4.84 lakh"):
        await search._database["sessions"].insert_one({"_id": "planted", "body": {"said": text}})
        assert len(await search.found("483917")) == 1
        await search._database["sessions"].delete_one({"_id": "planted"})
    assert writings("483917")[:3] == ("483917", "483,917", "4,83,917")


async def test_holdings_given_as_amounts_leave_only_weights(bot: RecordedBot, search: Search) -> None:
    person = bot.person()
    for text in ("Hi", "English", "yes", HOLDINGS):
        await person.say(text)
        assert await search.found("738519", "261487", "1000006") == [], text
    assert "73.9" in person.words(), "the weights are what is kept"
    for text in ("yes", "9 am", "portfolio", "export"):
        await person.say(text)
        assert await search.found("738519", "261487", "1000006") == [], text


@pytest.mark.parametrize(
    "text",
    [
        "Meezan 738519, LUCK 261487",
        "xyzzy 738519, LUCK 261487",
        "Rs 738519 in MEBL aur 2.61487 lakh LUCK",
        "MEBL 738519",
        "738519",
        "MEBL 60% worth 738519",
        "میزان بینک ۷۳۸۵۱۹ روپے، لکی سیمنٹ ۲۶۱۴۸۷",
    ],
)
async def test_an_unclear_list_of_amounts_is_not_kept_while_it_is_asked_back(
    bot: RecordedBot, search: Search, text: str
) -> None:
    person = bot.person()
    for said in ("Hi", "English", "yes", text):
        await person.say(said)
    digits = ("738519", "261487", "1000006", "۷۳۸۵۱۹", "۲۶۱۴۸۷")
    assert await search.found(*digits) == []
    for _ in range(4):  # whatever is asked back is answered with its first choice
        if not person.buttons():
            break
        await person.press(person.buttons()[0].title)
        assert await search.found(*digits) == []
    await person.say("export")
    assert await search.found(*digits) == []


async def test_amounts_at_the_other_steps_are_not_kept(bot: RecordedBot, search: Search) -> None:
    """Somebody tells their savings where a name, a yes or a time is asked."""
    person = bot.person()
    for text in ("Hi", "483917 rupees", "English", "I have 483917 rupees", "yes", "MEBL 60, LUCK 40", "483917", "yes",
                 "Rs 483917", "9 am"):  # fmt: skip
        await person.say(text)
        assert await search.found("483917") == [], text


@pytest.mark.parametrize(("text", "digits"), SPOKEN, ids=[text for text, _ in SPOKEN])
async def test_an_amount_in_the_talk_is_not_kept(
    bot: RecordedBot, search: Search, text: str, digits: tuple[str, ...]
) -> None:
    person = await onboarded(bot)
    await person.say(text)
    assert person.heard, "it is answered"
    assert await search.found(*digits) == []
    if person.buttons():
        await person.press(person.buttons()[0].title)
        assert await search.found(*digits) == []
    await person.say("export")
    assert await search.found(*digits) == []


async def test_the_sum_itself_is_told(bot: RecordedBot, search: Search) -> None:
    """Sealed is not silent: the person sees the figures, the outbox does not."""
    person = await onboarded(bot)
    await person.say("zakat on 738519")
    assert "18,463" in person.words()
    assert await search.found("738519", "18463") == []


async def test_asked_for_the_amount_and_given_it_bare(bot: RecordedBot, search: Search) -> None:
    person = await onboarded(bot)
    await person.say("calculate zakat")
    await person.say("738519")
    assert "18,463" in person.words()
    assert await search.found("738519", "18463") == []


async def test_a_level_to_watch_is_no_amount(bot: RecordedBot, search: Search) -> None:
    """An alert's level is a price of the market and is kept."""
    person = await onboarded(bot)
    await person.say("tell me when LUCK crosses 987")
    assert "987" in (await search.everything())["collection alerts"]
