"""One careful POST to a provider: explicit time limits, a tolerant answer, and certainty about what may have arrived."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

import aiohttp
import orjson

from bot.channels.base import MediaSource
from services.domain.conversation import MediaRef
from services.domain.errors import (
    AccountRefused,
    DeliveryFailed,
    HeldBack,
    MarketByteError,
    OptedOut,
    RecipientGone,
    Scope,
    TemplateRefused,
    TooFast,
    WindowClosed,
)

MESSAGE = aiohttp.ClientTimeout(total=30, connect=5, sock_read=20)
UPLOAD = aiohttp.ClientTimeout(total=120, connect=5, sock_read=60)
COURTESY = aiohttp.ClientTimeout(total=5, connect=2)  # typing and read marks: nice, never worth waiting for

# Raised before a byte of ours is written: certainly not delivered.
UNSENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
)


class Fate(Enum):
    """What a provider's refusal means for the message; each channel has one table of its codes."""

    GONE = auto()  # blocked, left, void address: stop writing to it
    OPTED_OUT = auto()  # the person said STOP to the provider
    HELD_BACK = auto()  # the provider chose not to deliver this to this person now: nothing for a day
    WINDOW = auto()  # WhatsApp's 24 hours are over: only a template
    TEMPLATE = auto()  # the template or its variables are wrong: the whole campaign would fail alike
    FAST_CHAT = auto()  # too much for this one person or pair; certainly not taken
    FAST_SENDER = auto()  # too much for our number or bot; certainly not taken
    FAST_ACCOUNT = auto()  # too much for our whole account; certainly not taken
    PERMANENT = auto()  # this message will never be taken
    RETRY = auto()  # certainly not taken; later it may be
    UNSURE = auto()  # may have been taken all the same
    ACCOUNT = auto()  # our credentials or account: nothing goes until an operator mends it


# RFC 9110: the server says itself that it failed, so the message is not taken and goes again. A 504 (and whatever is
# beyond) only says that somebody behind it did not answer in time: that may have been after the message was taken.
SAID_NO = frozenset({500, 502, 503})
ACCOUNT_WAIT = 600.0  # seconds between tries while our own account is refused

# Those that are no matter of waiting: the error of ours and what it says behind the code.
FINAL: Mapping[Fate, tuple[Callable[..., DeliveryFailed], str]] = {
    Fate.GONE: (RecipientGone, "the recipient cannot be reached any more"),
    Fate.OPTED_OUT: (OptedOut, "the recipient told the provider to stop"),
    Fate.HELD_BACK: (HeldBack, "the provider holds it back from this recipient for now"),
    Fate.WINDOW: (WindowClosed, "the 24-hour window is shut and no template is set up for this message"),
    Fate.TEMPLATE: (TemplateRefused, "check the template and its variables"),
}
SCOPES: Mapping[Fate, Scope] = {
    Fate.FAST_CHAT: "chat",
    Fate.FAST_SENDER: "sender",
    Fate.FAST_ACCOUNT: "account",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider said. ``body`` is {} when it was no JSON object; ``wait`` its Retry-After in seconds."""

    status: int
    body: Mapping[str, object] = field(default_factory=dict)
    wait: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # to be asked by name in any case
    raw: bytes = b""

    @property
    def fine(self) -> bool:
        return 200 <= self.status < 300  # HTTP's own class of success


class Wire:
    """The only place in the channels that speaks HTTP. ``provider`` names it in errors; URLs (with tokens) never do."""

    def __init__(self, session: aiohttp.ClientSession, provider: str) -> None:
        self._session = session
        self._provider = provider

    async def post(
        self,
        url: str,
        *,
        json: object = None,
        form: Mapping[str, str] | aiohttp.FormData | None = None,
        headers: Mapping[str, str] | None = None,
        delivers: bool = True,
        timeout: aiohttp.ClientTimeout = MESSAGE,  # noqa: ASYNC109  # aiohttp's own limits, finer than one deadline
    ) -> Answer:
        """Post once, never again by itself. ``delivers``: this request puts something before a person.

        Raises:
            DeliveryFailed: not reached (not ambiguous), or no answer after we had begun to write (ambiguous).
        """
        sent = dict(headers or {})
        data: object = form
        if json is not None:
            data = orjson.dumps(json)
            sent["Content-Type"] = "application/json"
        return await self.request("POST", url, data=data, headers=sent, delivers=delivers, timeout=timeout)

    async def request(
        self,
        method: str,
        url: str,
        *,
        data: object = None,
        headers: Mapping[str, str] | None = None,
        delivers: bool = True,
        timeout: aiohttp.ClientTimeout = MESSAGE,  # noqa: ASYNC109  # as above
    ) -> Answer:
        """One request of any method with ``data`` as it stands; raises as ``post`` does."""
        try:
            async with self._session.request(
                method, url, data=data, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                raw = await response.read()
                wait = _seconds(response.headers.get("Retry-After", ""))
                return Answer(response.status, _object(raw), wait, response.headers, raw)
        except UNSENT as error:
            # "from None": the library's messages bear the URL, and with it Telegram's token.
            raise DeliveryFailed(
                f"{self._provider} was not reached ({type(error).__name__}); try again"
            ) from None
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            detail = f"{self._provider} gave no answer ({type(error).__name__}); the message may have arrived"
            raise DeliveryFailed(detail, ambiguous=delivers) from None


def failure(provider: str, fate: Fate, code: str, wait: float | None = None) -> DeliveryFailed:
    """Our error for a refusal. Only the code is told: providers' messages repeat numbers and words."""
    detail = f"{provider} refused the message (code {code})"
    if fate in FINAL:
        kind, meaning = FINAL[fate]
        return kind(f"{detail}: {meaning}", code=code)
    if fate in SCOPES:
        return TooFast(f"{detail}: too fast", scope=SCOPES[fate], wait=wait, code=code)
    if fate is Fate.ACCOUNT:
        refused = AccountRefused(f"{detail}: check our account and its credentials", code=code)
        refused.wait = wait or ACCOUNT_WAIT
        return refused
    if fate is Fate.PERMANENT:
        return DeliveryFailed(f"{detail}: it will never be taken as it is", permanent=True, code=code)
    unsure = fate is Fate.UNSURE
    return DeliveryFailed(f"{detail}: try again later", ambiguous=unsure, wait=wait, code=code)


def fate_of_status(status: int) -> Fate:
    """What a bare HTTP status means when the body explains nothing, or by a code that our table does not know."""
    if status == 429:  # RFC 6585: too many requests, not processed
        return Fate.FAST_SENDER
    if status in {401, 403}:
        return Fate.ACCOUNT
    if status in SAID_NO:
        return Fate.RETRY
    return Fate.PERMANENT if 400 <= status < 500 else Fate.UNSURE  # the classes of RFC 9110


def basic(name: str, password: str) -> dict[str, str]:
    """The header of a login itself: aiohttp gives up its own ways to hand over a name and a password."""
    return {"Authorization": f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"}


async def bytes_of(media: MediaSource, ref: MediaRef) -> bytes:
    """The bytes of a medium.

    Raises:
        DeliveryFailed: permanent if the store has it no more.
    """
    try:
        return await media.get(ref.key)
    except DeliveryFailed:
        raise
    except MarketByteError as error:
        raise DeliveryFailed(
            f"a medium of this message is not to be had: {error.detail}", permanent=True
        ) from error


def _object(raw: bytes) -> Mapping[str, object]:
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def _seconds(value: str) -> float | None:
    return float(value) if value.isascii() and value.isdecimal() else None
