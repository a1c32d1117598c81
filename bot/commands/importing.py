"""``marketbyte import``: operator's files into the market's stores, with a summary of what was taken and what not."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import orjson

from bot.config import Settings
from services.domain.errors import BadInput
from services.domain.importing.preview import Looked, Preview, document
from services.domain.importing.served import import_kind
from services.imports import Brought, Imports
from services.market_store import Imported

Opening = Callable[[Settings], AbstractAsyncContextManager[Imports]]
BY = "command line"
SHOWN = 10  # rejected rows that a person is shown
DONE, FAILED, USAGE = 0, 1, 2


async def run(  # noqa: PLR0913  # one argument an option of the interface
    settings: Settings,
    kind: str,
    files: Sequence[Path],
    *,
    as_json: bool,
    dry_run: bool,
    undo: str,
    opening: Opening,
) -> int:
    """Import files all together, look through them only, or take an import back.

    Args:
        settings: Where everything is.
        kind: What the files hold; unused with ``undo``.
        files: Paths.
        as_json: One document a file, as lines if there are several, instead of text.
        dry_run: Only look; nothing is stored.
        undo: "last" or the id of an import; "" to import.
        opening: Opens the use-case over its stores (``bot.world.open_imports``).

    Returns:
        0 done (also when all files were imported before), 1 refused, 2 bad usage.
    """
    if undo:
        async with opening(settings) as imports:
            return _told_undone(await imports.undo(undo), as_json=as_json)
    try:
        wanted = import_kind(kind)
        brought = await asyncio.to_thread(_read, files)
    except BadInput as error:
        return _refused(error)
    async with opening(settings) as imports:
        try:
            preview = await imports.preview(wanted, brought, compare=dry_run)
        except BadInput as error:  # the market has nothing of that kind
            return _refused(error)
        stored = preview.good and not dry_run
        if stored:
            await imports.take(preview, brought, BY)
    _tell(preview, stored=stored, as_json=as_json)
    return DONE if preview.good else FAILED


def _refused(error: BadInput) -> int:
    print(f"marketbyte import: {error.detail}", file=sys.stderr)
    return USAGE


def _read(files: Sequence[Path]) -> list[Brought]:
    if not files:
        raise BadInput("name at least one file")
    brought = []
    for path in files:
        try:
            brought.append(Brought(path.name, path.read_bytes()))
        except OSError as error:
            raise BadInput(f"{path}: {error.strerror or 'cannot be read'}") from None
    return brought


def _tell(preview: Preview, *, stored: bool, as_json: bool) -> None:
    documents = [
        document(preview.kind, file, stored=file.taken if stored and not file.known else 0)
        for file in preview.files
    ]
    if as_json:
        alone = orjson.OPT_INDENT_2 if len(documents) == 1 else 0
        for each in documents:
            sys.stdout.buffer.write(orjson.dumps(each, option=alone) + b"\n")
        sys.stdout.buffer.flush()
    else:
        for file in preview.files:
            print(_summary(file, stored=stored))
    for file in preview.files:
        if file.reason:
            print(f"marketbyte import: {file.reason}", file=sys.stderr)


def _summary(file: Looked, *, stored: bool) -> str:
    """A file in a few lines for a person."""
    if file.known:
        return f"{file.name}: already imported on {file.known}; nothing to do"
    reading = file.reading
    if reading is None:
        return f"{file.name}: nothing stored"
    span = f" from {reading.first} to {reading.last}" if reading.first else ""
    lines = [f"{file.name}: {file.taken:,} rows{span}, {len(file.rejected):,} rejected"]
    if reading.mended:
        lines.append(f"  {reading.mended:,} taken without figures that cannot be")
    if reading.repeated:
        lines.append(f"  {reading.repeated:,} say the same twice and are taken once")
    if file.new is not None:
        lines.append(
            f"  {file.new:,} new, {file.changed or 0:,} changed, {file.same or 0:,} as they are stored"
        )
    lines += [f"  row {one.row}: {one.reason}" for one in file.rejected[:SHOWN]]
    if len(file.rejected) > SHOWN:
        lines.append(f"  and {len(file.rejected) - SHOWN:,} more")
    lines += [f"  {note}" for note in reading.notes]
    lines.append(
        f"  stored; take it back with: marketbyte import --undo {file.id[:12]}"
        if stored
        else "  nothing stored"
    )
    return "\n".join(lines)


def _told_undone(line: Imported, *, as_json: bool) -> int:
    if as_json:
        told = {"kind": line.kind, "file": line.name, "id": line.id, "undone": True, "rows": line.rows}
        sys.stdout.buffer.write(orjson.dumps(told) + b"\n")
        sys.stdout.buffer.flush()
    else:
        print(
            f"{line.name} ({line.kind}, {line.rows:,} rows) is taken back; what it had replaced is there again."
        )
    return DONE
