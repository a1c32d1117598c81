"""WhatsApp through Twilio: signed forms in, REST messages out (never TwiML, which bears no receipt)."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal
from urllib.parse import parse_qs, urlsplit, urlunsplit

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
from bot.channels.marks import to_whatsapp, units
from bot.channels.render import MediaPart, Part, flat, numbered, parts, shortened, split
from bot.channels.twilio_forms import events_of, pairs, read_form
from bot.channels.wire import COURTESY, Answer, Fate, Wire, failure, fate_of_status
from services.domain.conversation import Button, Inbound, MediaRef, Outbound, Receipt, Voice
from services.domain.errors import (
    DeliveryFailed,
    Forbidden,
    Malformed,
    MarketByteError,
    NotAvailable,
    WindowClosed,
)

MEASURE = LIMITS["twilio"]
API_BASE = "https://api.twilio.com"
MESSAGING_BASE = "https://messaging.twilio.com"  # only the typing indicator lives there
SIGNATURE = "X-Twilio-Signature"
SIGNATURE_SETTINGS = "X-Twilio-Webhooks-Signature-Settings"
BUTTONS_TEMPLATE = (
    "buttons-"  # + how many: an own quick-reply content with {{1}} body, {{2}} title, {{3}} id, {{4}} …
)

# What Twilio's codes mean: twilio.com/docs/api/errors/{code}; WhatsApp's: docs/whatsapp/api/error-code-mapping.
REFUSALS: Mapping[int, Fate] = {
    63016: Fate.WINDOW,
    **dict.fromkeys((63018, 63038, 63017, 20429, 20503, 30001, 21611), Fate.RETRY),
    **dict.fromkeys((63024, 21211, 63003, 63015, 21610, 63014), Fate.GONE),
    **dict.fromkeys((63032, 63049), Fate.PERMANENT),
    **dict.fromkeys((63019, 12300, 63021, 63037, 21620, 21617, 21619), Fate.PERMANENT),
    **dict.fromkeys((63027, 63028, 63013, 21656), Fate.PERMANENT),
    **dict.fromkeys((63001, 63005, 63012, 63020, 63022, 20003), Fate.ACCOUNT),
}


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
        templates: Mapping[str, str] | None = None,
        status_url: str = "",
        base: str = API_BASE,
        messaging_base: str = "",
    ) -> None:
        self._account_sid = account_sid
        self._tokens = secrets_of(auth_token)
        self._sender = sender
        self._public_url = public_url.rstrip("/")
        self._media_url = media_url
        self._now = now
        self._templates = dict(templates or {})
        self._status_url = status_url
        root = (base or API_BASE).rstrip("/")
        self._messages = f"{root}/2010-04-01/Accounts/{account_sid}/Messages.json"
        self._typing = (
            f"{messaging_base or (MESSAGING_BASE if root == API_BASE else root)}/v2/Indicators/Typing"
        )
        self._wire = Wire(session, "twilio")
        self._progress = Progress()
        self._shown: Recent[tuple[Button, ...]] = Recent()

    @property
    def configured(self) -> bool:
        # Without the public URL nothing that comes in can be proved, and no picture of ours be fetched.
        return bool(self._account_sid and self._tokens and self._sender and self._public_url)

    def verify(self, headers: Mapping[str, str], path_qs: str, body: bytes) -> None:
        """Check Twilio's signature over our public URL and every field, blank and repeated ones too."""
        digest = {"": hashlib.sha1, "HMAC_SHA1": hashlib.sha1, "HMAC_SHA256": hashlib.sha256}.get(
            _setting(header(headers, SIGNATURE_SETTINGS), "algorithm")
        )
        if digest is None:
            raise Forbidden("twilio webhook: it is signed in a way we do not know")
        url = self._public_url + path_qs
        hashes = parse_qs(urlsplit(url).query).get("bodySHA256", [])
        fields = "" if hashes else _joined(pairs(body))
        expected = [
            base64.b64encode(hmac.new(token.encode(), (form + fields).encode(), digest).digest()).decode()
            for token in self._tokens
            for form in _forms_of(url)
        ]
        signed = matches_any(header(headers, SIGNATURE), expected)
        whole = not hashes or matches_any(hashlib.sha256(body).hexdigest(), [hashes[0].lower()])
        if not (signed and whole):
            raise Forbidden(
                "twilio webhook: the signature is missing or wrong; is the public URL what Twilio calls?"
            )

    def parse(self, body: bytes, content_type: str) -> list[Event]:
        """One form: a message or a status. A number that answers numbered buttons is a press of that button."""
        fields = _json_fields(body) if "json" in content_type else read_form(body)
        if not fields:
            raise Malformed("twilio webhook: the body is no form")
        return [self._numbered_press(event) for event in events_of(fields, self._now)]

    async def send(self, outbound: Outbound, media: MediaSource, gate: Gate) -> Receipt:  # noqa: ARG002  # Twilio fetches our URLs
        """Send the parts in order; where the window is shut, the template instead, once."""
        if outbound.template is not None and not outbound.reply.blocks:
            await gate()
            return await self.send_template(outbound)
        plan = self._plan(outbound)
        done = self._progress.of(outbound.key)
        try:
            for fields in plan[len(done) :]:
                await gate()
                done.append(await self._post(outbound.address.key, fields))
        except WindowClosed:
            if outbound.template is None or outbound.template.name not in self._templates:
                raise
            return await self.send_template(outbound)
        self._remember(outbound)
        return Receipt(self._progress.finish(outbound.key), self._now())

    async def send_template(self, outbound: Outbound) -> Receipt:
        """Send only the approved template, for a window that is known to be shut (a status 63016 tells it late).

        Raises:
            DeliveryFailed: there is none for this message, or Twilio refuses it.
        """
        template = outbound.template
        sid = self._templates.get(template.name, "") if template else ""
        if template is None or not sid:
            raise DeliveryFailed(
                "twilio: no template is set up for this message (TWILIO_TEMPLATES)", permanent=True
            )
        variables = {str(number): flat(value) for number, value in enumerate(template.parameters, 1)}
        ref = await self._post(outbound.address.key, _content(sid, variables))
        # Parts taken before the window was found shut are not followed: their late refusal would ask for a template.
        self._progress.finish(outbound.key)
        return Receipt((ref,), self._now())

    async def find(self, outbound: Outbound, since: datetime) -> Receipt | None:
        """Whether it took a message that had no answer: to be asked of its message list."""
        raise NotAvailable("twilio cannot tell whether it took a message")

    async def typing(self, inbound: Inbound, kind: str = "typing") -> None:  # noqa: ARG002  # WhatsApp knows but one
        """Show "typing…" (and mark as read) for at most 25 s."""
        if not self._tokens or not inbound.reply_ref:
            return
        form = {"messageId": inbound.reply_ref, "channel": "whatsapp"}
        try:
            await self._wire.post(self._typing, form=form, headers=self._login(0), timeout=COURTESY)
        except MarketByteError:
            return

    def _plan(self, outbound: Outbound) -> list[dict[str, str]]:
        reply = outbound.reply
        made = [fields for part in parts(reply, MEASURE, to_whatsapp) for fields in self._fields(part)]
        if not made:
            raise DeliveryFailed("twilio: the message has no words and no media", permanent=True)
        return made

    def _fields(self, part: Part) -> list[dict[str, str]]:
        if isinstance(part, MediaPart):
            fields = {"MediaUrl": self._media_url(part.media)}
            if part.caption and not isinstance(part.block, Voice):
                fields["Body"] = to_whatsapp(part.caption)
            return [fields, *self._choices("", part.buttons)]
        if part.buttons:
            return self._choices(to_whatsapp(part.runs), part.buttons)
        return [{"Body": to_whatsapp(part.runs)}]

    def _choices(self, text: str, buttons: tuple[Button, ...]) -> list[dict[str, str]]:
        """Buttons as a quick-reply content if the operator made one for so many, else as numbered lines."""
        if not buttons:
            return []
        sid = self._templates.get(f"{BUTTONS_TEMPLATE}{len(buttons)}", "")
        short = all(units(button.title) <= MEASURE.button_title for button in buttons)
        if sid and short and text and units(text) <= MEASURE.body:
            flattened = [value for button in buttons for value in (button.title, button.press)]
            return [_content(sid, {str(number): value for number, value in enumerate([text, *flattened], 1)})]
        lines = numbered(tuple(Button(shortened(b.title, 100), b.press) for b in buttons))
        whole = f"{text}\n\n{lines}" if text else lines
        return [{"Body": to_whatsapp(piece)} for piece in split(whole, MEASURE.text, to_whatsapp)]

    def _remember(self, outbound: Outbound) -> None:
        """What a bare number means next: the buttons last shown, nothing once something else was said."""
        if outbound.reply.buttons:
            self._shown.put(outbound.address.key, outbound.reply.buttons)
        else:
            self._shown.drop(outbound.address.key)

    def _numbered_press(self, event: Event) -> Event:
        if not isinstance(event, Inbound) or event.pressed:
            return event
        shown, said = self._shown.get(event.address.key) or (), event.text.strip()
        number = int(said) if len(said) <= 2 and said.isdecimal() else 0
        if not 1 <= number <= len(shown):
            return event
        button = shown[number - 1]
        return Inbound(
            event.event_id, event.address, event.at, button.title, button.press, event.name, event.reply_ref
        )

    async def _post(self, to: str, fields: Mapping[str, str]) -> str:
        """Create one message; returns its SID. A refused token is tried once more with the other of a rotation."""
        service = self._sender.startswith("MG")
        sender = (
            self._sender if service or self._sender.startswith("whatsapp:") else f"whatsapp:{self._sender}"
        )
        form = {"To": to, ("MessagingServiceSid" if service else "From"): sender, **fields}
        if self._status_url:
            form["StatusCallback"] = self._status_url
        answer = await self._wire.post(self._messages, form=form, headers=self._login(0))
        if answer.status == 401 and len(self._tokens) > 1:
            answer = await self._wire.post(self._messages, form=form, headers=self._login(1))
        return _sid(answer)

    def _login(self, number: int) -> dict[str, str]:
        token = self._tokens[number] if number < len(self._tokens) else ""
        pair = f"{self._account_sid}:{token}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def _content(sid: str, variables: Mapping[str, str]) -> dict[str, str]:
    fields = {"ContentSid": sid}
    if variables:
        fields["ContentVariables"] = orjson.dumps(variables).decode()
    return fields


