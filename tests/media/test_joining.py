"""Voice notes joined from packets: read back by an Ogg reader written apart, after RFC 3533 and RFC 7845."""

import struct
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.media.joining import PRE_SKIP, joined, paged, seconds

packets = st.lists(st.binary(min_size=1, max_size=700), min_size=1, max_size=130)


@dataclass
class ReadPage:
    flags: int
    position: int
    serial: int
    number: int
    packets: list[bytes]


def slow_checksum(data: bytes) -> int:
    value = 0
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = ((value << 1) ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
    return value


def read(data: bytes) -> list[ReadPage]:
    pages = []
    while data:
        magic, version, flags, position, serial, number, checksum, laces = struct.unpack_from(
            "<4sBBqIIIB", data
        )
        assert (magic, version) == (b"OggS", 0)
        table = data[27 : 27 + laces]
        end = 27 + laces + sum(table)
        assert slow_checksum(data[:22] + bytes(4) + data[26:end]) == checksum
        found, start, size = [], 27 + laces, 0
        for lace in table:
            size += lace
            if lace < 255:
                found.append(data[start : start + size])
                start, size = start + size, 0
        assert size == 0, "a packet runs over the page's end"
        pages.append(ReadPage(flags, position, serial, number, found))
        data = data[end:]
    return pages


@given(st.lists(packets, min_size=1, max_size=4))
def test_every_packet_arrives_in_order_in_a_valid_stream(parts: list[list[bytes]]):
    data = joined([paged(part) for part in parts])
    head, tags, *pages = read(data)
    assert head.packets[0][:8] == b"OpusHead"
    assert struct.unpack_from("<BBH", head.packets[0], 8) == (1, 1, PRE_SKIP)
    assert tags.packets[0][:8] == b"OpusTags"
    assert [packet for page in pages for packet in page.packets] == [
        packet for part in parts for packet in part
    ]
    assert [page.number for page in pages] == list(range(2, len(pages) + 2))
    assert len({page.serial for page in (head, tags, *pages)}) == 1
    assert [page.flags for page in (head, tags, *pages)] == [2, 0, *[0] * (len(pages) - 1), 4]
    heard = 0
    for page in pages:
        heard += 960 * len(page.packets)
        assert page.position == heard
    assert seconds([paged(part) for part in parts]) == pytest.approx((heard - 312) / 48000, abs=1e-9)


@given(packets)
def test_no_page_is_longer_than_a_second(part: list[bytes]):
    assert all(page.packets <= 50 and len(page.table) <= 255 for page in paged(part).pages)


def test_the_same_snippets_give_the_same_bytes():
    part = paged([b"a", b"b"])
    assert joined([part, part]) == joined([part, part])
    assert joined([part]) != joined([part, part])


def test_nothing_cannot_be_joined():
    with pytest.raises(ValueError, match="packet"):
        joined([paged([])])
