"""The terminal as a channel: words are printed, pictures and sound become files whose paths are shown."""

import asyncio
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Literal, TextIO

from bot.channels.base import Gate, MediaSource, Now
from services.domain.conversation import (
    Block,
    Button,
    Inbound,
    MediaRef,
    Outbound,
    Picture,
    Receipt,
    Text,
    Voice,
)

_MARKS = re.compile(r"(?<!\w)[*_](\S(?:[^*_\n]*\S)?)[*_](?!\w)")


class Terminal:
    """Prints replies. ``folder`` receives the pictures and voice notes; the last buttons can be chosen by number."""

    name: Literal["terminal"] = "terminal"
    configured = True

    def __init__(self, *, now: Now, folder: Path, out: TextIO = sys.stdout) -> None:
        self._now = now
        self._folder = folder
        self._out = out
        self._buttons: tuple[Button, ...] = ()

    async def send(self, outbound: Outbound, media: MediaSource, gate: Gate) -> Receipt:
        """Print every block; media are written to the folder first."""
        await gate()
        reply = outbound.reply
        for block in reply.blocks:
            self._say(await self._line(block, media))
        if reply.source:
            self._say(f"  ({reply.source})")
        if reply.buttons:
            self._buttons = reply.buttons
            self._say("  " + "  ".join(f"[{n}] {button.title}" for n, button in enumerate(reply.buttons, 1)))
        return Receipt((f"terminal:{outbound.key}",), self._now())

    async def find(self, outbound: Outbound, since: datetime) -> Receipt | None:  # noqa: ARG002  # the port's shape
        """Nobody can tell what a terminal has shown; it is not shown twice."""
        return Receipt((f"terminal:{outbound.key}",), self._now())

    async def typing(self, inbound: Inbound, kind: str = "typing") -> None:  # noqa: ARG002  # the port's shape
        """One dim line; a terminal cannot take it back."""
        self._say(f"  … {kind}")

    def pressed(self, typed: str) -> Button | None:
        """The button that a typed number means, if there is one on show."""
        if typed.isascii() and typed.isdigit() and 0 < int(typed) <= len(self._buttons):
            return self._buttons[int(typed) - 1]
        return None

    async def _line(self, block: Block, media: MediaSource) -> str:
        if isinstance(block, Text):
            return _MARKS.sub(r"\1", block.text)
        path = await self._saved(block.media, media)
        if isinstance(block, Picture):
            return f"[picture] {path}" + (f"\n{block.caption}" if block.caption else "")
        if isinstance(block, Voice):
            return f"[voice note, {block.seconds:.0f} s] {path}"
        return f"[file] {path}"

    async def _saved(self, ref: MediaRef, source: MediaSource) -> Path:
        data = await source.get(ref.key)

        def write() -> Path:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / (ref.name or ref.key[:12] + Path(ref.key).suffix)
            path.write_bytes(data)
            return path

        return await asyncio.to_thread(write)

    def _say(self, text: str) -> None:
        print(text, file=self._out, flush=True)
