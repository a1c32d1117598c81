"""Sums as a user meets them: sealed, right, and without a memory for amounts."""

import pytest

from handlers.calculate import AMOUNT, amount_given, calculate_sum
from services.domain.conversation import LANGUAGES
from services.domain.portfolio import Portfolio
from tests.fakes.holder import Talk, button, words


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
