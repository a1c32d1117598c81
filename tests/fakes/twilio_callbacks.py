"""What Twilio posts to a bot: signed messages of people and the statuses of ours, as they come in real bodies."""

import base64
import hashlib
import hmac
import itertools
import json
import uuid
from urllib.parse import urlencode, urlsplit

import aiohttp

OURS = "whatsapp:+14155550100"
_ids = itertools.count(1)


def signature(token, url, fields):
    """X-Twilio-Signature of a form post (pairs, in any order)."""
    whole = url + "".join(name + value for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.new(token.encode(), whole.encode(), hashlib.sha1).digest()).decode()


def message_form(account, sid, sender, text, **more):
    """The fields of an inbound WhatsApp text; ``more`` adds or replaces some."""
    context = {"ProfileName": "Sana", "WaId": sender.removeprefix("whatsapp:+")}
    metadata = json.dumps({"type": "whatsapp", "data": {"context": context}})
    plain = {"MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid, "AccountSid": account, "NumMedia": "0"}
    plain |= {"From": sender, "To": OURS, "Body": text, "SmsStatus": "received", "ChannelMetadata": metadata}
    plain |= {
        "ProfileName": "Sana",
        "NumSegments": "1",
        "ApiVersion": "2010-04-01",
        "MessageType": "text",
        "ReferralNumMedia": "0",
        "WaId": context["WaId"],
    }
    return plain | more


def status_form(account, sid, to, status, code=""):
    """The fields of a status callback."""
    form = {
        "ChannelPrefix": "whatsapp",
        "ApiVersion": "2010-04-01",
        "MessageStatus": status,
        "SmsStatus": status,
    }
    form |= {"SmsSid": sid, "MessageSid": sid, "To": to, "From": OURS, "AccountSid": account}
    form |= {"ChannelToAddress": to.removeprefix("whatsapp:")[:-4] + "XXXX", "StructuredMessage": "false"}
    if status in {"delivered", "read"}:
        form |= {"EventType": status.upper(), "RawDlrDoneDate": "2608201200"}
    return form | ({"ErrorCode": str(code)} if code else {})


def order_form(account, order):
    """The form of a message that a control request orders: {"from": "+92…" or "whatsapp:…", "text": …, any field}."""
    sender = str(order.get("from", "+923001234567"))
    sender = sender if sender.startswith("whatsapp:") else f"whatsapp:{sender}"
    more = {name: str(value) for name, value in order.items() if name[:1].isupper()}
    sid = more.pop("MessageSid", f"SM{next(_ids):032x}")
    return message_form(account, sid, sender, str(order.get("text", "")), **more)


async def posted(session, url, fields, *, token, signed_url="", repeat_of=""):
    """Post a form as Twilio does; returns (status, body). ``signed_url``: what is signed, if it is called elsewhere."""
    pairs = list(fields.items())
    headers = {
        "X-Twilio-Signature": signature(token, signed_url or url, pairs),
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "I-Twilio-Idempotency-Token": repeat_of or str(uuid.uuid4()),
        "User-Agent": "TwilioProxy/1.1",
    }
    async with session.post(url, data=urlencode(pairs).encode(), headers=headers) as answer:
        return answer.status, await answer.text()


async def called_back(forms, url, token, *, tries=3):
    """Post status forms one after the other; one that the bot answers with 5xx, or not at all, is brought again."""
    if urlsplit(url).hostname != "127.0.0.1":
        return
    async with aiohttp.ClientSession() as session:
        for form in forms:
            token_of_it = str(uuid.uuid4())
            for _ in range(tries):
                try:
                    status, _ = await posted(session, url, form, token=token, repeat_of=token_of_it)
                except (aiohttp.ClientError, OSError):
                    continue
                if status < 500:
                    break
