"""What no ``.chat`` file can hold: half characters, control signs, forged buttons; nothing of it breaks a turn or a step."""

import pytest

from services.wording import say
from tests.fakes.talk import Person, RecordedBot

HARD = [
    "", " ", "\ud800", "\udcff MEBL", "\x00\x01\x07", "\u202eabc\u202d", "a" * 10_000, "MEBL " * 2_000, "😀" * 500, "$where: 1==1",
    '{"$gt": ""}', "'; DROP TABLE users; --", "<script>alert(1)</script>", "MEBL NaN%", "MEBL 1e309%", "%00", "/", "//", "/xray \ud800",
]  # fmt: skip
FORGED = [
    "step/onboarding.confirm?value=yes", "step/nothing", "step/names.choose?pick=MEBL", "xray?names=$gt", "quote?names=%00%ff",
    "alerts?cancel=zzz", "settings?setting=voice&value=banana", "settings?setting=lang&value=fr", "settings?setting=days&value=9",
    "settings?setting=times&value=99:99", "remove_holding?names=NOPE", "add_holding?names=MEBL&weights=NaN",
    "add_holding?names=MEBL&weights=1e999", "calculate?kind=__class__&names=MEBL", "stop?until=zzz", "brief?scope=sector&sector=%3Cb%3E",
    "explain?names=MEBL,NOPE", "???", "\ud800",
]  # fmt: skip


async def _ready(person: Person) -> None:
    for said in ("Hi", "English", "yes", "MEBL 40, LUCK 60", "yes", "9 am"):
        await person.say(said)


def _unbroken(person: Person) -> None:
    assert person.heard, "no answer at all"
    assert say("en", "error.broke") not in person.words()


@pytest.mark.parametrize("steps", range(6))
async def test_hard_words_at_every_step(bot: RecordedBot, steps: int) -> None:
    person = bot.person()
    for said in ("Hi", "English", "yes", "MEBL 40, LUCK 60", "yes", "9 am")[:steps]:
        await person.say(said)
    for words in HARD:
        await person.say(words)
        _unbroken(person)


async def test_forged_buttons_change_nothing(bot: RecordedBot) -> None:
    person = bot.person()
    await _ready(person)
    for pressed in FORGED:
        await person.say("x", pressed=pressed)
        _unbroken(person)
    await person.say("resume")
    await person.say("settings")
    assert "09:00, trading days" in person.words()
    assert "Voice notes: on" in person.words()
    await person.say("portfolio")
    assert "MEBL): 40.0%" in person.words()


@pytest.mark.parametrize("lang", ["اردو", "Roman Urdu"])
async def test_a_refusal_is_in_the_language_of_the_user(bot: RecordedBot, lang: str) -> None:
    person = bot.person()
    for said in ("Hi", lang, "yes", "MEBL 40, LUCK 60", "yes", "9 am"):
        await person.say(said)
    await person.say("add FFC 120%")
    words = person.words()
    assert "room" not in words
    assert "portfolio." not in words
    await person.say("x", pressed="add_holding?names=FFC&weights=120")
    assert "room" not in person.words()
    assert "portfolio." not in person.words()


async def test_an_operator_is_told_the_detail(bot: RecordedBot) -> None:
    operator = bot.person("admin-000000000000", name="Operator")
    await operator.say("/holiday tomorrow")
    assert "is no date" in operator.words()
