"""The settings of the market data: which market, which sources, where they are and what they want to be told."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings

from bot.setting_kinds import Commas, url

FREE = ("sbp", "mufap", "pbs", "news", "mettis")


def _sources(value: tuple[str, ...]) -> tuple[str, ...]:
    unknown = sorted(set(value) - set(FREE))
    if unknown:
        raise ValueError(f"{unknown[0]!r} is none of {', '.join(FREE)}")
    return value


class SourceSettings(BaseSettings):
    """Nothing is fetched from anybody unless a setting here says so."""

    market: Literal["psx"] = Field(
        "psx",
        alias="MARKETBYTE_MARKET",
        description="the market profile; only psx in this release",
        examples=["psx"],
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
        description="sources without a key that are read, separated by commas: sbp, mufap, pbs, news, mettis",
        examples=["sbp,mufap,pbs,news"],
    )
    news_feeds: Commas = Field(
        (),
        alias="MARKETBYTE_NEWS_FEEDS",
        description="more RSS feeds, separated by commas",
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
