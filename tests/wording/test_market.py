"""What users read of prices, reasons, news, rates and flows: exact texts for some, rules for all, in all languages."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from services.domain.conversation import LANGUAGES, Lang, Reply, Text
from services.domain.market import MarketBook
from services.domain.portfolio import Holding, Portfolio
from services.market import Market
from services.sources.sample import SampleMarket
from services.wording.layouts.explain import explain_reply, portfolio_reply
from services.wording.layouts.market import ask_which, quote_reply, quotes_reply, source_line
from services.wording.layouts.money import flows_reply, rates_reply
from services.wording.layouts.news import news_reply
from services.wording.sentences import market as sentences
from services.wording.sentences.explain import SENTENCES as REASONS
from tests.fakes.books import CLOSED

ADVICE = re.compile(r"\b(buy|sell|hold|target|should|must|urgent|hurry|guarantee)\b", re.IGNORECASE)


class Still:
    """A clock that stands."""

    def now(self):
        return CLOSED


@pytest.fixture(scope="module")
def market() -> Market:
    return Market(SampleMarket(), Still())


def text(reply: Reply) -> str:
    (block,) = reply.blocks
    assert isinstance(block, Text)
    return block.text


async def test_a_share_in_english(market: Market):
    book = await market.book()
    reply = quote_reply("en", await market.quote("MEBL"), book)
    assert text(reply) == (
        "*MEBL* · Meezan Bank Limited\n"
        "*Rs 568.09*  ▲ +5.19 (+0.92%)\n"
        "Day: 562.90 – 571.00 · reference (LDCP) 562.90\n"
        "Volume: 521,627, 0.6× its usual 912,102\n"
        "52 weeks, traded range: 387.50 – 605.00 (split-adjusted)\n"
        "P/E 11.17 · dividend yield 5.71%\n"
        "Commercial Banks · On the PSX-KMI All Share list (20 Aug 2026)"
    )
    assert [button.press for button in reply.buttons] == [
        "explain?names=MEBL",
        "xray?names=MEBL",
        "alert?names=MEBL",
    ]
    assert reply.source == "sample data, 20 Aug 2026 · PSX close · facts, not advice · /about"


async def test_the_index_in_urdu(market: Market):
    reply = quote_reply("ur", await market.quote("KSE100"), await market.book())
    assert text(reply).splitlines()[1] == "*176,591.76*  ▼ −254.60 (−0.14%)"
    assert "53,459.43" in text(reply)
    assert reply.source.startswith("نمونہ ڈیٹا، 20 Aug 2026")


async def test_a_nav_of_another_day_says_so(market: Market):
    words = text(quote_reply("en", await market.quote("MIF"), await market.book()))
    assert "NAV *Rs 164.6960* of 21 Aug 2026. That is after our prices of 20 Aug 2026." in words
    assert "not disclosed to us" in words
    stale = text(quote_reply("en", await market.quote("MCF"), await market.book()))
    assert "(annualised, as published)" in stale


async def test_a_share_without_a_price_is_said_to_have_none(market: Market):
    words = text(quote_reply("en", await market.quote("DHPL"), await market.book()))
    assert words.endswith("DHPL: no price for 20 Aug 2026 in our data.")


async def test_why_without_an_announcement_admits_it(market: Market):
    words = text(explain_reply("en", await market.explain("SAZEW"), await market.book()))
    assert words.splitlines() == [
        "*Why SAZEW moved* · 20 Aug 2026",
        "*SAZEW* Rs 1,880.04  ▲ +7.29%",
        "• Market: KSE-100 −0.14%; at its beta of 0.97 that makes −0.14%",
        "• The rest, its own: +7.43%",
        "• Sector: Automobile Assembler −1.07% (middle of 9 others)",
        "• Volume: 5.4× its usual",
        "No announcement in our data explains it.",
    ]


async def test_why_with_an_announcement_claims_no_cause(market: Market):
    words = text(explain_reply("en", await market.explain("MEBL"), await market.book()))
    assert "Marked XD (ex-dividend) by PSX: MEBL" in words
    assert words.endswith("none is proved to be its cause.")


async def test_own_holdings_say_what_is_not_known(market: Market):
    mine = Portfolio((Holding("MEBL", Decimal("0.4")), Holding("MIF", Decimal("0.6"))))
    words = text(portfolio_reply("en", await market.today(mine), await market.book()))
    assert words.splitlines()[1] == "• MEBL +0.92%: +0.37% of your total"
    assert words.endswith("Known for 40% of your holdings.")
    nothing = Portfolio((Holding("MIF", Decimal(1)),))
    assert "None of your holdings has a price" in text(
        portfolio_reply("en", await market.today(nothing), await market.book())
    )


async def test_marks_of_one_day_are_one_line(market: Market):
    found = await market.news()
    words = text(news_reply("en", (), found.announcements, found.events, await market.book()))
    assert words.count("Marked XD") == 1
    assert "AKBL, BAFL, EFERT" in words
    assert "KSE-100 closed at 176,591.76 (−0.14%)" in words
    assert "14 Sep 2026: State Bank monetary policy meeting" in words


async def test_no_news_is_said(market: Market):
    found = await market.news(["OGDC"])
    assert found.announcements == ()
    words = text(news_reply("en", ["OGDC"], found.announcements, found.events, await market.book()))
    assert "Nothing about OGDC in our data up to 20 Aug 2026." in words


async def test_rates_with_date_age_and_what_is_missing(market: Market):
    book = await market.book()
    words = text(rates_reply("en", await market.rates(), book))
    assert "• USD *Rs 277.96*" in words
    assert "17 Jul 2026 (34 days old)" in words
    assert "Policy rate *11.5%* since 27 Apr 2026 · next meeting 14 Sep 2026" in words
    assert "KIBOR is not in our data." in words
    dollar = text(rates_reply("en", await market.rates(["dollar"]), book))
    assert dollar.startswith("• USD *Rs 277.96*")
    assert "EUR" not in dollar


async def test_flows_bear_their_own_day(market: Market):
    words = text(flows_reply("en", await market.flows(), await market.book()))
    assert "10 Sep 2026" in words
    assert "later than our prices of 20 Aug 2026" in words
    assert "Foreigners *−0.29*" in words
    assert "this year −587.87" in words
    assert "کمرشل بینک" in text(flows_reply("ur", await market.flows(), await market.book()))


async def every_reply(market: Market, lang: Lang) -> list[Reply]:
    book = await market.book()
    codes = [*list(book.quotes)[:40], "KSE100", "KMI30", "MZNPETF", "MIF", "MCF", "FHAM", "DHPL", "JSGBETF"]
    seen = [await market.quote(code) for code in codes]
    replies = [quote_reply(lang, each, book) for each in seen] + [quotes_reply(lang, seen[-8:], book)]
    replies += [explain_reply(lang, await market.explain(code), book) for code in codes]
    for wanted in ([], ["LUCK"], ["BAFL", "EFERT"]):
        found = await market.news(wanted)
        replies.append(news_reply(lang, wanted, found.announcements, found.events, book))
    mine = Portfolio((Holding("LUCK", Decimal("0.5")), Holding("MZNPETF", Decimal("0.5"))))
    replies.append(portfolio_reply(lang, await market.today(mine), book))
    replies.append(flows_reply(lang, await market.flows(), book))
    replies += [rates_reply(lang, await market.rates(words), book) for words in ([], ["kibor"], ["pound"])]
    return replies


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_every_reply_fits_a_phone_names_its_source_and_gives_no_advice(market: Market, lang: Lang):
    for reply in await every_reply(market, lang):
        words = text(reply)
        assert len(words) <= 900, words
        assert words.count("*") % 2 == 0
        assert "{" not in words
        assert "None" not in words.replace("None of your", "")
        assert not ADVICE.search(words), words
        assert "20 Aug 2026" in reply.source
        assert 1 <= len(reply.buttons) <= 3
        assert all(len(button.title) <= 20 and len(button.press.encode()) <= 64 for button in reply.buttons)


def test_a_real_book_says_its_own_label(market: Market):
    async def check(book: MarketBook) -> None:
        assert source_line("en", replace(book, sample=False, label="PSX, 21 Aug 2026")).startswith(
            "PSX, 21 Aug 2026 · "
        )

    import asyncio

    asyncio.run(check(asyncio.run(market.book())))


def test_asking_back_offers_buttons():
    reply = ask_which("en", "quote", [("LUCK", "LUCK"), ("KSE100", "KSE-100")])
    assert [button.press for button in reply.buttons] == ["quote?names=LUCK", "quote?names=KSE100"]


@pytest.mark.parametrize("known", [sentences.SENTENCES, REASONS], ids=["market", "explain"])
def test_sentences_have_the_same_holes_in_all_languages(known):
    for key, words in known.items():
        holes = [set(re.findall(r"{(\w+)}", each)) for each in words]
        assert holes[0] == holes[1] == holes[2], key
        assert all(each.strip() for each in words), key
