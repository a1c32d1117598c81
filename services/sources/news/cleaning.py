"""Other people's titles, links and times made harmless: one line, printable, of sane length, or refused."""

import re
import unicodedata
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from urllib.parse import quote, urlsplit

from services.domain.errors import BrokenPage
from services.domain.headlines import KARACHI, story_id
from services.domain.rows import NewsRow
from services.domain.sourcing import Page

MOST_TITLE = 240
MOST_LINK = 1000
_RAW_TITLE = 4000
_OLDEST = datetime(1995, 1, 1, tzinfo=KARACHI)
_AHEAD = timedelta(days=1)

_HIDDEN = re.compile(
    r"<(script|style|iframe|svg)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_BARE_LINK = re.compile(r"(?:https?://|www\.|t\.me/|wa\.me/)\S*", re.IGNORECASE)
_FRACTIONS = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3"}
_FRACTION = re.compile(r"(\d?)\s?([½¼¾⅓⅔])")
_MARKS = str.maketrans(
    {"<": "‹", ">": "›", "*": "", "`": "'", "~": "-", "_": " "}
)  # what chats read as layout
_STACK = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f])[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_JOINER = re.compile(r"(?<![\u0600-\u06ff])\u200c|\u200c(?![\u0600-\u06ff])")
_ZONE = re.compile(
    r"\s*(?:(?P<sign>[+-])(?P<hour>\d{2}):(?P<minute>\d{2})|(?P<local>PKT|PST))$", re.IGNORECASE
)
_HOST = re.compile(
    r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}", re.IGNORECASE
)

PUBLISHERS = {
    "brecorder.com": "Business Recorder", "dawn.com": "Dawn", "tribune.com.pk": "The Express Tribune",
    "thenews.com.pk": "The News", "thenews.pk": "The News", "profit.pakistantoday.com.pk": "Profit", "pakistantoday.com.pk": "Pakistan Today",
    "arynews.tv": "ARY News", "geo.tv": "Geo News", "mettisglobal.news": "Mettis Global", "nation.com.pk": "The Nation",
    "dunyanews.tv": "Dunya News", "samaa.tv": "Samaa", "propakistani.pk": "ProPakistani", "app.com.pk": "APP",
    "reuters.com": "Reuters", "bloomberg.com": "Bloomberg", "ft.com": "Financial Times", "cnbc.com": "CNBC", "apnews.com": "AP",
    "wsj.com": "The Wall Street Journal", "nikkei.com": "Nikkei", "arabnews.com": "Arab News", "arabnews.pk": "Arab News",
    "khaleejtimes.com": "Khaleej Times", "gulfnews.com": "Gulf News",
}  # fmt: skip


def plain_title(text: str, limit: int = MOST_TITLE) -> str:
    """A title as one printable line of at most ``limit`` characters; "" if nothing of it can be shown.

    Entities are read, also those written twice; markup, hidden text, addresses, control and direction characters go.
    """
    text = text[:_RAW_TITLE]
    for _ in range(3):
        read = _TAG.sub(" ", _HIDDEN.sub(" ", unescape(text)))
        if read == text:
            break
        text = read
    text = _BARE_LINK.sub(" ", text)
    text = _FRACTION.sub(lambda m: f"{m[1]}{' ' if m[1] else ''}{_FRACTIONS[m[2]]}", text)
    text = unicodedata.normalize("NFKC", text).translate(_MARKS)
    text = _STACK.sub(r"\1", "".join(_letter(c) for c in text))
    return _cut(" ".join(_JOINER.sub("", text).split()), limit)


def _letter(char: str) -> str:
    """A character as it may be shown: spaces for breaks and controls, nothing for what is invisible or undefined."""
    kind = unicodedata.category(char)
    if kind[0] == "Z" or kind == "Cc":
        return " "
    if kind[0] == "C" and char != "\u200c":
        return ""
    return char


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text if any(c.isalnum() for c in text) else ""
    head = text[: limit - 1]
    return head[: head.rfind(" ") if " " in head[-40:] else None].rstrip(" ,;:-") + "…"


def safe_link(text: str) -> str:
    """A link as it may be shown: http(s), a public host in plain letters, no user name; "" if it is no such link."""
    text = text.strip()
    if (
        not text
        or len(text) > MOST_LINK
        or any(c.isspace() or not c.isprintable() or c in '<>"\\^`{|}' for c in text)
    ):
        return ""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return ""
    host = parts.hostname or ""
    strange = "@" in parts.netloc or port not in {None, 80, 443} or not _HOST.fullmatch(host)
    if (
        parts.scheme.lower() not in {"http", "https"}
        or strange
        or host.endswith((".local", ".internal", ".onion"))
    ):
        return ""
    link = quote(text, safe="/:?#[]@!$&'()*+,;=%-._~")
    return link if len(link) <= 3 * MOST_LINK else ""


def publisher_of(link: str, named: str = "") -> str:
    """Who publishes at a link: the name we know, else the one the service gives, else the host itself."""
    host = (urlsplit(link).hostname or "").removeprefix("www.")
    labels = host.split(".")
    known = (PUBLISHERS.get(".".join(labels[at:])) for at in range(len(labels) - 1))
    return next((name for name in known if name), "") or plain_title(named, 60) or host


def moment(text: str, *, local: bool = True) -> datetime | None:
    """A published time in Karachi's zone, from RFC 2822 or ISO 8601; None if it is neither.

    A time without a zone is Karachi's where ``local``, else UTC. "PST" is Pakistan's here, never the Pacific's.
    """
    text = " ".join(text.split())[:60]
    rest = _ZONE.sub(lambda m: " +0500" if m["local"] else f" {m['sign']}{m['hour']}{m['minute']}", text)
    for read, given in (
        (datetime.fromisoformat, text),
        (datetime.fromisoformat, rest.replace(" +", "+")),
        (parsedate_to_datetime, rest),
    ):
        try:
            found = read(given)
            zoned = found if found.tzinfo else found.replace(tzinfo=KARACHI if local else _UTC)
            return zoned.astimezone(KARACHI)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None


_UTC = datetime.fromisoformat("2000-01-01T00:00:00+00:00").tzinfo


def headline(page: Page, row: int, title: str, link: str, at: datetime, named: str = "") -> NewsRow:
    """A checked row of a page; ``named`` is the publisher as a service names it.

    Raises:
        BrokenPage: If the title is empty, the link is none to show, or the time is absurd.
    """
    shown, safe = plain_title(title), safe_link(link)
    if not shown:
        raise BrokenPage("a headline without words", page=page.name, column="title", row=row)
    if not safe:
        raise BrokenPage("no http(s) link of a public host", page=page.name, column="link", row=row)
    if not _OLDEST <= at <= page.fetched_at + _AHEAD:
        raise BrokenPage(
            f"the time {at:%Y-%m-%d %H:%M} cannot be right", page=page.name, column="date", row=row
        )
    return NewsRow(story_id(safe), at, shown, safe, publisher_of(safe, named))
