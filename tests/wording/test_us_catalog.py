"""No fixed sentence that New York's users can meet has a word of Pakistan's market: each is said in other words, or is not for them."""

import re

import pytest

from services.domain.profiles import PSX, US
from services.wording import say, say_of
from services.wording.sentences import catalog

PAKISTAN = re.compile(
    r"\bR[se]\b|PKR|\brupees?\b|\brupay\b|KSE|KMI|\bPSX\b|MEBL|LUCK|OGDC|MZN|Meezan|LDCP|SECP|\blakh\b|\bcrore\b|zakat|State Bank"
    r"|MUFAP|KIBOR|Pakistan|PKRV",
    re.IGNORECASE,
)
# Met only where the book has what New York's has not (funds, flows, rates, a Shariah list, LDCP), or where the market is asked.
ELSEWHERE = re.compile(
    r"market\.(?:origin_|range$|shariah_|total_return|unit_price|event_|told_|m2m|policy|pkrv|no_kibor|investor_|no_rate"
    r"|flows_)|freshness\.|briefing\.(?:say_policy)|opportunities\.(?:shariah_only|fact|counter)|xray\.(?:against$|fees$|shariah)"
    r"|calculate\.(?:zakat|gains|dividend_tax|tax_note)|elsewhere\.|zones\.|command\.rates"
)


@pytest.mark.parametrize("key", sorted(key for key in catalog() if "@" not in key))
def test_a_sentence_of_pakistan_has_other_words_for_new_york(key: str):
    if ELSEWHERE.match(key):
        return
    own = f"{key}@us" if f"{key}@us" in catalog() else key
    for text in catalog()[own]:
        assert not PAKISTAN.search(re.sub(r"\{\w+\}", "", text)), (own, text)


@pytest.mark.parametrize("key", sorted(key for key in catalog() if key.endswith("@us")))
def test_other_words_stand_for_a_sentence_and_ask_for_no_other_blank(key: str):
    base = key.removesuffix("@us")
    blanks = re.compile(r"\{(\w+)\}")
    assert set(blanks.findall(catalog()[key][0])) <= set(blanks.findall(catalog()[base][0]))


def test_the_words_of_the_market():
    assert say_of(PSX, "en", "alerts.none") == say("en", "alerts.none")
    assert "AAPL" in say_of(US, "en", "alerts.none")
    assert say_of(US, "ur", "menu.thanks") == say("ur", "menu.thanks")
