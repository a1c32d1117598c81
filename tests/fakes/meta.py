"""The Graph API's WhatsApp part at its wire, with its own rules: what the real one refuses, this one refuses by its code.

``python -m tests.fakes.meta --port 9003 --faults 0.05 --hook http://127.0.0.1:8080/webhooks/meta`` runs it for a bot in
another process.
"""

import hashlib
import time
from datetime import UTC, datetime

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.fakes.console import main, open_control
from tests.fakes.faults import Faults, cut
from tests.fakes.meta_events import Events
from tests.fakes.meta_rules import Refused, check, check_upload, goes_astray, recipient
from tests.fakes.rules_rate import RateRule

DAY = 86_400
MEDIA_DAYS = 30
VERSION = "v23.0"


class FakeMeta(Events):
    """``async with FakeMeta() as fake``: messages taken are in ``fake.messages``, uploads in ``fake.media``.

    ``shut`` are recipients (number or user id) outside the window; ``windows=True`` keeps real ones instead, from what
    ``say`` and ``open`` brought. ``templates``: name -> how many body parameters, or an ``Approval``. ``stopped`` want no
    more, ``nobody`` cannot be reached. ``strays`` were taken and never arrive.
    ``next`` holds answers to give instead of the right one: (status, body), "hang" (closes without an answer) or "taken"
    (does it, then closes). ``limits`` keeps the rates; ``tier`` how many may be written to outside the window in a day.
    """

    def __init__(  # noqa: PLR0913
        self,
        number="1090000001",
        token="meta-token",
        secret="meta-secret",
        *,
        limits=False,
        windows=False,
        tier=None,
        faults=None,
        clock=time.monotonic,
        now=None,
        rate=80,
    ):
        super().__init__()
        self.number, self.token, self.secret = number, token, secret
        self.limits, self.windows, self.tier, self.faults = limits, windows, tier, faults or Faults()
        self.clock, self.now = clock, now or getattr(clock, "now", lambda: datetime.now(UTC))
        self.messages, self.strays, self.reads, self.media, self.uploads, self.next = [], [], [], {}, 0, []
        self.shut, self.stopped, self.nobody, self.templates = set(), set(), set(), {}
        self.held, self.heard, self.begun, self._made = False, {}, {}, {}
        # 80 a second for our number; one in 6 s for a pair, with a burst of 45 that is borrowed from later.
        self.rules = {
            "sender": RateRule(rate, 1.0, clock=clock),
            "pair": RateRule(1, 6.0, burst=45, clock=clock),
        }
        self.over_tier = 0
        self.brought = {}  # what people sent: media id -> its bytes; they lie at an address of their own
        self.elsewhere = ""  # an address to tell instead

    async def __aenter__(self):
        await self.start(0)
        return self

    async def start(self, port):
        app = web.Application(client_max_size=110_000_000)
        open_control(app, self)
        app.router.add_post(f"/{VERSION}/{{number}}/messages", self._guarded(self._message))
        app.router.add_post(f"/{VERSION}/{{number}}/media", self._guarded(self._upload))
        app.router.add_get(f"/{VERSION}/{{media}}", self._told_where)
        app.router.add_get("/kept/{media}", self._given)
        self._server = TestServer(app, port=port or None)
        await self._server.start_server()
        self.base = str(self._server.make_url(f"/{VERSION}"))

    async def __aexit__(self, *_):
        await self.settle()
        await self._server.close()

    @property
    def violations(self):
        """How many requests came faster, or to more people, than Meta allows, or within a pause it had asked for."""
        return sum(rule.broken for rule in self.rules.values()) + self.over_tier

    def report(self):
        by = {f"{n} {kind} {key}".strip(): count
              for n, rule in self.rules.items() for (kind, key), count in rule.violations.items()}  # fmt: skip
        strays = [message["wamid"] for message in self.strays]
        return {
            "violations": self.violations, "by": by, "over_tier": self.over_tier, "strays": strays,
            "faults": dict(self.faults.counts),
        }  # fmt: skip

    def open(self, *keys):
        """A person wrote: their window is open for 24 hours."""
        self.heard |= {key: self.clock() for key in keys if key}

    def _guarded(self, handler):
        async def guarded(request):
            planned = self.next.pop(0) if self.next else None
            if isinstance(planned, str):
                await request.read()
                if planned == "taken":
                    await self._answer(request, handler)
                return cut(request)
            if planned is not None:
                return web.json_response(planned[1], status=planned[0], headers=dict(*planned[2:]))
            taken = []

            async def handle():
                taken.append(True)
                return await self._answer(request, handler)

            # A 5xx with a code is Meta's word that it failed; behind an acceptance it is a gateway that says nothing.
            refuse = {
                "throttle": lambda: self._no(Refused(130429, 429)),
                "server": lambda: web.Response(status=502) if taken else self._no(Refused(131000, 500)),
            }
            return await self.faults.around(request, handle, refuse)

        return guarded

    async def _answer(self, request, handler):
        try:
            self._admit(request)
            return await handler(request)
        except Refused as refused:
            return self._no(refused)

    def _admit(self, request):
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            raise Refused(190, 401)
        if request.match_info["number"] != self.number:
            raise Refused(100)

    def _no(self, refused):
        code = refused.code
        error = {"message": f"(#{code}) refused", "type": "OAuthException", "code": code, "fbtrace_id": "A1"}
        headers = {"Retry-After": str(refused.wait)} if refused.wait else {}
        return web.json_response({"error": error}, status=refused.status, headers=headers)

    async def _upload(self, request):
        fields = {}
        async for part in await request.multipart():
            raw = bytes(await part.read(decode=True))
            fields[part.name] = (raw, part.headers.get("Content-Type", "")) if part.filename else raw.decode()
        check_upload(fields)
        self.uploads += 1
        identity = f"media{self.uploads}"
        self.media[identity], self._made[identity] = fields["file"], self.clock()
        return web.json_response({"id": identity})

    async def _told_where(self, request):
        media = request.match_info["media"]
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return self._no(Refused(190, 401))
        if media not in self.brought or request.query.get("phone_number_id") != self.number:
            return self._no(Refused(100))
        data = self.brought[media]
        url = self.elsewhere or str(self._server.make_url(f"/kept/{media}"))
        told = {"url": url, "sha256": hashlib.sha256(data).hexdigest(), "file_size": len(data), "id": media}
        return web.json_response({**told, "messaging_product": "whatsapp"})

    async def _given(self, request):
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(status=401)
        return web.Response(body=self.brought[request.match_info["media"]])

    async def _message(self, request):
        body = await request.json()
        if body.get("messaging_product") != "whatsapp":
            raise Refused(100)
        if body.get("status") == "read":
            if not str(body.get("message_id", "")).startswith("wamid."):
                raise Refused(100)
            self.reads.append(body)
            return web.json_response({"success": True})
        to, user = recipient(body)
        kept = self.clock() - MEDIA_DAYS * DAY
        mimes = {name: mime for name, (_, mime) in self.media.items() if self._made.get(name, kept) >= kept}
        check(body, mimes, self.templates)
        self._rate(to or user)
        self._permit(body, to, user)
        astray = goes_astray(to)
        taken = self.strays if astray else self.messages
        message = {**body, "wamid": f"wamid.{'stray' if astray else 'fake'}{len(taken)}"}
        taken.append(message)
        self.follow(message, astray=astray)
        state = "held_for_quality_assessment" if self.held else "accepted"
        answer = {
            "messaging_product": "whatsapp",
            "messages": [{"id": message["wamid"], "message_status": state}],
        }
        return web.json_response(answer)

    def _rate(self, key):
        if not self.limits:
            return
        for name, code in (("sender", 130429), ("pair", 131056)):
            rule, of = self.rules[name], "" if name == "sender" else key
            if rule.peek(of):
                rule.hit(of)
                raise Refused(code, 429 if name == "sender" else 400)
        self.rules["sender"].count("")
        self.rules["pair"].count(key)

    def _permit(self, body, to, user):
        """Whether this person may be written to, in this way."""
        people = {to, user, (to or "").lstrip("+")} - {None, ""}
        for refused, code in ((self.stopped, 131050), (self.nobody, 131026)):
            if people & refused:
                raise Refused(code)
        if self._open(people):
            return
        if body["type"] != "template":
            raise Refused(131047)
        self._begin(min(people))

    def _open(self, people):
        if not self.windows:
            return not people & self.shut
        return any(self.clock() - self.heard.get(key, -DAY) < DAY for key in people)

    def _begin(self, person):
        """Writing to somebody outside the window counts one of the people of a day."""
        self.begun = {key: at for key, at in self.begun.items() if self.clock() - at < DAY}
        if self.tier is not None and person not in self.begun and len(self.begun) >= self.tier:
            self.over_tier += 1
            raise Refused(131048)
        self.begun.setdefault(person, self.clock())


async def _serve(options, faults):
    fake = FakeMeta(limits=True, windows=True, faults=faults)
    fake.templates = {
        name: int(count) for name, _, count in (p.partition("=") for p in options.templates.split(","))
    }
    fake.hook = options.hook
    await fake.start(options.port)
    root = fake.base.removesuffix(f"/{VERSION}")
    return (
        f"export META_GRAPH_BASE={fake.base}",
        f"export META_PHONE_NUMBER_ID={fake.number}",
        f"export META_ACCESS_TOKEN={fake.token}",
        f"export META_APP_SECRET={fake.secret}",
        "export META_VERIFY_TOKEN=any-word",
        f"# what the bot said: curl {root}/_fake/messages ; what it should not have done: …/_fake/violations",
        f"# say something: curl -d '{{\"from\": \"923001112233\", \"user_id\": \"PK.1\", \"text\": \"Hi\"}}' {root}/_fake/update",
    )  # fmt: skip


if __name__ == "__main__":
    main(
        "meta",
        _serve,
        [
            ("--hook", "http://127.0.0.1:8080/webhooks/meta", "where the bot's webhook is"),
            ("--templates", "daily_brief=2", "approved templates and how many values they have"),
        ],
    )
