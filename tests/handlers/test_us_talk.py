"""What a user of the American market hears: dollars, a plain no to what is Pakistan's, and what can be asked instead."""

import re
from decimal import Decimal

import pytest

from bot.refusals import refused
from handlers.alerts import alert, alerts
from handlers.calculate import AMOUNT, amount_given, calculate_sum
from handlers.help import about, show_menu, unknown
from handlers.holdings import ask_holdings, holdings
from handlers.market import flows, news, rates
from handlers.onboarding import ask_consent
from handlers.opportunities import opportunities
from handlers.portfolio import add_holding, portfolio
from handlers.preferences import settings
from services.domain.conversation import LANGUAGES
from services.domain.errors import BadInput, NothingHeld, UnknownName
from services.domain.holdings import read_holdings
from services.domain.portfolio import Holding, Portfolio
from tests.fakes.holder import Talk, words
from tests.fakes.us_talk import UsTalk

HELD = Portfolio((Holding("AAPL", Decimal("0.5")), Holding("KO", Decimal("0.5"))))
FOREIGN = re.compile(
    r"\bRs\b|PKR|KSE|KMI|\bPSX\b|MEBL|LUCK|OGDC|SECP|\bMZN|Meezan|lakh|crore|Karachi|rupee|روپے|لاکھ|None"
)


def titles(answer):
    return [button.title for reply in answer.replies for button in reply.buttons]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "said", ["zakat on $10,000", "capital gains tax on 5000 dollars", "withholding tax on a $200 dividend"]
)
async def test_sums_of_another_country_are_refused_with_what_can_be_asked(lang, said: str):
    answer = await UsTalk(HELD, lang).say(calculate_sum, said)
    assert "$5,000" in words(answer)
    assert answer.awaiting is None
    assert not FOREIGN.search(words(answer))


async def test_a_sum_is_in_dollars():
    answer = await UsTalk(HELD).say(calculate_sum, "what is in $5,000 of my mix")
    assert "*$5,000 in your mix*" in words(answer)
    assert "Apple Inc.: $2,500 (50.0%)" in words(answer)
    assert all(reply.sealed for reply in answer.replies)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("$500 of KO", "$500"),
        ("500 dollars in KO", "$500"),
        ("USD 1,200.50 in KO", "$1,201"),
        ("5k in KO", "$5,000"),
    ],
)
async def test_dollars_are_understood(said: str, shown: str):
    answer = await UsTalk(HELD).say(calculate_sum, said)
    assert f"*{shown} in The Coca-Cola Company*" in words(answer)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "said", ["5 lakh rupees of KO", "Rs 500 in KO", "KO mein 5 lakh", "2 crore in my mix"]
)
async def test_rupees_are_asked_for_in_dollars_and_never_taken_for_them(lang, said: str):
    talk = UsTalk(HELD, lang)
    answer = await talk.say(calculate_sum, said)
    assert answer.awaiting == AMOUNT
    assert not any(char.isdigit() for char in str(dict(answer.memo)))
    assert "$500" in words(answer)
    assert "$5," not in words(await talk.say(amount_given, "Rs 5,000"))
    assert "$700" in words(await talk.say(amount_given, "$700"))


async def test_dollars_against_rupee_prices_are_refused_too():
    answer = await Talk().say(calculate_sum, "$500 of MEBL")
    assert "rupees" in words(answer)
    assert "Rs 500 " not in words(answer)


async def test_fees_and_dividends_do_not_say_what_is_not_known():
    fund = Portfolio((Holding("XLK", Decimal("0.4")), Holding("AAPL", Decimal("0.6"))))
    fees = words(await UsTalk(fund).say(calculate_sum, "yearly fees on $10,000"))
    assert "No published charge is known to me for 40.0%" in fees
    dividends = words(await UsTalk(HELD).say(calculate_sum, "dividend on $10,000"))
    assert "no sum to give" in dividends
    assert "$0" not in dividends


async def test_an_alert_is_set_in_the_currency_of_the_price_and_in_no_other():
    talk = UsTalk()
    assert "Apple Inc. (AAPL) at 300 or above" in words(
        await talk.say(alert, "tell me when AAPL crosses $300")
    )
    for said in ("AAPL above Rs 300", "AAPL 300 rupees se upar"):
        assert "in dollars" in words(await talk.say(alert, said))
    assert "in rupees" in words(await Talk().say(alert, "LUCK above $500"))
    assert len(talk.watches.kept) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("handler", [rates, flows])
