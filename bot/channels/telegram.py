"""Telegram: updates in by webhook, messages out through the Bot API."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Literal

import aiohttp
import orjson

from bot.channels.base import (
    Event,
    Gaps,
    Gate,
    KnownFiles,
    MediaSource,
    Now,
    Pace,
    Recent,
    header,
    matches_any,
    secrets_of,
)
from bot.channels.marks import to_plain
from bot.channels.render import Part, parts
from bot.channels.telegram_keyboard import MEASURE
from bot.channels.telegram_updates import CALLBACK, UpdateReader
from services.domain.conversation import Inbound, Notice, Outbound, Receipt
from services.domain.errors import DeliveryFailed, Forbidden, Malformed, NotAvailable

if TYPE_CHECKING:
    from bot.channels.telegram_sending import Sending
    from bot.channels.telegram_setup import Setup

API_BASE = "https://api.telegram.org"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # a header's name, not a secret
ACTIONS = {"typing": "typing", "recording": "record_voice", "picture": "upload_photo"}


class Telegram:
    """The channel "telegram": private chats only. In groups and channels the bot is silent: holdings are nobody else's
    business, and an anonymous administrator could be anybody.

    Args:
        session: The one HTTP session of the process.
        token: The bot's token.
        secret: One or two values (while rotated) of setWebhook's ``secret_token``; empty closes the door.
        now: The clock.
        files: The file ids that Telegram already gave us.
        base: Where the Bot API is; requests go to ``{base}/bot{token}/{method}``.
        username: The bot's own name, to ignore commands for other bots; set-up asks Telegram for it.
        gaps: Which numbers a message may have got; None = a lost answer stays unknown.
        rates: By which it is asked for them.
    """  # noqa: D205  # one thought

    name: Literal["telegram"] = "telegram"

    def __init__(  # noqa: PLR0913  # settings and ports, each by name
        self,
        session: aiohttp.ClientSession,
        *,
        token: str,
        secret: str,
        now: Now,
        files: KnownFiles,
        base: str = API_BASE,
        username: str = "",
        gaps: Gaps | None = None,
        rates: Pace | None = None,
    ) -> None:
        self._session = session
        self._token = next(iter(secrets_of(token)), "")
        self._secrets = secrets_of(secret)
        self._now = now
        self._files = files
        self._base = (base or API_BASE).rstrip("/")
        self._gaps = gaps
        self._rates = rates
        self._reader = UpdateReader(self.bot_id, username, now)
        self._answered: Recent[bool] = Recent(2000)
        self._behind: set[asyncio.Task[None]] = set()
        self._made: Sending | None = None
        self._set_up: Setup | None = None
        self._set: Setup | None = None

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
        number = update.get("update_id") if isinstance(update, dict) else None
        if not isinstance(number, int) or isinstance(number, bool):
            raise Malformed("telegram webhook: the body is no update")
        return self._reader.read(update)

    def greet(self, event: Event) -> None:
        """Answer a press at once, behind the acknowledgement, whatever becomes of it: blocked, stale, unknown, broken."""
        if isinstance(event, Inbound):
            self._press(event.reply_ref)
        elif isinstance(event, Notice):
            self._press(event.ref)

    async def send(self, outbound: Outbound, media: MediaSource, gate: Gate) -> Receipt:
        """Send the parts in order, as HTML; buttons become an inline keyboard."""
        plan = _plan(outbound)
        if not plan:
            raise DeliveryFailed("telegram: the message has no words and no media", permanent=True)
        self._press(
            outbound.reply_ref
        )  # its webhook may have come to another process, or to this one before it died
        return await self._sending.send(outbound, plan, media, gate)

    async def find(self, outbound: Outbound, since: datetime) -> Receipt | None:
        """Whether it took a message that had no answer, asked for by the numbers that it may have got.

        Raises:
            NotAvailable: That cannot be told.
            DeliveryFailed: Not yet, or it took some parts: then ``done`` names those.
        """
        if self._gaps is None or self._rates is None:
            raise NotAvailable("telegram cannot tell whether it took a message")
        from bot.channels.telegram_probing import Probing

        probing = Probing(self._sending.call, self._gaps, self._rates, _plan, self._now)
        return await probing.find(outbound, since)

    async def typing(self, inbound: Inbound, kind: str = "typing") -> None:
        """Show the action: it lasts 5 s or until the message."""
        self._press(inbound.reply_ref)
        await self._sending.show(inbound.address.key, ACTIONS.get(kind, "typing"))

    async def setup(self) -> "Setup":
        """What tells Telegram about us at the start, and asks it how our webhook does."""
        await asyncio.to_thread(import_module, "bot.channels.telegram_setup")  # the loop goes on meanwhile
        from bot.channels.telegram_setup import Setup

        if self._set is None:
            self._set = Setup(self._sending.call, self._base, self._secrets, self._reader.learn_name)
        return self._set

    @property
    def _sending(self) -> "Sending":
        """Made when it is first needed: the library takes a quarter of a second to load, so nobody else waits for it."""
        if self._made is None:
            from bot.channels.telegram_sending import Sending

            root = f"{self._base}/bot{self._token}"
            self._made = Sending(
                self._session, root=root, bot_id=self.bot_id, files=self._files, now=self._now
            )
        return self._made

    def _press(self, ref: str) -> None:
        """Begin to answer the press behind a reference, unless that was begun here before; nothing waits for it."""
        query = ref.removeprefix(CALLBACK)
        if query == ref or not query or self._answered.get(query):
            return
        self._answered.put(query, value=True)
        task = asyncio.get_running_loop().create_task(self._answer_press(query))
        self._behind.add(task)  # the loop itself keeps no hold of its tasks
        task.add_done_callback(self._behind.discard)

    async def _answer_press(self, query: str) -> None:
        if not await self._sending.answer_press(query):
            self._answered.drop(query)


def _plan(outbound: Outbound) -> Sequence[Part]:
    return parts(outbound.reply, MEASURE, to_plain, keys=MEASURE.buttons)
