"""People with a phone: they write and press as their provider delivers it, and see what the provider took for them."""

import itertools
import json
import re
from decimal import Decimal

from aiohttp import ClientSession

from services.domain.conversation import Address
from services.domain.portfolio import Holding, Portfolio

NUMBERED = re.compile(r"^(\d+) (.+)$", re.MULTILINE)
_ids = itertools.count(100_000)  # clear of the numbers that tests choose themselves


class Phone:
    """One person. ``heard`` are the provider's records of what it took since the person last spoke.

    ``house`` is the running bot with its providers (see tests/bot/conftest.py).
    """

    def __init__(self, house, name="Ayesha Khan"):
        self.house, self.name = house, name
        self.heard = []
        self.session: ClientSession = house.session

    async def say(self, text):
        """Write something and wait for the answers."""
        return await self._speak(self.typed(next(_ids), text))

    async def press(self, title):
        """Press the button with that title among the last answers, as the provider reports it."""
        return await self._speak(self.pressed(next(_ids), title))

    async def _speak(self, payload):
        before = len(self._taken())
        status = await self.deliver(payload)
        await self.house.bot.dispatcher.drain(90)
        self.heard = self._taken()[before:]
        return status

    def listen(self):
        """All that ever came."""
        self.heard = self._taken()
        return self


class TelegramPhone(Phone):
    channel = "telegram"

    def __init__(self, house, chat=700100200, **more):
        super().__init__(house, **more)
        self.chat = chat
        self.key = str(chat)

    def typed(self, number, text):
        return self.house.telegram.text_update(number, self.chat, text, self.name)

    def pressed(self, number, title):
        presses = {b["text"]: b["callback_data"] for b in self._buttons()}
        return self.house.telegram.press_update(number, self.chat, presses[title], self.name)

    async def deliver(self, payload, secret="tg-hook-secret"):
        url = f"{self.house.url}/webhooks/telegram"
        return await self.house.telegram.deliver(self.session, url, payload, secret=secret)

    def words(self):
        return "\n".join([*(m["plain"] for m in self.heard), *(f"[{b['text']}]" for b in self._buttons())])

    def media(self, kind):
        """The bytes of the photos ("photo") or voice notes ("voice") that came."""
        files = self.house.telegram.files
        given = [m[kind] for m in self.heard if m["kind"] == kind]
        return [value if isinstance(value, bytes) else files[value] for value in given]

    def pictures(self):
        return self.media("photo")

    def voices(self):
        return self.media("voice")

    def _buttons(self):
        rows = [r for m in self.heard for r in m.get("reply_markup", {}).get("inline_keyboard", [])]
        return [button for row in rows for button in row]

    def _taken(self):
        return [m for m in self.house.telegram.messages if m["chat_id"] == self.key]


class TwilioPhone(Phone):
    channel = "twilio"

    def __init__(self, house, number="+923007654321", **more):
        super().__init__(house, **more)
        self.key = f"whatsapp:{number}"

    def typed(self, number, text):
        return self.house.twilio.message(f"SM{number:032x}", self.key, text, ProfileName=self.name)

    def pressed(self, number, title):
        """A quick reply reports its id; under numbered lines a person types the number."""
        for message in self.heard:
            values = json.loads(message.get("ContentVariables", "{}"))
            for place, value in values.items():
                if value == title and int(place) > 1:
                    more = {"ButtonText": title, "ButtonPayload": values[str(int(place) + 1)]}
                    return self.typed(number, title) | more | {"MessageType": "button"}
        numbers = {name: n for m in self.heard for n, name in NUMBERED.findall(m.get("Body", ""))}
        return self.typed(number, numbers[title])

    async def deliver(self, payload, path="/webhooks/twilio"):
        url = self.house.url
        status, _ = await self.house.twilio.deliver(self.session, url, payload, public_url=url, path=path)
        return status

    async def status(self, sid, status, code=""):
        """A delivery status of one of our messages."""
        form = {"MessageSid": sid, "MessageStatus": status, "To": self.key, "From": "whatsapp:+14155550100"}
        path = "/webhooks/twilio/status"
        return await self.deliver(form | ({"ErrorCode": code} if code else {}), path=path)

    def words(self):
        return "\n".join(
            m.get("Body", "") + "".join(json.loads(m.get("ContentVariables", "{}")).values())
            for m in self.heard
        )

    def media(self, kind):
        fetched = self.house.twilio.bodies
        return [
            fetched[m["MediaUrl"]][1]
            for m in self.heard
            if "MediaUrl" in m and fetched[m["MediaUrl"]][0] == kind
        ]

    def pictures(self):
        return self.media("image/png")

    def voices(self):
        return self.media("audio/ogg")

    def _taken(self):
        return [m for m in self.house.twilio.messages if m["To"] == self.key]


