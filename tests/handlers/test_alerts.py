"""Watches as a user meets them: set, listed, told once, cancelled."""

from dataclasses import replace

import pytest

from handlers.alerts import alert, alerts
from services.alerts import MOST_ALERTS
from services.domain.users import Alert
from tests.fakes.books import fact
from tests.fakes.holder import NOW, Talk, button, words


async def test_an_alert_is_set_listed_told_once_and_gone():
    talk = Talk()
    answer = await talk.say(alert, "tell me when LUCK crosses 450")
    assert "450" in words(answer)
    assert "Rs 400.00" in words(answer)
    assert answer.replies[0].source
    assert [each async for each in talk.alerts.due()] == []
    assert "450" in words(await talk.say(alerts, "my alerts"))
    quotes = {
        **talk.current.quotes,
        "LUCK": replace(talk.current.quotes["LUCK"], price=fact("455", "PKR", "LUCK")),
    }
    talk.current = replace(talk.current, quotes=quotes)
    ((fired, reply),) = [each async for each in talk.alerts.due()]
    assert (fired.code, fired.user_id) == ("LUCK", "u1")
    assert "Rs 455.00" in reply.blocks[0].text
    assert "sample data" in reply.source
    assert [each async for each in talk.alerts.due()] == []
    assert "No alert" in words(await talk.say(alerts, "my alerts"))


async def test_an_alert_that_was_not_dealt_with_is_offered_again():
    talk = Talk()
    await talk.say(alert, "LUCK above 450")
    quotes = {
        **talk.current.quotes,
        "LUCK": replace(talk.current.quotes["LUCK"], price=fact("455", "PKR", "LUCK")),
    }
    talk.current = replace(talk.current, quotes=quotes)
    interrupted = talk.alerts.due()
    await anext(interrupted)
    await interrupted.aclose()
    assert len([each async for each in talk.alerts.due()]) == 1


async def test_an_alert_speaks_the_users_language():
    talk = Talk(lang="ur")
    await talk.say(alert, "LUCK 450 سے اوپر")
    quotes = {
        **talk.current.quotes,
        "LUCK": replace(talk.current.quotes["LUCK"], price=fact("455", "PKR", "LUCK")),
    }
    talk.current = replace(talk.current, quotes=quotes)
    ((_, reply),) = [each async for each in talk.alerts.due()]
    assert "الرٹ" in reply.blocks[0].text


async def test_what_is_true_already_is_told_at_once():
    talk = Talk()
    answer = await talk.say(alert, "MEBL above 450")
    assert "already" in words(answer)
    assert not talk.watches.kept


async def test_an_alert_is_cancelled_by_button_or_by_words():
    talk = Talk()
    answer = await talk.say(alert, "LUCK above 450")
    await talk.say(alert, "OGDC below 100")
    await talk.press(button(answer, "alerts?cancel="))
    assert [a.code for a in talk.watches.kept.values()] == ["OGDC"]
    await talk.say(alerts, "cancel my OGDC alert")
    assert not talk.watches.kept


async def test_nobody_cancels_anothers_alert():
    talk = Talk()
    await talk.watches.add(Alert("a9", "u2", "LUCK", "above", "450", NOW))
    answer = await alerts(talk.turn(pressed="alerts?cancel=a9", details={"cancel": "a9"}))
    assert "no longer there" in words(answer)
    assert "a9" in talk.watches.kept


async def test_an_alert_on_an_ambiguous_name_is_asked_back_with_its_rule():
    talk = Talk()
    answer = await talk.say(alert, "meezan above 600")
    await talk.press(button(answer, "alert?rule=MEBL"))
    assert [(a.code, a.rule, a.value) for a in talk.watches.kept.values()] == [("MEBL", "above", "600")]


async def test_the_same_alert_twice_is_one_and_there_is_a_limit():
    talk = Talk()
    for _ in range(2):
        await talk.say(alert, "LUCK above 450")
    assert len(talk.watches.kept) == 1
    for level in range(451, 451 + MOST_ALERTS + 2):
        answer = await talk.say(alert, f"LUCK above {level}")
    assert len(talk.watches.kept) == MOST_ALERTS
    assert "Cancel one first" in words(answer)


@pytest.mark.parametrize("text", ["alert", "LUCK above", "LUCK 0", "LUCK down 500%"])
async def test_a_useless_alert_is_answered_helpfully(text):
    assert "KSE100" in words(await Talk().say(alert, text.replace("alert", "")))
