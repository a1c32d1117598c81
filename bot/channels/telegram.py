"""Telegram: updates in by webhook, messages out through the Bot API."""

from collections.abc import Mapping
from datetime import datetime
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
from bot.channels.marks import read_marks, to_html, to_plain
from bot.channels.render import MediaPart, Part, TextPart, numbered, parts, shortened
from bot.channels.telegram_updates import CALLBACK, UpdateReader
from bot.channels.wire import COURTESY, UPLOAD, Answer, Fate, Wire, bytes_of, failure, fate_of_status
from services.domain.conversation import Button, Inbound, Outbound, Picture, Receipt, Voice
from services.domain.errors import DeliveryFailed, Forbidden, Malformed, MarketByteError, NotAvailable

MEASURE = LIMITS["telegram"]
API_BASE = "https://api.telegram.org"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # a header's name, not a secret
ACTIONS = {"typing": "typing", "recording": "record_voice", "picture": "upload_photo"}
WIDE_TITLE = 18  # characters; two buttons up to this length share a row on a 5-inch phone

# What the Bot API's descriptions mean (status, part of the description in lower case); the first that fits counts.
# Source: the error strings of tdlib/telegram-bot-api (Client.cpp) and core.telegram.org/bots/faq.
REFUSALS: tuple[tuple[int, str, Fate], ...] = (
    (403, "bot was blocked", Fate.GONE),
    (403, "user is deactivated", Fate.GONE),
    (403, "can't initiate conversation", Fate.GONE),
    (403, "bot was kicked", Fate.GONE),
    (403, "not a member", Fate.GONE),
    (403, "", Fate.GONE),
    (400, "chat not found", Fate.GONE),
    (400, "peer_id_invalid", Fate.GONE),
    (400, "", Fate.PERMANENT),
    (401, "", Fate.ACCOUNT),
    (404, "", Fate.ACCOUNT),
    (409, "", Fate.ACCOUNT),
    (413, "", Fate.PERMANENT),
    (429, "", Fate.RETRY),
)
STALE_FILE = ("wrong file identifier", "wrong remote file", "file_reference", "wrong type of file", "file_id")
AS_FILE_INSTEAD = (
    "photo_invalid_dimensions",
    "photo_save_file_invalid",
    "image_process_failed",
    "voice_messages_forbidden",
)


class Telegram:
    """The channel "telegram": private chats only; groups are not answered.

    Args:
        session: The one HTTP session of the process.
        token: The bot's token.
        secret: One or two values (while rotated) of setWebhook's ``secret_token``; empty closes the door.
        now: The clock.
        base: Where the Bot API is; requests go to ``{base}/bot{token}/{method}``.
        username: The bot's own name, to ignore commands for other bots.
    """

    name: Literal["telegram"] = "telegram"

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        token: str,
        secret: str,
        now: Now,
        base: str = API_BASE,
        username: str = "",
    ) -> None:
        self._token = next(iter(secrets_of(token)), "")
        self._secrets = secrets_of(secret)
        self._now = now
        self._root = f"{(base or API_BASE).rstrip('/')}/bot{self._token}"
        self._wire = Wire(session, "telegram")
        self._reader = UpdateReader(self.bot_id, username, now)
        self._progress = Progress()
        self._files: Recent[str] = Recent()
        self._answered: Recent[bool] = Recent(2000)

    @property
    def bot_id(self) -> str:
        """The public half of the token."""
        return self._token.partition(":")[0]

    @property
    def configured(self) -> bool:
        return bool(self._token and self._secrets)

    def verify(self, headers: Mapping[str, str], path_qs: str, body: bytes) -> None:  # noqa: ARG002  # the secret is all
        """Compare the secret that Telegram repeats with each update."""
        if not matches_any(header(headers, SECRET_HEADER), list(self._secrets)):
            raise Forbidden("telegram webhook: the secret token is missing or wrong")

    def parse(self, body: bytes, content_type: str) -> list[Event]:  # noqa: ARG002  # it is always JSON
        """One update, one event."""
        try:
            update = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise Malformed("telegram webhook: the body is no JSON") from None
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            raise Malformed("telegram webhook: the body is no update")
        return self._reader.read(update)

    async def send(self, outbound: Outbound, media: MediaSource, gate: Gate) -> Receipt:
        """Send the parts in order, as HTML; buttons become an inline keyboard."""
        plan = parts(outbound.reply, MEASURE, to_plain)
        if not plan:
            raise DeliveryFailed("telegram: the message has no words and no media", permanent=True)
        await self._answer_press(outbound.reply_ref)
        done = self._progress.of(outbound.key)
        for part in plan[len(done) :]:
            await gate()
            done.append(await self._part(outbound.address.key, part, media))
        return Receipt(self._progress.finish(outbound.key), self._now())

    async def find(self, outbound: Outbound, since: datetime) -> Receipt | None:
        """Whether it took a message that had no answer: the Bot API has no way to list what a bot sent."""
        raise NotAvailable("telegram cannot tell whether it took a message")

    async def typing(self, inbound: Inbound, kind: str = "typing") -> None:
        """Acknowledge the press, then show the action (it lasts 5 s or until the message)."""
        await self._answer_press(inbound.reply_ref)
        fields = {"chat_id": inbound.address.key, "action": ACTIONS.get(kind, "typing")}
        try:
            await self._wire.post(f"{self._root}/sendChatAction", json=fields, timeout=COURTESY)
        except MarketByteError:
            return

    async def _answer_press(self, ref: str) -> None:
        """Stop the little clock on a pressed button, once; too late or failed, the message matters more."""
        query = ref.removeprefix(CALLBACK)
        if query == ref or not query or self._answered.get(query):
            return
        self._answered.put(query, value=True)
        try:
            await self._wire.post(
                f"{self._root}/answerCallbackQuery", json={"callback_query_id": query}, timeout=COURTESY
            )
        except MarketByteError:
            self._answered.drop(query)

    async def _part(self, chat: str, part: Part, media: MediaSource) -> str:
        part, keyboard = _keyboard(part)
        fields: dict[str, object] = {"chat_id": chat, **keyboard}
        if isinstance(part, TextPart):
            answer = await self._text(fields, part)
        else:
            answer = await self._medium(fields, part, media)
        return f"{chat}:{_result(answer).get('message_id', '')}"

    async def _text(self, fields: dict[str, object], part: TextPart) -> Answer:
        fields["link_preview_options"] = {"is_disabled": True}
        answer = await self._call("sendMessage", fields | {"text": to_html(part.runs), "parse_mode": "HTML"})
        if "can't parse entities" in _description(answer):
            answer = await self._call("sendMessage", fields | {"text": to_plain(part.runs)})
        return _taken(answer)

    async def _medium(self, fields: dict[str, object], part: MediaPart, media: MediaSource) -> Answer:
        if part.caption:
            fields |= {"caption": to_html(part.caption), "parse_mode": "HTML"}
        kind = _kind(part)
        if kind == "voice" and isinstance(part.block, Voice):
            fields["duration"] = max(1, round(part.block.seconds))
        answer = await self._upload(kind, fields, part, media)
        if any(sign in _description(answer) for sign in AS_FILE_INSTEAD):
            fields.pop("duration", None)
            answer = await self._upload("document", fields, part, media)
        return _taken(answer)

    async def _upload(
        self, kind: str, fields: dict[str, object], part: MediaPart, media: MediaSource
    ) -> Answer:
        """Send a medium by its known file id, else (or if that has gone stale) by its bytes, and remember the id."""
        method, cache_key = f"send{kind.capitalize()}", f"{kind}:{part.media.key}"
        if known := self._files.get(cache_key):
            answer = await self._call(method, fields | {kind: known})
            if not any(sign in _description(answer) for sign in STALE_FILE):
                return answer
            self._files.drop(cache_key)
        form = aiohttp.FormData()
        for name, value in fields.items():
            form.add_field(name, value if isinstance(value, str) else orjson.dumps(value).decode())
        data = await bytes_of(media, part.media)
        # As a stream, so that a large file goes out in pieces and does not hold up everybody else.
        form.add_field(
            kind, BytesIO(data), filename=part.media.name or part.media.key, content_type=part.media.mime
        )
        answer = await self._wire.post(f"{self._root}/{method}", form=form, timeout=UPLOAD)
        if file_id := _file_id(_result(answer), kind):
            self._files.put(cache_key, file_id)
        return answer

    async def _call(self, method: str, fields: Mapping[str, object]) -> Answer:
        """One JSON call; a chat that became a supergroup is followed once."""
        url = f"{self._root}/{method}"
        answer = await self._wire.post(url, json=fields)
        parameters = answer.body.get("parameters")
        moved = parameters.get("migrate_to_chat_id") if isinstance(parameters, dict) else None
        if moved is not None:
            answer = await self._wire.post(url, json={**fields, "chat_id": moved})
        return answer


