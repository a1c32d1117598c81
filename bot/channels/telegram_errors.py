"""The one table of Telegram's refusals: what each means for the message, for the person and for our account.

Sources: the error strings of tdlib/telegram-bot-api (Client.cpp), core.telegram.org/bots/faq, core.telegram.org/bots/api.
"""

from datetime import datetime, timedelta

from bot.channels.base import Now
from bot.channels.telegram_request import (
    BadRequest,
    ChatMigrated,
    Conflict,
    FloodWait,
    Forbidden,
    InvalidToken,
    NoAnswer,
    NotSent,
    OtherStatus,
    TelegramError,
)
from bot.channels.wire import Fate, failure, fate_of_status
from services.domain.conversation import Lane
from services.domain.errors import AccountRefused, DeliveryFailed

# The library's class, words of the description in lower case, what it means, and our name for it (logs, metrics, alarms).
# The first line that fits counts; the empty words end a class: unknown to us, so the name is the bare status.
REFUSALS: tuple[tuple[type[TelegramError], str, Fate, str], ...] = (
    (Forbidden, "bot was blocked", Fate.GONE, "403 blocked"),
    (Forbidden, "user is deactivated", Fate.GONE, "403 deactivated"),
    (Forbidden, "can't initiate conversation", Fate.GONE, "403 never started"),
    (Forbidden, "bot was kicked", Fate.GONE, "403 kicked"),
    (Forbidden, "not a member", Fate.GONE, "403 not a member"),
    (Forbidden, "was deleted", Fate.GONE, "403 deleted"),
    (Forbidden, "can't send messages to bots", Fate.GONE, "403 a bot"),
    (Forbidden, "", Fate.PERMANENT, "403"),
    (BadRequest, "chat not found", Fate.GONE, "400 chat not found"),
    (BadRequest, "user not found", Fate.GONE, "400 user not found"),
    (BadRequest, "peer_id_invalid", Fate.GONE, "400 peer id"),
    (BadRequest, "input_user_deactivated", Fate.GONE, "400 deactivated"),
    (BadRequest, "group chat was deactivated", Fate.GONE, "400 deactivated"),
    (BadRequest, "no rights to send", Fate.GONE, "400 no rights"),
    (BadRequest, "not enough rights to send", Fate.GONE, "400 no rights"),
    (BadRequest, "chat_write_forbidden", Fate.GONE, "400 no rights"),
    (BadRequest, "can't parse entities", Fate.PERMANENT, "400 entities"),
    (BadRequest, "too long", Fate.PERMANENT, "400 too long"),
    (BadRequest, "file identifier", Fate.PERMANENT, "400 file id"),
    (BadRequest, "button_data_invalid", Fate.PERMANENT, "400 button"),
    (BadRequest, "", Fate.PERMANENT, "400"),
    (ChatMigrated, "", Fate.RETRY, "400 migrated"),
    (InvalidToken, "unauthorized", Fate.ACCOUNT, "401"),
    (InvalidToken, "", Fate.ACCOUNT, "404"),
)
# Not what it was meant for, but what was wanted is so already.
ALREADY_SO = ("message is not modified", "query is too old", "query_id_invalid")
# The id of a file is none any more, or Telegram could not fetch an address: the bytes themselves will do.
STALE_FILE = (
    "wrong file identifier", "wrong remote file", "file reference", "file_reference", "wrong type of file", "file_id",
    "failed to get http url content", "wrong type of the web page content", "wrong file", "file is temporarily unavailable",
)  # fmt: skip
AS_FILE_INSTEAD = (
    "photo_invalid_dimensions", "photo_save_file_invalid", "image_process_failed", "photo_ext_invalid",
    "voice_messages_forbidden", "too big for a photo",
)  # fmt: skip
UNNAMED_WAIT = 5.0  # seconds to hold still after a 429 that names no time


def said(error: TelegramError) -> str:
    """What a refusal says, in lower case; compare it with the words above, show it to nobody: it repeats ids and texts."""
    return str(error).lower()


def says(error: TelegramError, signs: tuple[str, ...]) -> bool:
    """Whether a refusal bears one of these words."""
    words = said(error)
    return any(sign in words for sign in signs)


class Floods:
    """Whose limit a 429 is about. Telegram does not say; it closes one chat (1/s, groups 20/min) or the whole bot (30/s).

    - A group: that group. Its limit is the tightest of all.
    - A broadcast: the bot. Each person gets one message of it, so that no chat of its own can be over a limit.
    - An answer: its chat, unless another chat was refused and is still within its pause: then it is the bot.
    """

    def __init__(self, now: Now) -> None:
        self._now = now
        self._last: tuple[str, datetime] | None = None  # the chat refused last, and the end of its pause

    def failure(self, error: FloodWait, chat: str, lane: Lane) -> DeliveryFailed:
        """Our error for a 429, with its scope and its pause."""
        wait = error.wait or UNNAMED_WAIT
        fate = self._fate(chat, lane)
        self._last = (chat, self._now() + timedelta(seconds=wait))
        return failure("telegram", fate, "429", wait)

    def _fate(self, chat: str, lane: Lane) -> Fate:
        if chat.startswith("-"):
            return Fate.FAST_CHAT
        elsewhere = self._last is not None and self._last[0] != chat and self._last[1] > self._now()
        return Fate.FAST_SENDER if lane == "broadcast" or elsewhere else Fate.FAST_CHAT


def delivery_failed(error: TelegramError) -> DeliveryFailed:
    """Our error for everything but a 429. Only our own name of it is told."""
    if isinstance(error, NotSent):
        return DeliveryFailed(f"telegram was not reached ({error}); try again", code=str(error))
    if isinstance(error, Conflict):
        detail = "telegram refused the call (code 409): another program uses this bot (getUpdates, or its own webhook); stop it"
        return AccountRefused(detail, code="409")
    if isinstance(error, OtherStatus):
        return failure("telegram", fate_of_status(error.status), str(error.status))
    words = said(error)
    for kind, sign, fate, code in REFUSALS:
        if isinstance(error, kind) and sign in words:
            return failure("telegram", fate, code)
    reason = (
        str(error) if isinstance(error, NoAnswer) else type(error).__name__
    )  # theirs may repeat the answer
    detail = f"telegram gave no answer that tells ({reason}); the message may have arrived"
    return DeliveryFailed(detail, ambiguous=True, code=reason)
