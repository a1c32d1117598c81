"""What bytes really are, by their first and last ones: the name of a file and the type it was sent under say little."""

from typing import Literal

What = Literal[
    "nothing", "gz", "zip", "xlsx", "old office", "locked office", "parquet", "pdf", "html", "json", "compress", "picture",
    "text", "binary",
]  # fmt: skip
CALLED: dict[What, str] = {
    "nothing": "an empty file", "gz": "a gzip archive", "zip": "a ZIP archive", "xlsx": "a spreadsheet (XLSX)",
    "old office": "an old spreadsheet (XLS)", "locked office": "a spreadsheet with a password", "parquet": "a Parquet file",
    "pdf": "a PDF", "html": "a web page (HTML)", "json": "JSON", "compress": "an old 'compress' archive (.Z)",
    "picture": "a picture", "text": "text", "binary": "no text and no format that we know",
}  # fmt: skip
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")
_STARTS: tuple[tuple[bytes, What], ...] = (
    (b"\x1f\x8b", "gz"), (b"PAR1", "parquet"), (b"\x1f\x9d", "compress"), *((start, "picture") for start in _PICTURES),
)  # fmt: skip


def what_is(data: bytes) -> What:
    """The format of some bytes."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        return "nothing"
    for mark, what in _STARTS:
        if data.startswith(mark):
            return what
    if data.startswith((_ZIP, _OLE)):
        return _office(data)
    return "pdf" if b"%PDF-" in data[:1024] else _worded(start, data)


def _office(data: bytes) -> What:
    """Spreadsheets are archives with certain files in them."""
    if data.startswith(_ZIP):
        return "xlsx" if b"xl/workbook" in data else "zip"
    return "locked office" if _LOCKED in data else "old office"


def _worded(start: bytes, data: bytes) -> What:
    if start.startswith(b"<"):  # no table of ours begins so; whatever markup it is, it is read as a page
        return "html"
    if start[:1] in {b"[", b"{"}:
        return "json"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or _is_wide(data):
        return "text"
    return "binary" if b"\x00" in data[:65536] or _odd(data[:4096]) else "text"


def _is_wide(data: bytes) -> bool:
    """UTF-16 without its mark: every other byte of plain words is 0."""
    head = data[:200]
    return len(head) >= 4 and (not any(head[1::2]) or not any(head[::2]))


def _odd(head: bytes) -> bool:
    signs = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return signs > len(head) // 100
