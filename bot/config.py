"""Every setting, its default and its meaning; the environment is read here and nowhere else."""

import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import SettingsConfigDict

from bot.setting_kinds import Commas, addresses, aware, json_object, url, voices
from bot.source_settings import SourceSettings
from services.domain.errors import BadSetting


class Settings(SourceSettings):
    """All settings. Secrets may hold two values separated by a comma while they are rotated."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", case_sensitive=True, frozen=True)

    host: str = Field(
        "127.0.0.1", alias="MARKETBYTE_HOST", description="where the web part listens", examples=["127.0.0.1"]
    )
    port: int = Field(
        8080,
        alias="PORT",
        ge=0,
        le=65535,
        description="its port; 0 takes a free one and prints it",
        examples=["8080"],
    )
    data_dir: Path = Field(
        Path(".marketbyte"),
        alias="MARKETBYTE_DATA_DIR",
        description="embedded database, media, voice cache",
        examples=["/var/lib/marketbyte"],
    )
    mongodb_uri: Annotated[str, url("mongodb", "mongodb+srv")] = Field(
        "",
        alias="MARKETBYTE_MONGODB_URI",
        repr=False,
        description="any MongoDB of version 5 or later, replica set or cluster; unset = an embedded mongod as a child process",
        examples=["mongodb://db1,db2,db3/?replicaSet=rs0"],
    )
    mongo_driver: Literal["motor", "pymongo"] = Field(
        "motor",
        alias="MARKETBYTE_MONGO_DRIVER",
        description="the database driver: motor, or PyMongo's own asynchronous client",
        examples=["motor"],
    )
    redis_url: Annotated[str, url("redis", "rediss", "unix")] = Field(
        "",
        alias="MARKETBYTE_REDIS_URL",
        repr=False,
        description="rate limits and market data shared by all processes; unset = rates in this process or through the database, data read by each process",
        examples=["redis://127.0.0.1:6379/0"],
    )
    storage_url: Annotated[str, url("file", "s3", "gs", "az")] = Field(
        "",
        alias="MARKETBYTE_STORAGE_URL",
        description="where pictures, sound, raw pages and the lake are kept; unset = folders under the data dir",
        examples=["s3://bucket/prefix"],
    )
    public_url: Annotated[str, url("http", "https")] = Field(
        "",
        alias="MARKETBYTE_PUBLIC_URL",
        description="what Twilio signs and fetches; unset = the address we listen on",
        examples=["https://bot.example.com"],
    )
    now: Annotated[datetime | None, AfterValidator(aware)] = Field(
        None,
        alias="MARKETBYTE_NOW",
        description="an ISO time at which the clock starts, then ticks; for demos, replays and tests; unset = the real clock",
        examples=["2026-08-20T08:59:30+05:00"],
    )
    admins: Annotated[Commas, AfterValidator(addresses)] = Field(
        (),
        alias="MARKETBYTE_ADMINS",
        description="who may run admin commands, separated by commas",
        examples=["telegram:12345,whatsapp:+923001234567"],
    )
    webchat: bool = Field(
        True, alias="MARKETBYTE_WEBCHAT", description="the chat page at /; 0 switches it off", examples=["1"]
    )
    llm: str = Field(
        "offline",
        alias="MARKETBYTE_LLM",
        description="LangChain model id, comma = fallbacks; offline = none",
        examples=["bedrock_converse:anthropic.claude-3-haiku-20240307-v1:0"],
    )
    voice: Annotated[Commas, AfterValidator(voices)] = Field(
        ("offline",),
        alias="MARKETBYTE_VOICE",
        description="the voices in order: fish, openai, offline; only the embedded offline one speaks in this release",
        examples=["offline"],
    )
    telegram_token: SecretStr = Field(
        SecretStr(""),
        alias="TELEGRAM_BOT_TOKEN",
        description="Telegram bot token from @BotFather",
        examples=["123456:ABC…"],
    )
    telegram_secret: SecretStr = Field(
        SecretStr(""),
        alias="TELEGRAM_WEBHOOK_SECRET",
        description="the secret given to setWebhook; empty closes /webhooks/telegram",
        examples=["a-long-random-word"],
    )
    telegram_base: Annotated[str, url("http", "https")] = Field(
        "https://api.telegram.org",
        alias="TELEGRAM_API_BASE",
        description="requests go to {base}/bot{token}/{method}",
        examples=["https://api.telegram.org"],
    )
    telegram_rate: float = Field(
        30,
        alias="TELEGRAM_RATE",
        gt=0,
        le=1000,
        description="messages a second that Telegram lets this bot send in bulk (30 free, up to 1000 paid)",
        examples=["30"],
    )
    twilio_sid: str = Field("", alias="TWILIO_ACCOUNT_SID", description="Twilio account", examples=["AC…"])
    twilio_token: SecretStr = Field(
        SecretStr(""),
        alias="TWILIO_AUTH_TOKEN",
        description="Twilio auth token; empty closes /webhooks/twilio",
        examples=["32 hex digits"],
    )
    twilio_from: str = Field(
        "", alias="TWILIO_FROM", description="our WhatsApp sender", examples=["whatsapp:+14155238886"]
    )
    twilio_base: Annotated[str, url("http", "https")] = Field(
        "https://api.twilio.com",
        alias="TWILIO_API_BASE",
        description="Twilio REST API",
        examples=["https://api.twilio.com"],
    )
    twilio_templates: Annotated[str, AfterValidator(json_object)] = Field(
        "",
        alias="TWILIO_TEMPLATES",
        description="JSON: template name to ContentSid",
        examples=['{"brief": "HX…"}'],
    )
    twilio_rate: float = Field(
        80,
        alias="TWILIO_RATE",
        gt=0,
        le=1000,
        description="messages a second of our Twilio sender (80 by default, more on request)",
        examples=["80"],
    )
    meta_phone_id: str = Field(
        "",
        alias="META_PHONE_NUMBER_ID",
        description="WhatsApp Cloud API phone number id",
        examples=["106540352242922"],
    )
    meta_token: SecretStr = Field(
        SecretStr(""), alias="META_ACCESS_TOKEN", description="its access token", examples=["EAA…"]
    )
    meta_app_secret: SecretStr = Field(
        SecretStr(""),
        alias="META_APP_SECRET",
        description="signs the webhook; empty closes /webhooks/meta",
        examples=["32 hex digits"],
    )
    meta_verify_token: SecretStr = Field(
        SecretStr(""),
        alias="META_VERIFY_TOKEN",
        description="the word for the webhook challenge",
        examples=["a-long-random-word"],
    )
    meta_base: Annotated[str, url("http", "https")] = Field(
        "https://graph.facebook.com/v23.0",
        alias="META_GRAPH_BASE",
        description="the Graph host with its version",
        examples=["https://graph.facebook.com/v23.0"],
    )
    meta_rate: float = Field(
        80,
        alias="META_RATE",
        gt=0,
        le=1000,
        description="messages a second of our Cloud API number (80, later 1000)",
        examples=["80"],
    )
    meta_daily: int = Field(
        0,
        alias="META_DAILY",
        ge=0,
        description="people whom the portfolio may write to in 24 hours outside their window (250, 2000, 10000, 100000); 0 = no limit",
        examples=["2000"],
    )
    meta_templates: Annotated[str, AfterValidator(json_object)] = Field(
        "",
        alias="META_TEMPLATES",
        description='JSON: template name to {name, language, variables, chart}; "chart": false = approved without picture and button',
        examples=['{"brief": {"name": "daily_brief", "language": "en"}}'],
    )


def _without_password(value: object) -> object:
    """A setting as it may be shown: the user and password of a URI are taken out."""
    return re.sub(r"(?<=://)[^/@\s]+(?=@)", "…", value) if isinstance(value, str) else value


def read_settings() -> Settings:
    """Read the environment and ``.env``.

    Raises:
        BadSetting: Naming the setting, the value (never a secret's) and a good example.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        field = next(f for f in Settings.model_fields.values() if f.alias == name)
        example = (field.examples or [""])[0]
        shown = "" if field.annotation is SecretStr else f" = {_without_password(first['input'])!r}"
        reason = str(first["msg"]).removeprefix("Value error, ")
        raise BadSetting(f"{name}{shown}: {reason}; for example {name}={example}") from None
