"""What people do on Telegram: updates in their shapes, brought to the webhook as Telegram brings them."""

import asyncio
import time

import aiohttp

# Seconds until a refused update is brought again: at once, then 2, 4, 8 … (tdlib/telegram-bot-api, WebhookActor).
AGAIN = (0, 2, 4, 8, 16, 32, 60)
SHOWN_AT = 1787203800  # seconds; every message of the fake bears this date


def text_update(update_id, chat, text, name="Sana", date=SHOWN_AT):
    """A text message in a private chat."""
    person = {"id": chat, "is_bot": False, "first_name": name, "language_code": "en"}
    message = {"message_id": update_id, "from": person, "date": date, "text": text}
    return {
        "update_id": update_id,
        "message": message | {"chat": {"id": chat, "type": "private", "first_name": name}},
    }


def press_update(update_id, chat, data, last, name="Sana"):
    """A press of a button under a message of ours."""
    shown = {"message_id": last["message_id"], "chat": {"id": chat, "type": "private"}, "date": SHOWN_AT}
    shown |= {"reply_markup": last["reply_markup"]} if "reply_markup" in last else {}
    person = {"id": chat, "is_bot": False, "first_name": name}
    query = {"id": f"q{update_id}", "from": person, "message": shown, "data": data}
    return {"update_id": update_id, "callback_query": query}


def block_update(update_id, chat, status):
    """Somebody blocks the bot ("kicked") or comes back ("member")."""
    person = {"id": chat, "is_bot": False, "first_name": "Sana"}
    bot = {"user": {"id": 4242, "is_bot": True, "first_name": "Bot"}, "status": status}
    member = {
        "chat": {"id": chat, "type": "private"},
        "from": person,
        "date": SHOWN_AT,
        "new_chat_member": bot,
    }
    return {"update_id": update_id, "my_chat_member": member}


class People:
    """The half of the fake that speaks first; the other half (``FakeTelegram``) answers the bot."""

    def text_update(self, update_id, chat, text, name="Sana"):
        """A text message in a private chat."""
        return text_update(update_id, chat, text, name)

    def press_update(self, update_id, chat, data, name="Sana"):
        """A press of a button under our last message to that chat; Telegram then waits for the query's answer."""
        last = next(m for m in reversed(self.messages) if m["chat_id"] == str(chat))
        update = press_update(update_id, chat, data, last, name)
        self.queries.add(update["callback_query"]["id"])
        return update

    async def deliver(self, session, url, update, *, secret):
        """Post an update once; returns the status."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        async with session.post(url, json=update, headers=headers) as answer:
            return answer.status

    async def bring(self, session, update):
        """Post an update to the webhook until it is taken, as Telegram does; the last status, 0 without an answer."""
        self.pending += 1
        status = 0
        for pause in AGAIN:
            await asyncio.sleep(pause * self.pace)
            try:
                status = await self.deliver(
                    session, self.webhook["url"], update, secret=self.webhook.get("secret_token", "")
                )
            except aiohttp.ClientError as error:
                self.last_error = type(error).__name__
                continue
            if 200 <= status < 300:
                self.pending -= 1
                return status
            self.last_error = f"Wrong response from the webhook: {status}"
        self.pending -= 1  # it has expired
        return status

    async def bring_all(self, session, updates):
        """A bad day's deliveries: some twice, some late, several at once."""
        return await asyncio.gather(
            *(self.bring(session, update) for update in self.faults.deliveries(updates))
        )

    async def say(self, session, order):
        """From the control door: {"chat", "text"} or "press", "block", "unblock"; or a whole {"update"}."""
        number, chat = next(self._ids), int(order.get("chat", 70001))
        if "update" in order:
            update = {"update_id": number, **order["update"]}
        elif "press" in order:
            update = self.press_update(number, chat, order["press"])
        elif "block" in order or "unblock" in order:
            (self.blocked.add if "block" in order else self.blocked.discard)(str(chat))
            update = block_update(number, chat, "kicked" if "block" in order else "member")
        else:
            update = text_update(number, chat, order["text"], order.get("name", "Sana"), int(time.time()))
        return (await self.bring_all(session, [update]))[-1]
