"""Reads the captures: CSV, gzipped CSV, parquet and simple HTML tables as plain rows."""

import csv
import gzip
import html
import re
from datetime import datetime
from pathlib import Path

Row = dict[str, str]


def rows(path: Path) -> list[Row]:
    """A CSV file (gzipped or not) as dictionaries of text."""
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def parquet(path: Path) -> list[dict[str, object]]:
    """A parquet file as dictionaries; needs pyarrow, which only developers install."""
    import pyarrow.parquet as pq

    table: list[dict[str, object]] = pq.read_table(path).to_pylist()
    return table


def plain(markup: str) -> str:
    """The words of a piece of HTML, white space collapsed."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup))).strip()


def table_rows(markup: str) -> list[list[str]]:
    """The cells of every ``<tr>`` that has ``<td>`` cells."""
    found = [
        re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", markup, re.DOTALL)
    ]
    return [[plain(cell) for cell in cells] for cells in found if cells]


def iso(text: str, shape: str) -> str:
    """A date in another shape ("%b %d, %Y") as "2026-08-20"."""
    return datetime.strptime(text, shape).date().isoformat()  # noqa: DTZ007 - a calendar date has no zone


def figure(text: str) -> float | None:
    """A published number: "1,234.5", "(3.45)" for minus, "15.4B" with its multiple; None when it is not there."""
    text = text.strip().replace(",", "").rstrip("%")
    if text in {"", "-", "N/A"}:
        return None
    sign = -1 if text.startswith("(") else 1
    text = text.strip("()")
    multiple = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}.get(text[-1].upper(), 1)
    return sign * round(float(text if multiple == 1 else text[:-1]) * multiple, 6)
