"""``marketbyte check``: every setting, key and dependency: ok, missing, what to do."""

import importlib.metadata
import shutil
import sys
from dataclasses import asdict, dataclass
from typing import Literal

import orjson

from bot.config import Settings
from bot.world import World, open_world
from services.domain.errors import BadSetting, MarketByteError, NotAvailable

State = Literal["ok", "default", "missing", "failed"]


@dataclass(frozen=True, slots=True)
class Line:
    """One finding: what was looked at, how it stands, and what to do about it."""

    name: str
    state: State
    detail: str


async def check(settings: Settings, *, as_json: bool) -> int:
    """Print the findings; 1 if something that the bot needs failed."""
    lines = [*_keys(settings), *_packages(), *await _parts(settings)]
    if as_json:
        sys.stdout.buffer.write(
            orjson.dumps([asdict(line) for line in lines], option=orjson.OPT_INDENT_2) + b"\n"
        )
    else:
        width = max(len(line.name) for line in lines)
        for line in lines:
            print(f"{line.state:8} {line.name:{width}}  {line.detail}")  # this is the command's output
    return 1 if any(line.state == "failed" for line in lines) else 0


def _keys(settings: Settings) -> list[Line]:
    """Each channel's door: open, or what it lacks. No value of a secret is shown."""
    needs = {
        "Telegram": {
            "TELEGRAM_BOT_TOKEN": settings.telegram_token.get_secret_value(),
            "TELEGRAM_WEBHOOK_SECRET": settings.telegram_secret.get_secret_value(),
        },
        "Twilio WhatsApp": {
            "TWILIO_ACCOUNT_SID": settings.twilio_sid,
            "TWILIO_AUTH_TOKEN": settings.twilio_token.get_secret_value(),
            "TWILIO_FROM": settings.twilio_from,
            "MARKETBYTE_PUBLIC_URL": settings.public_url,
        },
        "Meta WhatsApp": {
            "META_PHONE_NUMBER_ID": settings.meta_phone_id,
            "META_ACCESS_TOKEN": settings.meta_token.get_secret_value(),
            "META_APP_SECRET": settings.meta_app_secret.get_secret_value(),
            "META_VERIFY_TOKEN": settings.meta_verify_token.get_secret_value(),
        },
    }
    lines = []
    for name, values in needs.items():
        lacking = [setting for setting, value in values.items() if not value]
        if not lacking:
            lines.append(Line(name, "ok", "configured"))
        elif len(lacking) == len(values) or lacking == [s for s in values if s != "MARKETBYTE_PUBLIC_URL"]:
            lines.append(Line(name, "default", "closed: no key set"))
        else:
            lines.append(Line(name, "missing", f"closed: also set {', '.join(lacking)}"))
    model = "none: the deterministic narrator writes" if settings.llm == "offline" else settings.llm
    lines.append(Line("Language model", "default" if settings.llm == "offline" else "ok", model))
    silent = [voice for voice in settings.voice if voice != "offline"]
    told = (
        f"{', '.join(silent)}: not in this release; the embedded voice speaks"
        if silent
        else "the embedded voice"
    )
    lines.append(Line("Voice order", "default", told))
    lines.append(
        Line(
            "Admins",
            "ok" if settings.admins else "default",
            f"{len(settings.admins)} set in MARKETBYTE_ADMINS",
        )
    )
    return lines


def _packages() -> list[Line]:
    wanted = (
        "aiohttp",
        "motor",
        "apscheduler",
        "matplotlib",
        "hibari-tts",
        "av",
        "langchain",
        "langchain-aws",
    )
    lines = []
    for name in wanted:
        try:
            lines.append(Line(name, "ok", importlib.metadata.version(name)))
        except importlib.metadata.PackageNotFoundError:
            lines.append(Line(name, "failed", f"pip install {name}"))
    urdu = shutil.which("espeak-ng")
    lines.append(
        Line(
            "Urdu voice",
            "ok" if urdu else "default",
            urdu or "none: apt-get install espeak-ng for Urdu voice notes",
        )
    )
    return lines


async def _parts(settings: Settings) -> list[Line]:
    """The database, the market and the voice, each really used once."""
    try:
        async with open_world(settings) as world:
            await world.ping()
            where = (
                "MARKETBYTE_MONGODB_URI"
                if settings.mongodb_uri
                else f"embedded, {settings.data_dir / 'mongo'}"
            )
            spoken = await world.speech.speak(("The voice works.",), "en")
            return [
                Line("MongoDB", "ok", where),
                await _market(world),
                Line("Voice", "ok", f"{spoken.seconds:.1f} s spoken"),
                *_sources(world),
            ]
    except MarketByteError as error:
        return [Line("Parts", "failed", error.detail)]


async def _market(world: World) -> Line:
    try:
        book = await world.market.book()
    except NotAvailable as error:
        return Line("Market", "missing", error.detail)
    except BadSetting as error:
        return Line("Market", "failed", error.detail)
    return Line("Market", "ok", f"{book.label}: {len(book.quotes)} quotes, {len(book.funds)} funds")


def _sources(world: World) -> list[Line]:
    """Where market data is fetched from, and what switches the others on; nothing is asked."""
    on = [Line(f"Source {each.name}", "ok", f"{each.base}; {each.licence}") for each in world.data.sources]
    off = [Line(f"Source {name}", "default", f"off: {what}") for name, what in sorted(world.data.off.items())]
    return on + off