def _sid(answer: Answer) -> str:
    sid = answer.body.get("sid")
    if answer.fine and isinstance(sid, str):
        return sid
    code = answer.body.get("code") or answer.body.get("error_code")
    if answer.fine:
        raise failure("twilio", Fate.UNSURE, str(answer.status))
    fate = REFUSALS.get(code) if isinstance(code, int) else None
    raise failure("twilio", fate or fate_of_status(answer.status), str(code or answer.status), answer.wait)


def _joined(fields: list[tuple[str, str]]) -> str:
    """Names and values in Twilio's order: sorted, each pair once (docs/usage/webhooks/webhooks-security)."""
    return "".join(name + value for name, value in sorted(set(fields)))


def _forms_of(url: str) -> list[str]:
    """The URL with and without its scheme's own port: Twilio signs either."""
    parts_of_url = urlsplit(url)
    port = 443 if parts_of_url.scheme == "https" else 80
    host = parts_of_url.netloc
    bare = host.removesuffix(f":{port}")
    others = [bare, f"{bare}:{port}"] if bare != host or parts_of_url.port is None else []
    return [url, *(urlunsplit(parts_of_url._replace(netloc=other)) for other in others if other != host)]


def _setting(value: str, name: str) -> str:
    """One "name=value" of a comma-separated header."""
    return dict(part.strip().partition("=")[::2] for part in value.split(",")).get(name, "")


def _json_fields(body: bytes) -> dict[str, str]:
    try:
        fields = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return {name: str(value) for name, value in fields.items()} if isinstance(fields, dict) else {}