class MetaPhone(Phone):
    """``user_id`` is the business-scoped id; with ``hidden`` the number is not shown."""

    channel = "meta"

    def __init__(self, house, number="923009998877", user_id="PK.90817263", *, hidden=False, **more):
        super().__init__(house, **more)
        self.number = "" if hidden else number
        self.user_id = user_id
        self.key = user_id or number

    def typed(self, number, text):
        return self._payload(number, type="text", text={"body": text})

    def pressed(self, number, title):
        kind, identity = self._choices()[title]
        reply = {"type": kind, kind: {"id": identity, "title": title}}
        return self._payload(number, type="interactive", interactive=reply)

    async def deliver(self, payload):
        return await self.house.meta.deliver(self.session, f"{self.house.url}/webhooks/meta", payload)

    async def status(self, wamid, status, code=None):
        """A delivery status of one of our messages."""
        told = {"id": wamid, "status": status, "timestamp": "1787203900", "recipient_id": self.number}
        told |= {"recipient_user_id": self.user_id} if self.user_id else {}
        told |= {"errors": [{"code": code, "title": "Re-engagement message"}]} if code else {}
        return await self.deliver(self.house.meta.payload(statuses=[told]))

    def words(self):
        lines = []
        for message in self.heard:
            content = message[message["type"]]
            lines += [content.get("body", "")] if message["type"] == "text" else [content.get("caption", "")]
            if message["type"] == "interactive":
                lines.append(content["body"]["text"])
            for component in content.get("components", []):
                lines += [parameter["text"] for parameter in component["parameters"]]
        return "\n".join([*lines, *(f"[{title}]" for title in self._choices())])

    def media(self, kind):
        held = self.house.meta.media
        return [held[m[kind]["id"]][0] for m in self.heard if m["type"] == kind]

    def pictures(self):
        return self.media("image")

    def voices(self):
        return self.media("audio")

    def _choices(self):
        found = {}
        for message in self.heard:
            action = message.get("interactive", {}).get("action", {})
            for button in action.get("buttons", []):
                found[button["reply"]["title"]] = ("button_reply", button["reply"]["id"])
            for section in action.get("sections", []):
                found |= {row["title"]: ("list_reply", row["id"]) for row in section["rows"]}
        return found

    def _payload(self, number, **content):
        message = {"id": f"wamid.in{number}", "timestamp": "1787203800", **content}
        contact = {"profile": {"name": self.name}}
        if self.number:
            message["from"] = contact["wa_id"] = self.number
        if self.user_id:
            message["from_user_id"] = contact["user_id"] = self.user_id
        return self.house.meta.payload(message, contact=contact)

    def _taken(self):
        own = {f"+{self.number}", self.user_id} - {"+", ""}
        return [m for m in self.house.meta.messages if {m.get("to"), m.get("recipient")} & own]


async def person(phone):
    """The user behind a phone, None if there is none."""
    return await phone.house.bot.services.users.by_address(Address(phone.channel, phone.key))


async def reached(phone):
    """Somebody who has finished onboarding, without the long way through it."""
    await phone.say("Hi")
    services = phone.house.bot.services
    user = await services.users.consent(await person(phone))
    user = await services.portfolios.set(user, Portfolio((Holding("MEBL", Decimal(100)),)))
    await services.users.activate(user)
    await phone.house.world.turns._sessions.delete_many({})
    phone.heard = []
    return phone
