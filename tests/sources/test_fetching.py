"""What the fetcher does with an upstream's bad days: again where it helps, never past a gate, never faster than the pace."""

import asyncio
import hashlib
import itertools
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from yarl import URL

from services.domain.errors import BrokenPage, Gated, Unavailable
from services.domain.sourcing import Pace, Question, SourceSpec
from services.sources.fetching import HttpFetcher
from services.sources.gates import gate_in
from services.sources.keeping import kept_headers, kept_url
from tests.fakes.upstream import CAPTCHA, CHALLENGE, LOGIN, PASSING, Upstream

NOW = datetime(2026, 8, 20, 16, 40, tzinfo=ZoneInfo("Asia/Karachi"))
PAGE = b"<html><table><tr><td>1</td></tr></table></html>" * 20
SWIFT = Pace(every=0.0, at_once=4, timeout=2.0, tries=3)


class StandingClock:
    def now(self):
        return NOW


class Counted:
    """The counters, written down."""

    def __init__(self):
        self.seen = []

    def add(self, what, *, channel="", kind="", code="", count=1):
        self.seen.append((what, channel, kind))

    def level(self, what, value, *, channel="", kind=""): ...
    def took(self, what, seconds, *, channel=""): ...


class Desk:
    """A fetcher and its upstream."""

    def __init__(self, upstream, session, starts):
        self.upstream, self.session, self.starts = upstream, session, starts
        self.counts = Counted()
        self.fetcher = HttpFetcher(
            session, StandingClock(), counts=self.counts, largest=1_000_000, first_wait=0.01
        )

    def source(self, pace=SWIFT, **changes):
        spec = SourceSpec("psx", "PSX portal", self.upstream.base, (), "none", pace)
        return replace(spec, **changes)

    async def get(self, path="/watch", pace=SWIFT, **question):
        return await self.fetcher.fetch(self.source(pace), Question(path, **question), "psx.watch")


@pytest.fixture
async def desk():
    starts = []
    trace = aiohttp.TraceConfig()

    async def started(session, context, params):
        starts.append(asyncio.get_running_loop().time())

    trace.on_request_start.append(started)
    async with (
        Upstream({"/watch": PAGE}) as upstream,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), trace_configs=[trace]) as session,
    ):
        yield Desk(upstream, session, starts)


async def test_a_page_comes_with_what_may_be_kept_of_it(desk):
    page, raw = await desk.get(query={"tab": "1", "api_key": "s3cret"}, asked={"tab": "1"})
    assert page.body == PAGE
    assert page.asked == raw.asked == {"tab": "1"}
    assert page.fetched_at == NOW
    assert page.content_type.startswith("text/html")
    assert raw.id == hashlib.sha256(PAGE).hexdigest()
    assert (raw.name, raw.source) == ("psx.watch", "psx")
    assert desk.upstream.log[0].query == {"tab": "1", "api_key": "s3cret"}
    assert "s3cret" not in repr(raw) + repr(page)
    assert "cookie" not in repr(raw).lower()
    assert set(raw.headers) <= {"content-type", "date"}


async def test_forms_json_and_headers_go_along(desk):
    source = desk.source(headers={"X-Requested-With": "XMLHttpRequest"})
    await desk.fetcher.fetch(source, Question("/watch", form={"symbol": "786", "count": "50"}), "psx.watch")
    await desk.fetcher.fetch(source, Question("/watch", json={"date1": "08/20/2026"}), "psx.watch")
    form, document = desk.upstream.log
    assert (form.method, form.form) == ("POST", {"symbol": "786", "count": "50"})
    assert form.headers["X-Requested-With"] == "XMLHttpRequest"
    assert document.method == "POST"
    assert document.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("fault", PASSING)
async def test_what_passes_is_tried_again(desk, fault):
    desk.upstream.break_next(fault, fault)
    page, _ = await desk.get()
    assert page.body == PAGE
    assert len(desk.upstream.log) == 3
    assert desk.counts.seen == [("fetched", "psx", "ok")]


@pytest.mark.parametrize("fault", [*PASSING, "hang", "drip"])
async def test_what_does_not_pass_ends_after_the_tries(desk, fault):
    desk.upstream.break_next(*[fault] * 9)
    with pytest.raises(Unavailable) as told:
        await desk.get(pace=replace(SWIFT, tries=2, timeout=0.2))
    assert not isinstance(told.value, Gated)
    assert len(desk.upstream.log) == 2
    assert "127.0.0.1" not in told.value.detail
    assert desk.counts.seen == [("fetched", "psx", "unanswered")]


async def test_nobody_listens(desk):
    source = desk.source(base="http://127.0.0.1:1")
    with pytest.raises(Unavailable, match="3 times"):
        await desk.fetcher.fetch(source, Question("/watch"), "psx.watch")


@pytest.mark.parametrize("fault", ["forbidden", "unauthorized", "challenge", "captcha", "login"])
async def test_a_gate_is_said_at_once(desk, fault):
    desk.upstream.break_next(fault)
    with pytest.raises(Gated, match="files can be imported"):
        await desk.get()
    assert len(desk.upstream.log) == 1
    assert desk.counts.seen == [("fetched", "psx", "gated")]


