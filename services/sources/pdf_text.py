"""The lines of text of a published PDF, refusing at once what is no whole, plain, small document.

A PDF can be cut, packed to explode, or drawn to take hours. So every packed stream is unpacked here first, to its end and no
further than a bound, and what is left to pdfplumber is a few pages with a few thousand characters.
"""

import io
import re
import zlib

from services.domain.errors import BrokenPage
from services.domain.sourcing import Page

MOST_BYTES = 3 * 2**20
"""SBP's sheets have 0.2 MB."""
MOST_UNPACKED = 12 * 2**20
MOST_DRAWN = 512 * 2**10
"""Bytes of drawing on the pages read; the mark-to-market sheet has 74 kB."""
MOST_SHOWN = 64 * 2**10
"""Bytes of text in that drawing; the sheet has 14 kB. pdfplumber takes about 0.2 ms a character."""

_MOST_STREAMS = 400
"""SBP's sheet has 10."""
_HEADER = 8192

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_FILTER = re.compile(rb"/([A-Za-z0-9#]*Decode|A85|AHx|Fl|LZW|RL|CCF|DCT)\b")
_SHOWN = re.compile(rb"\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]+>", re.DOTALL)
_PICTURES = {b"DCTDecode", b"JPXDecode", b"DCT"}
_DRAWS = re.compile(rb"/\S+\s+Do\b")


def lines(page: Page, *, pages: int = 1) -> list[str]:
    """The text lines of the first pages, blanks tidied, from top to bottom.

    Some 0.6 s of CPU for a full sheet: call parsers of PDFs off the event loop. Raises ``BrokenPage``.
    """
    _check(page)
    import pdfplumber

    try:
        with pdfplumber.open(io.BytesIO(page.body), pages=list(range(1, pages + 1))) as document:
            text = "\n".join(_text(page, sheet) for sheet in document.pages)
    except BrokenPage:
        raise
    except Exception as wrong:  # noqa: BLE001  # damaged PDFs raise whatever they happen to break inside of the reader
        raise BrokenPage(f"a PDF that cannot be read ({type(wrong).__name__})", page=page.name) from None
    found = [" ".join(line.split()) for line in text.splitlines()]
    kept = [line for line in found if line]
    if not kept:
        raise BrokenPage("a PDF without text (a scan?)", page=page.name)
    return kept


def _check(page: Page) -> None:
    """Content decides: a soft 404 is HTTP 200 with HTML under a PDF's name."""
    body = page.body
    if not body.strip():
        raise BrokenPage("an empty answer where a PDF should be", page=page.name)
    if not body.startswith(b"%PDF-"):
        text = body[:200_000].decode("utf-8", "replace").lstrip()
        other = f"HTML{_titled(text)}" if text.startswith("<") else f"{text[:20]!r}"
        raise BrokenPage(f"{other} where a PDF should be", page=page.name)
    if len(body) > MOST_BYTES:
        raise BrokenPage(f"{len(body):,} bytes: far more than a PDF of this source", page=page.name)
    if b"%%EOF" not in body[-1024:]:
        raise BrokenPage("cut: the PDF has no end", page=page.name)
    _unpack(page)


def _titled(text: str) -> str:
    start = text.lower().find("<title")
    title = (
        re.search(r"<title[^>]{0,200}>([^<]{1,300})", text[start : start + 600], re.IGNORECASE)
        if start >= 0
        else None
    )
    return f" titled {' '.join(title[1].split())[:60]!r}" if title else ""


def _unpack(page: Page) -> None:
    """Every packed stream comes to its end, within the bound; pictures are left alone, other packings refused."""
    body, left = page.body, MOST_UNPACKED
    for count, found in enumerate(_STREAM.finditer(body), start=1):
        begins = body.rfind(b" obj", max(found.start() - _HEADER, 0), found.start())
        if begins < 0 or count > _MOST_STREAMS:
            raise BrokenPage("a damaged PDF, or one of far too many parts", page=page.name)
        header = body[begins : found.start()]
        packed = [name for name in _FILTER.findall(header) if name not in _PICTURES]
        if not packed:
            continue
        if packed not in ([b"FlateDecode"], [b"Fl"]):
            raise BrokenPage("a PDF packed in an unusual way", page=page.name)
        end = body.find(b"endstream", found.end())
        left -= _inflated(page, body[found.end() : end if end >= 0 else len(body)], header, left)


def _inflated(page: Page, packed: bytes, header: bytes, most: int) -> int:
    unpacker = zlib.decompressobj()
    try:
        plain = unpacker.decompress(packed, most)
    except zlib.error:
        raise BrokenPage("a damaged PDF (a packed part cannot be unpacked)", page=page.name) from None
    if len(plain) >= most:
        raise BrokenPage("a PDF that unpacks to far too much", page=page.name)
    if not unpacker.eof:
        raise BrokenPage("cut: a packed part of the PDF has no end", page=page.name)
    if b"/Form" in header and _DRAWS.search(plain):
        raise BrokenPage("a PDF of drawings within drawings", page=page.name)
    return len(plain)


def _text(page: Page, sheet: object) -> str:
    """The sheet's text, if there is little enough drawn on it."""
    from pdfminer.pdftypes import resolve1, stream_value
    from pdfplumber.page import Page as Sheet

    if not isinstance(sheet, Sheet):
        raise TypeError("no sheet")
    drawn = b"\n".join(stream_value(each).get_data() for each in resolve1(sheet.page_obj.contents) or [])
    if (
        len(drawn) > MOST_DRAWN
        or sum(map(len, _SHOWN.findall(drawn))) > MOST_SHOWN
        or drawn.count(b" Do") > 100
    ):
        raise BrokenPage("far more on the sheet than this source publishes", page=page.name)
    text: str = sheet.extract_text()
    return text
