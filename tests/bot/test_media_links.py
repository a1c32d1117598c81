"""Links to pictures and sound: only whole, only for a time, by every way in which a provider or a browser fetches."""

import time
from types import SimpleNamespace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.media import GOOD_FOR, MediaLinks
from services.domain.conversation import MediaRef
from services.domain.errors import NotAvailable, Unavailable

OGG = bytes(range(256)) * 4
PNG = b"\x89PNG" + b"p" * 60


class Shelf:
    def __init__(self):
        self.data, self.away = {}, False

    async def get(self, key):
        if self.away:
            raise Unavailable("the store is away")
        if key not in self.data:
            raise NotAvailable("gone")
        return self.data[key]


@pytest.fixture
async def links():
    shelf = Shelf()
    made = MediaLinks(shelf, "a-secret-of-this-bot", "")
    app = web.Application()
    app.router.add_get("/media/{signed}", made.serve)
    voice = MediaRef("a" * 64 + ".ogg", "audio/ogg; codecs=opus", len(OGG), "brief.ogg")
    chart = MediaRef("b" * 64 + ".png", "image/png", len(PNG))
    shelf.data = {voice.key: OGG, chart.key: PNG}
    async with TestClient(TestServer(app)) as client:
        yield SimpleNamespace(
            of=made, shelf=shelf, client=client, voice=voice, chart=chart, url=made.url(voice)
        )


async def asked(links, url=None, method="GET", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with links.client.request(method, url or links.url, headers=named) as answer:
        return answer.status, await answer.read(), answer.headers


async def test_type_and_length_are_exact_for_get_and_head_twice(links):
    for _ in range(2):
        for ref, data, kind in ((links.voice, OGG, "audio/ogg"), (links.chart, PNG, "image/png")):
            status, body, got = await asked(links, links.of.url(ref))
            assert (status, body, got["Content-Type"], got["Content-Length"]) == (
                200,
                data,
                kind,
                str(len(data)),
            )
            assert got["Content-Disposition"].startswith("inline; filename=")
            status, body, head = await asked(links, links.of.url(ref), "HEAD")
            assert (status, body) == (200, b"")
            assert {k: v for k, v in head.items() if k != "Date"} == {
                k: v for k, v in got.items() if k != "Date"
            }


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-9", 0, 9), ("bytes=1000-", 1000, 1023), ("bytes=-24", 1000, 1023), ("bytes=0-99999", 0, 1023),
        ("bytes=-99999", 0, 1023), ("bytes=5-5", 5, 5), ("bytes= 0 - 3", 0, 3),
    ],
)  # fmt: skip
async def test_one_range_is_given(links, wanted, first, last):
    status, body, headers = await asked(links, Range=wanted)
    assert (status, body) == (206, OGG[first : last + 1])
    assert headers["Content-Range"] == f"bytes {first}-{last}/1024"
    assert headers["Content-Length"] == str(last + 1 - first)


@pytest.mark.parametrize(
    "wanted", ["bytes=1024-", "bytes=-0", "bytes=9-2", "bytes=a-b", "bytes=-", "bytes=" + "9" * 40 + "-"]
)
async def test_a_range_outside_is_416(links, wanted):
    status, _, headers = await asked(links, Range=wanted)
    assert (status, headers["Content-Range"]) == (416, "bytes */1024")


@pytest.mark.parametrize("wanted", ["bytes=0-1,5-9", "pages=1-2", "", "0-9"])
async def test_several_ranges_or_other_units_give_the_whole(links, wanted):
    status, body, _ = await asked(links, Range=wanted)
    assert (status, body) == (200, OGG)


async def test_a_range_of_something_else_gives_the_whole(links):
    _, _, headers = await asked(links)
    same = await asked(links, Range="bytes=0-1", If_Range=headers["ETag"])
    other = await asked(links, Range="bytes=0-1", If_Range='"another"')
    dated = await asked(links, Range="bytes=0-1", If_Range="Thu, 20 Aug 2026 12:00:00 GMT")
    head = await asked(links, method="HEAD", Range="bytes=0-1")
    assert (same[0], other[0], dated[0], head[0]) == (206, 200, 200, 200)


async def test_who_has_it_already_is_told_so(links):
    _, _, headers = await asked(links)
    for tag in (headers["ETag"], f'"x", W/{headers["ETag"]}', "*"):
        status, body, _ = await asked(links, If_None_Match=tag)
        assert (status, body) == (304, b"")
    assert (await asked(links, If_None_Match='"x"'))[0] == 200


async def test_a_link_changed_in_any_character_leads_nowhere(links):
    signed = links.url.removeprefix("/media/")
    for place in range(len(signed)):
        for other in {chr(ord(signed[place]) ^ 1), "A", "-", "."} - {signed[place], "/", "?", "#", "%"}:
            changed = f"/media/{signed[:place]}{other}{signed[place + 1 :]}"
            assert (await asked(links, changed))[0] == 404, place


async def test_there_is_no_directory_and_no_other_way(links):
    signed = links.url.removeprefix("/media/")
    for path in (
        "",
        "..",
        links.voice.key,
        signed[:-1],
        signed + "=",
        signed + "/",
        "%2e%2e%2fetc",
        f"{signed}.x",
        ".",
    ):
        assert (await asked(links, f"/media/{path}"))[0] == 404
    assert (await asked(links, method="POST"))[0] == 405
    other = MediaLinks(links.shelf, "another-secret", "").url(links.voice)
    assert (await asked(links, other))[0] == 404


@pytest.mark.parametrize(("hours", "status"), [(4, 200), (10, 200), (24, 200), (GOOD_FOR / 3600 + 1, 404)])
async def test_it_outlives_twilios_queue_and_then_ends(links, monkeypatch, hours, status):
    later = time.time() + hours * 3600
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    assert (await asked(links))[0] == status


async def test_what_is_gone_is_404_and_a_store_away_is_503(links):
    links.shelf.away = True
    status, _, headers = await asked(links)
    assert (status, headers["Retry-After"]) == (503, "5")
    links.shelf.away = False
    links.shelf.data.clear()
    assert (await asked(links))[0] == 404
