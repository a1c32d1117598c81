"""What a visit amounts to: its line in the report, how the source stands from now on, and what an operator must know."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from services.domain.sourcing import SourceSpec
from services.domain.standing import Standing
from services.ingestion.report import SourceReport, Status
from services.ingestion.visit import Tally

TELL_AFTER: Final = 3  # visits in a row that failed


def told(source: SourceSpec, tally: Tally, *, late: bool, seconds: float) -> SourceReport:
    """The visit's line in the report."""
    return SourceReport(
        name=source.name,
        title=source.title,
        status=_status(tally, late=late),
        detail=_detail(tally, late=late),
        pages=tally.pages,
        unchanged=tally.unchanged,
        rows=dict(tally.rows),
        changed=tally.changed,
        rejected=tuple(tally.rejected),
        unasked=tally.unasked,
        seconds=seconds,
        left_out=tuple(tally.left_out),
    )


def after(
    before: Standing, report: SourceReport, tally: Tally, now: datetime
) -> tuple[Standing, tuple[str, ...]]:
    """How the source stands after a visit, and the alarms to sound: each when it begins, not at every visit."""
    if tally.gate is not None:
        detail = tally.gate.detail
        return before.gated(now, detail), (() if before.condition == "gated" else (detail,))
    suspects = tuple(page.reason for page in report.rejected if page.suspect)[:1]
    wait = timedelta(seconds=float(tally.away.values.get("wait", 0))) if tally.away else timedelta(0)
    if tally.away is not None and not tally.good:
        standing = before.silent(now, tally.away.detail, wait)
    elif report.status == "failed":
        standing = before.unusable(now, report.detail or report.rejected[0].reason)
    else:
        standing = before.answered(now, "ok" if report.status == "ok" else "partly", report.detail)
        # A source that named a pause gets it, even if it gave something before.
        return replace(standing, next_try=now + wait if wait else None), suspects
    if standing.failures == TELL_AFTER:
        return standing, (
            f"{report.title} failed {TELL_AFTER} visits in a row: {standing.detail}",
            *suspects,
        )
    return standing, suspects


def _status(tally: Tally, *, late: bool) -> Status:
    if tally.gate is not None:
        return "gated"
    if tally.rejected or tally.stopped or tally.unasked or late:
        return "partly" if tally.good > 0 else "failed"
    return "ok"


def _detail(tally: Tally, *, late: bool) -> str:
    if tally.gate is not None:
        return tally.gate.detail
    if tally.broke:
        return tally.broke
    if tally.away is not None:
        return f"left alone: {tally.away.detail}"
    if late:
        return "its time was over"
    return tally.rejected[0].reason if tally.rejected and not tally.good else ""
