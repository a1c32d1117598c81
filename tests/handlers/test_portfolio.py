"""Somebody's list as they meet it: shown, added to, taken from, replaced."""

from contextlib import suppress
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest

from handlers.alerts import alert, alerts
from handlers.calculate import calculate_sum
from handlers.holdings import REPLACE
from handlers.holdings import replace_list as replace_portfolio
from handlers.portfolio import add_holding, portfolio, remove_holding
from services.domain.conversation import LANGUAGES
from services.domain.errors import NothingHeld, UnknownName
from services.domain.holdings import NOTICES, PROBLEMS
from services.domain.portfolio import Holding, Portfolio
from services.wording import say
from tests.fakes.holder import HANDLERS, HELD, Talk, button, words


async def test_the_list_is_shown():
    answer = await Talk().say(portfolio, "my portfolio")
    assert "Meezan Bank Limited (MEBL): 50.0%" in words(answer)


async def test_nothing_held_is_said():
    talk = Talk(Portfolio())
    for handler, text in (
        (portfolio, "portfolio"),
        (remove_holding, "remove LUCK"),
        (calculate_sum, "fees on 1 lakh"),
    ):
        with pytest.raises(NothingHeld):
            await talk.say(handler, text)


async def test_an_addition_is_taken_from_the_others_in_proportion_and_can_be_undone():
    talk = Talk()
    answer = await talk.say(add_holding, "add HUBC 20%")
    assert talk.weights == {"MEBL": 40, "LUCK": 24, "OGDC": 16, "HUBC": 20}
    assert "The Hub Power Company Limited" in words(answer)
    await talk.press(button(answer, "remove_holding"))
    assert talk.weights == {"MEBL": 50, "LUCK": 30, "OGDC": 20}


async def test_an_addition_without_a_weight_gets_an_equal_share_and_is_told_so():
    talk = Talk()
    answer = await talk.say(add_holding, "hubco bhi add karo")
    assert talk.weights["HUBC"] == 25
    assert talk.weights["MEBL"] == 37.5
    assert "No percentage was given" in words(answer)
    assert "HUBC 10%" in words(answer)


@pytest.mark.parametrize("text", ["add Rs 50,000 of HUBC", "add 300 shares of HUBC"])
async def test_an_amount_beside_percents_tells_no_weight_and_none_is_made_of_it(text):
    talk = Talk()
    answer = await talk.say(add_holding, text)
    assert talk.weights["HUBC"] == 25
    assert "cannot tell what part" in words(answer)
    assert "50,000" not in words(answer)


async def test_an_addition_with_its_weight_needs_no_such_word():
    talk = Talk()
    answer = await talk.say(add_holding, "add HUBC 20%")
    assert "equal part" not in words(answer)


async def test_a_weight_of_something_held_is_changed_and_can_be_undone():
    talk = Talk()
    answer = await talk.say(add_holding, "LUCK 65%")
    assert talk.weights == {"MEBL": 25, "LUCK": 65, "OGDC": 10}
    await talk.press(button(answer, "add_holding"))
    assert talk.weights == {"MEBL": 50, "LUCK": 30, "OGDC": 20}


async def test_what_is_held_already_stays_as_it_is():
    talk = Talk()
    answer = await talk.say(add_holding, "add LUCK")
    assert "already" in words(answer)
    assert talk.weights == {"MEBL": 50, "LUCK": 30, "OGDC": 20}


@pytest.mark.parametrize("text", ["add HUBC 100%", "add HUBC 250%", "HUBC 60%, SYS 60%"])
async def test_too_much_is_refused_with_the_reason(text):
    talk = Talk()
    answer = await talk.say(add_holding, text)
    assert "no room" in words(answer)
    assert talk.weights == {"MEBL": 50, "LUCK": 30, "OGDC": 20}


async def test_an_ambiguous_addition_is_asked_back_and_keeps_its_weight():
    talk = Talk()
    answer = await talk.say(add_holding, "add Meezan Islamic 10%")
    assert talk.weights == {"MEBL": 50, "LUCK": 30, "OGDC": 20}
    await talk.press(button(answer, "add_holding?names=MIF"))
    assert talk.weights["MIF"] == 10


