"""Portfolio, add, remove, alerts and sums as a user meets them, through the handlers with stores in memory."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import pytest

from handlers.alerts import alert, alerts
from handlers.calculate import AMOUNT, amount_given, calculate_sum
from handlers.portfolio import REPLACE, add_holding, portfolio, remove_holding, replace_portfolio
from handlers.turn import Turn
from services.alerts import MOST_ALERTS, Alerts
from services.domain.conversation import LANGUAGES, Address, Inbound, Session
from services.domain.errors import NothingHeld, UnknownName
from services.domain.holdings import NOTICES, PROBLEMS
from services.domain.instruments import Directory
from services.domain.intents import Understanding
from services.domain.portfolio import Holding, Portfolio
from services.domain.users import Alert, Preferences, User
from services.portfolio import Portfolios
from services.wording import say
from tests.fakes.books import fact, small_book

NOW = datetime(2026, 8, 20, 17, 0, tzinfo=ZoneInfo("Asia/Karachi"))
HANDLERS = {"add_holding": add_holding, "remove_holding": remove_holding, "alert": alert, "alerts": alerts,
            "portfolio": portfolio, "calculate": calculate_sum}  # fmt: skip
HELD = Portfolio(
    (Holding("MEBL", Decimal("0.5")), Holding("LUCK", Decimal("0.3")), Holding("OGDC", Decimal("0.2")))
)


class People:
    """Users in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, User] = {}

    async def get(self, user_id: str) -> User | None:
        return self.kept.get(user_id)

    async def save(self, user: User) -> None:
        self.kept[user.id] = user


class Watches:
    """Alerts in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Alert] = {}

    async def add(self, alert: Alert) -> None:
        self.kept[alert.id] = alert

    async def of(self, user_id: str) -> list[Alert]:
        return [a for a in self.kept.values() if a.user_id == user_id]

    async def remove(self, user_id: str, alert_id: str) -> bool:
        mine = alert_id in self.kept and self.kept[alert_id].user_id == user_id
        if mine:
            del self.kept[alert_id]
        return mine

    async def active(self) -> AsyncIterator[Alert]:
        for each in list(self.kept.values()):
            if each.fired_at is None:
                yield each

    async def fired(self, alert_id: str, at: datetime) -> bool:
        known = self.kept[alert_id]
        self.kept[alert_id] = replace(known, fired_at=known.fired_at or at)
        return known.fired_at is None


class Talk:
    """One user talking to the handlers; what a button says comes back as the dispatcher would bring it."""

    def __init__(self, held: Portfolio = HELD, lang: str = "en") -> None:
        self.people, self.watches, self.current = People(), Watches(), small_book()
        self.user = User(
            "u1", (Address("web", "1"),), NOW, portfolio=held, preferences=Preferences(lang=lang)
        )
        self.people.kept["u1"] = self.user
        self.alerts = Alerts(self.watches, self, self, self.people)
        self.session = Session("u1")

    async def book(self):
        return self.current

    def now(self):
        return NOW

    async def directory(self):
        return Directory(self.current)

    def turn(self, text="", *, pressed="", details=None):
        inbound = Inbound("web:1", Address("web", "1"), NOW, text=text, pressed=pressed)
        services = SimpleNamespace(
            portfolios=Portfolios(self.people, self),
            alerts=self.alerts,
            directory=self.directory,
            market=self,
        )
        user = self.people.kept["u1"]
        return Turn(inbound, user, self.session, Understanding("unknown", details or {}), services, NOW)

    async def say(self, handler, text):
        return self.keep(await handler(self.turn(text)))

    async def press(self, button):
        name, _, query = button.press.partition("?")
        return self.keep(
            await HANDLERS[name](self.turn(pressed=button.press, details=dict(parse_qsl(query))))
        )

    def keep(self, answer):
        self.session = Session("u1", answer.awaiting, answer.memo)
        return answer

    @property
    def weights(self):
        return {h.code: round(float(h.weight) * 100, 4) for h in self.people.kept["u1"].portfolio.holdings}


def words(answer):
    return "\n".join(block.text for reply in answer.replies for block in reply.blocks)


def button(answer, start):
    return next(b for reply in answer.replies for b in reply.buttons if b.press.startswith(start))


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


async def test_an_addition_without_a_weight_gets_an_equal_share():
    talk = Talk()
    await talk.say(add_holding, "hubco bhi add karo")
    assert talk.weights["HUBC"] == 25
    assert talk.weights["MEBL"] == 37.5


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


async def test_a_sum_is_sealed_and_right():
    answer = await Talk().say(calculate_sum, "5 lakh mein kya kya hai")
    assert all(reply.sealed for reply in answer.replies)
    assert "Rs 250,000" in words(answer)
    assert answer.awaiting is None
    assert not answer.memo


async def test_a_sum_over_a_named_fund():
    answer = await Talk().say(calculate_sum, "Meezan ETF mein 1 lakh ka kya hai")
    assert "Rs 40,000" in words(answer)
    assert "Meezan Pakistan ETF" in words(answer)


async def test_zakat_says_that_it_does_not_judge_nisab():
    answer = await Talk(Portfolio()).say(calculate_sum, "zakat on 10 lakh")
    assert "Rs 25,000" in words(answer)
    assert "nisab" in words(answer)


async def test_the_amount_is_asked_for_and_never_remembered():
    talk = Talk()
    answer = await talk.say(calculate_sum, "zakat kitni hogi")
    assert answer.awaiting == AMOUNT
    assert dict(answer.memo) == {"kind": "zakat", "names": ""}
    answer = await talk.say(amount_given, "400,000")
    assert "Rs 10,000" in words(answer)
    assert all(reply.sealed for reply in answer.replies)


async def test_an_ambiguous_name_in_a_sum_is_asked_back_without_the_amount():
    talk = Talk()
    answer = await talk.say(calculate_sum, "fees on 1 lakh of meezan islamic")
    assert all("lakh" not in b.press and "100" not in b.press for b in answer.replies[0].buttons)
    answer = await talk.press(button(answer, "calculate?kind=fees&names=MIF"))
    answer = await talk.say(amount_given, "1 lakh")
    assert "Rs 3,000" in words(answer)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "text", ["5 lakh", "fees on 5 lakh", "dividend on 5 lakh", "zakat on 5 lakh", "gain tax on 5 lakh"]
)
async def test_sums_in_every_language(lang, text):
    answer = await Talk(lang=lang).say(calculate_sum, text)
    assert "Rs 500,000" in words(answer)
    assert answer.replies[0].source


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
