"""Sums in dollars are understood where prices are in dollars; where they are in rupees nothing is heard otherwise."""

import pytest

from services.domain.instruments import Directory
from services.intents import Intents
from services.intents.figures import figures
from tests.fakes.us_talk import BOOK, HERE


class NewYork:
    """The clock of the book's day."""

    def now(self):
        return HERE


@pytest.fixture(scope="module")
def american(told_model):
    names = Directory(BOOK)

    async def directory():
        return names

    return Intents(told_model(), directory, NewYork())


@pytest.mark.parametrize(
    ("said", "names", "amount"),
    [
        ("what is in $5,000 of my mix", "", "5000"),
        ("$500 of KO", "KO", "500"),
        ("500 dollars KO mein kya hai", "KO", "500"),
        ("fees on $10,000", "", "10000"),
        ("$1.2 million of AAPL and MSFT", "AAPL,MSFT", "1200000"),
    ],
)
async def test_a_sum_in_dollars(american, said: str, names: str, amount: str):
    meaning = await american.understand(said, "en")
    assert meaning.intent == "calculate"
    assert meaning.details["amounts"] == amount
    assert meaning.details.get("names", "") == names


@pytest.mark.parametrize(
    ("said", "intent", "names"),
    [
        ("S&P 500", "quote", "SP500"),
        ("s&p 500 kyun gira", "explain", "SP500"),
        ("apple", "quote", "AAPL"),
        ("tell me when AAPL goes above $300", "alert", "AAPL"),
        ("nasdaq", "quote", "NASDAQ"),
        ("dow jones", "quote", "DOW30"),
        ("dollar rate", "rates", "USD"),
    ],
)
async def test_this_markets_names(american, said: str, intent: str, names: str):
    meaning = await american.understand(said, "en")
    assert (meaning.intent, meaning.details["names"]) == (intent, names)


@pytest.mark.parametrize("said", ["100 dollars in rupees", "$100 kitne rupay ka hai", "dollar 280"])
def test_in_pakistan_dollars_are_a_rate(said: str):
    assert "@amt" not in figures(said).masked
    assert figures(said) == figures(said, "PKR")


@pytest.mark.parametrize("said", ["$100", "us$ 5 million", "usd 20", "100 dollars", "5 million dollars"])
def test_in_new_york_they_are_amounts(said: str):
    assert figures(said, "USD").masked.split() == ["@amt"]
