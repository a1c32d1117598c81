"""What an operator reads of imports in chat: the preview, what was taken, the list. English, like the rest of the console."""

from collections.abc import Sequence

from services.domain.conversation import Button, Reply, Text
from services.domain.importing.preview import Looked, Preview
from services.domain.importing.reading import KINDS
from services.market_store import Imported
from services.wording.numbers import clock, day

SHOWN = 5  # rejected rows
USAGE = (
    f"Send a file as a document with the caption */import KIND*, or the command first and the file after it. KIND is one of: "
    f"{', '.join(KINDS)}."
)


def preview_reply(preview: Preview, press: str) -> Reply:
    """The preview of one file; with buttons only where it may be stored. ``press`` begins what they come back as."""
    file = preview.files[0]
    if file.known:
        return Reply((Text(f"This file was already imported on {file.known}; nothing to do."),))
    if file.reason:
        lines = [f"*Refused, nothing is stored:* {file.reason}", *_rejected(file)]
        return Reply((Text("\n".join(lines)),))
    buttons = (Button("Take it", f"{press}?value=take"), Button("Cancel", f"{press}?value=cancel"))
    return Reply((Text("\n".join(_lines(preview, file))),), buttons)


def taken_text(lines: Sequence[Imported]) -> str:
    """What was stored, and how it is taken back."""
    if not lines:
        return "It was already imported; nothing to do."
    told = "\n".join(f"• {line.name}: {line.rows:,} rows{_span(line)}" for line in lines)
    return f"*Imported*\n{told}\nTake it back with /undo {lines[0].id[:12]}"


def undone_text(line: Imported) -> str:
    """That an import is taken back."""
    return f"{line.kind}, {line.rows:,} rows{_span(line)}: taken back. What it had replaced is there again."


def imports_text(lines: Sequence[Imported]) -> str:
    """The newest imports."""
    told = "\n".join(
        f"• {line.id[:12]} · {line.kind} · {line.rows:,} rows{_span(line)} · {day(line.at.date())} {clock(line.at)}"
        + (" · taken back" if line.undone else "")
        for line in lines
    )
    return f"*Imports*\n{told or '• none'}\n\n{USAGE}"


def _lines(preview: Preview, file: Looked) -> list[str]:
    reading = file.reading
    span = f", {day(preview.first)} to {day(preview.last)}" if preview.first and preview.last else ""
    lines = [f"*Preview: {preview.kind}*", f"{file.taken:,} rows{span}, {len(file.rejected):,} rejected"]
    if file.new is not None:
        lines.append(
            f"{file.new:,} new, {file.changed or 0:,} changed, {file.same or 0:,} as they are stored"
        )
    if reading is not None:
        if reading.mended:
            lines.append(f"{reading.mended:,} taken without figures that cannot be")
        if reading.repeated:
            lines.append(f"{reading.repeated:,} say the same twice and are taken once")
        lines += [f"_{note}_" for note in reading.notes]
    return [*lines, *_rejected(file), "Nothing is stored yet."]


def _rejected(file: Looked) -> list[str]:
    lines = [f"• row {one.row}: {one.reason}" for one in file.rejected[:SHOWN]]
    more = len(file.rejected) - SHOWN
    return [*lines, f"• and {more:,} more"] if more > 0 else lines


def _span(line: Imported) -> str:
    return f", {day(line.first)} to {day(line.last)}" if line.first and line.last else ""
