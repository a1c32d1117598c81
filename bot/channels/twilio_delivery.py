"""One message into Twilio's hands: both tokens of a rotation, and another form for a medium that is refused."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.channels.base import Gate, Now, Recent
from bot.channels.twilio_codes import FORM_REFUSED, MEDIA_REFUSED, WRONG_TOKEN
from bot.channels.twilio_messages import Composer, Medium, Message
from bot.channels.wire import Fate, failure
from services.domain.conversation import MediaRef, Voice
from services.domain.errors import AccountRefused, DeliveryFailed, MarketByteError

if TYPE_CHECKING:
    from bot.channels.twilio_client import Api

OGG = "audio/ogg"
# Twilio itself drops what still waits in its queue after so many seconds (docs/messaging/api/message-resource).
VALIDITY = (5, 36_000)
MOST_RECODED = 1_000

Recoded = Callable[[MediaRef], Awaitable[MediaRef]]


class Delivery:
    """Creates messages.

    Args:
        api: The library's calls; None while Twilio is not configured.
        composer: Makes the messages that stand in for a refused medium.
        sender: "whatsapp:+1415…", the bare number, or a messaging service "MG…".
        status_url: Where delivery statuses go, "" for none.
        now: The clock.
        mp3: Makes the MP3 of a voice note; None = there is no such thing.
    """

    def __init__(  # each part is handed over by name
        self,
        api: "Api | None",
        composer: Composer,
        *,
        sender: str,
        status_url: str,
        now: Now,
        mp3: Recoded | None,
    ) -> None:
        self._api = api
        self._composer = composer
        self._fixed = _sender(sender) | ({"status_callback": status_url} if status_url else {})
        self._now = now
        self._mp3 = mp3
        self._making: dict[str, asyncio.Future[MediaRef]] = {}
        self._recoded: Recent[MediaRef] = Recent(MOST_RECODED)  # voice notes whose OGG was refused once

    async def deliver(self, to: str, message: Message, gate: Gate, *, until: datetime | None) -> str:
        """Send one message and return its SID; a refused medium goes in another form, then as words with a link.

        ``until`` is when it is stale. The gate is awaited before every request.

        Raises:
            DeliveryFailed: or one of its kinds.
        """
        block = message.block
        if block is None:
            return await self._post(to, message, gate, until)
        known = self._recoded.get(block.media.key)
        if known is not None:
            message = self._composer.in_form(message, known)
        code = await self._tried(to, message, gate, until)
        if isinstance(code, Taken):
            return code.sid
        twin = await self.twin(block) if known is None and code in FORM_REFUSED else None
        if twin is not None:
            code = await self._tried(to, self._composer.in_form(message, twin), gate, until)
            if isinstance(code, Taken):
                return code.sid
        return await self._post(to, self._composer.without_medium(block), gate, until)

    async def twin(self, block: Medium) -> MediaRef | None:
        """The MP3 of a voice note whose OGG was refused: made once, then used for everybody; None if it cannot be."""
        if self._mp3 is None or not isinstance(block, Voice) or not block.media.mime.startswith(OGG):
            return None
        key = block.media.key
        if (known := self._recoded.get(key)) is not None:
            return known
        making = self._making.get(key)
        if making is None:
            making = self._making[key] = asyncio.ensure_future(self._mp3(block.media))
            making.add_done_callback(partial(self._made, key))
        try:
            return await asyncio.shield(making)
        except MarketByteError:
            return None  # the words go with a link instead

    def _made(self, key: str, making: "asyncio.Future[MediaRef]") -> None:
        del self._making[key]
        if not making.cancelled() and making.exception() is None:
            self._recoded.put(key, making.result())

    async def _tried(self, to: str, message: Message, gate: Gate, until: datetime | None) -> "Taken | str":
        """Send a medium: taken, or the code by which the medium itself was refused; other failures are raised."""
        try:
            return Taken(await self._post(to, message, gate, until))
        except DeliveryFailed as failed:
            if failed.code not in MEDIA_REFUSED:
                raise
            return failed.code

    async def _post(self, to: str, message: Message, gate: Gate, until: datetime | None) -> str:
        """Create one message; returns its SID. A refused token is tried once more with the other of a rotation."""
        if self._api is None:
            raise failure("twilio", Fate.ACCOUNT, "not configured")
        fields = {**self._fixed, **self._validity(until), **message.fields}
        await gate()
        used = self._api.good
        try:
            return await self._api.create(to, fields)
        except AccountRefused as refused:
            if refused.code not in WRONG_TOKEN or self._api.tokens == 1:
                raise
        self._api.refused(used)
        await gate()
        return await self._api.create(to, fields)

    def _validity(self, until: datetime | None) -> dict[str, str]:
        """How long Twilio may keep it in its own queue: what is stale is not delivered hours later."""
        if until is None:
            return {}
        left = int((until - self._now()).total_seconds())
        return {"validity_period": str(min(max(left, VALIDITY[0]), VALIDITY[1]))}


@dataclass(frozen=True, slots=True)
class Taken:
    """Twilio took it."""

    sid: str


def _sender(sender: str) -> dict[str, str]:
    if sender.startswith("MG"):
        return {"messaging_service_sid": sender}
    return {"from_": sender if sender.startswith("whatsapp:") else f"whatsapp:{sender}"}
