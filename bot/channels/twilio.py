"""WhatsApp through Twilio: signed forms in, REST messages out (never TwiML, which bears no receipt)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

import aiohttp
import orjson

from bot.channels.base import Event, Gate, MediaSource, Now, secrets_of
from bot.channels.twilio_codes import FORM_REFUSED, MEDIA_REFUSED
from bot.channels.twilio_delivery import Delivery, Recoded
from bot.channels.twilio_finding import MOST_LISTED, accepted, reaches
from bot.channels.twilio_forms import events_of, read_form
from bot.channels.twilio_messages import Composer, Medium, Message, contents_of, medium_of
from bot.channels.twilio_signature import signed
from bot.channels.wire import COURTESY, Fate, Wire, basic, failure
from services.domain.conversation import Inbound, MediaRef, Outbound, Receipt, Reply, Text, Voice
from services.domain.errors import (
    DeliveryFailed,
    Forbidden,
    Malformed,
    MarketByteError,
    NotAvailable,
    WindowClosed,
)

if TYPE_CHECKING:
    from bot.channels.twilio_client import Api

API_BASE = "https://api.twilio.com"
MESSAGING_BASE = "https://messaging.twilio.com"  # only the typing indicator lives there


class Twilio:
    """The channel "twilio".

    Args:
        session: The one HTTP session of the process.
        account_sid: "AC…".
        auth_token: One or two values (while rotated): signs what comes in, opens the REST API; empty closes the door.
        sender: "whatsapp:+1415…", the bare number, or a messaging service "MG…".
        public_url: The scheme and host that Twilio calls and therefore signs; the request's own are never believed.
        media_url: Makes the signed public URL from which Twilio fetches a medium.
        now: The clock.
        templates: Our template names and their ContentSid.
        status_url: Where delivery statuses go, "" for none.
        base, messaging_base: Where Twilio is.
        mp3: Makes the MP3 of a voice note, for the day on which its OGG is refused; None = there is no such thing.
    """

    name: Literal["twilio"] = "twilio"

    def __init__(  # noqa: PLR0913  # the settings of one provider, all by name
        self,
        session: aiohttp.ClientSession,
        *,
        account_sid: str,
        auth_token: str,
        sender: str,
        public_url: str,
        media_url: Callable[[MediaRef], str],
        now: Now,
        templates: Mapping[str, object] | None = None,
        status_url: str = "",
        base: str = API_BASE,
        messaging_base: str = "",
        mp3: Recoded | None = None,
    ) -> None:
        self._account_sid = account_sid
        self._tokens = secrets_of(auth_token)
        self._sender = sender
        self._public_url = public_url.rstrip("/")
        self._now = now
        self._composer = Composer(contents_of(templates or {}), media_url)
        root = (base or API_BASE).rstrip("/")
        self._typing = (
            f"{messaging_base or (MESSAGING_BASE if root == API_BASE else root)}/v2/Indicators/Typing"
        )
        self._wire = Wire(session, "twilio")
        self._api = self._opened(session, root) if self.configured else None
        self._delivery = Delivery(
            self._api, self._composer, sender=sender, status_url=status_url, now=now, mp3=mp3
        )

    @property
    def configured(self) -> bool:
        # Without the public URL nothing that comes in can be proved, and no picture of ours be fetched.
        return bool(self._account_sid and self._tokens and self._sender and self._public_url)

    @property
    def concurrent(self) -> int:
        """How many requests of our account Twilio last said to be under way."""
        return self._api.concurrent if self._api else 0

    def verify(self, headers: Mapping[str, str], path_qs: str, body: bytes) -> None:
        """Check Twilio's signature over our public URL and every field, blank and repeated ones too."""
        if not signed(self._public_url + path_qs, headers, body, self._tokens):
            raise Forbidden(
                "twilio webhook: the signature is missing or wrong; is the public URL what Twilio calls?"
            )

    def parse(self, body: bytes, content_type: str) -> list[Event]:
        """One form: a message or a status."""
        fields = _json_fields(body) if "json" in content_type else read_form(body)
        if not fields:
            raise Malformed("twilio webhook: the body is no form")
        return events_of(fields, self._now)

    async def send(self, outbound: Outbound, media: MediaSource, gate: Gate) -> Receipt:  # noqa: ARG002  # Twilio fetches our URLs
        """Send the parts in order; where the window is shut, the template instead, once."""
        done = list(outbound.done)
        try:
            for message in self._plan(outbound)[len(done) :]:
                done.append(await self._deliver(outbound, message, gate))  # noqa: PERF401  # those done count if one fails
        except WindowClosed as shut:
            if not outbound.reply.blocks or not self._composer.knows(outbound.template):
                shut.done = tuple(done)
                raise
            # Parts taken before the window was found shut are not followed: their late refusal would ask for a template.
            instead = self._composer.of_template(outbound.template)
            return Receipt((await self._deliver(outbound, instead, gate),), self._now())
        except DeliveryFailed as failed:
            failed.done = tuple(done)
            raise
        return Receipt(tuple(done), self._now())

    async def find(self, outbound: Outbound, since: datetime) -> Receipt | None:
        """Ask Twilio's message list whether it took what had no answer.

        Raises:
            NotAvailable: the words of a sealed message are kept nowhere, so it cannot be told from others.
            DeliveryFailed: Twilio did not answer, or it took some parts only: then ``done`` names those and is longer
                than the outbound's own, and sending may go on behind them.
        """
        if outbound.reply.sealed or self._api is None:
            raise NotAvailable("twilio: what a sealed message said is not kept", what="message")
        plan = self._plan(outbound)[len(outbound.done) :]
        listed = await self._api.listed(outbound.address.key, MOST_LISTED)
        now = self._now()
        found = accepted(listed, plan, since=since, now=now)
        if len(found) == len(plan):
            return Receipt((*outbound.done, *found), now)
        if found:
            half = failure("twilio", Fate.RETRY, "stopped between two parts")
            half.done = (*outbound.done, *found)
            raise half
        if outbound.reply.blocks and self._composer.knows(outbound.template):
            instead = accepted(listed, [self._composer.of_template(outbound.template)], since=since, now=now)
            if instead:
                return Receipt(instead, now)
        if not reaches(listed, since=since, now=now):
            raise failure("twilio", Fate.RETRY, "list too long")
        return None

    async def instead(self, outbound: Outbound, code: str, ref: str) -> Outbound | None:
        """What to put in the place of a message whose medium was refused late; None if nothing can be.

        A voice note goes as MP3, once; then, as for anything else that Twilio could not fetch or use, its words and a
        link. ``ref`` is the id that was refused, "" if that is not known.
        """
        place, block = replace(outbound, done=(), not_before=None, at=self._now()), self._block(outbound, ref)
        if code not in MEDIA_REFUSED or block is None:
            return None
        if isinstance(block, Voice) and code in FORM_REFUSED:
            twin = await self._delivery.twin(block)
            if twin is not None:
                return replace(place, key=f"{outbound.key}:mp3", reply=Reply((replace(block, media=twin),)))
        words = self._composer.without_medium(block).body
        return replace(place, key=f"{outbound.key}:link", reply=Reply((Text(words),)), template=None)

    async def typing(self, inbound: Inbound, kind: str = "typing") -> None:  # noqa: ARG002  # WhatsApp knows but one
        """Show "typing…" (and mark as read) for at most 25 s."""
        if not self._tokens or not inbound.reply_ref:
            return
        form = {"messageId": inbound.reply_ref, "channel": "whatsapp"}
        login = basic(self._account_sid, self._tokens[0])
        try:
            await self._wire.post(self._typing, form=form, headers=login, delivers=False, timeout=COURTESY)
        except MarketByteError:
            return

    def _opened(self, session: aiohttp.ClientSession, root: str) -> "Api":
        from bot.channels.twilio_client import Api  # the library: 0.1 s and 15 MB, for those who use Twilio

        return Api(session, self._account_sid, self._tokens, root)

    def _plan(self, outbound: Outbound) -> tuple[Message, ...]:
        if outbound.template is not None and not outbound.reply.blocks:
            return (self._composer.of_template(outbound.template),)
        made = self._composer.of(outbound.reply)
        if not made:
            raise DeliveryFailed("twilio: the message has no words and no media", permanent=True)
        return made

    async def _deliver(self, outbound: Outbound, message: Message, gate: Gate) -> str:
        return await self._delivery.deliver(outbound.address.key, message, gate, until=outbound.expires_at)

    def _block(self, outbound: Outbound, ref: str) -> Medium | None:
        """The medium that a refused id stood for."""
        if ref in outbound.done and outbound.reply.blocks:
            plan = self._composer.of(outbound.reply)
            place = outbound.done.index(ref)
            return plan[place].block if place < len(plan) else None
        return medium_of(outbound.reply)


def _json_fields(body: bytes) -> dict[str, str]:
    try:
        fields = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return {name: str(value) for name, value in fields.items()} if isinstance(fields, dict) else {}
