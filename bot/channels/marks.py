"""The two marks a text may bear, ``*bold*`` and ``_italic_`` around whole words on one line, and how channels write them."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

MARK = re.compile(
    r"(?<![\w*])\*(?=\S)(?P<bold>[^*\n]*[^*\s])\*(?![\w*])|(?<!\w)_(?=\S)(?P<italic>[^_\n]*[^_\s])_(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False


Runs = tuple[Run, ...]
Dress = Callable[[Runs], str]


def read_marks(text: str, *, bold: bool = False, italic: bool = False) -> Runs:
    """The styled runs of a marked text; their texts joined are the text without its marks."""
    runs: list[Run] = []
    end = 0
    for found in MARK.finditer(text):
        if found.start() > end:
            runs.append(Run(text[end : found.start()], bold, italic))
        inner = found["bold"] or found["italic"]
        runs += read_marks(inner, bold=bold or bool(found["bold"]), italic=italic or bool(found["italic"]))
        end = found.end()
    if end < len(text):
        runs.append(Run(text[end:], bold, italic))
    return tuple(runs)


def to_html(runs: Runs) -> str:
    """Telegram's HTML: everything escaped, ``<b>`` and ``<i>`` for the marks."""
    return "".join(
        _wrap(html.escape(run.text, quote=False), run, ("<b>", "</b>"), ("<i>", "</i>")) for run in runs
    )


def to_whatsapp(runs: Runs) -> str:
    """WhatsApp's own marks, which are the same signs."""
    return "".join(_wrap(run.text, run, ("*", "*"), ("_", "_")) for run in runs)


def to_plain(runs: Runs) -> str:
    """The words alone: for a terminal, a caption, a second try."""
    return "".join(run.text for run in runs)


def units(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts (core.telegram.org/api/entities#entity-length)."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _wrap(text: str, run: Run, bold: tuple[str, str], italic: tuple[str, str]) -> str:
    if not text.strip():
        return text
    before, after = ("", "")
    for wanted, (opening, closing) in ((run.bold, bold), (run.italic, italic)):
        if wanted:
            before, after = before + opening, closing + after
    if not before:
        return text
    # A mark must stand against the words: blanks at the ends of a run stay outside.
    core = text.strip()
    start = text.index(core)
    return f"{text[:start]}{before}{core}{after}{text[start + len(core) :]}"
