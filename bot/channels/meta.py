"""WhatsApp Cloud API (Meta): signed events in, messages and uploaded media out."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from io import BytesIO
from typing import Literal

import aiohttp
import orjson

from bot.channels.base import (
    LIMITS,
    Event,
    Gate,
    MediaSource,
    Now,
    Progress,
    Recent,
    header,
    matches_any,
    secrets_of,
)
from bot.channels.marks import to_whatsapp
from bot.channels.meta_events import BSUID, EventReader
from bot.channels.meta_messages import body_limit, medium, pieces, words
from bot.channels.render import Part, TextPart, flat, parts
from bot.channels.wire import COURTESY, UPLOAD, Answer, Fate, Wire, bytes_of, failure, fate_of_status
from services.domain.conversation import Inbound, MediaRef, Outbound, Receipt, Voice
from services.domain.errors import (
    DeliveryFailed,
    Forbidden,
    Malformed,
    MarketByteError,
    NotAvailable,
    WindowClosed,
)

MEASURE = LIMITS["meta"]
GRAPH_BASE = "https://graph.facebook.com/v23.0"
SIGNATURE = "X-Hub-Signature-256"
MEDIA_LIFE = timedelta(days=29)  # Meta keeps an upload for 30 days
OPUS = "audio/ogg; codecs=opus"  # anything else that is OGG is refused with 131053
LONGEST_OPAQUE = 512

# What Meta's codes mean: developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes.
REFUSALS: Mapping[int, Fate] = {
    131047: Fate.WINDOW,
    131050: Fate.GONE,
    **dict.fromkeys((131056, 130429, 4, 80007, 131048), Fate.RETRY),
    **dict.fromkeys((131000, 131016, 131057, 133004, 1, 2), Fate.RETRY),
    **dict.fromkeys((131026, 131049, 130472, 131051, 131062, 131052, 131053), Fate.PERMANENT),
    **dict.fromkeys(
        (132000, 132001, 132005, 132007, 132012, 132015, 132016, 132018, 132068, 132069), Fate.PERMANENT
    ),
    **dict.fromkeys((131008, 131009, 100, 131021, 135000, 33), Fate.PERMANENT),
    **dict.fromkeys((0, 190, 10, 3, *range(200, 300), 131031, 131005, 368, 131042, 133010), Fate.ACCOUNT),
}
STALE_MEDIA = frozenset({131052, 131053, 131009, 100})


class Meta:
    """The channel "meta".

    Args:
        session: The one HTTP session of the process.
        phone_number_id: The id of our number, not the number.
        access_token: Opens the Graph API.
        app_secret: One or two values (while rotated); signs what comes in; empty closes the door.
        verify_token: What Meta repeats when the webhook is set up.
        now: The clock.
        templates: Our template names and Meta's: {"name": …, "language": …}.
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
        templates: Mapping[str, Mapping[str, str]] | None = None,
        base: str = GRAPH_BASE,
    ) -> None:
        self._number = phone_number_id
        self._token = next(iter(secrets_of(access_token)), "")
        self._secrets = secrets_of(app_secret)
        self._verify_tokens = secrets_of(verify_token)
        self._now = now
        self._templates = dict(templates or {})
        self._root = f"{(base or GRAPH_BASE).rstrip('/')}/{phone_number_id}"
        self._wire = Wire(session, "meta")
        self._phones: Recent[str] = Recent(100_000)
        self._reader = EventReader(now, self._phones)
        self._progress = Progress()
        self._media: Recent[tuple[str, datetime]] = Recent()

    @property
    def configured(self) -> bool:
        return bool(self._number and self._token and self._secrets)

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

    def phone(self, key: str) -> str:
        """The verified number behind an address key, with "+", as far as this process has seen it; else ""."""
        known = key if not BSUID.fullmatch(key) else self._phones.get(key)
        return f"+{known}" if known else ""

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
        if outbound.template is not None and not outbound.reply.blocks:
            await gate()
            return await self.send_template(outbound)
        plan = [
            piece
            for part in parts(outbound.reply, MEASURE, to_whatsapp, body=body_limit(outbound.reply.buttons))
            for piece in pieces(part)
        ]
        if not plan:
            raise DeliveryFailed("meta: the message has no words and no media", permanent=True)
        done = self._progress.of(outbound.key)
        try:
            for part in plan[len(done) :]:
                await gate()
                done.append(await self._part(outbound, part, media))
        except WindowClosed:
            if outbound.template is None or outbound.template.name not in self._templates:
                raise
            return await self.send_template(outbound)
        return Receipt(self._progress.finish(outbound.key), self._now())

    async def send_template(self, outbound: Outbound) -> Receipt:
        """Send only the approved template, for a window that is known to be shut (a status 131047 may tell it late).

        Raises:
            DeliveryFailed: there is none for this message, or Meta refuses it.
        """
        template = outbound.template
        known = self._templates.get(template.name) if template else None
        if template is None or known is None:
            raise DeliveryFailed(
                "meta: no template is set up for this message (META_TEMPLATES)", permanent=True
            )
        content: dict[str, object] = {
            "name": known["name"],
            "language": {"code": known.get("language", "en")},
        }
        if template.parameters:
            values = [{"type": "text", "text": flat(value)} for value in template.parameters]
            content["components"] = [{"type": "body", "parameters": values}]
        ref = _wamid(await self._post(outbound, {"type": "template", "template": content}))
        # Parts taken before the window was found shut are not followed: their late refusal would ask for a template.
        self._progress.finish(outbound.key)
        return Receipt((ref,), self._now())

    async def find(self, outbound: Outbound, since: datetime) -> Receipt | None:
        """Whether it took a message that had no answer: its statuses bear our key, and tell it by themselves."""
        raise NotAvailable("meta cannot tell whether it took a message")

    async def typing(self, inbound: Inbound, kind: str = "typing") -> None:  # noqa: ARG002  # WhatsApp knows but one
        """Mark as read and show "typing…" for at most 25 s."""
        if not inbound.reply_ref:
            return
        message = {"status": "read", "message_id": inbound.reply_ref, "typing_indicator": {"type": "text"}}
        try:
            await self._wire.post(
                f"{self._root}/messages",
                json={"messaging_product": "whatsapp", **message},
                headers=self._login(),
                timeout=COURTESY,
            )
        except MarketByteError:
            return

    async def _part(self, outbound: Outbound, part: Part, media: MediaSource) -> str:
        if isinstance(part, TextPart):
            return _wamid(await self._post(outbound, words(part)))
        media_id, cached = await self._media_id(part.media, media, voice=isinstance(part.block, Voice))
        answer = await self._post(outbound, medium(part, media_id))
        if cached and _code(answer) in STALE_MEDIA:
            self._media.drop(part.media.key)
            media_id, _ = await self._media_id(part.media, media, voice=isinstance(part.block, Voice))
            answer = await self._post(outbound, medium(part, media_id))
        return _wamid(answer)

    async def _media_id(self, ref: MediaRef, media: MediaSource, *, voice: bool) -> tuple[str, bool]:
        """The id of an upload, and whether it was there already."""
        known = self._media.get(ref.key)
        if known is not None and known[1] > self._now():
            return known[0], True
        mime = OPUS if voice and ref.mime.startswith("audio/ogg") else ref.mime
        form = aiohttp.FormData()
        form.add_field("messaging_product", "whatsapp")
        form.add_field("type", mime)
        # As a stream, so that a large file goes out in pieces and does not hold up everybody else.
        form.add_field(
            "file", BytesIO(await bytes_of(media, ref)), filename=ref.name or ref.key, content_type=mime
        )
        answer = await self._wire.post(
            f"{self._root}/media", form=form, headers=self._login(), timeout=UPLOAD, delivers=False
        )
        media_id = answer.body.get("id")
        if not answer.fine or not isinstance(media_id, str):
            raise _refusal(answer, unsure=Fate.RETRY)
        self._media.put(ref.key, (media_id, self._now() + MEDIA_LIFE))
        return media_id, False

    async def _post(self, outbound: Outbound, content: Mapping[str, object]) -> Answer:
        key = outbound.address.key
        message = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            **self._recipient(key),
            **content,
            "biz_opaque_callback_data": outbound.key[:LONGEST_OPAQUE],
        }
        return await self._wire.post(f"{self._root}/messages", json=message, headers=self._login())

    def _recipient(self, key: str) -> dict[str, str]:
        """By number if we know it (it wins when both are given), by user id if we have one. "+" is a must."""
        phone = self.phone(key)
        named = {"recipient": key} if BSUID.fullmatch(key) else {}
        return {"to": phone, **named} if phone else named

    def _login(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}


def _wamid(answer: Answer) -> str:
    messages = answer.body.get("messages")
    first = messages[0] if isinstance(messages, list) and messages else None
    wamid = first.get("id") if isinstance(first, dict) else None
    if answer.fine and isinstance(wamid, str):
        return wamid
    raise _refusal(answer)


def _code(answer: Answer) -> int | None:
    error = answer.body.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) else None


def _refusal(answer: Answer, *, unsure: Fate = Fate.UNSURE) -> DeliveryFailed:
    """Our error for Meta's. ``unsure`` is what an unexplained answer means: for an upload nothing can have arrived."""
    if answer.fine:
        return failure("meta", unsure, str(answer.status))
    code = _code(answer)
    fate = REFUSALS.get(code) if code is not None else None
    fate = fate or fate_of_status(answer.status)
    return failure("meta", unsure if fate is Fate.UNSURE else fate, str(code or answer.status), answer.wait)
