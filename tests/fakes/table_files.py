"""Files with a table in them, made byte by byte: a spreadsheet, a PDF with or without ruled lines, a page, Parquet, CSV."""

import io
import zipfile
from datetime import date, datetime
from xml.sax.saxutils import escape

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
# One style, of a date: number format 14.
_STYLES = (
    f'<?xml version="1.0"?><styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
    '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def letters(column):
    """The letters of a column counted from 0."""
    column += 1
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def sheet_xml(rows, start=1):
    parts = [f'<?xml version="1.0"?><worksheet xmlns="{_MAIN}"><sheetData>']
    for number, row in enumerate(rows, start):
        parts.append(f'<row r="{number}">')
        for at, value in enumerate(row):
            ref = f"{letters(at)}{number}"
            if isinstance(value, date):
                day = value.date() if isinstance(value, datetime) else value
                parts.append(f'<c r="{ref}" s="1"><v>{(day - date(1899, 12, 30)).days}</v></c>')
            elif isinstance(value, int | float):
                parts.append(f'<c r="{ref}"><v>{value}</v></c>')
            elif value is not None:
                parts.append(f'<c r="{ref}" t="inlineStr"><is><t>{escape(value)}</t></is></c>')
        parts.append("</row>")
    return "".join(parts) + "</sheetData></worksheet>"


def xlsx(*sheets, hidden=(), names=None):
    """An XLSX of some sheets, each a list of rows (or its XML as it stands)."""
    out = io.BytesIO()
    listed, related = [], [f'<Relationship Id="st" Type="{_OFFICE}/styles" Target="styles.xml"/>']
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("[Content_Types].xml", _TYPES)
        packed.writestr(
            "_rels/.rels",
            _RELS.format(f'<Relationship Id="r" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'),
        )
        for number, rows in enumerate(sheets, 1):
            state = ' state="hidden"' if number - 1 in hidden else ""
            name = names[number - 1] if names else f"Sheet{number}"
            listed.append(f'<sheet name="{name}" sheetId="{number}"{state} r:id="s{number}"/>')
            related.append(
                f'<Relationship Id="s{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
            )
            packed.writestr(
                f"xl/worksheets/sheet{number}.xml", rows if isinstance(rows, str) else sheet_xml(rows)
            )
        packed.writestr("xl/styles.xml", _STYLES)
        packed.writestr("xl/_rels/workbook.xml.rels", _RELS.format("".join(related)))
        packed.writestr(
            "xl/workbook.xml",
            f'<?xml version="1.0"?><workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{"".join(listed)}</sheets></workbook>',
        )
    return out.getvalue()


def pdf(*pages, ruled=True, width=110):
    """A PDF whose pages are tables (lists of rows of words), with lines around the cells or without."""
    streams = [_page(rows, ruled=ruled, width=width) for rows in pages]
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, stream in enumerate(streams):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 1190] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, len(out))
    )


def _page(rows, *, ruled, width):
    high, left, top = 20, 40, 1140
    lines = ["0.5 w"]
    for down, row in enumerate(rows):
        y = top - down * high
        for across, word in enumerate(row):
            x = left + across * width
            if ruled:
                lines.append(f"{x} {y - high} {width} {high} re S")
            if word:
                shown = str(word).replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
                lines.append(f"BT /F1 9 Tf {x + 4} {y - 14} Td ({shown}) Tj ET")
    return "\n".join(lines).encode("cp1252")


def page(*tables, after="</body></html>"):
    """A web page of tables; the first row of each is its header."""
    parts = ["<!DOCTYPE html><html><body><h1>Market</h1>"]
    for rows in tables:
        head, *body = rows
        parts.append(
            "<table><thead><tr>"
            + "".join(f"<th>{escape(str(c))}</th>" for c in head)
            + "</tr></thead><tbody>"
        )
        parts += ["<tr>" + "".join(f"<td>{escape(str(c))}</td>" for c in row) + "</tr>" for row in body]
        parts.append("</tbody></table>")
    return ("".join(parts) + after).encode()


def csv(rows, mark=","):
    """Plain CSV; nothing is quoted."""
    return "".join(mark.join("" if c is None else str(c) for c in row) + "\n" for row in rows).encode()


def parquet(**columns):
    """A Parquet file of named columns."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()
