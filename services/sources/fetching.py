"""Fetches pages: gently, again where that helps, within limits, and never past a gate."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final, NoReturn

import aiohttp
from multidict import CIMultiDictProxy
from yarl import URL

from services.counts import UNCOUNTED, Counts
from services.domain.errors import BrokenPage, Gated, MarketByteError, NotInPlan, Unavailable
from services.domain.sourcing import Page, Question, SourceSpec
from services.market_store import Raw
from services.ports import Clock
from services.sources.gates import gate_in
from services.sources.keeping import kept_headers, kept_url
from services.sources.pacing import Lane
from services.sources.unpacking import PACKED, NotWholeError, TooLongError, Unpacker

LARGEST: Final = 32 * 1024 * 1024  # bytes; the largest honest page is a PDF of 3 MB
LONGEST_WAIT: Final = 60.0  # seconds that a source may make us wait; a longer pause is for the next visit
HOPS: Final = 5
CONNECT: Final = 10.0
PAYMENT_REQUIRED: Final = 402
_AGAIN: Final = frozenset({408, 425, 429})
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_PLAIN: Final = "MarketByte"  # says who asks; a source may want another name in its own headers


class _TryAgainError(Exception):
    """Trying again may help; its words go into a log, so they name no address. ``wait``: the source named the seconds."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    url: URL
    headers: CIMultiDictProxy[str]
    body: bytes