@pytest.mark.parametrize("fault", ["missing", "elsewhere", "huge"])
async def test_what_is_no_page_is_not_asked_for_again(desk, fault):
    desk.upstream.break_next(fault)
    with pytest.raises(BrokenPage, match=r"psx\.watch"):
        await desk.get()
    assert len(desk.upstream.log) == 1


async def test_a_redirect_within_the_host_is_followed_as_a_get(desk):
    desk.upstream.break_next("moved")
    page, raw = await desk.get(form={"symbol": "MEBL"})
    assert page.body == PAGE
    assert [one.method for one in desk.upstream.log] == ["POST", "GET"]
    assert raw.url.endswith("?moved=1")


async def test_a_circle_of_redirects_ends(desk):
    desk.upstream.break_next(*["circle"] * 20)
    with pytest.raises(BrokenPage, match="circle"):
        await desk.get()
    assert len(desk.upstream.log) == 5


async def test_packed_pages_are_unpacked(desk):
    desk.upstream.break_next("gzip")
    page, raw = await desk.get()
    assert page.body == PAGE
    assert raw.id == hashlib.sha256(PAGE).hexdigest()


async def test_a_short_pause_is_kept_and_holds_the_others_back(desk):
    desk.upstream.retry_after = "1"
    desk.upstream.break_next("too_many")
    await asyncio.gather(desk.get(), asyncio.sleep(0.05))
    first, second = desk.starts
    assert second - first >= 1.0


async def test_a_long_pause_is_for_the_next_visit(desk):
    desk.upstream.break_next("much_too_many")
    with pytest.raises(Unavailable, match="3600 s") as told:
        await desk.get()
    assert told.value.values["wait"] == "3600"
    assert len(desk.upstream.log) == 1


async def test_requests_are_never_closer_than_the_pace(desk):
    pace = Pace(every=0.08, at_once=4, timeout=2.0, tries=3)
    desk.upstream.break_next("error", "error", "moved")
    await asyncio.gather(*(desk.get(pace=pace) for _ in range(6)))
    assert len(desk.starts) == 9
    gaps = [later - earlier for earlier, later in itertools.pairwise(desk.starts)]
    assert min(gaps) >= 0.07  # as they arrive: a busy machine may hold one up and let the next through


async def test_never_more_at_one_time_than_permitted(desk):
    async def slow(request):
        await asyncio.sleep(0.02)

    desk.upstream.hang = 0.03
    desk.upstream.break_next(*["hang"] * 8)
    await asyncio.gather(*(desk.get(pace=replace(SWIFT, at_once=2)) for _ in range(8)))
    assert desk.upstream.most_at_once == 2


async def test_a_hanging_source_holds_no_other_one_up(desk):
    desk.upstream.break_next("hang")
    hanging = asyncio.create_task(desk.get())
    await asyncio.sleep(0.05)
    other = desk.source(name="sbp")
    async with asyncio.timeout(1.0):
        await desk.fetcher.fetch(other, Question("/watch"), "sbp.sheet")
    hanging.cancel()
    await asyncio.gather(hanging, return_exceptions=True)


def test_honest_pages_are_no_gates():
    button = b"<html><button onclick=\"location.href='/Account/Login'\">Login</button><table></table></html>"
    contact = b'<html><input autocomplete="new-password"><p>by password mining</p><p>404</p></html>'
    reviewed = (
        b'<html><script src="recaptcha.js"></script>' + b" " * 70_000 + b"<table><tr></tr></table></html>"
    )
    nothing = (
        b'<html><script src="https://www.google.com/recaptcha/api.js"></script><body>Not Found</body></html>'
    )
    for body in (button, contact, reviewed, nothing, PAGE, b'{"captcha": true}', b"%PDF-1.7 captcha", b""):
        assert gate_in(200, body) == "", body[:40]
    for body in (CHALLENGE, CAPTCHA, LOGIN, b"\xef\xbb\xbf\n" + CHALLENGE):
        assert gate_in(200, body)
    assert gate_in(403, b'{"error": "token"}') == "answered 403"
    assert gate_in(402, b"Special Endpoint") == "answered 402", (
        "not in what was paid for: asking again is of no use"
    )


def test_keys_never_stay_in_an_address():
    url = URL("https://user:pw@h.pk/a?api_key=K1&apikey=K2&access_token=K3&symbol=MEBL&Signature=K4#K5")
    kept = kept_url(url)
    assert not any(secret in kept for secret in ("K1", "K2", "K3", "K4", "K5", "pw", "user"))
    assert "symbol=MEBL" in kept
    assert kept_url(URL("https://h.pk/a/b.pdf")) == "https://h.pk/a/b.pdf"
    assert kept_headers({"Set-Cookie": "s", "Authorization": "b", "ETag": "1"}) == {"etag": "1"}
