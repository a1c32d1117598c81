"""Twilio's REST API and its callbacks, at the wire, with its own rules.

``python -m tests.fakes.twilio --port 9002`` runs it for a developer; it prints the settings to export.
"""

import asyncio
import base64
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.fakes import twilio_callbacks as callbacks
from tests.fakes import twilio_rules as rules
from tests.fakes.console import open_control
from tests.fakes.faults import Faults, cut
from tests.fakes.rules_rate import RateRule
from tests.fakes.twilio_list import Book, shown
from tests.fakes.twilio_rules import Refused, plain_content

WINDOW = timedelta(hours=24)
MEMBERSHIP = timedelta(days=3)
GOOD_DAY = ("queued", "sent", "delivered", "read")
MEDIA = "/2010-04-01/Accounts/{account}/Messages/{message}/Media/{media}"
ROUTE = "/2010-04-01/Accounts/{account}/Messages.json"


class FakeTwilio:
    """``async with FakeTwilio() as fake``: messages taken are in ``fake.messages``.

    ``shut`` are addresses outside the 24-hour window, ``gone`` those that said STOP. ``contents`` are the operator's
    contents: ContentSid -> a ``Content``, or how many variables an approved one has. ``unusable`` are media types that
    WhatsApp refuses today.

    Args:
        account, token: Its account.
        fetches: It gets each MediaUrl, as Twilio does: first its head, then the whole (in ``fetched`` as type and length,
            in ``bodies`` by URL).
        callbacks: It calls back with statuses, in the background; ``settled()`` waits for them.
        window: Addresses are inside the window for 24 hours from what they were last heard (``deliver``) to say.
        late: What is refused for the window or the medium is taken, and refused by a status.
        sandbox: People join first, for three days.
        rate: Messages a second of the sender; what is above is counted in ``rate.violations``, and refused if ``strict``.
        faults: Its bad day. ``next`` are planned answers: (status, body[, headers]), "hang" (the connection is closed
            before anything is taken) or "lost" (closed after it was taken).
        now, clock: Its time, aware and in steady seconds.
    """

    def __init__(  # noqa: PLR0913
        self, account="AC" + "7" * 32, token="twilio-token", fetches=False, *, callbacks=False, window=False, late=False,
        sandbox=False, rate=80, strict=False, faults=None, now=lambda: datetime.now(UTC), clock=time.monotonic,
    ):  # fmt: skip
        self.account, self.token, self.fetches = account, token, fetches
        self.callbacks, self.window, self.late, self.sandbox, self.strict = (
            callbacks,
            window,
            late,
            sandbox,
            strict,
        )
        self.faults, self.now = faults or Faults(), now
        self.rate = RateRule(rate, 1.0, clock=clock)
        self.messages, self.typing, self.fetched, self.bodies, self.listed = [], [], [], {}, Book()
        self.shut, self.gone, self.contents, self.next, self.unusable = set(), set(), {}, [], set()
        self.heard, self.joined, self.refusals, self.requests = {}, {}, Counter(), 0
        self.webhook, self.public_url = "", ""
        self._under_way, self._tasks = 0, set()
        self.brought, self.logins_given_away = {}, 0  # what people sent: the end of its address -> its bytes

    async def __aenter__(self, port=None):
        app = web.Application()
        app.router.add_post(ROUTE, self._asked)
        app.router.add_get(ROUTE, self._list)
        app.router.add_get(MEDIA, self._onward)
        app.router.add_get("/kept/{media}", self._given)
        app.router.add_post("/v2/Indicators/Typing", self._type)
        app.router.add_post("/v2/Indicators/Typing.json", self._type)
        open_control(app, self)
        app.router.add_post("/_fake/message", self._ordered)
        self._server = TestServer(app, port=port)
        await self._server.start_server()
        self.base = str(self._server.make_url("")).rstrip("/")
        return self

    async def __aexit__(self, *_):
        for task in self._tasks:
            task.cancel()
        await self._server.close()

    def signature(self, url, fields):
        """X-Twilio-Signature of a form post (pairs, in any order)."""
        return callbacks.signature(self.token, url, fields)

    def message(self, sid, sender, text, **more):
        """The fields of an inbound WhatsApp text."""
        return callbacks.message_form(self.account, sid, sender, text, **more)

    async def deliver(self, session, url, fields, *, public_url, path):
        """Post a form as Twilio does, signed for the public URL; returns (status, body)."""
        self._hear(fields)
        return await callbacks.posted(
            session, url + path, fields, token=self.token, signed_url=public_url + path
        )

    async def say(self, session, order):
        """A person's message by a control request; see ``callbacks.order_form``."""
        form = callbacks.order_form(self.account, order)
        self._hear(form)
        public = self.public_url or self.webhook
        signed = public + urlsplit(self.webhook).path if self.public_url else self.webhook
        status, _ = await callbacks.posted(session, self.webhook, form, token=self.token, signed_url=signed)
        return status

    async def settled(self):
        """Wait until every status has been brought."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def report(self):
        """What must not happen, and what it refused by code."""
        broken = {f"{kind}:{key}": count for (kind, key), count in self.rate.violations.items()}
        return {"violations": self.rate.broken, "kinds": broken, "most_a_second": self.rate.most} | {
            "refused": {str(code): count for code, count in self.refusals.items()},
            "requests": self.requests,
            "messages": len(self.messages),
        }

    def _hear(self, form):
        sender = form.get("From", "")
        self.heard[sender] = self.now()
        if form.get("Body", "").startswith("join "):
            self.joined[sender] = self.now()
        self.listed.add(form, form.get("MessageSid", ""), form.get("Body", ""), "inbound", self.now())

    async def _ordered(self, request):
        async with callbacks.aiohttp.ClientSession() as session:
            return web.json_response({"status": await self.say(session, await request.json())})

    def _known(self, request):
        pair = base64.b64encode(f"{self.account}:{self.token}".encode()).decode()
        return request.headers.get("Authorization") == f"Basic {pair}"

    async def _onward(self, request):
        """A medium lies at a host of its own (here: the same server by its other name), signed in the address."""
        if not self._known(request):
            return web.Response(status=401)
        media = request.match_info["media"]
        if media not in self.brought:
            return web.Response(status=404)
        port = self._server.port
        raise web.HTTPTemporaryRedirect(f"http://localhost:{port}/kept/{media}")

    async def _given(self, request):
        self.logins_given_away += "Authorization" in request.headers
        return web.Response(body=self.brought[request.match_info["media"]])

    async def _type(self, request):
        if not self._known(request):
            return self._no(20003, 401)
        form = await request.post()
        if form.get("channel") != "whatsapp" or not str(form.get("messageId", "")).startswith(("SM", "MM")):
            return self._no(20001, 400)
        self.typing.append(form["messageId"])
        return web.json_response({"success": True})

    async def _asked(self, request):
        self.requests += 1
        self._under_way += 1
        try:
            answer = await self._planned(request) if self.next else await self._on_its_day(request)
            answer.headers["Twilio-Concurrent-Requests"] = str(self._under_way)
            return answer
        finally:
            self._under_way -= 1

    async def _planned(self, request):
        planned = self.next.pop(0)
        if planned == "hang":
            await request.read()
            return cut(request)
        if planned == "lost":
            await self._create(request)
            return cut(request)
        status, body, *headers = planned
        if status == 429 and headers:
            self.rate.close(float(headers[0].get("Retry-After", 0)), self._key(await request.post()))
        return web.json_response(body, status=status, headers=headers[0] if headers else None)

    async def _on_its_day(self, request):
        refuse = {"throttle": lambda: self._no(20429, 429), "server": lambda: self._no(20500, 500)}
        return await self.faults.around(request, lambda: self._create(request), refuse)

    async def _create(self, request):
        if not self._known(request):
            return self._no(20003, 401)
        posted = await request.post()
        if self.rate.hit(self._key(posted)) and self.strict:
            return self._no(63018, 429)
        form = dict(posted)
        sid, late, body = f"SM{len(self.messages):032d}", "", form.get("Body", "")
        try:
            rules.check_form(posted)
            self._check_person(form["To"])
            body = await self._checked(form)
        except Refused as refused:
            if not self.late or refused.code not in {63016, 63019, 12300}:
                return self._no(refused.code, refused.status)
            late = str(refused.code)
        self.messages.append({**form, "sid": sid})
        row = self.listed.add(form, sid, body, "outbound-api", self.now())
        self._call_back(form, sid, late)
        return web.json_response(shown(row, self.account), status=201)

    def _check_person(self, to):
        if to in self.gone:
            raise Refused(21610)
        if (
            self.sandbox
            and not self.now() - self.joined.get(to, datetime.min.replace(tzinfo=UTC)) < MEMBERSHIP
        ):
            raise Refused(63015)

    def _is_shut(self, to):
        heard = self.heard.get(to)
        return to in self.shut or (self.window and (heard is None or self.now() - heard >= WINDOW))

    async def _checked(self, form):
        """The body that it lists; raises what Twilio refuses."""
        if "ContentSid" in form:
            content = self.contents.get(form["ContentSid"])
            content = plain_content(content) if isinstance(content, int) else content
            body, values = rules.filled_content(form, content)
            if content.session and self._is_shut(form["To"]):
                raise Refused(63016)
            if content.media and self.fetches:
                await self._fetch(content.host + values[str(content.media)], rules.TEMPLATE_TYPES)
            return body
        if self._is_shut(form["To"]):
            raise Refused(63016)
        rules.check_words(form)
        if "MediaUrl" in form:
            if self.fetches:
                await self._fetch(form["MediaUrl"])
            elif not form["MediaUrl"].startswith(("https://", "http://127.0.0.1")):
                raise Refused(21620)
        return form.get("Body", "")

    async def _fetch(self, url, types=None):
        kind, body = await rules.fetched(url, types)
        if kind in self.unusable:
            raise Refused(63019)
        self.fetched.append((kind, len(body)))
        self.bodies[url] = (kind, body)

    def _call_back(self, form, sid, late):
        if not self.callbacks or "StatusCallback" not in form:
            return
        words = ("queued", "undelivered") if late else GOOD_DAY
        forms = [callbacks.status_form(self.account, sid, form["To"], word) for word in words]
        if late:
            forms[-1]["ErrorCode"] = late
        ordered = self.faults.deliveries(forms)
        task = asyncio.create_task(callbacks.called_back(ordered, form["StatusCallback"], self.token))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _list(self, request):
        if not self._known(request):
            return self._no(20003, 401)
        return self.listed.page(request, self.account, self.now())

    def _key(self, form):
        return form.get("From", "") or form.get("MessagingServiceSid", "")

    def _no(self, code, status):
        self.refusals[code] += 1
        more = f"https://www.twilio.com/docs/errors/{code}"
        return web.json_response(
            {"code": code, "message": "refused", "more_info": more, "status": status}, status=status
        )


if __name__ == "__main__":
    from tests.fakes.twilio_program import run

    run()