async def test_rates_and_flows_are_not_for_this_market(lang, handler):
    answer = await UsTalk(HELD, lang).say(handler, "dollar rate")
    assert "AAPL" in words(answer)
    assert not FOREIGN.search(words(answer))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("handler", [show_menu, unknown, about, ask_holdings, ask_consent, alerts])
async def test_fixed_words_have_no_example_of_pakistan(lang, handler):
    answer = await UsTalk(lang=lang).say(handler, "hello")
    assert not FOREIGN.search(words(answer)), FOREIGN.findall(words(answer))


async def test_psx_keeps_its_own_words():
    assert "MEBL" in words(await Talk().say(show_menu, "menu"))
    assert "zakat" in words(await Talk().say(show_menu, "menu"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_refusals_name_this_market(lang):
    talk = UsTalk(lang=lang)
    for error in (
        UnknownName("?", name="xyz"),
        NothingHeld("?"),
        BadInput("?", reason="portfolio.note.foreign_amounts"),
    ):
        said = words(refused(talk.turn("xyz"), error))
        assert not FOREIGN.search(said), said


@pytest.mark.parametrize(
    "said", ["10 AAPL and 5 lakh rupees of KO", "10 AAPL, Rs 5000 KO", "Rs 900 AAPL, $20 KO"]
)
async def test_rupees_beside_counts_of_shares_are_refused(said: str):
    talk = UsTalk()
    for handler in (holdings, add_holding, portfolio):
        with pytest.raises(BadInput) as caught:
            await talk.say(handler, said)
        text = words(refused(talk.turn(said), caught.value))
        assert "in dollars" in text
    assert not talk.weights


async def test_dollars_beside_counts_of_shares_are_weighed_by_the_price():
    directory = await UsTalk().directory()
    for said in ("10 AAPL and $500 of KO", "10 shares of AAPL, 500 dollars of KO"):
        weights = {h.code: h.weight for h in read_holdings(said, directory).holdings}
        owned = 10 * directory.price_of("AAPL")
        assert weights["AAPL"] == owned / (owned + 500)


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_the_shariah_wish_is_not_applied_and_that_is_said_once(lang):
    talk = UsTalk(HELD, lang, shariah=True)
    told = words(await talk.say(opportunities, "opportunities"))
    shown = words(await talk.say(settings, "settings"))
    note = {"en": "Shariah list", "ur": "شرعی فہرست", "roman": "Shariah list"}[lang]
    assert told.count(note) == shown.count(note) == 1
    assert "XOM" in told or "DOW" in told or "MSFT" in told, "shares are shown all the same"
    assert not FOREIGN.search(told + shown)
    asked = talk.turn(pressed="settings", details={"setting": "shariah", "value": "on"})
    assert note in words(await settings(asked))
    assert not [b for b in titles(await talk.say(settings, "settings")) if "hariah" in b or "شرعی" in b]


async def test_screens_without_data_say_so_and_are_not_offered():
    talk = UsTalk(HELD)
    told = words(await talk.say(opportunities, "what stands out"))
    assert "Screens: Unusual volume, Momentum, Near 52-week high, Near 52-week low" in told
    asked = talk.turn("dividend shares", details={"screen": "dividend"})
    assert "not in our data for this market" in words(await opportunities(asked))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("energy sector brief", "XLE"),
        ("tech stocks", "XLK"),
        ("banks", "XLF"),
        ("health care", "XLV"),
        ("cement", ""),
    ],
)
def test_a_sector_is_found_by_the_words_of_this_market(said: str, code: str):
    assert UsTalk().turn(said, details={"sector": "0824"}).sector == code
    assert Talk().turn(said, details={"sector": "0824"}).sector == "0824"


async def test_the_news_offer_no_flows():
    async def told(*_):
        return type("News", (), {"announcements": records, "events": ()})()

    talk = UsTalk()
    records = talk.current.announcements
    turn = talk.turn("news")
    turn.services.market = type("Market", (), {"book": talk.book, "news": told})()
    assert titles(await news(turn)) == ["S&P 500"]
