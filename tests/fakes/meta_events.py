"""Meta's other half: it brings messages and statuses to our webhook, signed, in batches, again and out of order."""

import asyncio
import hashlib
import hmac
import itertools
import json

import aiohttp

TRIES = 5  # of a delivery that is not answered with 2xx; Meta goes on for days
MOST = 20  # events in one POST here; Meta puts up to 1,000 together


class Events:
    """``hook`` is our webhook ("" = statuses are only kept in ``statuses``). ``late``: recipient -> code of a late failure.

    ``skips`` is the share of messages whose "delivered" never comes; ``reads``: how far people go ("delivered", "read").
    """

    def __init__(self):
        self.hook, self.statuses, self.late = "", [], {}
        self.skips, self.reads = 0.0, "read"
        self._going, self._queue, self._people = set(), [], {}
        self._numbers = itertools.count(1)

    def payload(self, *messages, statuses=(), contact=None, field="messages", **more):
        """A webhook body with these messages."""
        value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": self.number}, **more}
        value |= {"contacts": [contact]} if contact else {}
        value |= {"messages": list(messages)} if messages else {}
        value |= {"statuses": list(statuses)} if statuses else {}
        return {
            "object": "whatsapp_business_account",
            "entry": [{"id": "1", "changes": [{"field": field, "value": value}]}],
        }

    async def deliver(self, session, url, payload):
        """Post events as Meta does, signed; returns the status."""
        raw = json.dumps(payload).encode()
        signature = "sha256=" + hmac.new(self.secret.encode(), raw, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": signature, "Content-Type": "application/json"}
        async with session.post(url, data=raw, headers=headers) as answer:
            return answer.status

    async def say(self, session, order):
        """Somebody writes: {"from": "92300…", "user_id": "PK.…", "text": "Hi"}, or "press" with a button's id."""
        number, user = order.get("from", ""), order.get("user_id", "")
        message = {"id": f"wamid.say{next(self._numbers)}", "timestamp": str(int(self.now().timestamp()))}
        contact = {"profile": {"name": order.get("name", "Ayesha")}}
        if number:
            message["from"] = contact["wa_id"] = number
        if user:
            message["from_user_id"] = contact["user_id"] = user
        if "press" in order:
            chosen = {"id": order["press"], "title": order.get("text", "")}
            message |= {
                "type": "interactive",
                "interactive": {"type": "button_reply", "button_reply": chosen},
            }
        else:
            message |= {"type": "text", "text": {"body": order.get("text", "")}}
        self.open(number, user)
        return await self.deliver(session, order.get("to", self.hook), self.payload(message, contact=contact))

    def follow(self, message, *, astray):
        """The statuses of a message that was taken, as they will come."""
        code = self.late.get(message.get("to")) or self.late.get(message.get("recipient"))
        if astray:
            return
        words = ["failed"] if code else ["sent", "delivered", "read"][: 2 if self.reads == "delivered" else 3]
        if message["type"] == "audio" and "read" in words:
            words.append("played")
        if "read" in words and self.faults.random.random() < self.skips:
            words.remove("delivered")
        made = [self.status(message, word, code if word == "failed" else None) for word in words]
        self.statuses += made
        if self.hook:
            self._queue += made
            self._post_soon()

    def status(self, message, word, code=None):
        """One status of a message that was taken."""
        told = {"id": message["wamid"], "status": word, "timestamp": str(int(self.now().timestamp()))}
        told["recipient_id"] = (message.get("to") or "").lstrip("+")
        if message.get("recipient"):
            told["recipient_user_id"] = message["recipient"]
        if key := message.get("biz_opaque_callback_data"):
            told["biz_opaque_callback_data"] = key
        return told | ({"errors": [{"code": code, "title": "refused"}]} if code else {})

    async def settle(self):
        """Wait until everything was brought."""
        while self._going:
            await asyncio.gather(*self._going)

    def _post_soon(self):
        if not self._going:
            task = asyncio.create_task(self._post_all())
            self._going.add(task)
            task.add_done_callback(self._going.discard)

    async def _post_all(self):
        async with aiohttp.ClientSession() as session:
            while self._queue:
                due, self._queue = self._queue, []
                told = self.faults.deliveries(due)
                while told:
                    size = self.faults.random.randint(1, MOST)
                    group, told = told[:size], told[size:]
                    await self._until_taken(session, self.payload(statuses=group))

    async def _until_taken(self, session, payload):
        for number in range(TRIES):
            try:
                if await self.deliver(session, self.hook, payload) < 300:
                    return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.05 * 2**number)
