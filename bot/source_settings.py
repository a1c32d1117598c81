"""The settings of the market data: which market, which sources, where they are and what they want to be told."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings

from bot.setting_kinds import Commas, url

FREE = ("sbp", "mufap", "pbs", "news", "mettis")


WIDELY_HELD = "AAPL,MSFT,NVDA,AMZN,GOOGL,META,TSLA,BRK-B,AVGO,JPM,LLY,V,XOM,UNH,MA,COST,WMT,PG,JNJ,HD,NFLX,BAC,KO,CVX,DIS,SPY,QQQ,VTI"
_SYMBOL = re.compile(r"[A-Z][A-Z0-9]{0,5}(?:-[A-Z]{1,2})?")


def _symbols(value: tuple[str, ...]) -> tuple[str, ...]:
    wrong = next((each for each in value if not _SYMBOL.fullmatch(each)), None)
    if wrong is not None:
        raise ValueError(f"{wrong!r} is no symbol: capital letters, a class behind a hyphen (BRK-B)")
    return value


def _sources(value: tuple[str, ...]) -> tuple[str, ...]:
    unknown = sorted(set(value) - set(FREE))
    if unknown:
        raise ValueError(f"{unknown[0]!r} is none of {', '.join(FREE)}")
    return value


class SourceSettings(BaseSettings):
    """Nothing is fetched from anybody unless a setting here says so."""

    market: Literal["psx", "us"] = Field(
        "psx",
        alias="MARKETBYTE_MARKET",
        description="the market profile: psx or us; what one market keeps, people too, is apart from the other's",
        examples=["psx"],
    )
    fmp_key: SecretStr = Field(
        SecretStr(""),
        alias="FMP_API_KEY",
        description="Financial Modeling Prep, the source of the us market; a key switches it on",
        examples=["…"],
    )
    fmp_base: Annotated[str, url("http", "https")] = Field(
        "https://financialmodelingprep.com/stable",
        alias="FMP_BASE",
        description="its API, up to and with /stable",
        examples=["https://financialmodelingprep.com/stable"],
    )
    fmp_plan: Literal["basic", "starter", "premium", "ultimate"] = Field(
        "starter",
        alias="FMP_PLAN",
        description="the key's plan, for how much may be asked: basic, starter, premium or ultimate",
        examples=["starter"],
    )
    us_symbols: Annotated[Commas, AfterValidator(_symbols)] = Field(
        tuple(WIDELY_HELD.split(",")),
        alias="MARKETBYTE_US_SYMBOLS",
        description="shares and funds of the us market fetched from the first day, whoever holds them, separated by commas; what people hold and the eleven sector funds come besides",
        examples=["AAPL,MSFT,SPY"],
    )
    psx_licensed: bool = Field(
        False,
        alias="MARKETBYTE_PSX_LICENSED",
        description="1 = PSX has licensed us to publish its data: its portal is read",
        examples=["0"],
    )
    sources: Annotated[Commas, AfterValidator(_sources)] = Field(
        (),
        alias="MARKETBYTE_SOURCES",
        description="sources without a key that are read, separated by commas: sbp, mufap, pbs, news, mettis (of the us market only news)",
        examples=["sbp,mufap,pbs,news"],
    )
    news_feeds: Commas = Field(
        (),
        alias="MARKETBYTE_NEWS_FEEDS",
        description="more RSS feeds, separated by commas; of the us market the only ones",
        examples=["https://www.example.pk/feed"],
    )
    psx_base: Annotated[str, url("http", "https")] = Field(
        "https://dps.psx.com.pk",
        alias="PSX_BASE",
        description="the exchange's data portal",
        examples=["https://dps.psx.com.pk"],
    )
    sbp_base: Annotated[str, url("http", "https")] = Field(
        "https://www.sbp.org.pk",
        alias="SBP_BASE",
        description="the State Bank's site",
        examples=["https://www.sbp.org.pk"],
    )
    mufap_base: Annotated[str, url("http", "https")] = Field(
        "https://www.mufap.com.pk",
        alias="MUFAP_BASE",
        description="the funds' association",
        examples=["https://www.mufap.com.pk"],
    )
    pbs_base: Annotated[str, url("http", "https")] = Field(
        "https://www.pbs.gov.pk",
        alias="PBS_BASE",
        description="the Bureau of Statistics",
        examples=["https://www.pbs.gov.pk"],
    )
    news_base: Annotated[str, url("http", "https")] = Field(
        "",
        alias="NEWS_RSS_BASE",
        description="all feeds from here instead, each under its host's name; for tests",
        examples=["http://127.0.0.1:9000"],
    )
    mettis_base: Annotated[str, url("http", "https")] = Field(
        "https://mettisglobal.news",
        alias="METTIS_BASE",
        description="Mettis headlines",
        examples=["https://mettisglobal.news"],
    )
    easydata_key: SecretStr = Field(
        SecretStr(""),
        alias="SBP_EASYDATA_KEY",
        description="the State Bank's EasyData; a key switches it on",
        examples=["…"],
    )
    easydata_base: Annotated[str, url("http", "https")] = Field(
        "https://easydata.sbp.org.pk",
        alias="SBP_EASYDATA_BASE",
        description="its API",
        examples=["https://easydata.sbp.org.pk"],
    )
    newsapi_key: SecretStr = Field(
        SecretStr(""),
        alias="NEWSAPI_AI_KEY",
        description="NewsAPI.ai headlines; a key switches them on",
        examples=["…"],
    )
    newsapi_base: Annotated[str, url("http", "https")] = Field(
        "https://eventregistry.org",
        alias="NEWSAPI_AI_BASE",
        description="its API",
        examples=["https://eventregistry.org"],
    )
    finlight_key: SecretStr = Field(
        SecretStr(""),
        alias="FINLIGHT_API_KEY",
        description="Finlight headlines; a key switches them on",
        examples=["…"],
    )
    finlight_base: Annotated[str, url("http", "https")] = Field(
        "https://api.finlight.me",
        alias="FINLIGHT_API_BASE",
        description="its API",
        examples=["https://api.finlight.me"],
    )
