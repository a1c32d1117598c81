"""What Telegram is told when the bot starts (menus, webhook), and how its side of the webhook does."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit

from bot.channels.telegram_errors import delivery_failed
from bot.channels.telegram_menus import Commands, Menus
from bot.channels.telegram_request import BadRequest, Calls, FloodWait, TelegramError
from services.domain.errors import BadSetting, DeliveryFailed, MarketByteError, Unavailable

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # core.telegram.org/bots/api#setwebhook
PORTS = frozenset({443, 80, 88, 8443})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
CONNECTIONS = 100  # at most that many updates at once; the inbox takes more than they bring
# Edits, channel posts, reactions, polls and whatever comes new are nothing we answer: they need not be brought.
UPDATES = ("message", "callback_query", "my_chat_member")
PAUSES = (1.0, 5.0, 25.0)  # seconds between tries; nobody waits for this
PATIENCE = 10.0  # seconds a call may take
RISING = 3  # looks in a row that find more waiting updates than the one before

Step = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Health:
    """How Telegram's side of the webhook does. ``ours``: it calls the address we asked for."""

    waiting: int
    rising: bool
    ours: bool
    error_at: datetime | None = None
    error: str = ""


@dataclass(slots=True)
class Setup:
    """Telegram's knowledge of us.

    Args:
        call: The Bot API.
        base: Where it is: a Bot API server of one's own (or a fake) on this machine also calls plain HTTP addresses.
        secrets: The webhook's; the first is told to Telegram.
        named: Told the bot's user name.
    """

    call: Calls
    base: str
    secrets: tuple[str, ...]
    named: Callable[[str], None]
    _url: str = ""
    _seen: list[int] = field(default_factory=list)

    async def introduce(self, menus: Menus, public_url: str) -> tuple[str, ...]:
        """Ask who we are, set the menus and the webhook. Never raises: what did not succeed is returned, for the log."""
        everybody: dict[str, object] = {"type": "all_private_chats"}
        steps: list[tuple[str, Step]] = [("getMe", self._learn_name)]
        for lang, commands in menus.everybody.items():
            steps.append(("menu", partial(self._menu, commands, lang, everybody)))
        for chat in menus.chats:
            for lang, commands in menus.operators.items():
                own: dict[str, object] = {"type": "chat", "chat_id": chat}
                steps.append(("operator's menu", partial(self._menu, commands, lang, own)))
        if self._may_be_called(public_url):
            steps.append(("webhook", partial(self._webhook, public_url)))
        failed = [f"{name}: {reason}" for name, step in steps if (reason := await _outcome(step))]
        return tuple(dict.fromkeys(failed))

    async def health(self) -> Health:
        """How many updates wait and what went wrong last.

        Raises:
            DeliveryFailed: Telegram did not answer.
        """
        try:
            info = _object(await self.call("getWebhookInfo", {}, within=PATIENCE))
        except TelegramError as error:
            raise delivery_failed(error) from None
        waiting, at = info.get("pending_update_count"), info.get("last_error_date")
        count = waiting if isinstance(waiting, int) else 0
        self._seen = [*self._seen, count][-RISING - 1 :]
        rising = len(self._seen) > RISING and all(
            a < b for a, b in zip(self._seen, self._seen[1:], strict=False)
        )
        error_at = datetime.fromtimestamp(at, UTC) if isinstance(at, int) and 0 < at < 2**33 else None
        said = info.get("last_error_message")
        ours = not self._url or info.get("url") == self._url
        return Health(count, rising, ours, error_at, said[:120] if isinstance(said, str) else "")

    async def check(self) -> None:
        """For ``/readyz``.

        Raises:
            Unavailable: Updates pile up at Telegram, or it calls somebody else.
            DeliveryFailed: Telegram did not answer.
        """
        health = await self.health()
        if not health.ours:
            raise Unavailable("telegram calls another webhook than ours: another process has set it")
        if health.rising:
            raise Unavailable(
                f"{health.waiting} updates wait at telegram, and more each time: {health.error}"
            )

    def _may_be_called(self, public_url: str) -> bool:
        local = urlsplit(self.base).hostname in LOOPBACK
        return bool(self.secrets) and (public_url.startswith("https://") or (local and bool(public_url)))

    async def _learn_name(self) -> None:
        me = _object(await self.call("getMe", {}, within=PATIENCE))
        if isinstance(name := me.get("username"), str):
            self.named(name)

    async def _menu(self, commands: Commands, lang: str, scope: Mapping[str, object]) -> None:
        listed = [{"command": name, "description": about[:256]} for name, about in commands[:100]]
        fields: dict[str, object] = {"commands": listed, "scope": scope}
        if lang:
            fields["language_code"] = lang
        await self.call("setMyCommands", fields, within=PATIENCE)

    async def _webhook(self, public_url: str) -> None:
        if not SECRET.fullmatch(self.secrets[0]):
            raise BadSetting(
                "TELEGRAM_WEBHOOK_SECRET may hold letters, digits, _ and - only, 1 to 256 of them"
            )
        parts = urlsplit(public_url)
        if parts.scheme == "https" and (parts.port or 443) not in PORTS:
            raise BadSetting(
                f"MARKETBYTE_PUBLIC_URL: telegram calls the ports {sorted(PORTS)} only, not {parts.port}"
            )
        url = f"{public_url.rstrip('/')}/webhooks/telegram"
        fields = {
            "url": url,
            "secret_token": self.secrets[0],
            "allowed_updates": list(UPDATES),
            "max_connections": CONNECTIONS,
        }
        await self.call("setWebhook", fields, within=PATIENCE)
        self._url = url


async def _outcome(step: Step) -> str:
    """Do a step, again if that may help; "" or why it failed."""
    reason = ""
    for pause in (*PAUSES, None):
        try:
            await step()
        except MarketByteError as error:
            return error.detail
        except BadRequest as error:
            return delivery_failed(error).code
        except TelegramError as error:
            failed: DeliveryFailed = delivery_failed(error)
            reason = failed.code or "no answer"
            if pause is None or failed.scope == "account":
                return reason
            await asyncio.sleep((error.wait if isinstance(error, FloodWait) else None) or pause)
        else:
            return ""
    return reason


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
