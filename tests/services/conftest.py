"""A refresh's two sides: a house with an archive, a lake and daily data, and a source that serves its pages."""

import aiohttp
import pytest

from tests.fakes.refreshing import DAY, SYMBOLS, House
from tests.fakes.tiny_source import series_bytes, watch_bytes
from tests.fakes.upstream import Upstream


@pytest.fixture
async def house():
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield House(session)


@pytest.fixture
async def upstream():
    pages = {"/watch": watch_bytes(SYMBOLS, DAY), "/asked": watch_bytes(SYMBOLS, DAY)}
    pages |= {f"/eod/{symbol}": series_bytes(symbol, DAY) for symbol in SYMBOLS}
    async with Upstream(pages, content_type="application/json") as served:
        yield served