async def test_an_unknown_addition_is_answered_with_what_is_near_or_refused():
    talk = Talk()
    answer = await talk.say(add_holding, "add MEBK 10%")
    await talk.press(button(answer, "add_holding?names=MEBL"))
    assert talk.weights["MEBL"] == 10
    with pytest.raises(UnknownName):
        await talk.say(add_holding, "add Qwxyz Holdings")


async def test_the_first_words_become_the_list():
    talk = Talk(Portfolio())
    answer = await talk.say(add_holding, "MEBL 50,000 LUCK 25,000 rupees")
    assert talk.weights == {"MEBL": 66.6667, "LUCK": 33.3333}
    assert "50,000" not in words(answer)


async def test_a_removal_is_said_and_can_be_undone():
    talk = Talk()
    answer = await talk.say(remove_holding, "LUCK nikal do")
    assert talk.weights == {"MEBL": 71.4286, "OGDC": 28.5714}
    assert "Lucky Cement Limited" in words(answer)
    await talk.press(button(answer, "add_holding"))
    assert talk.weights == {"MEBL": 50, "OGDC": 20, "LUCK": 30}


async def test_the_last_holding_goes_and_comes_back():
    talk = Talk(Portfolio((Holding("MEBL", Decimal(1)),)))
    answer = await talk.say(remove_holding, "remove meezan")
    assert talk.weights == {}
    assert "empty" in words(answer)
    await talk.press(button(answer, "add_holding"))
    assert talk.weights == {"MEBL": 100}


async def test_removing_what_is_not_held_changes_nothing():
    talk = Talk()
    assert "not in your list" in words(await talk.say(remove_holding, "remove HUBC"))
    assert "not in your list" in words(await talk.say(remove_holding, "remove Qwxyz"))
    assert talk.weights == {"MEBL": 50, "LUCK": 30, "OGDC": 20}


async def test_everything_is_removed_only_after_a_question():
    talk = Talk()
    answer = await talk.say(remove_holding, "remove everything")
    assert len(talk.weights) == 3
    answer = await talk.press(button(answer, "remove_holding?all=yes"))
    assert talk.weights == {}
    await talk.press(button(answer, "add_holding"))
    assert talk.weights == {"MEBL": 50, "LUCK": 30, "OGDC": 20}


async def test_a_bare_remove_asks_which():
    answer = await Talk().say(remove_holding, "remove")
    assert {b.press for b in answer.replies[0].buttons} == {f"remove_holding?names={c}" for c in HELD.codes}


async def test_a_whole_new_list_is_asked_for_before_it_replaces_the_old_one():
    talk = Talk()
    answer = await talk.say(portfolio, "my portfolio is HUBC 40% and SYS 60%")
    assert answer.awaiting == REPLACE
    assert talk.weights == {"MEBL": 50, "LUCK": 30, "OGDC": 20}
    await talk.say(replace_portfolio, "yes")
    assert talk.weights == {"HUBC": 40, "SYS": 60}


@pytest.mark.parametrize("press", ["add_holding?names=&weights=x", "add_holding?names=GONE&weights=5", "remove_holding?names=GONE",
                                   "add_holding?names=HUBC&weights=NaN", "add_holding?names=HUBC&weights=-5", "alerts?cancel=zz"])  # fmt: skip
async def test_a_forged_button_does_no_harm(press):
    talk = Talk()
    name, _, query = press.partition("?")
    await HANDLERS[name](talk.turn(pressed=press, details=dict(parse_qsl(query))))
    assert abs(sum(talk.weights.values()) - 100) < 0.001
    assert talk.weights.keys() <= {"MEBL", "LUCK", "OGDC", "HUBC"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_problem_of_a_list_can_be_said(lang):
    for problem in PROBLEMS | NOTICES:
        assert say(lang, f"portfolio.note.{problem}", total="90%", most="60")


@pytest.mark.parametrize(
    "text", ["", "😀", "x" * 10_000, "<script>alert(1)</script>", "MEBL -5%", "۵", "%%%", "LUCK " * 500, "\0"]
)
@pytest.mark.parametrize("handler", [portfolio, add_holding, remove_holding, alert, alerts, calculate_sum])
async def test_bad_input_is_answered_or_refused_and_harms_nothing(handler, text):
    talk = Talk()
    with suppress(UnknownName):
        answer = await talk.say(handler, text)
        assert answer.replies
        assert "<script" not in words(answer)
    assert abs(sum(talk.weights.values()) - 100) < 0.01
