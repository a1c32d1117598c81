"""The Bot API at its wire, with its own rules: what the real one refuses, this one refuses, in the same words."""

import json
import re
from html.parser import HTMLParser

from aiohttp import web
from aiohttp.test_utils import TestServer

ACTIONS = {"typing", "upload_photo", "record_voice", "upload_voice", "upload_document"}
STRAY = re.compile(r"<(?!/?[a-z]+>)|&(?!(?:lt|gt|amp|quot|#\d+);)")  # what must be escaped
MAGIC = {"photo": (b"\x89PNG", b"\xff\xd8"), "voice": (b"OggS",), "document": (b"",)}


class Refused(Exception):
    def __init__(self, status, description, **parameters):
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


class FakeTelegram:
    """``async with FakeTelegram(token) as fake``: base URL in ``fake.base``; what arrived in ``fake.messages``.

    ``next`` holds answers to give instead of the right one: (status, body) or "hang" (takes the request, never answers).
    ``blocked`` are chats that refuse us. ``files`` are the uploads by file id.
    """

    def __init__(self, token="4242:fake-token"):
        self.token = token
        self.messages, self.answered, self.actions, self.uploads = [], [], [], 0
        self.blocked, self.next, self.queries, self.files = set(), [], set(), {}

    async def __aenter__(self):
        app = web.Application(client_max_size=60_000_000)
        app.router.add_post("/{path:.*}", self._serve)
        self._server = TestServer(app)
        await self._server.start_server()
        self.base = str(self._server.make_url("")).rstrip("/")
        return self

    async def __aexit__(self, *_):
        await self._server.close()

    async def deliver(self, session, url, update, *, secret):
        """Post an update as Telegram does; returns the status."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        async with session.post(url, json=update, headers=headers) as answer:
            return answer.status

    def text_update(self, update_id, chat, text, name="Sana"):
        """A text message in a private chat."""
        person = {"id": chat, "is_bot": False, "first_name": name, "language_code": "en"}
        message = {"message_id": update_id, "from": person, "date": 1787203800, "text": text}
        return {
            "update_id": update_id,
            "message": message | {"chat": {"id": chat, "type": "private", "first_name": name}},
        }

    def press_update(self, update_id, chat, data, name="Sana"):
        """A press of a button under our last message to that chat; Telegram then waits for the query's answer."""
        last = next(m for m in reversed(self.messages) if m["chat_id"] == str(chat))
        query = f"q{update_id}"
        self.queries.add(query)
        shown = {
            "message_id": last["message_id"],
            "chat": {"id": chat, "type": "private"},
            "date": 1787203800,
        }
        shown |= {"reply_markup": last["reply_markup"]} if "reply_markup" in last else {}
        person = {"id": chat, "is_bot": False, "first_name": name}
        return {
            "update_id": update_id,
            "callback_query": {"id": query, "from": person, "message": shown, "data": data},
        }

    async def _serve(self, request):
        if self.next:
            planned = self.next.pop(0)
            if planned == "hang":
                await request.read()
                request.transport.close()
                return web.Response()
            return web.json_response(planned[1], status=planned[0])
        prefix, _, method = request.match_info["path"].rpartition("/")
        if prefix != f"bot{self.token}":
            return self._no(404 if not prefix.startswith("bot") else 401, "Unauthorized")
        try:
            result = await getattr(self, f"_{method}", self._unknown)(await self._fields(request))
        except Refused as refused:
            return self._no(refused.status, refused.description, **refused.parameters)
        return web.json_response({"ok": True, "result": result})

    def _no(self, status, description, **parameters):
        body = {"ok": False, "error_code": status, "description": description}
        return web.json_response(body | ({"parameters": parameters} if parameters else {}), status=status)

    async def _fields(self, request):
        if request.content_type == "application/json":
            return await request.json()
        fields = {}
        async for part in await request.multipart():
            raw = bytes(await part.read(decode=True))
            fields[part.name] = raw if part.filename else raw.decode()
        return {
            k: json.loads(v) if k in {"reply_markup", "link_preview_options"} else v
            for k, v in fields.items()
        }

    async def _unknown(self, _fields):
        raise Refused(404, "Not Found")

    async def _sendMessage(self, fields):  # noqa: N802
        text = self._parsed(fields.get("text", ""), fields.get("parse_mode"))
        if not text.strip():
            raise Refused(400, "Bad Request: message text is empty")
        if units(text) > 4096:
            raise Refused(400, "Bad Request: message is too long")
        return self._keep(fields, "text", plain=text)

    async def _sendPhoto(self, fields):  # noqa: N802
        return self._medium(fields, "photo")

    async def _sendVoice(self, fields):  # noqa: N802
        return self._medium(fields, "voice")

    async def _sendDocument(self, fields):  # noqa: N802
        return self._medium(fields, "document")

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

    def _medium(self, fields, kind):
        caption = self._parsed(fields.get("caption", ""), fields.get("parse_mode"))
        if units(caption) > 1024:
            raise Refused(400, "Bad Request: message caption is too long")
        given = fields.get(kind)
        if isinstance(given, bytes):
            if not given or not given.startswith(MAGIC[kind]):
                raise Refused(
                    400, "Bad Request: IMAGE_PROCESS_FAILED" if kind == "photo" else "Bad Request: wrong file"
                )
            self.uploads += 1
            identity = f"{kind}-file-{self.uploads}"
            self.files[identity] = given
        elif given in self.files and given.startswith(f"{kind}-"):
            identity = given
        else:
            raise Refused(400, "Bad Request: wrong file identifier/HTTP URL specified")
        file = {"file_id": identity, "file_unique_id": "u" + identity}
        content = (
            {"photo": [{**file, "width": 90}, {**file, "width": 900}]} if kind == "photo" else {kind: file}
        )
        return self._keep(fields, kind, plain=caption) | content

    def _keep(self, fields, kind, *, plain):
        chat = self._chat(fields)
        for row in fields.get("reply_markup", {}).get("inline_keyboard", []):
            for button in row:
                if not 1 <= len(button["callback_data"].encode()) <= 64 or not button["text"]:
                    raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
        message_id = 1000 + len(self.messages)
        self.messages.append(
            {**fields, "chat_id": chat, "kind": kind, "plain": plain, "message_id": message_id}
        )
        return {"message_id": message_id, "chat": {"id": int(chat), "type": "private"}, "date": 1787203800}

    def _chat(self, fields):
        chat = str(fields.get("chat_id", ""))
        if not chat.lstrip("-").isdecimal():
            raise Refused(400, "Bad Request: chat not found")
        if chat in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return chat

    def _parsed(self, text, mode):
        if mode is None:
            return text
        if STRAY.search(text):
            raise Refused(400, "Bad Request: can't parse entities: Unsupported start tag")
        reader = _Html()
        try:
            reader.feed(text)
            reader.close()
        except ValueError as error:
            raise Refused(400, f"Bad Request: can't parse entities: {error}") from None
        if reader.open:
            raise Refused(400, "Bad Request: can't parse entities: Can't find end tag")
        return reader.text


class _Html(HTMLParser):
    """Telegram's subset: only its own tags, well nested; a lone "<" is an error."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        if tag not in {"b", "i", "u", "s", "code", "pre"} or attrs:
            raise ValueError(f'Unsupported start tag "{tag}"')
        self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            raise ValueError("Unexpected end tag")

    def handle_data(self, data):
        self.text += data


def units(text):
    """UTF-16 code units, counted by encoding."""
    return len(text.encode("utf-16-le")) // 2
