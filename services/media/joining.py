"""Voice notes put together from cached Opus packets: one valid Ogg stream, nothing encoded again.

Ogg pages after RFC 3533, Opus in Ogg after RFC 7845. Only whole snippets, silent at both ends, are joined.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

PRE_SKIP = 312
"""Samples at 48 kHz that a decoder drops at the start: libopus' delay of 6.5 ms."""

_CLOCK = 48_000
_PER_PACKET = 960
_PACKETS_PER_PAGE = 50
_LACES_PER_PAGE = 255
_FIRST, _LAST = 0x02, 0x04
_BACKWARDS = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


@dataclass(frozen=True, slots=True)
class Page:
    """A page without its head: the segment table, the packets behind one another, and how many end in it."""

    table: bytes
    body: bytes
    packets: int


@dataclass(frozen=True, slots=True)
class Snippet:
    """One spoken sentence as pages of 20 ms Opus packets."""

    pages: tuple[Page, ...]

    @property
    def packets(self) -> int:
        return sum(page.packets for page in self.pages)

    @property
    def size(self) -> int:
        """Bytes held."""
        return sum(len(page.body) + len(page.table) for page in self.pages)


def paged(packets: Sequence[bytes]) -> Snippet:
    """Packets laid out in pages of at most one second, none running over a page's end."""
    pages: list[Page] = []
    laces: list[bytes] = []
    body: list[bytes] = []
    for packet in packets:
        lace = b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255])
        if len(body) == _PACKETS_PER_PAGE or sum(map(len, laces)) + len(lace) > _LACES_PER_PAGE:
            pages.append(Page(b"".join(laces), b"".join(body), len(body)))
            laces, body = [], []
        laces.append(lace)
        body.append(packet)
    if body:
        pages.append(Page(b"".join(laces), b"".join(body), len(body)))
    return Snippet(tuple(pages))


def seconds(snippets: Sequence[Snippet]) -> float:
    """How long the joined note plays, exact to the sample."""
    return (sum(snippet.packets for snippet in snippets) * _PER_PACKET - PRE_SKIP) / _CLOCK


def joined(snippets: Sequence[Snippet]) -> bytes:
    """The snippets behind one another as one OGG/Opus mono file; the same snippets give the same bytes.

    At least one snippet with a packet must be given (``ValueError``).
    """
    pages = [page for snippet in snippets for page in snippet.pages]
    if not pages:
        raise ValueError("a voice note needs at least one packet")
    serial = 0
    for page in pages:
        serial = zlib.crc32(page.body, serial)
    return b"".join(_stream(pages, serial))


def _stream(pages: Sequence[Page], serial: int) -> Iterator[bytes]:
    head = struct.pack("<8sBBHIhB", b"OpusHead", 1, 1, PRE_SKIP, _CLOCK // 2, 0, 0)
    vendor = b"MarketByte"
    tags = struct.pack(f"<8sI{len(vendor)}sI", b"OpusTags", len(vendor), vendor, 0)
    yield _page(Page(bytes([len(head)]), head, 0), _FIRST, 0, serial, 0)
    yield _page(Page(bytes([len(tags)]), tags, 0), 0, 0, serial, 1)
    position = 0
    for number, page in enumerate(pages):
        position += page.packets * _PER_PACKET
        flags = _LAST if number == len(pages) - 1 else 0
        yield _page(page, flags, position, serial, number + 2)


def _page(page: Page, flags: int, position: int, serial: int, number: int) -> bytes:
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, position, serial, number, 0, len(page.table))
    whole = head + page.table + page.body
    return whole[:22] + struct.pack("<I", _checksum(whole)) + whole[26:]


def _checksum(data: bytes) -> int:
    """Ogg's CRC-32 (most significant bit first, start 0, no final inversion) by zlib's mirrored one.

    Mirroring every byte and then the result turns one into the other; zlib inverts before and after, so it is
    started with, and freed from, all ones.
    """
    mirrored = zlib.crc32(data.translate(_BACKWARDS), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int.from_bytes(mirrored.to_bytes(4, "little").translate(_BACKWARDS), "big")
