"""Unpacks an answer as it comes, within a limit, and notices when its end is missing (aiohttp takes half a gzip for whole)."""

import zlib
from typing import Final

PACKED: Final = "gzip"
"""What we say we take."""
_GZIP: Final = 16 + zlib.MAX_WBITS  # zlib's way of saying: a gzip header must be there


class NotWholeError(Exception):
    """The packed bytes are damaged or end too early."""


class TooLongError(Exception):
    """More came, unpacked, than a page may have."""


class Unpacker:
    """Takes the pieces of one body. ``encoding`` is its Content-Encoding; ``largest`` its limit in bytes, unpacked."""

    def __init__(self, encoding: str, largest: int) -> None:
        self._largest = largest
        self._taken = bytearray()
        self._packed = zlib.decompressobj(_GZIP) if encoding.strip().lower() in {PACKED, "x-gzip"} else None

    def add(self, piece: bytes) -> None:
        """The next piece.

        Raises:
            TooLongError: A piece that would grow to a thousand times its size is not unpacked first.
            NotWholeError: It is damaged.
        """
        room = self._largest - len(self._taken) + 1
        if self._packed is None:
            self._taken += piece[:room]
        else:
            try:
                self._taken += self._packed.decompress(piece, room)
            except zlib.error:
                raise NotWholeError("damaged gzip") from None
        if len(self._taken) > self._largest:
            raise TooLongError

    def whole(self) -> bytes:
        """The body. Raises ``NotWholeError`` if the packed bytes ended too early."""
        if self._packed is not None and self._taken and not self._packed.eof:
            raise NotWholeError("half a gzip")
        return bytes(self._taken)
