"""One message on its way to Meta: part by part, with what Meta's refusals ask for and no sending twice.

A part is sent when Meta has taken the one before it. Waiting until that is *delivered* as well would keep pictures and
voice strictly in order for everybody, but would hang the second on a phone that is switched off; so it is not done.
"""

from collections.abc import Callable, Mapping
from functools import partial

from bot.channels.base import LIMITS, Gate, MediaSource, Recent
from bot.channels.marks import to_whatsapp
from bot.channels.meta_codes import (
    NO_TRANSLATION,
    STALE_MEDIA,
    UNDELIVERABLE,
    Pairs,
    Undeliverable,
    refusal,
)
from bot.channels.meta_fields import digits, text
from bot.channels.meta_media import Uploads
from bot.channels.meta_messages import body_limit, medium, pieces, words
from bot.channels.meta_people import BSUID
from bot.channels.meta_templates import LAYOUT, Approved, Templates, content_of
from bot.channels.render import MediaPart, Part, TextPart, parts
from bot.channels.wire import Answer, Fate, Wire, failure
from services.domain.conversation import (
    Document,
    MediaRef,
    Outbound,
    Picture,
    Template,
    Text,
    Voice,
)
from services.domain.errors import DeliveryFailed, RecipientGone, TooFast, WindowClosed

MEASURE = LIMITS["meta"]
LONGEST_OPAQUE = 512
Content = Mapping[str, object]
Medium = Picture | Voice | Document


class Sending:
    """Sends for one number.

    Args:
        wire: The way to Meta.
        url: Where messages are posted.
        login: The headers that open the door.
        uploads: The media ids of the number.
        templates: The operator's templates.
        phones: The number behind a user id, as far as events have shown it.
        undeliverable: Who could not be reached lately.
    """

    def __init__(  # noqa: PLR0913  # the wiring hands over each part by name
        self,
        wire: Wire,
        *,
        url: str,
        login: Mapping[str, str],
        uploads: Uploads,
        templates: Templates,
        phones: Recent[str],
        undeliverable: Undeliverable,
    ) -> None:
        self._wire = wire
        self._url = url
        self._login = login
        self._uploads = uploads
        self._templates = templates
        self._phones = phones
        self._undeliverable = undeliverable
        self._pairs = Pairs()

    async def send(self, outbound: Outbound, media: MediaSource, gate: Gate) -> tuple[str, ...]:
        """Send the parts behind those that are done; where the window is shut, the template instead, once.

        Returns:
            Meta's ids, the done ones first; only the template's if that was sent.

        Raises:
            DeliveryFailed: with the ids of what was taken before in its ``done``.
        """
        if outbound.template is not None and not outbound.reply.blocks:
            return (await self._template(outbound, media, gate),)
        done = list(outbound.done)
        try:
            for part in _plan(outbound)[len(done) :]:
                wamid = await self._part(outbound, part, media, gate)
                done.append(wamid)
        except WindowClosed as shut:
            if not self._templates.knows(outbound.template):
                shut.done = tuple(done)
                raise
            # Parts taken before the window was found shut are not followed: their late refusal would ask for a template.
            return (await self._template(outbound, media, gate),)
        except DeliveryFailed as failed:
            failed.done = tuple(done)
            raise
        return tuple(done)

    async def _part(self, outbound: Outbound, part: Part, media: MediaSource, gate: Gate) -> str:
        if isinstance(part, TextPart):
            return await self._deliver(outbound, words(part), gate)
        return await self._by_id(outbound, part.media, media, gate, partial(medium, part))

    async def _template(self, outbound: Outbound, media: MediaSource, gate: Gate) -> str:
        """Only the approved template; in the spare language or without its picture where Meta knows no other."""
        template = outbound.template or Template("")
        first = approved = self._templates.of(template)
        while True:
            try:
                wamid = await self._filled(outbound, approved, template, media, gate)
            except DeliveryFailed as failed:
                known = failed.code == NO_TRANSLATION or failed.code in LAYOUT
                other = self._templates.other(template, approved, failed.code) if known else None
                if other is None:
                    raise
                approved = other
                continue
            if approved != first:
                self._templates.learn(template, approved)
            return wamid

    async def _filled(
        self, outbound: Outbound, approved: Approved, template: Template, media: MediaSource, gate: Gate
    ) -> str:
        if approved.rich and template.header is not None:
            fill = partial(content_of, approved, template)
            return await self._by_id(outbound, template.header, media, gate, fill)
        return await self._deliver(outbound, content_of(approved, template), gate)

    async def _by_id(
        self,
        outbound: Outbound,
        ref: MediaRef,
        media: MediaSource,
        gate: Gate,
        content: Callable[[str], Content],
    ) -> str:
        """A message that bears a medium; an id that Meta has forgotten is made anew, once."""
        identity, known = await self._uploads.id_of(ref, media)
        try:
            return await self._deliver(outbound, content(identity), gate)
        except DeliveryFailed as failed:
            if not known or failed.code not in STALE_MEDIA:
                raise
        await self._uploads.drop(ref, identity)
        identity, _ = await self._uploads.id_of(ref, media)
        return await self._deliver(outbound, content(identity), gate)

    async def _deliver(self, outbound: Outbound, content: Content, gate: Gate) -> str:
        key = outbound.address.key
        answer = await self._post(outbound, _recipient(key, self._phones.get(key)), content, gate)
        wamid = _wamid(answer)
        if not wamid:
            raise self._refused(outbound, answer)
        self._pairs.taken(key)
        return wamid

    async def _post(self, outbound: Outbound, to: Content, content: Content, gate: Gate) -> Answer:
        message = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            **to,
            **content,
            "biz_opaque_callback_data": outbound.key[:LONGEST_OPAQUE],
        }
        await gate()
        return await self._wire.post(self._url, json=message, headers=self._login)

    def _refused(self, outbound: Outbound, answer: Answer) -> DeliveryFailed:
        """Our error for an answer without a message, with what we remember of this person."""
        error, key = refusal(answer), outbound.address.key
        if isinstance(error, TooFast) and error.scope == "chat":
            error.wait = max(self._pairs.wait(key), error.wait or 0.0)
        if error.code == UNDELIVERABLE and self._undeliverable.missed(key, outbound.key):
            return failure("meta", Fate.GONE, error.code)
        return error


