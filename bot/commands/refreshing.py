"""``refresh``: ask the sources now, and say what came of each."""

import sys
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict
from datetime import date
from typing import get_args

from bot.commands.asking import print_json
from services.domain.errors import Fewer, UnknownName
from services.domain.sourcing import When
from services.ingestion import Ingestion
from services.ingestion.report import Report, source_in_words
from services.rebuilding import Rebuilding

_WHY_FEWER = (
    "(pages stored by a version before --rebuild cannot be made anew, nor rows that the readers of today leave out). "
    "--rebuild --anyway takes the smaller one."
)
SHOWN = 10  # rejected pages a source that are told one by one


async def run(  # one argument an option of the interface
    opened: AbstractAsyncContextManager[Ingestion],
    names: list[str],
    *,
    as_json: bool,
    when: str,
    since: str,
    anyway: bool,
) -> int:
    """The command with its options as typed; what cannot be read is bad usage (2)."""
    hours = get_args(When)
    if when and when not in hours:
        print(f"marketbyte refresh: --when is one of {', '.join(hours)}", file=sys.stderr)
        return 2
    try:
        first = date.fromisoformat(since) if since else None
    except ValueError:
        print(f"marketbyte refresh: {since[:20]!r} is no date; write 2026-08-01", file=sys.stderr)
        return 2
    part = next((each for each in hours if each == when), None)
    return await refresh(opened, names, as_json=as_json, when=part, since=first, anyway=anyway)


async def refresh(
    opened: AbstractAsyncContextManager[Ingestion],
    names: list[str],
    *,
    as_json: bool,
    when: When | None = None,
    since: date | None = None,
    anyway: bool = False,
) -> int:
    """Fetch and print the report: one line a source, one document with ``--json``.

    Returns:
        0 if every source gave all that it was asked for, 1 if one did not, 2 if there is no source of that name.
    """
    async with opened as ingestion:
        try:
            report = await ingestion.refresh(names, when, since=since, anyway=anyway)
        except UnknownName as error:
            print(f"marketbyte refresh: {error.detail}", file=sys.stderr)
            return 2
    if as_json:
        print_json({**asdict(report), "ok": report.ok})
    else:
        _print(report)
    return 0 if report.ok else 1


async def make_anew(opened: AbstractAsyncContextManager[Rebuilding], *, as_json: bool, anyway: bool) -> int:
    """Make the clean lake anew from what was kept raw; 0 when it stands. What fails leaves the old one.

    Returns:
        1 if it would have fewer rows than before, and ``anyway`` was not said.
    """
    async with opened as rebuilding:
        try:
            count = await rebuilding.run(fewer=anyway)
        except Fewer as error:
            print(f"marketbyte refresh: {error.detail} {_WHY_FEWER}", file=sys.stderr)
            return 1
    if as_json:
        print_json({"rows": count})
    else:
        print(f"the lake is made anew from what was kept raw: {count:,} rows")
    return 0


def _print(report: Report) -> None:
    if not report.sources:
        print("nothing to fetch: no source is configured for this; see marketbyte check")
    for source in report.sources:
        print(f"{source_in_words(source)}  [{source.seconds:.1f} s]")
        for rejected in source.rejected[:SHOWN]:
            about = ", ".join(rejected.asked.values())
            print(f"  {about or rejected.page}: {rejected.reason}")
        if len(source.rejected) > SHOWN:
            print(f"  and {len(source.rejected) - SHOWN} more")
