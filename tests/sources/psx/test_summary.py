"""The files of a day: the market summary however it is packed, the closing rates on their sheets."""

import base64
import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.errors import BrokenPage
from services.domain.rows import Bar
from services.sources.psx import lzw
from services.sources.psx.closing import closing_rates
from services.sources.psx.summary import market_summary
from tests.sources.asked import came, outcome
from tests.sources.papers import assembled
from tests.sources.psx.given import small

DAY = date(2026, 10, 14)
BARS = [
    Bar("HBL", DAY, 302.8, 309.0, 302.8, 306.1, 1153509, 302.15),
    Bar("MAHR-OCT", DAY, None, None, None, 1210.0, 0, 1210.0),
]
PACKED = base64.b64decode(
    "H52QMWg8GUJFBgwZNvggEcKEDwwcMG4oDCMmjRgQRfCEaQOHTRkQTNK0SUOnDBk+Mw66gIgSRg4XMGC0lLFSZkobLmLIjBGjxowaLmfmrMGnaAMFAQcWPJiwSRAkUloo5UNDZpMwaOSAMFKHTh05ZeY4hCkTBtmxMfnEkKHz7E62ZtMaRSqQoEGEfG7gSPgwxgw+U8rYKeMGY5ozaOiAmJIGT9HHZc/OBQ=="
)
"""``market_summary.txt`` as ``compress`` of ncompress 5 packs it."""


def zipped(*members: tuple[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", packing) as archive:
        for name, body in members:
            archive.writestr(name, body)
    return kept.getvalue()


def test_the_same_bars_from_text_zip_and_compress():
    plain = small("market_summary.txt").body
    for body in (plain, zipped(("closing11.lis", plain)), PACKED, b"\xef\xbb\xbf" + plain):
        assert market_summary(small("market_summary.txt", body)) == BARS


def test_a_file_of_another_day_is_refused():
    body = small("market_summary.txt").body
    assert market_summary(came("psx.market_summary", body, "2026-10-14", day="2026-10-14")) == BARS
    with pytest.raises(BrokenPage, match="not of 2026-10-13"):
        market_summary(came("psx.market_summary", body, "2026-10-14", day="2026-10-13"))


@given(st.data())
def test_a_zip_cut_or_damaged_is_refused_or_the_same(data):
    body = bytearray(zipped(("closing11.lis", small("market_summary.txt").body)))
    if data.draw(st.booleans()):
        del body[data.draw(st.integers(0, len(body) - 1)) :]
    else:
        body[data.draw(st.integers(0, len(body) - 1))] ^= data.draw(st.integers(1, 255))
    found = outcome(market_summary, small("market_summary.txt", bytes(body)))
    assert isinstance(found, str) or found == BARS


@given(st.integers(0, len(PACKED) - 1))
def test_packed_bytes_cut_are_refused_or_end_with_a_line(at):
    """``compress`` has no checksum: only a cut right behind a line cannot be told from a shorter file."""
    found = outcome(market_summary, small("market_summary.txt", PACKED[:at]))
    assert isinstance(found, str) or found in (BARS[:1], BARS)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (zipped(), "0 files"),
        (zipped(("a.lis", b"x"), ("b.lis", b"y")), "2 files"),
        (zipped(("a.lis", b"14OCT2026|" * 2_000_000)), "far too much"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "HTML"),
        (b"a|b|c\n", "10 fields"),
        (b"\x1f\x9d\x90", "LZW"),
        (b"\x1f\x9d\xff\x00\x00", "unknown kind"),
    ],
)
def test_what_is_no_summary(body, said):
    with pytest.raises(BrokenPage, match=said):
        market_summary(small("market_summary.txt", body))


def test_a_few_bytes_that_stand_for_gigabytes_are_refused():
    codes = [97, *range(257, 65_000)]  # each code is the one before and one letter more
    assert len(pack(codes)) < 130_000
    with pytest.raises(lzw.NotPacked, match="more than"):
        lzw.unpacked(pack(codes), 4 * 2**20)


@given(st.binary(min_size=1, max_size=3000))
def test_what_is_packed_is_unpacked(plain):
    assert lzw.unpacked(pack(encoded(plain)), 10_000) == plain


@given(st.binary(max_size=400))
def test_any_bytes_are_unpacked_or_refused(rubbish):
    try:
        lzw.unpacked(lzw.MAGIC + rubbish, 100_000)
    except lzw.NotPacked:
        return


