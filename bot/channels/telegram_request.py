"""python-telegram-bot's request layer over the one HTTP session of the process: its typed errors, our time limits.

The library's own backend opens a second connection pool and costs 1.7-7 ms CPU a message; this one costs what the
session costs. Nothing is ever sent twice here, no redirect is followed, and no error bears the URL, for it holds the token.
"""

import io
import math
from collections.abc import Mapping

import aiohttp
import orjson
from telegram import InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import (  # RequestData takes nothing else; there is no public way to make one
    RequestParameter,
)
from typing_extensions import override

from bot.channels.wire import MESSAGE, UNSENT, UPLOAD

# The library has one home: the other files take its errors from here.
__all__ = [
    "BadRequest",
    "Calls",
    "ChatMigrated",
    "Conflict",
    "FloodWait",
    "Forbidden",
    "InputFile",
    "InvalidToken",
    "NoAnswer",
    "NotSent",
    "OtherStatus",
    "TelegramError",
]

EXPLAINED = frozenset({400, 401, 403, 404, 409})  # statuses for which the library has an error of its own
LONGEST_WAIT = 24 * 3600.0  # seconds; a pause beyond a day is no pause we could keep


class NotSent(NetworkError):
    """Not a byte of ours was written: certainly not delivered."""


class NoAnswer(NetworkError):
    """We had begun to write and got no answer, or none that can be read: it may have been delivered."""


class FloodWait(TelegramError):
    """Over a limit and certainly not taken; ``wait`` in seconds if Telegram named it.

    The library's own RetryAfter warns of its own deprecation each time it is made (22.8).
    """

    def __init__(self, wait: float | None) -> None:
        super().__init__("Too Many Requests")
        self.wait = wait


class OtherStatus(NetworkError):
    """A refusal for which the library has no class: server errors, redirects, too large."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class SessionRequest(BaseRequest):
    """The library's HTTP backend: one POST, once."""

    __slots__ = ("_session",)

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @property
    @override
    def read_timeout(self) -> float | None:
        return MESSAGE.sock_read

    @override
    async def initialize(self) -> None:
        """Nothing: the session is opened and closed by the world."""

    @override
    async def shutdown(self) -> None:
        """Nothing: the session is not ours to close."""

    @staticmethod
    @override
    def parse_json_payload(payload: bytes) -> dict[str, object]:
        """The answer's object. The library's own reader logs what it cannot read, words of people included."""
        try:
            body = orjson.loads(payload)
        except orjson.JSONDecodeError:
            body = None
        if not isinstance(body, dict):
            raise NoAnswer("the answer is no JSON object")
        return body

    @override
    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        """One request, once. A ``read_timeout`` that is a number is the limit of the whole request, in seconds.

        Raises:
            NotSent, NoAnswer: No answer came; which of them tells whether it may have been delivered.
            FloodWait, OtherStatus: An answer that the library has no class for.
        """
        data = request_data or RequestData()
        timeout = UPLOAD if data.contains_files else MESSAGE
        if isinstance(read_timeout, int | float):
            timeout = aiohttp.ClientTimeout(total=read_timeout, connect=min(5.0, read_timeout))
        if self._session.closed:
            raise NotSent("SessionClosed")
        headers = {} if data.contains_files else {"Content-Type": "application/json"}
        try:
            async with self._session.request(
                method, url, data=_written(data), headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                raw = await response.read()
                status, pause = response.status, response.headers.get("Retry-After", "")
        except UNSENT as error:
            # "from None": the session's messages bear the URL, and with it the token.
            raise NotSent(type(error).__name__) from None
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise NoAnswer(type(error).__name__) from None
        _raise_for(status, raw, pause)
        return status, raw


class Calls:
    """The methods of the Bot API by name: ``await calls("sendMessage", {"chat_id": 1, "text": "hi"})``.

    Args:
        session: The one HTTP session.
        root: ``{base}/bot{token}``; it never leaves this object.
    """

    def __init__(self, session: aiohttp.ClientSession, root: str) -> None:
        self._request = SessionRequest(session)
        self._root = root

    async def __call__(
        self,
        method: str,
        fields: Mapping[str, object],
        *,
        upload: tuple[str, InputFile] | None = None,
        within: float | None = None,
    ) -> object:
        """The ``result`` of a call, as raw JSON: whether a message was taken is not for an object model to decide.

        Args:
            method: Its name in the Bot API.
            fields: Its parameters, JSON values.
            upload: A file and the parameter that it is.
            within: Seconds for the whole call; None means the usual limits.

        Raises:
            TelegramError: One of the library's, or of this module's.
        """
        parameters = [RequestParameter(name, value, None) for name, value in fields.items()]
        if upload is not None:
            parameters.append(RequestParameter(upload[0], None, [upload[1]]))
        url = f"{self._root}/{method}"
        data = RequestData(parameters)
        try:
            if within is None:
                return await self._request.post(url, data)
            return await self._request.post(url, data, read_timeout=within)
        except (KeyError, AttributeError, TypeError):  # the library trusts the answer's shape
            raise NoAnswer("the answer has no result") from None


def _written(data: RequestData) -> bytes | aiohttp.FormData:
    """The body: JSON, or with files a form whose files go out in pieces, so that a large one holds up nobody else."""
    if not data.contains_files:
        return orjson.dumps(data.parameters)
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, stream, filename=filename, content_type=mime)
    return form


def _raise_for(status: int, raw: bytes, pause: str) -> None:
    """Raise for what the library does not tell apart by itself."""
    if 200 <= status < 300:
        return
    parameters = _parameters(raw)
    wait = _seconds(parameters.get("retry_after")) or _seconds(pause)
    if status == 429 or (status in EXPLAINED and "retry_after" in parameters):
        raise FloodWait(wait)
    if status not in EXPLAINED:
        raise OtherStatus(status)


def _parameters(raw: bytes) -> Mapping[str, object]:
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return {}
    parameters = body.get("parameters") if isinstance(body, dict) else None
    return parameters if isinstance(parameters, dict) else {}


def _seconds(value: object) -> float | None:
    """A pause in seconds out of a JSON number or a header; None if it is neither."""
    try:
        seconds = float(value) if isinstance(value, int | float | str) else 0.0
    except ValueError:
        return None
    return min(seconds, LONGEST_WAIT) if math.isfinite(seconds) and seconds > 0 else None
