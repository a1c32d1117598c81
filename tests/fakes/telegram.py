"""The Bot API at its wire, with its own rules: what the real one refuses, this one refuses, in the same words.

``python -m tests.fakes.telegram --port 9001 --faults 0.05`` runs it for a bot in another process.
"""

import contextlib
import itertools
import json
import re
import time

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.fakes.console import main, open_control
from tests.fakes.faults import Faults, cut
from tests.fakes.rules_rate import RateRule
from tests.fakes.telegram_rules import (
    ACTIONS,
    SECRET,
    Refused,
    check_commands,
)
from tests.fakes.telegram_shown import Shown
from tests.fakes.telegram_updates import People

CHAT = re.compile(rb'"?chat_id"?[:\s"]+(-?\d+)')
JSON_FIELDS = {"reply_markup", "link_preview_options"}


class FakeTelegram(Shown, People):
    """``async with FakeTelegram(token) as fake``: base URL in ``fake.base``; what arrived in ``fake.messages``.

    ``next`` holds answers to give instead of the right one: (status, body), "hang" (reads the request, closes without an
    answer) or "taken" (does it, then closes). ``blocked``, ``deactivated``, ``kicked`` (groups) and ``strangers`` (never
    pressed Start) are chats that refuse us; ``unknown`` are none at all; ``migrated`` maps a group to its supergroup.
    ``files`` are the uploads by file id. ``queries`` are the presses that nobody answered yet.
    """

    def __init__(
        self,
        token="4242:fake-token",
        *,
        limits=False,
        faults=None,
        clock=time.monotonic,
        username="marketbyte_bot",
    ):
        self.token, self.username, self.limits = token, username, limits
        self.faults = faults or Faults()
        self.messages, self.answered, self.actions, self.uploads, self.calls = [], [], [], 0, []
        self.blocked, self.deactivated, self.kicked, self.strangers, self.unknown = (set() for _ in range(5))
        self.migrated, self.next, self.queries, self.files, self.menus = {}, [], set(), {}, {}
        self.webhook, self.pending, self.last_error, self.pace = {"url": ""}, 0, None, 1.0
        # 30 a second for the bot, 20 a minute for a group, one a second for a chat with a short burst (bots/faq).
        self.rules = {
            "bot": RateRule(30, 1.0, clock=clock),
            "group": RateRule(20, 60.0, clock=clock),
            "chat": RateRule(1, 1.0, burst=5, clock=clock),
        }
        self.clock = clock
        self.edited = []  # numbers of messages that an edit has changed
        self.brought = {}  # what people sent: file id -> its bytes
        self._ids = itertools.count(1_000_001)

    async def __aenter__(self):
        await self.start(0)
        return self

    async def start(self, port):
        app = web.Application(client_max_size=60_000_000)
        open_control(app, self)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._server = TestServer(app, port=port or None)
        await self._server.start_server()
        self.base = str(self._server.make_url("")).rstrip("/")

    async def __aexit__(self, *_):
        await self._server.close()

    @property
    def violations(self):
        """How many requests came faster than Telegram allows, or within a pause it had asked for."""
        return sum(rule.broken for rule in self.rules.values())

    def report(self):
        counts = {
            f"{n} {kind} {key}".strip(): count
            for n, r in self.rules.items()
            for (kind, key), count in r.violations.items()
        }
        return {
            "violations": self.violations,
            "by": counts,
            "unanswered": sorted(self.queries),
            "faults": dict(self.faults.counts),
        }

    # What the bot asks.

    async def _serve(self, request):
        if self.next:
            planned = self.next.pop(0)
            if isinstance(planned, str):
                await (self._answer(request) if planned == "taken" else request.read())
                return cut(request)
            return web.json_response(planned[1], status=planned[0])
        refuse = {
            "throttle": lambda: self._throttled(request),
            "server": lambda: self._no(502, "Bad Gateway"),
        }
        return await self.faults.around(request, lambda: self._answer(request), refuse)

    def _throttled(self, request):
        """A 429 out of nowhere closes the chat that it came for, like one of its own."""
        found = CHAT.search(request._read_bytes or b"")
        if found and self.limits:
            self.rules["chat"].close(1, found[1].decode())
        return self._no(429, "Too Many Requests: retry after 1", retry_after=1)

    async def _answer(self, request):
        prefix, _, method = request.match_info["path"].rpartition("/")
        if prefix == f"file/bot{self.token}/documents":
            found = self.brought.get(method)
            return web.Response(body=found) if found is not None else web.Response(status=404)
        if prefix != f"bot{self.token}":
            return self._no(404 if not prefix.startswith("bot") else 401, "Unauthorized")
        self.calls.append(method)
        try:
            result = await getattr(self, f"_{method}", self._nothing)(await self._fields(request))
        except Refused as refused:
            return self._no(refused.status, refused.description, **refused.parameters)
        return web.json_response({"ok": True, "result": result})

    def _no(self, status, description, **parameters):
        body = {"ok": False, "error_code": status, "description": description}
        return web.json_response(body | ({"parameters": parameters} if parameters else {}), status=status)

    async def _fields(self, request):
        if request.content_type == "application/json":
            return json.loads(await request.read() or b"{}")
        fields = {}
        if request.content_type.startswith("multipart/"):
            async for part in await request.multipart():
                raw = bytes(await part.read(decode=True))
                fields[part.name] = raw if part.filename else raw.decode()
        return {k: json.loads(v) if k in JSON_FIELDS else v for k, v in fields.items()}

    async def _nothing(self, _fields):
        raise Refused(404, "Not Found")

    async def _getMe(self, _fields):  # noqa: N802
        return {
            "id": int(self.token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Bot",
            "username": self.username,
        }

    async def _setMyCommands(self, fields):  # noqa: N802
        scope = check_commands(fields)
        if scope["type"] == "chat":
            self._chat({"chat_id": scope["chat_id"]})
        key = (scope["type"], str(scope.get("chat_id", "")), fields.get("language_code", ""))
        self.menus[key] = {command["command"]: command["description"] for command in fields["commands"]}
        return True

    async def _setWebhook(self, fields):  # noqa: N802
        if not SECRET.fullmatch(fields.get("secret_token", "x")):
            raise Refused(400, "Bad Request: secret token contains unallowed characters")
        self.webhook = fields
        return True

    async def _getWebhookInfo(self, _fields):  # noqa: N802
        info = {
            "url": self.webhook["url"],
            "pending_update_count": self.pending,
            "has_custom_certificate": False,
        }
        return info | (
            {"last_error_date": 1787203800, "last_error_message": self.last_error} if self.last_error else {}
        )

    async def _getFile(self, fields):  # noqa: N802
        found = self.brought.get(identity := fields.get("file_id", ""))
        if found is None or len(found) > 20 * 2**20:
            raise Refused(400, f"Bad Request: {'wrong file_id' if found is None else 'file is too big'}")
        return {"file_id": identity, "file_size": len(found), "file_path": f"documents/{identity}"}

    async def _sendChatAction(self, fields):  # noqa: N802
        self._chat(fields)
        if fields.get("action") not in ACTIONS:
            raise Refused(400, "Bad Request: wrong parameter action in request")
        self.actions.append((fields["chat_id"], fields["action"]))
        return True

    async def _answerCallbackQuery(self, fields):  # noqa: N802
        if fields.get("callback_query_id") not in self.queries:
            raise Refused(
                400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        self.queries.discard(fields["callback_query_id"])
        self.answered.append(fields["callback_query_id"])
        return True


async def _serve(options, faults):
    fake = FakeTelegram(options.token, limits=True, faults=faults)
    await fake.start(options.port)
    return (
        f"export TELEGRAM_API_BASE={fake.base}",
        f"export TELEGRAM_BOT_TOKEN={fake.token}",
        "export TELEGRAM_WEBHOOK_SECRET=any-word",
        f"# what the bot said: curl {fake.base}/_fake/messages ; what it should not have done: …/_fake/violations",
        f'# say something: curl -d \'{{"chat": 70001, "text": "Hi"}}\' {fake.base}/_fake/update',
    )


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main("telegram", _serve, [("--token", "4242:fake-token", "of the bot")])
