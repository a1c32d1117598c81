"""What the model and the command menus are told of the market."""

import pytest

from bot.menus import menus
from prompts import load
from services.domain.profiles import PSX, US
from services.llm.model import LangChainModel


@pytest.mark.parametrize(("market", "other"), [(PSX, US), (US, PSX)])
def test_the_model_hears_whose_investors_write(market, other):
    words = load("understand").fill(
        {"market": market.name, "language": "English", "intents": "quote", "message": "hi"}
    )
    assert market.name in words
    assert other.name not in words
    assert "rupees" not in words


async def test_the_model_is_built_for_one_market(monkeypatch):
    asked: list[dict[str, str]] = []

    class Prompt:
        def fill(self, inputs):
            asked.append(inputs)
            raise ValueError("far enough")

    monkeypatch.setattr("services.llm.model.load", lambda _name: Prompt())
    for market in (PSX, US):
        model = LangChainModel("openai:none", market=market.name)
        with pytest.raises(ValueError, match="far enough"):
            await model.understand("hi", "en")
        model.close()
    assert [each["market"] for each in asked] == [PSX.name, US.name]


def test_menus_offer_no_rates_where_there_are_none():
    own, other = menus((), US).everybody, menus(()).everybody
    for code in ("", "ur"):
        american, pakistani = dict(own[code]), dict(other[code])
        assert set(pakistani) - set(american) == {"rates"}
        assert "dollar" in american["calculate"] or "ڈالر" in american["calculate"]
        assert american["help"] == pakistani["help"]
