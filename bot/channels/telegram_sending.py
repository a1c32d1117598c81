"""Everything the bot says on Telegram: parts in order, each once, with the cures that Telegram's refusals allow."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import aiohttp

from bot.channels.base import Gate, KnownFiles, MediaSource, Now, Upload
from bot.channels.cutting import cut
from bot.channels.marks import Runs, to_html, to_plain
from bot.channels.render import MediaPart, Part, TextPart
from bot.channels.telegram_errors import (
    ALREADY_SO,
    AS_FILE_INSTEAD,
    STALE_FILE,
    Floods,
    delivery_failed,
    said,
    says,
)
from bot.channels.telegram_keyboard import MEASURE, keyboard
from bot.channels.telegram_request import BadRequest, Calls, ChatMigrated, FloodWait, InputFile, TelegramError
from bot.channels.wire import bytes_of
from services.domain.conversation import Address, Lane, Outbound, Picture, Receipt, Voice
from services.domain.errors import DeliveryFailed, Unavailable

COURTESY = 5.0  # seconds for typing signs and answers to presses: nice, never worth waiting for
PRESS_PAUSES = (
    0.5,
    1.0,
    2.0,
    4.0,
    8.0,
    16.0,
    32.0,
)  # between tries to answer a press; Telegram waits 150 s for it
ONGOING = "+"  # ends the id of a piece whose part goes on in the next message
HALF = MEASURE.text // 2  # a part that Telegram found too long is cut again to this

Fields = Mapping[str, object]


@dataclass(slots=True)
class Letter:
    """One message on its way: where it goes (a group may move meanwhile) and what it may use."""

    chat: str
    lane: Lane
    media: MediaSource
    gate: Gate
    refs: list[str]


class Sending:
    """Sends for one bot.

    Args:
        session: The one HTTP session of the process.
        root: ``{base}/bot{token}``.
        bot_id: The public half of the token: file ids belong to one bot.
        files: The file ids that Telegram already gave us.
        now: The clock.
    """

    def __init__(
        self, session: aiohttp.ClientSession, *, root: str, bot_id: str, files: KnownFiles, now: Now
    ) -> None:
        self.call = Calls(session, root)
        self._bot_id = bot_id
        self._files = files
        self._now = now
        self._floods = Floods(now)

    async def send(self, outbound: Outbound, plan: Sequence[Part], media: MediaSource, gate: Gate) -> Receipt:
        """Send the parts behind those that are done.

        Raises:
            DeliveryFailed: With ``done`` filled; also whatever the gate raises.
        """
        letter = Letter(outbound.address.key, outbound.lane, media, gate, list(outbound.done))
        whole = sum(not ref.endswith(ONGOING) for ref in letter.refs)
        pieces = next(
            (n for n, ref in enumerate(reversed(letter.refs)) if not ref.endswith(ONGOING)), len(letter.refs)
        )
        try:
            for part in plan[whole:]:
                await self._part(letter, part, pieces)
                pieces = 0
        except DeliveryFailed as error:
            error.done = tuple(letter.refs)
            raise
        moved = Address("telegram", letter.chat) if letter.chat != outbound.address.key else None
        return Receipt(tuple(letter.refs), self._now(), moved)

    async def show(self, chat: str, action: str) -> None:
        """Show an action for 5 s or until the next message; never raises."""
        with suppress(TelegramError):
            await self.call("sendChatAction", {"chat_id": chat, "action": action}, within=COURTESY)

    async def answer_press(self, query: str) -> bool:
        """Stop the little clock on a pressed button; whether that is done, or can be done no more. Never raises.

        Answering twice harms nobody, so it is tried until Telegram took it.
        """
        for pause in (*PRESS_PAUSES, None):
            try:
                await self.call("answerCallbackQuery", {"callback_query_id": query}, within=COURTESY)
            except BadRequest:  # too old, or none of ours
                return True
            except TelegramError as error:
                if pause is None or delivery_failed(error).scope == "account":
                    return False
                await asyncio.sleep((error.wait if isinstance(error, FloodWait) else None) or pause)
            else:
                return True
        return False

    async def _part(self, letter: Letter, part: Part, pieces: int) -> None:
        """Send one part and note its id; ``pieces`` of it went out before, cut smaller."""
        below = keyboard(part)
        try:
            if pieces:
                await self._in_pieces(letter, part, below, pieces)
            elif isinstance(part, TextPart):
                await self._text(letter, part, below)
            else:
                await self._medium(letter, part, below)
        except FloodWait as error:
            raise self._floods.failure(error, letter.chat, letter.lane) from None
        except TelegramError as error:
            raise delivery_failed(error) from None

    async def _text(self, letter: Letter, part: TextPart, below: Fields) -> None:
        try:
            await self._words(letter, part, below)
        except BadRequest as error:
            if "too long" not in said(error):
                raise
            await self._in_pieces(letter, part, below, 0)

    async def _in_pieces(self, letter: Letter, part: Part, below: Fields, done: int) -> None:
        """What was too long for one message, cut again: our measure was wrong, but nothing is lost.

        A medium's caption follows it as text. ``done`` pieces are taken already.
        """
        runs = part.caption if isinstance(part, MediaPart) else part.runs
        pieces = _smaller(runs)
        if isinstance(part, MediaPart):
            if not done:
                await self._whole_medium(letter, replace(part, caption=()), {}, mark=ONGOING)
            done = max(done - 1, 0)
        for number, piece in enumerate(pieces[done:], done + 1):
            last = number == len(pieces)
            await self._words(letter, TextPart(piece), below if last else {}, mark="" if last else ONGOING)

    async def _words(self, letter: Letter, part: TextPart, below: Fields, mark: str = "") -> None:
        """One text as HTML; once more as plain text if Telegram cannot read that."""
        fields = {**below, "link_preview_options": {"is_disabled": True}}
        try:
            result = await self._deliver(
                letter, "sendMessage", fields | {"text": to_html(part.runs), "parse_mode": "HTML"}
            )
        except BadRequest as error:
            if "can't parse entities" not in said(error):
                raise
            result = await self._deliver(letter, "sendMessage", fields | {"text": to_plain(part.runs)})
        _note(letter, result, mark)

    async def _medium(self, letter: Letter, part: MediaPart, below: Fields) -> None:
        try:
            await self._whole_medium(letter, part, below)
        except BadRequest as error:
            if "too long" not in said(error):
                raise
            await self._in_pieces(letter, part, below, 0)

    async def _whole_medium(self, letter: Letter, part: MediaPart, below: Fields, mark: str = "") -> None:
        """A medium with its caption: as what it is, else as a file; the caption as HTML, else as plain text."""
        kind, plain = _kind(part), False
        while True:
            fields = _media_fields(part, below, kind, plain=plain)
            try:
                return _note(letter, await self._by_id_or_bytes(letter, kind, fields, part), mark)
            except BadRequest as error:
                if kind != "document" and says(error, AS_FILE_INSTEAD):
                    kind = "document"
                elif not plain and part.caption and "can't parse entities" in said(error):
                    plain = True
                else:
                    raise

    async def _by_id_or_bytes(self, letter: Letter, kind: str, fields: Fields, part: MediaPart) -> object:
        """Send a file by the id that Telegram knows it by; the first time, or if the id has died, by its bytes."""
        method, key = f"send{kind.capitalize()}", f"{kind}:{part.media.key}"
        sent: list[object] = []

        async def upload() -> tuple[str, None]:
            data = await bytes_of(letter.media, part.media)
            file = InputFile(data, filename=part.media.name or part.media.key)
            sent.append(await self._deliver(letter, method, fields, upload=(kind, file)))
            return _file_id(sent[-1], kind), None

        for _ in range(2):  # the id, and the one that somebody else got meanwhile
            identity = await self._known(key, upload, sent)
            if sent:
                return sent[-1]
            try:
                return await self._deliver(letter, method, {**fields, kind: identity})
            except BadRequest as error:
                if not says(error, STALE_FILE):
                    raise
                with suppress(Unavailable):
                    await self._files.drop("telegram", self._bot_id, key, identity)
        await upload()
        return sent[-1]

    async def _known(self, key: str, upload: Upload, sent: list[object]) -> str:
        """The id of a file; "" after it was sent by its bytes. A memory that fails is no reason not to send."""
        try:
            identity, had = await self._files.of("telegram", self._bot_id, key, upload)
        except Unavailable:
            if not sent:
                await upload()
            return ""
        return identity if had else ""

    async def _deliver(
        self, letter: Letter, method: str, fields: Fields, *, upload: tuple[str, InputFile] | None = None
    ) -> object:
        """One request that puts something before a person; a group that became a supergroup is followed once."""
        await letter.gate()
        try:
            return await self.call(method, {**fields, "chat_id": letter.chat}, upload=upload)
        except ChatMigrated as moved:
            letter.chat = str(moved.new_chat_id)
        except BadRequest as error:
            if not says(error, ALREADY_SO):
                raise
            return {}
        await letter.gate()
        return await self.call(method, {**fields, "chat_id": letter.chat}, upload=upload)


def _smaller(runs: Runs) -> list[Runs]:
    pieces: list[Runs] = []
    while runs:
        piece, runs = cut(runs, HALF, to_plain)
        pieces.append(piece)
    return pieces


def _media_fields(part: MediaPart, below: Fields, kind: str, *, plain: bool) -> dict[str, object]:
    fields = dict(below)
    if part.caption and plain:
        fields["caption"] = to_plain(part.caption)
    elif part.caption:
        fields |= {"caption": to_html(part.caption), "parse_mode": "HTML"}
    if kind == "voice" and isinstance(part.block, Voice):
        fields["duration"] = max(1, round(part.block.seconds))
    return fields


def _kind(part: MediaPart) -> str:
    if isinstance(part.block, Voice):
        return "voice"
    small = part.media.size <= MEASURE.picture_bytes
    return "photo" if isinstance(part.block, Picture) and small else "document"


def _note(letter: Letter, result: object, mark: str) -> None:
    """Keep the id of a message that was taken; an answer without one is no reason to doubt it."""
    identity = result.get("message_id", "") if isinstance(result, dict) else ""
    letter.refs.append(f"{letter.chat}:{identity}{mark}")


def _file_id(result: object, kind: str) -> str:
    """The id under which Telegram keeps what was just uploaded; photos come in sizes, the largest last."""
    value = result.get(kind) if isinstance(result, dict) else None
    if isinstance(value, list) and value:
        value = value[-1]
    identity = value.get("file_id") if isinstance(value, dict) else ""
    return identity if isinstance(identity, str) else ""