def encoded(plain: bytes) -> list[int]:
    """LZW as its author describes it; 256 is kept free."""
    table = {bytes((byte,)): byte for byte in range(256)}
    table[b""] = 256
    codes: list[int] = []
    word = b""
    for byte in plain:
        longer = word + bytes((byte,))
        if longer in table:
            word = longer
            continue
        codes.append(table[word])
        if len(table) < 1 << 16:
            table[longer] = len(table)
        word = bytes((byte,))
    return [*codes, table[word]] if word else codes


def pack(codes: list[int]) -> bytes:
    """Codes at a growing width, each width's filled up to a group of eight codes."""
    out, width, known, bits, count = bytearray(lzw.MAGIC + b"\x90"), 9, 257, 0, 0
    for place, code in enumerate(codes):
        if known > (1 << width) - 1 and width < 16:
            count = -(-count // 8) * 8
            out += bits.to_bytes(count * width // 8, "little")
            width, bits, count = width + 1, 0, 0
        bits |= code << (count * width)
        count += 1
        if count == 8:
            out += bits.to_bytes(width, "little")
            bits = count = 0
        known += place > 0
    return bytes(out + bits.to_bytes(-(-count * width // 8), "little"))


def sheets(*pages: list[str]) -> bytes:
    """A PDF with those lines on its sheets."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * place} 0 R" for place in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>")
    for place, lines in enumerate(pages):
        drawn = "\n".join(
            f"BT /F1 8 Tf 30 {780 - 11 * each} Td ({line}) Tj ET" for each, line in enumerate(lines)
        ).encode()
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * place} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n" % len(drawn) + drawn + b"\nendstream")
    return assembled(objects)


def sheet(number: int, *rows: str, day: str = "Wednesday October 14,2026") -> list[str]:
    return [
        "Pakistan Stock Exchange Limited",
        "CLOSING RATE SUMMARY",
        "From :09:30_AM_To_04:15_PM",
        day,
        f"PageNo: {number}",
        "Flu No: 925/2026",
        "P. Vol.: 421015660 P.KSE100 Ind: 170425.62 P.KSE30 Ind: 50717.83 Plus: 154",
        "Company Name Turnover Prv.Rate Open Rate Highest Lowest Last Rate Diff.",
        *rows,
    ]


FIRST = sheet(
    1,
    "***COMMERCIAL BANKS***",
    "HBL Habib Example Limited 1,153,509 302.15 302.80 309.00 302.80 306.10 3.95",
    "786 Seven Eight Six 0 44.00 - - - 44.00 0.00",
)
SECOND = sheet(
    2,
    "***CEMENT***",
    "QALB 3rd Qalb Cement 100 12.40 12.50 13.10 12.35 12.05 -0.35",
    "NEWCO Never Traded 0 - - - - - 0.00",
)


def test_closing_rates_of_all_sheets():
    assert closing_rates(
        came("psx.closing_rates", sheets(FIRST, SECOND), "2026-10-14", day="2026-10-14")
    ) == [
        Bar("HBL", DAY, 302.8, 309.0, 302.8, 306.1, 1153509, 302.15),
        Bar("786", DAY, None, None, None, 44.0, 0, 44.0),
        Bar("QALB", DAY, 12.5, 13.1, 12.35, 12.05, 100, 12.4),
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (sheets(FIRST, sheet(3, "QALB Qalb 100 12.40 12.50 13.10 12.35 12.05 -0.35")), r"numbered \[1, 3\]"),
        (sheets(FIRST, sheet(2, day="Thursday October 15,2026")), "not one day"),
        (sheets(sheet(1)), "no row"),
        (sheets(["Weighted Average Rates", "of another kind"]), "no closing rate summary"),
        (sheets(FIRST, sheet(2, "HBL Again 1 1.00 1.00 1.00 1.00 1.00 0.00")), "twice"),
        (sheets(sheet(1, "HBL Habib 5 1.00 1.00 1.00 1.00 - 0.00")), "5 shares"),
        (b"<html><title>Not Found</title></html>", "HTML"),
        (sheets(FIRST)[:-200], "cut"),
        (b"", "empty"),
    ],
)
def test_what_is_no_closing_rate_summary(body, said):
    with pytest.raises(BrokenPage, match=said):
        closing_rates(came("psx.closing_rates", body, "2026-10-14"))


def test_rates_of_another_day_are_refused():
    with pytest.raises(BrokenPage, match="not of 2026-10-13"):
        closing_rates(came("psx.closing_rates", sheets(FIRST), "2026-10-14", day="2026-10-13"))
