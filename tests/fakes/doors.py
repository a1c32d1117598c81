"""The doors of the providers in a house: how each proves a body, and what it brings of a person."""

import hashlib
import hmac
import io

DOORS = {"telegram": "/webhooks/telegram", "twilio": "/webhooks/twilio", "meta": "/webhooks/meta"}


async def post(house, path, body, headers=None):
    async with house.session.post(
        house.url + path, data=io.BytesIO(body) if isinstance(body, bytes) else body, headers=headers or {}
    ) as answer:
        return answer.status


def proof(house, channel, body):
    """The headers of a body that the provider really sent."""
    if channel == "telegram":
        return {"X-Telegram-Bot-Api-Secret-Token": "tg-hook-secret"}
    if channel == "meta":
        signed = hmac.new(house.meta.secret.encode(), body, hashlib.sha256).hexdigest()
        return {"X-Hub-Signature-256": f"sha256={signed}"}
    return {"X-Twilio-Signature": house.twilio.signature(house.url + DOORS["twilio"], [])}


def membership(phone, number, status):
    chat = {"id": phone.chat, "type": "private"}
    change = {
        "chat": chat,
        "date": 1787203800,
        "from": {"id": phone.chat},
        "new_chat_member": {"status": status},
    }
    return {"update_id": 10_000 + number, "my_chat_member": change}


async def opt(phone, number, kind):
    if phone.channel == "twilio":
        return await phone.deliver(phone.typed(number, kind) | {"OptOutType": kind})
    value = {"STOP": "stop", "START": "resume"}[kind]
    preference = {
        "wa_id": phone.number,
        "user_id": phone.user_id,
        "category": "marketing_messages",
        "value": value,
    }
    preference |= {"timestamp": str(1787203800 + number)}
    change = {"field": "user_preferences", "value": {"user_preferences": [preference]}}
    return await phone.deliver(
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
    )
