"""Archives opened with a measure: what would unpack to more than the machine should hold is refused before it does."""

import gzip
import io
import zipfile
import zlib

from services.domain.errors import BrokenPage
from services.sources.files.limits import MOST_UNPACKED, too_large

PIECE = 2**20


def gunzipped(data: bytes, page: str) -> bytes:
    """What is in a gzip archive.

    Raises:
        BrokenPage: It is cut off, damaged or too large.
    """
    parts: list[bytes] = []
    size = 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            while piece := packed.read(PIECE):
                parts.append(piece)
                size += len(piece)
                if size > MOST_UNPACKED:
                    raise too_large(page, MOST_UNPACKED, packed=True)
    except EOFError:
        raise BrokenPage("the gzip archive is cut off in the middle", page=page) from None
    except (OSError, zlib.error):
        raise BrokenPage("the gzip archive is damaged", page=page) from None
    return b"".join(parts)


def only_member(data: bytes, page: str) -> bytes:
    """The one file in a ZIP archive.

    Raises:
        BrokenPage: It is damaged, locked, too large, or holds none or several.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            inside = [
                info
                for info in packed.infolist()
                if not info.is_dir() and not info.filename.startswith("__MACOSX")
            ]
            if len(inside) != 1:
                raise BrokenPage(f"a ZIP archive of {len(inside)} files: unpack it and bring each", page=page)
            return member(packed, inside[0], page, MOST_UNPACKED)
    except (zipfile.BadZipFile, NotImplementedError):
        raise BrokenPage("the ZIP archive is damaged or cut off", page=page) from None


def member(packed: zipfile.ZipFile, info: zipfile.ZipInfo, page: str, most: int) -> bytes:
    """One file of an archive, whole and with its checksum right.

    Raises:
        BrokenPage: It is damaged, locked or larger than ``most``.
    """
    if info.file_size > most:
        raise too_large(page, MOST_UNPACKED, packed=True)
    try:
        return packed.read(info)  # never more than the size just checked; a false one fails its checksum
    except RuntimeError:
        raise BrokenPage("the archive has a password: save it without one", page=page) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
        raise BrokenPage("the archive is damaged or cut off", page=page) from None
