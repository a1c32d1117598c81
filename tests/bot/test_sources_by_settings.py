"""Nothing is fetched from anybody unless a setting says so, and every source that is off says what switches it on."""

import pytest

from bot.config import Settings
from bot.data_world import _sources
from services.sources import fmp as fmp_source

BASE = "http://127.0.0.1:9"
ALL = {
    "MARKETBYTE_PSX_LICENSED": "1",
    "MARKETBYTE_SOURCES": "sbp,mufap,pbs,news,mettis",
    "SBP_EASYDATA_KEY": "k1,k0",
    "NEWSAPI_AI_KEY": "k2",
    "FINLIGHT_API_KEY": "k3",
    "NEWS_RSS_BASE": BASE,
}


def settings(**given: str) -> Settings:
    return Settings(_env_file=None, **given)


def test_without_settings_nobody_is_asked():
    sources, off = _sources(settings())
    assert sources == ()
    assert set(off) == {
        "psx",
        "sbp",
        "mufap",
        "pbs",
        "news",
        "mettis",
        "easydata",
        "newsapi",
        "finlight",
        "fmp",
    }
    assert off["fmp"] == "serves us"
    assert "MARKETBYTE_PSX_LICENSED" in off["psx"]
    assert off["sbp"] == "add sbp to MARKETBYTE_SOURCES"


def test_with_all_settings_everybody_is():
    sources, off = _sources(settings(**ALL))
    assert off == {"fmp": "serves us"}
    names = {source.name for source in sources}
    assert {"psx", "sbp", "mufap", "pbs", "easydata"} <= names
    assert len(names) == len(sources), "each name once"
    assert all(source.licence for source in sources)


@pytest.mark.parametrize(
    "setting", ["PSX_BASE", "SBP_BASE", "MUFAP_BASE", "PBS_BASE", "NEWS_RSS_BASE", "METTIS_BASE"]
)
def test_each_place_can_be_moved(setting):
    sources, _ = _sources(settings(**{**ALL, setting: BASE}))
    assert any(source.base.startswith(BASE) for source in sources)


def test_a_source_that_nobody_knows_is_a_bad_setting():
    with pytest.raises(ValueError, match="'bloomberg' is none of sbp, mufap"):
        settings(MARKETBYTE_SOURCES="sbp,bloomberg")


def test_no_key_shows_in_a_source_as_printed():
    sources, _ = _sources(settings(**ALL))
    assert "k1" not in {source.base for source in sources}
    assert not any("k2" in source.base or "k3" in source.base for source in sources)


US = {"MARKETBYTE_MARKET": "us", **ALL, "FMP_API_KEY": "k4,k5", "FMP_BASE": BASE, "FMP_PLAN": "premium"}


def test_the_american_market_is_fmp_alone_and_what_serves_psx_says_so():
    sources, off = _sources(settings(**US))
    assert [(source.name, source.base, source.market) for source in sources] == [("fmp", BASE, "us")]
    assert {name for name, reason in off.items() if reason == "serves psx"} == {
        "psx", "sbp", "mufap", "pbs", "mettis", "easydata", "newsapi", "finlight",
    }  # fmt: skip
    assert "MARKETBYTE_NEWS_FEEDS" in off["news"]
    assert "k4" not in repr(sources)


def test_the_operators_own_feeds_serve_the_american_market_too():
    sources, off = _sources(settings(**US, MARKETBYTE_NEWS_FEEDS="https://news.example.com/rss"))
    assert "news" not in off
    assert {source.market for source in sources} == {"us"}
    assert [source.base for source in sources if source.name != "fmp"] == [f"{BASE}/news.example.com"]


def test_without_a_key_fmp_says_where_to_get_one():
    sources, off = _sources(settings(MARKETBYTE_MARKET="us"))
    assert sources == ()
    assert off["fmp"] == "set FMP_API_KEY: financialmodelingprep.com, dashboard, API keys"


def test_the_address_of_fmp_is_the_one_of_its_adapter():
    assert settings().fmp_base == fmp_source.BASE