def _plan(outbound: Outbound) -> list[Part]:
    limit = body_limit(outbound.reply.buttons)
    plan = [
        piece
        for part in parts(outbound.reply, MEASURE, to_whatsapp, body=limit, keys=MEASURE.rows)
        for piece in pieces(part)
    ]
    if not plan:
        raise DeliveryFailed("meta: the message has no words and no media", permanent=True)
    return plan


def block_of(outbound: Outbound, ref: str) -> tuple[int, Medium | None]:
    """The place of a part among all and its medium, by the id it was taken under; None if it bears none, or is unknown."""
    if ref not in outbound.done or not outbound.reply.blocks:
        media = [block for block in outbound.reply.blocks if not isinstance(block, Text)]
        return 0, media[0] if len(media) == 1 else None
    place, plan = outbound.done.index(ref), _plan(outbound)
    part = plan[place] if place < len(plan) else None
    return place, part.block if isinstance(part, MediaPart) else None


def _recipient(key: str, phone: str | None = None) -> Content:
    """A user id is no number: in "to" it is answered with 200 and dropped. Without "+" a number gets our country's code.

    A user id is joined by the number that came with it, which wins, only as long as this process has seen it with nobody
    else: a number that was stored long ago may be a stranger's by now.
    """
    if BSUID.fullmatch(key):
        return {"to": f"+{phone}", "recipient": key} if phone else {"recipient": key}
    if digits(key) != key or not key:
        raise RecipientGone("meta: nobody can be at this address", code="address")
    return {"to": f"+{key}"}


def _wamid(answer: Answer) -> str:
    """Meta's id of a message it took ("" if it did not), be it held for a look at its quality."""
    messages = answer.body.get("messages")
    first = messages[0] if answer.fine and isinstance(messages, list) and messages else None
    return text(first, "id") if isinstance(first, dict) else ""
