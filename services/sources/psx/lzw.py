"""Bytes packed by Unix ``compress`` (``.Z``), unpacked within a bound.

The format is the LZW of Welch (1984) as ``compress`` 4.0 writes it: codes of 9 to 16 bits, least bit first, in groups of eight
codes; when the width grows or the table is cleared, the rest of the group is skipped. A few bytes can stand for gigabytes,
and the libraries that read the format unpack all of it: so it is read here, up to a limit.
"""

from collections.abc import Iterator

MAGIC = b"\x1f\x9d"
_CLEAR = 256
_LEAST, _MOST = 9, 16


class NotPacked(ValueError):
    """The bytes are no such file, are damaged, or unpack to more than is allowed."""


class _Codes:
    """The codes one by one, at the width that holds."""

    def __init__(self, packed: bytes) -> None:
        self._packed = packed
        self._start = 3  # behind the magic and the flags
        self._bit = 0
        self.width = _LEAST

    def next(self) -> int | None:
        """The next code; None at the end. The bits that fill up the last byte are 0 and fewer than 8: more shows a cut."""
        at = self._start + self._bit // 8
        left = (len(self._packed) - at) * 8 - self._bit % 8
        if left < self.width:
            if left >= 8 or int.from_bytes(self._packed[at:], "little") >> (self._bit % 8):
                raise NotPacked("LZW-compressed bytes that were cut")
            return None
        found = int.from_bytes(self._packed[at : at + 4], "little") >> (self._bit % 8)
        self._bit += self.width
        return found & ((1 << self.width) - 1)

    def regroup(self, width: int) -> None:
        """Skip the rest of the group of eight codes and go on at another width."""
        group = self.width * 8
        self._start += (self._bit + group - 1) // group * self.width
        self._bit = 0
        self.width = width


def unpacked(packed: bytes, most: int) -> bytes:
    """The plain bytes, ``most`` at the utmost. Raises ``NotPacked``. The format has no checksum: a cut end may not show."""
    if packed[:2] != MAGIC or len(packed) < 4:
        raise NotPacked("no LZW-compressed bytes")
    widest, blocks = packed[2] & 0x1F, bool(packed[2] & 0x80)
    if not _LEAST <= widest <= _MOST or packed[2] & 0x60:
        raise NotPacked("LZW-compressed bytes of an unknown kind")
    plain: list[bytes] = []
    size = 0
    for entry in _entries(_Codes(packed), widest, blocks=blocks):
        size += len(entry)
        if size > most:
            raise NotPacked(f"LZW-compressed bytes that unpack to more than {most:,}")
        plain.append(entry)
    return b"".join(plain)


def _entries(codes: _Codes, widest: int, *, blocks: bool) -> Iterator[bytes]:
    """What the codes stand for, in their order."""
    table = _fresh(blocks=blocks)
    before: bytes | None = None
    while True:
        if len(table) > (1 << codes.width) - 1 and codes.width < widest:
            codes.regroup(codes.width + 1)
        code = codes.next()
        if code is None:
            return
        if code == _CLEAR and blocks:
            codes.regroup(_LEAST)
            table, before = _fresh(blocks=True), None
            continue
        entry = _entry(table, code, before)
        if before is not None and len(table) < 1 << widest:
            table.append(before + entry[:1])
        before = entry
        yield entry


def _entry(table: list[bytes], code: int, before: bytes | None) -> bytes:
    """What a code stands for; the one that is only just being made is the last one and its first byte."""
    if code < len(table) and not (before is None and code > _CLEAR - 1):
        return table[code]
    if code == len(table) and before is not None:
        return before + before[:1]
    raise NotPacked("damaged LZW-compressed bytes")


def _fresh(*, blocks: bool) -> list[bytes]:
    table = [bytes((byte,)) for byte in range(256)]
    return [*table, b""] if blocks else table  # 256 is the code that clears the table
