"""Whether bytes are a whole HTML page: decoded, of sane size, and closed to its end; ``BrokenPage`` says what they are instead."""

import re
from collections import Counter

from services.domain.errors import BrokenPage
from services.domain.sourcing import Page

MOST_BYTES = 12 * 2**20
"""The largest page we read has 0.7 MB."""
MOST_TAGS = 250_000
"""The largest has some 20,000; rubbish nested deeper than this can keep a parser busy for long."""

_OTHERS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "gzip-compressed bytes"),
    (b"\x1f\x9d", "LZW-compressed bytes"),
    (b"\x89PNG", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
)
_CLOSED = ("html", "div", "table", "tbody")
"""The outer elements of every page we read: wherever its bytes are cut, one of these is open at the end."""
_OUTER = re.compile(rf"</?(?:{'|'.join(_CLOSED)})(?=[\s>])", re.ASCII)
_VERBATIM = (("<!--", "-->"), ("<script", "</script>"), ("<style", "</style>"))


def decoded(page: Page, what: str = "a page of HTML") -> str:
    """The text of the bytes, which are UTF-8. Raises ``BrokenPage`` for nothing, too much, other files, other encodings."""
    body = page.body
    if not body.strip():
        raise BrokenPage(f"an empty answer where {what} should be", page=page.name)
    for magic, other in _OTHERS:
        if body.startswith(magic):
            raise BrokenPage(f"{other} where {what} should be", page=page.name)
    if len(body) > MOST_BYTES:
        raise BrokenPage(f"{len(body):,} bytes: far more than {what} of this source", page=page.name)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise BrokenPage(f"not UTF-8 from byte {wrong.start:,} on", page=page.name) from None
    if "\x00" in text:
        raise BrokenPage(f"binary data where {what} should be", page=page.name)
    return text


def whole(page: Page) -> str:
    """The page's text without comments, scripts and styles. Raises ``BrokenPage`` if it is no HTML or has no end."""
    text = _without_verbatim(page, decoded(page))
    start = text.lstrip()[:1]
    if start in {"{", "["}:
        raise BrokenPage("JSON where a page of HTML should be", page=page.name)
    if "<" not in text:
        raise BrokenPage(f"no HTML: {text.strip()[:60]!r}", page=page.name)
    if text.count("<") > MOST_TAGS:
        raise BrokenPage("far too many elements for a page of this source", page=page.name)
    if text.rfind("<") > text.rfind(">"):
        raise BrokenPage("cut inside of a tag", page=page.name)
    marks = Counter(_OUTER.findall(text.lower()))
    for name in _CLOSED:
        opened, closed = marks[f"<{name}"], marks[f"</{name}"]
        if opened > closed:
            raise BrokenPage(
                f"cut: <{name}> is opened {opened} times and closed {closed} times", page=page.name
            )
    return text


def is_fragment(text: str) -> bool:
    """Whether this is bare rows, ``<tbody>…</tbody>`` and nothing else, as some endpoints answer for a page's script."""
    bare = text.strip().lower()
    return bare.startswith("<tbody") and bare.endswith("</tbody>") and "<table" not in bare


def _without_verbatim(page: Page, text: str) -> str:
    """One pass over the text each, whatever it holds: no pattern that could take long over rubbish."""
    for start, end in _VERBATIM:
        kept: list[str] = []
        at = 0
        lower = text.lower() if start in text or start.upper() in text else ""
        if not lower:
            continue
        while (begin := lower.find(start, at)) >= 0:
            kept.append(text[at:begin])
            close = lower.find(end, begin + len(start))
            if close < 0:
                raise BrokenPage(f"cut: {start} is never closed", page=page.name)
            at = close + len(end)
        kept.append(text[at:])
        text = "".join(kept)
    return text
