"""What became of a refresh: each source, its pages, its rows, and what was refused with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from services.domain.records import Kind
from services.domain.sourcing import When

Status = Literal["ok", "partly", "failed", "gated", "off"]
Condition = Literal["new", "ok", "partly", "failing", "gated", "off"]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A page of which nothing was stored, or an item of a list that was left out. ``suspect``: it could be read, but not believed."""

    page: str
    reason: str
    asked: Mapping[str, str] = field(default_factory=dict)
    suspect: bool = False


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One source's visit.

    ``pages`` came (``unchanged`` of them with the bytes we had); ``rows`` are those read and kept, by kind; ``changed`` how
    many of them the lake did not know; ``unasked`` pages were left alone because the source fell silent or its deadline was over.
    ``left_out`` are single items of good pages (a headline without a date).
    """

    name: str
    title: str
    status: Status
    detail: str = ""
    pages: int = 0
    unchanged: int = 0
    rows: Mapping[Kind, int] = field(default_factory=dict)
    changed: int = 0
    rejected: tuple[Rejected, ...] = ()
    unasked: int = 0
    seconds: float = 0.0
    left_out: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A whole refresh."""

    at: datetime
    when: When | None
    sources: tuple[SourceReport, ...]
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether every source gave all that it was asked for."""
        return all(source.status == "ok" for source in self.sources)

    @property
    def rows(self) -> int:
        return sum(sum(source.rows.values()) for source in self.sources)


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a source stands, for operators. ``fresh``: when its newest good data of a kind was fetched."""

    name: str
    title: str
    market: str
    condition: Condition
    tried: datetime | None
    succeeded: datetime | None
    next_try: datetime | None
    failures: int
    detail: str
    licence: str
    fresh: Mapping[str, datetime] = field(default_factory=dict)


def in_words(report: Report) -> str:
    """One line for the log and ``/run``; "" if nothing was due."""
    return "; ".join(source_in_words(source) for source in report.sources)


def source_in_words(source: SourceReport) -> str:
    """One source in one line."""
    if source.status in {"gated", "off"}:
        return f"{source.name} {source.status}: {source.detail}"
    said = f"{source.name} {source.status}: {source.pages} pages, {sum(source.rows.values())} rows"
    if source.rejected:
        first = source.rejected[0]
        said += f", {len(source.rejected)} rejected ({first.reason})"
    if source.left_out:
        said += f", {len(source.left_out)} items left out ({source.left_out[0].reason})"
    if source.unasked:
        said += f", {source.unasked} not asked"
    return said + (f", {source.detail}" if source.detail else "")
