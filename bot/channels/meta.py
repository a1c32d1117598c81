"""WhatsApp Cloud API (Meta): signed events in, messages and uploaded media out."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Literal

import aiohttp
import orjson

from bot.channels.base import (
    Event,
    Gate,
    KnownFiles,
    MediaSource,
    Now,
    Recent,
    header,
    matches_any,
    secrets_of,
)
from bot.channels.meta_codes import MEDIA_REFUSED, Undeliverable, fate_of
from bot.channels.meta_events import EventReader
from bot.channels.meta_media import Uploads
from bot.channels.meta_sending import Sending, block_of
from bot.channels.meta_templates import Templates
from bot.channels.wire import COURTESY, Fate, Wire
from services.domain.conversation import Inbound, Outbound, Receipt, Reply, Text, Voice
from services.domain.errors import Forbidden, Malformed, MarketByteError, NotAvailable, OnlyEchoes

GRAPH_BASE = "https://graph.facebook.com/v23.0"
SIGNATURE = "X-Hub-Signature-256"
AGAIN = ":again"  # the end of the key of what is sent a second time
PASSING = frozenset({Fate.RETRY, Fate.FAST_CHAT, Fate.FAST_SENDER, Fate.FAST_ACCOUNT})


class Meta:
    """The channel "meta".

    Args:
        session: The one HTTP session of the process.
        phone_number_id: The id of our number, not the number.
        access_token: Opens the Graph API.
        app_secret: One or two values (while rotated); signs what comes in; empty closes the door.
        verify_token: What Meta repeats when the webhook is set up.
        now: The clock.
        files: The media ids that Meta already gave us.
        templates: Our template names and Meta's: {"name": …, "language": …}; see ``Templates``.
        base: The Graph host with its version.
    """

    name: Literal["meta"] = "meta"

    def __init__(  # noqa: PLR0913  # the settings of one provider, all by name
        self,
        session: aiohttp.ClientSession,
        *,
        phone_number_id: str,
        access_token: str,
        app_secret: str,
        verify_token: str,
        now: Now,
        files: KnownFiles,
        templates: Mapping[str, object] | None = None,
        base: str = GRAPH_BASE,
    ) -> None:
        token = next(iter(secrets_of(access_token)), "")
        self._opened = bool(phone_number_id and token)
        self._secrets = secrets_of(app_secret)
        self._verify_tokens = secrets_of(verify_token)
        self._now = now
        self._wire = Wire(session, "meta")
        self._login = {"Authorization": f"Bearer {token}"}
        root = f"{(base or GRAPH_BASE).rstrip('/')}/{phone_number_id}"
        self._messages = f"{root}/messages"
        phones: Recent[str] = Recent(100_000)
        undeliverable = Undeliverable()
        self._reader = EventReader(now, phones, undeliverable)
        self._templates = Templates(templates or {})
        self._uploads = Uploads(
            self._wire, root=root, number=phone_number_id, login=self._login, files=files, now=now
        )
        self._sending = Sending(
            self._wire, url=self._messages, login=self._login, uploads=self._uploads, templates=self._templates,
            phones=phones, undeliverable=undeliverable,
        )  # fmt: skip

    @property
    def configured(self) -> bool:
        return self._opened and bool(self._secrets)

    @property
    def challengeable(self) -> bool:
        """Whether the door of the challenge is open: there is a word to compare with."""
        return self.configured and bool(self._verify_tokens)

    def challenge(self, query: Mapping[str, str]) -> str:
        """What to answer, as it is, to the GET by which Meta checks the webhook.

        Raises:
            Forbidden: the verify token is wrong or none is configured.
        """
        right = matches_any(query.get("hub.verify_token", ""), list(self._verify_tokens))
        if not right or query.get("hub.mode") != "subscribe":
            raise Forbidden("meta webhook: the verify token is wrong")
        return query.get("hub.challenge", "")

    def verify(
        self,
        headers: Mapping[str, str],
        path_qs: str,  # noqa: ARG002  # only the body is signed
        body: bytes,
    ) -> None:
        """Check the signature over the very bytes received."""
        expected = [
            "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
            for secret in self._secrets
        ]
        if not matches_any(header(headers, SIGNATURE), expected):
            raise Forbidden("meta webhook: the signature is missing or wrong")

    def parse(self, body: bytes, content_type: str) -> list[Event]:  # noqa: ARG002  # it is always JSON
        """Every message, status and preference of a post (up to a thousand)."""
        try:
            payload = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise Malformed("meta webhook: the body is no JSON") from None
        if not isinstance(payload, dict) or not isinstance(payload.get("entry"), list):
            raise Malformed("meta webhook: the body has no entries")
        return self._reader.read(payload)

    async def send(self, outbound: Outbound, media: MediaSource, gate: Gate) -> Receipt:
        """Send the parts in order; where the window is shut, the template instead, once."""
        return Receipt(await self._sending.send(outbound, media, gate), self._now())

    async def find(self, outbound: Outbound, since: datetime) -> Receipt | None:  # noqa: ARG002  # nobody can be asked
        """Whether it took a message that had no answer: its statuses bear our key, and tell it by themselves.

        Raises:
            OnlyEchoes: Always, but for a sealed message.
            NotAvailable: The words of a sealed message are kept nowhere, so it could not go again.
        """
        if outbound.reply.sealed:
            raise NotAvailable("meta: what a sealed message said is not kept", what="message")
        raise OnlyEchoes("meta cannot be asked whether it took a message")

    async def instead(self, outbound: Outbound, code: str, ref: str) -> Outbound | None:
        """What to put in the place of a message that a late status says was refused; None if nothing can be.

        What failed for the moment goes again, once; a medium that could not be used goes up anew, once, then come its
        words. ``ref`` is the id that was refused.
        """
        place = replace(outbound, done=(), not_before=None, at=self._now())
        if fate_of(code) in PASSING:
            return None if outbound.key.endswith(AGAIN) else self._again(place, outbound.done, ref)
        number, block = block_of(outbound, ref)
        if code not in MEDIA_REFUSED or block is None:
            return None
        await self._uploads.forget(block.media)
        place = replace(place, template=None)
        if not outbound.key.endswith(AGAIN):
            return replace(place, key=f"{outbound.key}:{number}{AGAIN}", reply=Reply((block,)))
        told = block.transcript if isinstance(block, Voice) else block.caption
        return replace(place, key=f"{outbound.key}:words", reply=Reply((Text(told),))) if told else None

    def _again(self, place: Outbound, refs: tuple[str, ...], ref: str) -> Outbound | None:
        """The message behind the parts that stand; not if a part was refused behind which others were taken."""
        if place.reply.sealed or refs[-1:] != (ref,):
            return None  # its words are kept nowhere, or somebody would be told twice
        return replace(place, key=f"{place.key}{AGAIN}", done=refs[:-1])

    async def typing(self, inbound: Inbound, kind: str = "typing") -> None:  # noqa: ARG002  # WhatsApp knows but one
        """Mark as read and show "typing…" for at most 25 s."""
        if not inbound.reply_ref:
            return
        message = {"status": "read", "message_id": inbound.reply_ref, "typing_indicator": {"type": "text"}}
        try:
            await self._wire.post(
                self._messages,
                json={"messaging_product": "whatsapp", **message},
                headers=self._login,
                delivers=False,
                timeout=COURTESY,
            )
        except MarketByteError:
            return
