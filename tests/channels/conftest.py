"""What every channel test needs: a fixed clock, an open session, small media, and messages to send."""

import hashlib
from datetime import UTC, datetime

import aiohttp
import pytest

from bot.channels.meta import Meta
from bot.channels.telegram import Telegram
from bot.channels.twilio import Twilio
from services.domain.conversation import Address, MediaRef, Outbound, Reply
from tests.fakes.known_files import FilesInMemory
from tests.fakes.meta import FakeMeta
from tests.fakes.telegram import FakeTelegram
from tests.fakes.twilio import FakeTwilio

NOON = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + b"chart" * 20
OGG = b"OggS" + b"voice" * 20
PDF = b"%PDF-1.7 file"
TWILIO_PUBLIC = "https://bot.example.pk"


class Shelf:
    """A media store of three things that counts how often it is asked."""

    def __init__(self):
        self.asked = 0
        self.data = {}

    def keep(self, data, mime, ending, name=""):
        key = hashlib.sha256(data).hexdigest() + ending
        self.data[key] = data
        return MediaRef(key, mime, len(data), name)

    async def get(self, key):
        self.asked += 1
        return self.data[key]


@pytest.fixture
def shelf():
    made = Shelf()
    made.png = made.keep(PNG, "image/png", ".png")
    made.ogg = made.keep(OGG, "audio/ogg", ".ogg")
    made.pdf = made.keep(PDF, "application/pdf", ".pdf", "report.pdf")
    return made


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def now():
    return lambda: NOON


@pytest.fixture
def outbound():
    """Makes an outbound: ``outbound(channel, key, *blocks, buttons=…, source=…, **fields of Outbound)``."""

    def make(channel, address, *blocks, buttons=(), source="", **more):
        reply = Reply(tuple(blocks), tuple(buttons), source)
        fields = {"key": "reply:e:0", "user_id": "u1", "at": NOON} | more
        return Outbound(address=Address(channel, address), reply=reply, **fields)

    return make


@pytest.fixture
async def telegram_api():
    """The provider at its wire, with its own rules."""
    async with FakeTelegram() as running:
        yield running


@pytest.fixture
def files():
    """What the providers have of our pictures and sounds."""
    return FilesInMemory()


@pytest.fixture
def telegram(session, telegram_api, now, files):
    return Telegram(
        session,
        token=telegram_api.token,
        secret="old-one,new-one",
        now=now,
        base=telegram_api.base,
        username="marketbyte_bot",
        files=files,
    )


@pytest.fixture
async def twilio_api():
    """The provider at its wire, with its own rules."""
    async with FakeTwilio() as running:
        yield running


@pytest.fixture
def twilio(session, twilio_api, now):
    return Twilio(
        session,
        account_sid=twilio_api.account,
        auth_token=f"{twilio_api.token},next-token",
        sender="+14155550100",
        public_url=TWILIO_PUBLIC + "/",
        media_url=lambda ref: f"http://127.0.0.1/media/{ref.key}",
        now=now,
        templates={"brief": "HX1", "buttons-2": "HX2"},
        status_url=TWILIO_PUBLIC + "/webhooks/twilio/status",
        base=twilio_api.base,
    )


@pytest.fixture
async def meta_api():
    """The provider at its wire, with its own rules."""
    async with FakeMeta() as running:
        yield running


@pytest.fixture
def meta(session, meta_api, now, files):
    return Meta(
        session, files=files, phone_number_id=meta_api.number, access_token=meta_api.token, app_secret=f"old-secret, {meta_api.secret}",
        verify_token="let-me-in", now=now, templates={"brief": {"name": "morning_brief", "language": "en"}}, base=meta_api.base,
    )  # fmt: skip
