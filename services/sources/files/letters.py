"""Bytes to text, in the encodings that spreadsheets and portals save in."""

import codecs

from services.domain.errors import BrokenPage

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip


def decoded(data: bytes, page: str) -> str:
    """The text: by its mark, else UTF-16 if every other byte is 0, else UTF-8, else Windows' western letters.

    Raises:
        BrokenPage: It has a mark or zero bytes that its letters do not fit.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    head = data[:200]
    if not encoding and len(head) >= 4 and not any(head[1::2]):
        encoding = "utf-16-le"
    elif not encoding and len(head) >= 4 and not any(head[::2]):
        encoding = "utf-16-be"
    try:
        if encoding:
            return data.decode(encoding)
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if encoding:
            raise BrokenPage(
                f"says it is {encoding} and is not, at byte {error.start:,}: cut off or damaged", page=page
            ) from None
    return data.decode("cp1252", errors="replace")
