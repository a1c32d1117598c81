"""The Graph API's WhatsApp part and its signing, at the wire, with its own rules."""

import hashlib
import hmac
import json
import re

from aiohttp import web
from aiohttp.test_utils import TestServer

MIMES = {
    "image/png",
    "image/jpeg",
    "audio/ogg; codecs=opus",
    "audio/mpeg",
    "application/pdf",
    "application/json",
}
SMALLEST_RUN = re.compile(r"[\n\t]| {5}")


class Refused(Exception):
    def __init__(self, code, status=400):
        super().__init__(str(code))
        self.code, self.status = code, status


class FakeMeta:
    """``async with FakeMeta() as fake``: messages taken are in ``fake.messages``, uploads in ``fake.media``.

    ``shut`` are recipients (number or user id) outside the window; ``templates``: name -> how many body parameters.
    """

    def __init__(self, number="1090000001", token="meta-token", secret="meta-secret"):
        self.number, self.token, self.secret = number, token, secret
        self.messages, self.reads, self.media, self.uploads = [], [], {}, 0
        self.shut, self.templates, self.next = set(), {}, []

    async def __aenter__(self):
        app = web.Application(client_max_size=110_000_000)
        app.router.add_post("/v23.0/{number}/messages", self._guarded(self._message))
        app.router.add_post("/v23.0/{number}/media", self._guarded(self._upload))
        self._server = TestServer(app)
        await self._server.start_server()
        self.base = str(self._server.make_url("/v23.0"))
        return self

    async def __aexit__(self, *_):
        await self._server.close()

    def payload(self, *messages, statuses=(), contact=None):
        """A webhook body with these messages."""
        value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": self.number}}
        value |= {"contacts": [contact]} if contact else {}
        value |= {"messages": list(messages)} if messages else {}
        value |= {"statuses": list(statuses)} if statuses else {}
        change = {"field": "messages", "value": value}
        return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}

    async def deliver(self, session, url, payload):
        """Post events as Meta does, signed; returns the status."""
        raw = json.dumps(payload).encode()
        signature = "sha256=" + hmac.new(self.secret.encode(), raw, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": signature, "Content-Type": "application/json"}
        async with session.post(url, data=raw, headers=headers) as answer:
            return answer.status

    def _guarded(self, handler):
        async def guarded(request):
            planned = self.next.pop(0) if self.next else None
            if planned == "hang":
                await request.read()
                request.transport.close()
                return web.Response()
            if planned is not None:
                return web.json_response(planned[1], status=planned[0])
            try:
                self._admit(request)
                return await handler(request)
            except Refused as refused:
                return self._no(refused.code, refused.status)

        return guarded

    def _admit(self, request):
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            raise Refused(190, 401)
        if request.match_info["number"] != self.number:
            raise Refused(100)

    async def _upload(self, request):
        fields = {}
        async for part in await request.multipart():
            raw = bytes(await part.read(decode=True))
            fields[part.name] = (raw, part.headers.get("Content-Type", "")) if part.filename else raw.decode()
        data, mime = fields.get("file", (b"", ""))
        if fields.get("messaging_product") != "whatsapp" or not data:
            raise Refused(100)
        if mime not in MIMES or fields.get("type") != mime:
            raise Refused(131053)
        if mime.startswith("image/") and len(data) > 5_000_000:
            raise Refused(131053)
        self.uploads += 1
        identity = f"media{self.uploads}"
        self.media[identity] = (data, mime)
        return web.json_response({"id": identity})

    async def _message(self, request):
        body = await request.json()
        if body.get("messaging_product") != "whatsapp":
            raise Refused(100)
        if body.get("status") == "read":
            if not str(body.get("message_id", "")).startswith("wamid."):
                raise Refused(100)
            self.reads.append(body)
            return web.json_response({"success": True})
        self._check_recipient(body)
        self._check(body)
        wamid = f"wamid.fake{len(self.messages)}"
        self.messages.append({**body, "wamid": wamid})
        return web.json_response({"messaging_product": "whatsapp", "messages": [{"id": wamid}]})

    def _check_recipient(self, body):
        to, user = body.get("to"), body.get("recipient")
        if to is None and user is None:
            raise Refused(100)
        if to is not None and not re.fullmatch(r"\+\d{6,15}", to):
            raise Refused(131009)
        if user is not None and not re.fullmatch(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}", user):
            raise Refused(131009)
        if body["type"] != "template" and {to, user} & self.shut:
            raise Refused(131047)

    def _check(self, body):
        kind = body["type"]
        content = body.get(kind)
        checks = {"text": self._text, "interactive": self._interactive, "template": self._template}
        if not isinstance(content, dict):
            raise Refused(131008)
        checks.get(kind, self._medium)(content)

    def _text(self, content):
        if not content.get("body"):
            raise Refused(131008)
        self._within(content["body"], 4096)

    def _interactive(self, content):
        action = content["action"]
        if content["type"] == "button":
            self._within(content["body"]["text"], 1024)
            replies = [button["reply"] for button in action["buttons"]]
            if not 1 <= len(replies) <= 3 or len({r["title"] for r in replies}) < len(replies):
                raise Refused(131009)
            for reply in replies:
                self._within(reply["title"], 20)
                self._within(reply["id"], 256)
            return
        self._within(content["body"]["text"], 4096)
        self._within(action["button"], 20)
        rows = [row for section in action["sections"] for row in section["rows"]]
        if not 1 <= len(rows) <= 10 or len({row["id"] for row in rows}) < len(rows):
            raise Refused(131009)
        for row in rows:
            self._within(row["title"], 24)
            self._within(row["id"], 200)
            self._within(row.get("description", "-"), 72)

    def _template(self, content):
        if content["name"] not in self.templates or not content["language"]["code"]:
            raise Refused(132001)
        values = [p["text"] for c in content.get("components", []) for p in c["parameters"]]
        if len(values) != self.templates[content["name"]]:
            raise Refused(132000)
        if any(not value or SMALLEST_RUN.search(value) for value in values):
            raise Refused(132018)

    def _medium(self, content):
        if content.get("id") not in self.media:
            raise Refused(131052)
        self._within(content.get("caption", "-"), 1024)

    def _within(self, text, limit):
        if not text or len(text.encode("utf-16-le")) // 2 > limit:
            raise Refused(131009)

    def _no(self, code, status):
        error = {"message": f"(#{code}) refused", "type": "OAuthException", "code": code, "fbtrace_id": "A1"}
        return web.json_response({"error": error}, status=status)
