"""Announcements: those of the companies, and the notices of the exchange and its neighbours (CDC, SECP, NCCPL)."""

import re
from collections.abc import Sequence

from services.domain.records import Row
from services.domain.rows import Notice
from services.domain.sourcing import Page
from services.sources import tables
from services.sources.psx import dated
from services.sources.tables import Document, RowOf

COMPANIES = ("DATE", "TIME", "SYMBOL", "NAME", "TITLE", "")
"""All columns of type C; the last, without a header, holds the documents."""
OTHERS = ("DATE", "TIME", "TITLE", "")
"""All columns of the types A (CDC), B (SECP), D (NCCPL), E (the exchange)."""
IMAGES = "/download/image/"

_NUMBER = re.compile(r"/(\d{3,9})(?:-\d{1,3})?\.[a-z]{2,5}", re.ASCII)


def announcements(page: Page) -> Sequence[Row]:
    """What is listed, in its order.

    Two forms are taken, and no third: the whole answer, with its header and its "Showing 1 to 15 of 655 entries", against which the rows are counted; and bare
    rows (``<tbody>…</tbody>``, nothing else), as the portal's own script puts them into its page. Those tell their type by
    their number of cells: six for companies, four for the others. None at all is an answer only if the page says so.
    """
    document = tables.document(page)
    companies = _is_of_companies(document)
    columns = COMPANIES if companies else OTHERS
    found = document.table(headers=columns[:-1], fragment=columns, empty_ok=True)
    dated.counted(document, len(found))
    return [_notice(page, row, companies=companies) for row in found]


def _is_of_companies(document: Document) -> bool:
    """By the question's type if there was one, else by what is there: any header that only companies have, or six cells."""
    asked = document.page.asked.get("type")
    if asked:
        return asked == "C"
    if document.bare:
        first = document.root.css_first("tr")
        return first is not None and len(first.css("td")) == len(COMPANIES)
    headers = [tables.header_name(cell.text()) for cell in document.root.css("th")]
    return len(headers) >= len(COMPANIES) or not {"symbol", "name"}.isdisjoint(headers)


def _notice(page: Page, row: RowOf, *, companies: bool) -> Notice:
    at = dated.in_time(page, f"{row.text('DATE')} {row.text('TIME')}", column="TIME", row=row.place)
    symbol = row.symbol("SYMBOL") if companies else ""
    title = row.text("TITLE", without="tag")
    if not title:
        row.broken("nothing there", "TITLE")
    link = _link(row)
    number = _NUMBER.search(link)
    name = number[1] if number is not None else f"{at:%Y%m%d%H%M} {title[:80]}"
    return Notice(
        id=f"{name}-{symbol}" if symbol else name,
        at=at,
        symbol=symbol,
        name=row.text("NAME") if companies else "",
        title=title,
        link=link,
        revoked=any("REVOKED" in tag.upper() for tag in row.tags("TITLE")),
    )


def _link(row: RowOf) -> str:
    """The document as text if there is one, else the first of its pictures, else "". Only the portal's own downloads."""
    pictures = ""
    for anchor in (each for cell in row.backwards() for each in cell.css("a")):
        address = anchor.attributes.get("href") or ""
        if address.startswith("/download/"):
            return address
        pictures = pictures or (anchor.attributes.get("data-images") or "").partition(",")[0].strip()
    return f"{IMAGES}{pictures}" if pictures else ""