def _keyboard(part: Part) -> tuple[Part, dict[str, object]]:
    """The inline keyboard under a part. A press of more than 64 bytes cannot be a button: its title becomes a line."""
    fits = [button for button in part.buttons if 1 <= len(button.press.encode()) <= MEASURE.press_bytes]
    rest = [button for button in part.buttons if button not in fits]
    if rest and isinstance(part, TextPart):
        part = TextPart((*part.runs, *read_marks("\n\n" + numbered(rest))), part.buttons)
    if not fits:
        return part, {}
    rows: list[list[dict[str, str]]] = []
    short = False
    for button in fits[: MEASURE.buttons]:
        fitting = len(button.title) <= WIDE_TITLE
        if short and fitting and len(rows[-1]) == 1:
            rows[-1].append(_button(button))
        else:
            rows.append([_button(button)])
        short = fitting
    return part, {"reply_markup": {"inline_keyboard": rows}}


def _button(button: Button) -> dict[str, str]:
    return {"text": shortened(button.title, MEASURE.button_title), "callback_data": button.press}


def _kind(part: MediaPart) -> str:
    if isinstance(part.block, Voice):
        return "voice"
    small = part.media.size <= MEASURE.picture_bytes
    return "photo" if isinstance(part.block, Picture) and small else "document"


def _taken(answer: Answer) -> Answer:
    """The answer, if the message was taken.

    Raises:
        DeliveryFailed: or the kind of it that the refusal means.
    """
    if answer.fine and answer.body.get("ok") is True:
        return answer
    if answer.fine:
        raise failure("telegram", Fate.UNSURE, str(answer.status))
    said = _description(answer)
    fate = next(
        (f for s, words, f in REFUSALS if s == answer.status and words in said), fate_of_status(answer.status)
    )
    parameters = answer.body.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    raise failure(
        "telegram", fate, str(answer.status), float(wait) if isinstance(wait, int | float) else answer.wait
    )


def _description(answer: Answer) -> str:
    said = answer.body.get("description")
    return said.lower() if isinstance(said, str) and not answer.fine else ""


def _result(answer: Answer) -> Mapping[str, object]:
    result = answer.body.get("result")
    return result if isinstance(result, dict) else {}


def _file_id(result: Mapping[str, object], kind: str) -> str:
    value = result.get(kind)
    if isinstance(value, list) and value:
        value = value[-1]
    identity = value.get("file_id") if isinstance(value, dict) else ""
    return identity if isinstance(identity, str) else ""
