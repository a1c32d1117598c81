"""Twilio's REST API and its signing, at the wire, with its own rules."""

import base64
import hashlib
import hmac
import json
from urllib.parse import urlencode

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

MEDIA_TYPES = {"image/png", "image/jpeg", "audio/ogg", "application/pdf", "audio/mpeg", "video/mp4"}


class Refused(Exception):
    def __init__(self, code, status=400):
        super().__init__(str(code))
        self.code, self.status = code, status


class FakeTwilio:
    """``async with FakeTwilio() as fake``: messages taken are in ``fake.messages``.

    ``shut`` are addresses outside the 24-hour window, ``gone`` those that said STOP. ``contents`` are approved contents:
    ContentSid -> how many variables. With ``fetches`` it gets each MediaUrl, as Twilio does: first its head, then the whole
    (in ``fetched`` as type and length, in ``bodies`` by URL). ``next`` as in FakeTelegram.
    """

    def __init__(self, account="AC" + "7" * 32, token="twilio-token", fetches=False):
        self.account, self.token, self.fetches = account, token, fetches
        self.messages, self.typing, self.fetched, self.bodies = [], [], [], {}
        self.shut, self.gone, self.contents, self.next = set(), set(), {}, []

    async def __aenter__(self):
        app = web.Application()
        app.router.add_post("/2010-04-01/Accounts/{account}/Messages.json", self._create)
        app.router.add_post("/v2/Indicators/Typing", self._type)
        self._server = TestServer(app)
        await self._server.start_server()
        self.base = str(self._server.make_url("")).rstrip("/")
        return self

    async def __aexit__(self, *_):
        await self._server.close()

    def signature(self, url, fields):
        """X-Twilio-Signature of a form post (pairs, in any order)."""
        whole = url + "".join(name + value for name, value in sorted(set(fields)))
        return base64.b64encode(hmac.new(self.token.encode(), whole.encode(), hashlib.sha1).digest()).decode()

    def message(self, sid, sender, text, **more):
        """The fields of an inbound WhatsApp text."""
        plain = {
            "MessageSid": sid,
            "SmsSid": sid,
            "SmsMessageSid": sid,
            "AccountSid": self.account,
            "NumMedia": "0",
        }
        plain |= {"From": sender, "To": "whatsapp:+14155550100", "Body": text, "SmsStatus": "received"}
        return (
            plain
            | {"ProfileName": "Sana", "NumSegments": "1", "ApiVersion": "2010-04-01", "MessageType": "text"}
            | more
        )

    async def deliver(self, session, url, fields, *, public_url, path):
        """Post a form as Twilio does, signed for the public URL; returns (status, body)."""
        pairs = list(fields.items())
        headers = {
            "X-Twilio-Signature": self.signature(public_url + path, pairs),
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        }
        async with session.post(url + path, data=urlencode(pairs).encode(), headers=headers) as answer:
            return answer.status, await answer.text()

    def _known(self, request):
        pair = base64.b64encode(f"{self.account}:{self.token}".encode()).decode()
        return request.headers.get("Authorization") == f"Basic {pair}"

    async def _type(self, request):
        if not self._known(request):
            return self._no(20003, 401)
        form = await request.post()
        if form.get("channel") != "whatsapp" or not str(form.get("messageId", "")).startswith(("SM", "MM")):
            return self._no(20001, 400)
        self.typing.append(form["messageId"])
        return web.json_response({"success": True})

    async def _create(self, request):
        if self.next:
            planned = self.next.pop(0)
            if planned == "hang":
                await request.read()
                request.transport.close()
                return web.Response()
            return web.json_response(planned[1], status=planned[0])
        if not self._known(request):
            return self._no(20003, 401)
        form = dict(await request.post())
        try:
            await self._check(form)
        except Refused as refused:
            return self._no(refused.code, refused.status)
        sid = f"SM{len(self.messages):032d}"
        self.messages.append({**form, "sid": sid})
        return web.json_response({"sid": sid, "status": "queued", "error_code": None}, status=201)

    async def _check(self, form):
        to = form.get("To", "")
        if not to.startswith("whatsapp:") or not (form.get("From") or form.get("MessagingServiceSid")):
            raise Refused(21211 if form.get("From") else 21603)
        if to in self.gone:
            raise Refused(21610)
        if "ContentSid" in form:
            return self._check_content(form)
        if to in self.shut:
            raise Refused(63016)
        if not form.get("Body", "").strip() and not form.get("MediaUrl"):
            raise Refused(21619)
        if len(form.get("Body", "").encode("utf-16-le")) // 2 > 1600:
            raise Refused(21617)
        if "MediaUrl" in form:
            await self._check_media(form["MediaUrl"])
        return None

    def _check_content(self, form):
        if "Body" in form or "MediaUrl" in form:
            raise Refused(63016)
        if form["ContentSid"] not in self.contents:
            raise Refused(63027)
        try:
            variables = json.loads(form.get("ContentVariables", "{}"))
        except ValueError:
            raise Refused(21656) from None
        names = [str(number) for number in range(1, self.contents[form["ContentSid"]] + 1)]
        if sorted(variables) != sorted(names) or not all(
            isinstance(v, str) and v for v in variables.values()
        ):
            raise Refused(63028)

    async def _check_media(self, url):
        if not url.startswith(("https://", "http://127.0.0.1")):
            raise Refused(21620)
        if not self.fetches:
            return
        async with ClientSession() as session:
            async with session.head(url, allow_redirects=False) as head:
                announced = head.content_type, head.headers.get("Content-Length", "")
            async with session.get(url, allow_redirects=False) as answer:
                body = await answer.read()
                kind = answer.content_type
        if {head.status, answer.status} != {200} or not body or announced[1] != str(len(body)):
            raise Refused(63019)
        if announced[0] != kind or "inline" not in answer.headers.get("Content-Disposition", ""):
            raise Refused(12300)
        if kind not in MEDIA_TYPES or (kind.startswith("image/") and len(body) > 5_000_000):
            raise Refused(12300)
        self.fetched.append((kind, len(body)))
        self.bodies[url] = (kind, body)

    def _no(self, code, status):
        more = f"https://www.twilio.com/docs/errors/{code}"
        return web.json_response(
            {"code": code, "message": "refused", "more_info": more, "status": status}, status=status
        )
