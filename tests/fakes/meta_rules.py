"""What the Graph API takes of a WhatsApp message and what it refuses, by code: lengths, choices, recipients, templates."""

import re
from dataclasses import dataclass

MIMES = {
    "image/png": 5_000_000,
    "image/jpeg": 5_000_000,
    "audio/ogg; codecs=opus": 16_000_000,
    "audio/mpeg": 16_000_000,
    "audio/aac": 16_000_000,
    "audio/amr": 16_000_000,
    "audio/mp4": 16_000_000,
    "video/mp4": 16_000_000,
    "application/pdf": 100_000_000,
    "text/plain": 100_000_000,
    "application/json": 100_000_000,
}
KINDS = {"image": "image/", "audio": "audio/", "video": "video/", "document": ""}
USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
NUMBER = re.compile(r"\+\d{6,15}")
UNTIDY = re.compile(r"[\n\t]| {5}")
PRESS = 128  # a template button's payload
FILLED = 1024


class Refused(Exception):
    def __init__(self, code, status=400, wait=None):
        super().__init__(str(code))
        self.code, self.status, self.wait = code, status, wait


@dataclass(frozen=True)
class Approval:
    """A template as it was approved. ``words`` is the length of its fixed text."""

    body: int = 0
    header: bool = False
    button: bool = False
    languages: tuple[str, ...] = ("en",)
    paused: bool = False
    words: int = 100


def recipient(body):
    """Whom a message is for: (number, user id); the number wins. A user id in "to" goes nowhere, without a word."""
    to, user = body.get("to"), body.get("recipient")
    if not isinstance(to, str | None) or not isinstance(user, str | None) or not (to or user):
        raise Refused(100)
    if user is not None and not USER_ID.fullmatch(user):
        raise Refused(131009)
    if to is not None and not (NUMBER.fullmatch(to) or NUMBER.fullmatch("+" + to) or USER_ID.fullmatch(to)):
        raise Refused(131009)
    return to, user


def goes_astray(to):
    """A user id is no number; a number without "+" gets the country code of the business."""
    return to is not None and not to.startswith("+")


def check(body, media, templates):
    """A message of any kind against the rules; ``media`` are the mimes of uploads by id."""
    kind = body.get("type")
    content = body.get(kind) if isinstance(kind, str) else None
    if not isinstance(content, dict):
        raise Refused(131008)
    if len(body.get("biz_opaque_callback_data", "")) > 512:
        raise Refused(131009)
    if kind == "text":
        within(content.get("body"), 4096)
    elif kind == "interactive":
        _interactive(content)
    elif kind == "template":
        _template(content, media, templates)
    elif kind in KINDS:
        _medium(kind, content, media)
    else:
        raise Refused(131051)


def check_upload(fields):
    data, mime = fields.get("file", (b"", ""))
    if fields.get("messaging_product") != "whatsapp" or not data:
        raise Refused(100)
    if fields.get("type") != mime or len(data) > MIMES.get(mime, -1):
        raise Refused(131053)


def within(text, limit):
    if not isinstance(text, str) or not text.strip() or len(text.encode("utf-16-le")) // 2 > limit:
        raise Refused(131009)


def _interactive(content):
    action = content["action"]
    if content["type"] == "button":
        within(content["body"]["text"], 1024)
        replies = [button["reply"] for button in action["buttons"]]
        _different(replies, 3, "title")
        for reply in replies:
            within(reply["title"], 20)
            within(reply["id"], 256)
        return
    within(content["body"]["text"], 4096)
    within(action["button"], 20)
    rows = [row for section in action["sections"] for row in section["rows"]]
    _different(rows, 10, "id")
    for row in rows:
        within(row["title"], 24)
        within(row["id"], 200)
        within(row.get("description", "-"), 72)


def _different(choices, most, field):
    if not 1 <= len(choices) <= most or len({choice[field] for choice in choices}) < len(choices):
        raise Refused(131009)


def _template(content, media, templates):
    approved = templates.get(content.get("name"))
    approved = Approval(approved) if isinstance(approved, int) else approved
    if approved is None or content["language"]["code"] not in approved.languages:
        raise Refused(132001, 404)
    if approved.paused:
        raise Refused(132015)
    components = {part["type"]: part for part in content.get("components", [])}
    values = [p.get("text") for p in components.get("body", {}).get("parameters", [])]
    if len(values) != approved.body:
        raise Refused(132000)
    if not all(isinstance(value, str) and value.strip() and not UNTIDY.search(value) for value in values):
        raise Refused(132018)
    if sum(len(value.encode("utf-16-le")) // 2 for value in values) + approved.words > FILLED:
        raise Refused(132005)
    if ("header" in components) != approved.header or ("button" in components and not approved.button):
        raise Refused(132012)
    for parameter in components.get("header", {}).get("parameters", []):
        _medium("image", parameter["image"], media)
    for parameter in components.get("button", {}).get("parameters", []):
        within(parameter["payload"], PRESS)


def _medium(kind, content, media):
    mime = media.get(content.get("id"))
    if mime is None:
        raise Refused(131052)
    if not mime.startswith(KINDS[kind]) or (content.get("voice") and not mime.startswith("audio/ogg")):
        raise Refused(131053)
    within(content.get("caption", "-"), 1024)
