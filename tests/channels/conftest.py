"""What every channel test needs: a fixed clock, an open session, small media, and messages to send."""

import hashlib
from datetime import UTC, datetime

import aiohttp
import pytest

from services.domain.conversation import Address, MediaRef, Outbound, Reply

NOON = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + b"chart" * 20
OGG = b"OggS" + b"voice" * 20
PDF = b"%PDF-1.7 file"


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
