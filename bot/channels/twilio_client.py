"""The twilio library over our own HTTP session: its calls and answers, our time limits, no retry, no redirect.

The library's own asynchronous client has no time limit at all and repeats a POST on a server error; both are ours here.
This module imports it (0.1 s, 15 MB), so it is itself imported only where Twilio is configured.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode, urlsplit, urlunsplit

import aiohttp
from twilio.base.exceptions import TwilioException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from bot.channels.twilio_codes import refusal
from bot.channels.twilio_finding import Listed, Row
from bot.channels.wire import Answer, Fate, Wire, basic, failure
from services.domain.errors import DeliveryFailed

READING = aiohttp.ClientTimeout(total=20, connect=5, sock_read=15)
SILENT = logging.getLogger(
    "bot.channels.twilio_client"
)  # the library logs URLs and headers; we let it say nothing
# The library reads the environment (account, edge, region) where it is given none; settings are read in one place.
NOTHING = {"": ""}
UNREADABLE = (TwilioException, ValueError, TypeError, KeyError, AttributeError)


class SharedSession(AsyncHttpClient):  # type: ignore[misc]  # the library tells no types
    """The library's HTTP backend. Whatever is no success leaves it as our own error, certain or ambiguous.

    Args:
        wire: The one place that speaks HTTP.
        base: Where Twilio is; the scheme and host of the library's URLs are replaced by it.
    """

    def __init__(self, wire: Wire, base: str) -> None:
        super().__init__(SILENT, is_async=True)
        self._wire = wire
        self._base = urlsplit(base)
        self.concurrent = 0
        self.date = ""

    async def request(  # noqa: PLR0913  # as the library calls it
        self,
        method: str,
        uri: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109  # ours hold, not the library's
        allow_redirects: bool = False,  # noqa: ARG002  # never
    ) -> Response:
        """One request of the library's.

        Raises:
            DeliveryFailed: or one of its kinds: not reached, no answer, or refused by a code of our table.
        """
        posts = method.upper() == "POST"
        answer = await self._wire.request(
            method,
            self._url(uri, params),
            data=urlencode(dict(data), doseq=True).encode() if data else None,
            headers={**(headers or {}), **(basic(*auth) if auth else {})},
            delivers=posts,
            **({} if posts else {"timeout": READING}),
        )
        self._note(answer)
        if not answer.fine or not answer.body:
            raise refusal(answer)
        return Response(answer.status, answer.raw.decode("utf-8", "replace"), answer.headers)

    def _url(self, uri: str, params: Mapping[str, object] | None) -> str:
        given = urlsplit(uri)
        query = "&".join(part for part in (given.query, urlencode(dict(params or {}), doseq=True)) if part)
        path = self._base.path.rstrip("/") + given.path
        return urlunsplit((self._base.scheme, self._base.netloc, path, query, ""))

    def _note(self, answer: Answer) -> None:
        under_way = answer.headers.get("Twilio-Concurrent-Requests", "")
        if under_way.isascii() and under_way.isdecimal():
            self.concurrent = int(under_way[:6])
        self.date = answer.headers.get("Date", "")


class Api:
    """The calls we make. One client for each auth token, so that a refused one of a rotation costs one request once.

    Args:
        session: The one HTTP session of the process.
        account_sid: "AC…".
        tokens: One, or two while they are rotated.
        base: Where Twilio is.
    """

    def __init__(
        self, session: aiohttp.ClientSession, account_sid: str, tokens: tuple[str, ...], base: str
    ) -> None:
        self._backend = SharedSession(Wire(session, "twilio"), base)
        self._clients = [
            Client(account_sid, token, http_client=self._backend, environment=NOTHING) for token in tokens
        ]
        self._lists = [
            client.messages for client in self._clients
        ]  # resolves (and imports) all of the path now
        self._good = 0

    @property
    def tokens(self) -> int:
        return len(self._clients)

    @property
    def concurrent(self) -> int:
        """How many requests of our account Twilio last said to be under way (20429 is their limit)."""
        return self._backend.concurrent

    @property
    def good(self) -> int:
        """Which token is used: the first, until it was refused."""
        return self._good

    def refused(self, token: int) -> None:
        """That token was refused: the other of a rotation is used from now on, if nobody changed over before."""
        if token == self._good:
            self._good = (self._good + 1) % len(self._clients)

    async def create(self, to: str, fields: Mapping[str, str]) -> str:
        """Create one message with the fields as the library names them; returns its SID.

        Raises:
            DeliveryFailed: or one of its kinds.
        """
        given: dict[str, str | list[str]] = dict(fields)
        if "media_url" in fields:
            given["media_url"] = [fields["media_url"]]
        try:
            made = await self._lists[self._good].create_async(to=to, **given)
        except DeliveryFailed:
            raise
        except UNREADABLE as error:
            # A success whose body the library cannot read: it was taken, under an id that we do not know.
            raise failure("twilio", Fate.UNSURE, type(error).__name__) from None
        if not isinstance(made.sid, str) or not made.sid:
            raise failure("twilio", Fate.UNSURE, "no sid")
        return made.sid

    async def listed(self, to: str, most: int) -> Listed:
        """The newest messages to an address, ours and of any state, with the time at Twilio.

        Raises:
            DeliveryFailed: it did not answer, or not with a list.
        """
        try:
            found = await self._lists[self._good].list_async(to=to, limit=most, page_size=most)
        except DeliveryFailed:
            raise
        except UNREADABLE as error:
            raise failure("twilio", Fate.RETRY, type(error).__name__) from None
        rows = [
            Row(
                str(one.sid),
                str(one.body or ""),
                _number(one.num_media),
                str(one.direction),
                _time(one.date_created),
            )
            for one in found
        ]
        return Listed(tuple(rows), _dated(self._backend.date), full=len(rows) >= most)


def _dated(header: str) -> datetime | None:
    """The time of an answer, None if it bears none."""
    try:
        return parsedate_to_datetime(header)
    except ValueError:
        return None


def _number(value: object) -> int:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0


def _time(value: object) -> datetime | None:
    return value if isinstance(value, datetime) and value.tzinfo else None
