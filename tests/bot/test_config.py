"""Settings: every bad value is refused by name, with a good example, and no secret is ever said."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.config import Settings, read_settings
from services.domain.errors import BadSetting

BAD = [
    ("PORT", "abc"),
    ("PORT", "-1"),
    ("PORT", "65536"),
    ("PORT", "80.5"),
    ("MARKETBYTE_MONGODB_URI", "localhost:27017"),
    ("MARKETBYTE_MONGODB_URI", "postgres://db"),
    ("MARKETBYTE_MONGO_DRIVER", "odmantic"),
    ("MARKETBYTE_STORAGE_URL", "/var/media"),
    ("MARKETBYTE_PUBLIC_URL", "bot.example.com"),
    ("MARKETBYTE_PUBLIC_URL", "ftp://bot.example.com"),
    ("MARKETBYTE_MARKET", "nyse"),
    ("FMP_PLAN", "gold"),
    ("FMP_BASE", "financialmodelingprep.com/stable"),
    ("MARKETBYTE_US_SYMBOLS", "AAPL,apple"),
    ("MARKETBYTE_US_SYMBOLS", "AAPL,BRK.B/x"),
    ("MARKETBYTE_NOW", "tomorrow"),
    ("MARKETBYTE_NOW", "2026-08-20T08:59:30"),
    ("MARKETBYTE_NOW", "2026-13-20T08:59:30+05:00"),
    ("MARKETBYTE_ADMINS", "12345"),
    ("MARKETBYTE_ADMINS", "telegram:"),
    ("MARKETBYTE_ADMINS", "telegram:1,whoever"),
    ("MARKETBYTE_WEBCHAT", "perhaps"),
    ("MARKETBYTE_VOICE", "robot"),
    ("MARKETBYTE_VOICE", ","),
    ("MARKETBYTE_PSX_LICENSED", "perhaps"),
    ("TELEGRAM_API_BASE", "api.telegram.org"),
    ("TWILIO_API_BASE", "api.twilio.com"),
    ("TWILIO_TEMPLATES", "{brief: HX1}"),
    ("TWILIO_TEMPLATES", '["brief"]'),
    ("META_GRAPH_BASE", "graph.facebook.com/v23.0"),
    ("META_TEMPLATES", "brief"),
    ("META_TEMPLATES", "17"),
]
SECRETS = {
    "TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "TWILIO_AUTH_TOKEN", "META_ACCESS_TOKEN", "META_APP_SECRET",
    "META_VERIFY_TOKEN", "FMP_API_KEY",
}  # fmt: skip
HUSH = "s3cr3t-" + "x" * 20


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine, no ``.env`` of the folder."""
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_is_refused_by_name_with_an_example(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as refused:
        read_settings()
    told = refused.value.detail
    field = next(f for f in Settings.model_fields.values() if f.alias == name)
    assert told.startswith(f"{name} = ")
    assert f"for example {name}=" in told
    assert str((field.examples or [""])[0]) in told
    assert "\n" not in told
    assert len(told) < 400


@pytest.mark.parametrize("name", [str(f.alias) for f in Settings.model_fields.values()])
def test_every_setting_has_a_meaning_and_an_example_that_works(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    field = next(f for f in Settings.model_fields.values() if f.alias == name)
    assert field.description
    assert field.examples
    monkeypatch.setenv(name, str(field.examples[0]))
    read_settings()


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_a_secret_is_said_nowhere(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither when it is read well nor when another setting is bad."""
    monkeypatch.setenv(name, HUSH)
    settings = read_settings()
    assert HUSH not in repr(settings) + str(settings)
    monkeypatch.setenv("PORT", "abc")
    with pytest.raises(BadSetting) as refused:
        read_settings()
    assert HUSH not in str(refused.value) + repr(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__, "a traceback would show the values of all settings"


def test_a_password_in_the_database_uri_is_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKETBYTE_MONGODB_URI", f"mongo://marketbyte:{HUSH}@db1/")
    with pytest.raises(BadSetting) as refused:
        read_settings()
    assert "MARKETBYTE_MONGODB_URI" in refused.value.detail
    assert HUSH not in refused.value.detail


def test_a_password_in_the_database_uri_is_not_shown_by_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKETBYTE_MONGODB_URI", f"mongodb://marketbyte:{HUSH}@db1/")
    assert HUSH not in repr(read_settings())


def test_with_nothing_set_the_defaults_hold() -> None:
    settings = read_settings()
    assert (settings.host, settings.port, settings.data_dir) == ("127.0.0.1", 8080, Path(".marketbyte"))
    assert (settings.mongodb_uri, settings.mongo_driver, settings.llm) == ("", "motor", "offline")
    assert settings.now is None
    assert settings.admins == ()
    assert settings.webchat
    assert not settings.psx_licensed


def test_a_dot_env_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("PORT=9001\nMARKETBYTE_ADMINS=telegram:1\nSOMETHING_ELSE=1\n")
    assert read_settings().port == 9001
    assert read_settings().admins == ("telegram:1",)
    monkeypatch.setenv("PORT", "9002")
    assert read_settings().port == 9002


def test_lists_urls_and_times_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKETBYTE_ADMINS", " telegram:12345 , whatsapp:+923001234567,,")
    monkeypatch.setenv("MARKETBYTE_VOICE", "fish, openai, offline")
    monkeypatch.setenv("MARKETBYTE_PUBLIC_URL", "https://bot.example.com/")
    monkeypatch.setenv("MARKETBYTE_NOW", "2026-08-20T08:59:30+05:00")
    monkeypatch.setenv("MARKETBYTE_WEBCHAT", "0")
    settings = read_settings()
    assert settings.admins == ("telegram:12345", "whatsapp:+923001234567")
    assert settings.voice == ("fish", "openai", "offline")
    assert settings.public_url == "https://bot.example.com"
    assert settings.now is not None
    assert settings.now.utcoffset() == timedelta(hours=5)
    assert settings.now.replace(tzinfo=None) == datetime.fromisoformat("2026-08-20T08:59:30")
    assert not settings.webchat