class HttpFetcher:
    """The ``Fetcher`` over one session, which the wiring owns (without a cookie jar, so that no visit knows another).

    Args:
        session: Ours to use, not to close.
        clock: Stamps what comes.
        counts: Where requests are counted, by source and outcome.
        largest: Bytes of a body, unpacked; a longer one is no page.
        first_wait: Seconds before the first repetition, doubled each time, plus as much by chance.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        clock: Clock,
        *,
        counts: Counts = UNCOUNTED,
        largest: int = LARGEST,
        first_wait: float = 0.5,
    ) -> None:
        self._session = session
        self._clock = clock
        self._counts = counts
        self._largest = largest
        self._first_wait = first_wait
        self._lanes: dict[str, Lane] = {}

    async def fetch(self, source: SourceSpec, question: Question, name: str) -> tuple[Page, Raw]:
        """Ask a source for one page.

        Raises:
            Gated: A gate: refused (401, 403), a bot challenge, a captcha, a login form. Not tried again.
            Unavailable: No answer after all tries; ``values["wait"]`` are the seconds the source asked us to wait.
            BrokenPage: It answered that there is no such page (4xx), sent us to another host, or sent too much.
        """
        lane = self._lanes.setdefault(source.name, Lane(source.pace))
        try:
            answer = await self._tried(source, lambda: self._once(source, question, name, lane))
        except _TryAgainError as error:
            self._count(source, "unanswered")
            raise Unavailable(f"{name}: {error.reason}, {source.pace.tries} times") from None
        except MarketByteError as error:
            self._count(source, _OUTCOMES.get(type(error), "refused"))
            raise
        self._count(source, "ok")
        return self._kept(source, question, name, answer)

    async def _tried(self, source: SourceSpec, once: Callable[[], Awaitable[_Answer]]) -> _Answer:
        # 0.1 s of imports that only a process that fetches pays.
        from stamina import retry_context

        again = retry_context(
            on=_worth_it,
            attempts=max(1, source.pace.tries),
            timeout=None,
            wait_initial=self._first_wait,
            wait_max=LONGEST_WAIT,
            wait_jitter=self._first_wait,
        )
        async for attempt in again:
            with attempt:
                return await once()
        raise AssertionError("stamina returns or raises")  # pragma: no cover

    async def _once(self, source: SourceSpec, question: Question, name: str, lane: Lane) -> _Answer:
        async with lane.place():
            answer = await self._followed(source, question, name, lane)
        gate = gate_in(answer.status, answer.body)
        if gate:
            shape = NotInPlan if answer.status == PAYMENT_REQUIRED else Gated
            raise shape(f"{source.title}: {gate}; it is not worked around, files can be imported instead")
        if answer.status in _AGAIN or answer.status >= 500:
            self._put_off(name, answer, lane)
        if answer.status >= 400:
            raise BrokenPage(f"answered {answer.status}", page=name)
        return answer

    def _put_off(self, name: str, answer: _Answer, lane: Lane) -> NoReturn:
        """Later: in this visit if the source names no longer pause than we have, else in the next."""
        wait = _seconds(answer.headers)
        if wait is not None:
            lane.rest(wait)
        if wait is not None and wait > LONGEST_WAIT:
            detail = f"{name}: answered {answer.status} and asks us to wait {wait:.0f} s"
            raise Unavailable(detail, wait=f"{wait:.0f}")
        raise _TryAgainError(f"answered {answer.status}", wait)

    async def _followed(self, source: SourceSpec, question: Question, name: str, lane: Lane) -> _Answer:
        """The answer behind redirects within the same host."""
        base = source.base.rstrip("/")
        url = URL(f"{base}/{question.path.lstrip('/')}" if question.path else base)
        url = url.update_query(dict(question.query)) if question.query else url
        body: Question | None = question
        for _ in range(HOPS):
            left = await lane.step(LONGEST_WAIT)
            if left:
                raise Unavailable(f"{name}: {source.title} asked us to wait", wait=f"{left:.0f}")
            answer = await self._request(source, url, body, name)
            target = answer.headers.get("Location", "")
            if answer.status not in _MOVED or not target:
                return answer
            url, before = url.join(URL(target)), url
            if not _same_house(before, url):
                raise BrokenPage(f"sends us to another host, {url.host}", page=name)
            if answer.status not in {307, 308}:
                body = None
        raise BrokenPage(f"sends us around in a circle of more than {HOPS} redirects", page=name)

    async def _request(self, source: SourceSpec, url: URL, asked: Question | None, name: str) -> _Answer:
        """One request and its whole body, within the source's time."""
        seconds = source.pace.timeout
        loop = asyncio.get_running_loop()
        started = loop.time()
        form = dict(asked.form) if asked and asked.form is not None else None
        document = dict(asked.json) if asked and asked.json is not None else None
        try:
            async with (
                asyncio.timeout(seconds),
                self._session.request(
                    "GET" if form is None and document is None else "POST",
                    url,
                    data=form,
                    json=document,
                    headers={"User-Agent": _PLAIN, **source.headers, "Accept-Encoding": PACKED},
                    allow_redirects=False,
                    auto_decompress=False,
                    timeout=aiohttp.ClientTimeout(total=None, connect=min(CONNECT, seconds)),
                ) as response,
            ):
                body = await self._read(response, name)
                return _Answer(response.status, url, response.headers, body)
        except TimeoutError:
            raise _TryAgainError(f"no answer within {seconds:g} s") from None
        except aiohttp.ClientError as error:
            raise _TryAgainError(f"no whole answer ({type(error).__name__})") from None
        finally:
            self._counts.took("fetch", loop.time() - started, channel=source.name)

    async def _read(self, response: aiohttp.ClientResponse, name: str) -> bytes:
        unpacker = Unpacker(response.headers.get("Content-Encoding", ""), self._largest)
        try:
            async for chunk in response.content.iter_any():
                unpacker.add(chunk)
            return unpacker.whole()
        except TooLongError:
            raise BrokenPage(f"longer than {self._largest // 1024:,} KiB", page=name) from None
        except NotWholeError as error:
            raise _TryAgainError(str(error)) from None

    def _kept(self, source: SourceSpec, question: Question, name: str, answer: _Answer) -> tuple[Page, Raw]:
        now = self._clock.now()
        content_type = answer.headers.get("Content-Type", "")
        url = kept_url(answer.url)
        page = Page(name, answer.body, now, content_type, url, question.asked)
        raw = Raw(
            id=hashlib.sha256(answer.body).hexdigest(),
            name=name,
            source=source.name,
            fetched_at=now,
            content_type=content_type,
            url=url,
            asked=question.asked,
            headers=kept_headers(answer.headers),
        )
        return page, raw

    def _count(self, source: SourceSpec, outcome: str) -> None:
        self._counts.add("fetched", channel=source.name, kind=outcome)


_OUTCOMES: Final[Mapping[type[MarketByteError], str]] = {
    Gated: "gated",
    NotInPlan: "gated",
    Unavailable: "unanswered",
    BrokenPage: "refused",
}


def _worth_it(error: Exception) -> bool | float:
    """For stamina: whether to try again, and after how many seconds if the source named them."""
    if not isinstance(error, _TryAgainError):
        return False
    return True if error.wait is None else error.wait


def _same_house(before: URL, after: URL) -> bool:
    """The same host by the same way, or by the safer one."""
    if before.host != after.host:
        return False
    if before.origin() == after.origin():
        return True
    return before.scheme == "http" and after.scheme == "https" and before.is_default_port()


def _seconds(headers: Mapping[str, str]) -> float | None:
    """What Retry-After asks for: seconds, or a date counted from the answer's own; None if it asks for nothing."""
    said = headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        until, now = parsedate_to_datetime(said), parsedate_to_datetime(headers.get("Date", ""))
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError):
        return None
