"""Small PDFs in the layout of the sheets that are read: lines of text at fixed places, drawn by hand."""

import zlib
from collections.abc import Sequence


def small_pdf(lines: Sequence[str], *, packed: bool = True, extra: bytes = b"") -> bytes:
    """A PDF of one page with a line of text under the other."""
    drawn = [
        f"BT /F1 8 Tf 30 {560 - 11 * place} Td ({_escaped(line)}) Tj ET" for place, line in enumerate(lines)
    ]
    content = "\n".join(drawn).encode("latin-1") + extra
    shown = zlib.compress(content) if packed else content
    how = b"/Filter /FlateDecode " if packed else b""
    fonts = b"/Resources << /Font << /F1 5 0 R >> >>"
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Contents 4 0 R " + fonts + b" >>",
            b"<< " + how + b"/Length " + str(len(shown)).encode() + b" >>\nstream\n" + shown + b"\nendstream",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
        ]
    )


def assembled(objects: Sequence[bytes]) -> bytes:
    """The objects, numbered from 1, as a file with its table and its end; the first is the catalogue."""
    body = b"%PDF-1.7\n"
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += str(number).encode() + b" 0 obj\n" + each + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = str(len(objects) + 1).encode()
    end = (
        b"trailer << /Size " + size + b" /Root 1 0 R >>\nstartxref\n" + str(len(body)).encode() + b"\n%%EOF\n"
    )
    return body + b"xref\n0 " + size + b"\n0000000000 65535 f \n" + table + end


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
