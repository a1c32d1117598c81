"""What Twilio refuses, by its codes: addresses, lengths, templates and their variables, media it cannot fetch."""

import json
import re
from dataclasses import dataclass

import aiohttp

LONGEST_BODY = 1600
LONGEST_FILLED = 1024
SESSION_TYPES = {
    "image/png": 5_000_000, "image/jpeg": 5_000_000, "audio/ogg": 16_000_000, "audio/mpeg": 16_000_000,
    "audio/amr": 16_000_000, "audio/3gpp": 16_000_000, "audio/aac": 16_000_000, "video/mp4": 16_000_000,
    "application/pdf": 16_000_000,
}  # fmt: skip
TEMPLATE_TYPES = {"image/png", "image/jpeg", "application/pdf", "video/mp4"}  # no sound
UNFIT = re.compile(r"[\n\t\r]| {5,}")
PHONE = re.compile(r"whatsapp:\+[1-9][0-9]{1,14}")
USER_ID = re.compile(r"whatsapp:[A-Z]{2}\.[A-Za-z0-9.]+")


class Refused(Exception):
    """``code`` is Twilio's."""

    def __init__(self, code, status=400):
        super().__init__(str(code))
        self.code, self.status = code, status


@dataclass(frozen=True)
class Content:
    """A content of the operator's.

    ``body`` has its variables as {{1}}; ``more`` is how many further variables it has (buttons); ``media`` is the number
    of the variable behind ``host`` that names its picture. ``session``: never approved, so only inside the window.
    """

    body: str
    more: int = 0
    media: int = 0
    host: str = ""
    session: bool = False

    @property
    def count(self):
        return len(set(re.findall(r"\{\{(\d+)\}\}", self.body))) + self.more

    def filled(self, values):
        return re.sub(r"\{\{(\d+)\}\}", lambda found: values[found[1]], self.body)


def plain_content(count):
    """A content of which a test only says how many variables it has."""
    return Content(" ".join(f"{{{{{number}}}}}" for number in range(1, count + 1)))


def check_form(form):
    """One medium, a sender, a WhatsApp address."""
    to = form.get("To", "")
    if len(form.getall("MediaUrl", [])) > 1:
        raise Refused(21623)
    if not form.get("From") and not form.get("MessagingServiceSid"):
        raise Refused(21603)
    if not PHONE.fullmatch(to) and not USER_ID.fullmatch(to):
        raise Refused(21211)
    if form.get("From") and not form["From"].startswith("whatsapp:"):
        raise Refused(63007)


def check_words(form):
    """A message of the service window."""
    if not form.get("Body", "").strip() and not form.get("MediaUrl"):
        raise Refused(21619)
    if len(form.get("Body", "").encode("utf-16-le")) // 2 > LONGEST_BODY:
        raise Refused(21617)


def filled_content(form, content):
    """The body that a content makes of its variables."""
    if "Body" in form or "MediaUrl" in form:
        raise Refused(63016)
    if content is None:
        raise Refused(63027)
    try:
        values = json.loads(form.get("ContentVariables", "{}"))
    except ValueError:
        raise Refused(21656) from None
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise Refused(21656)
    if set(values) != {str(number) for number in range(1, content.count + 1)} or not all(values.values()):
        raise Refused(63028)
    if not content.session and any(UNFIT.search(value) for value in values.values()):
        raise Refused(63013)
    body = content.filled(values)
    if len(body.encode("utf-16-le")) // 2 > LONGEST_FILLED:
        raise Refused(63021)
    return body, values


async def fetched(url, types=None):
    """Fetch a medium as Twilio does, its head first and then the whole; returns (type, bytes)."""
    if not url.startswith(("https://", "http://127.0.0.1")) or url.startswith("["):
        raise Refused(21620)
    async with aiohttp.ClientSession() as session:
        async with session.head(url, allow_redirects=False) as head:
            announced = head.content_type, head.headers.get("Content-Length", "")
        async with session.get(url, allow_redirects=False) as answer:
            body = await answer.read()
            kind = answer.headers.get("Content-Type", "")
            disposition = answer.headers.get("Content-Disposition", "")
    if {head.status, answer.status} != {200} or not body or announced[1] != str(len(body)):
        raise Refused(63019)
    if announced[0] != kind.partition(";")[0] or "inline" not in disposition:
        raise Refused(12300)
    if kind not in SESSION_TYPES or len(body) > SESSION_TYPES[kind] or (types and kind not in types):
        raise Refused(63019 if kind.startswith("audio/") else 12300)
    return kind, body
