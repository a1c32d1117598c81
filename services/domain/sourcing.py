"""How a source is described: its pages, who reads them, when they are fetched, how gently, and under which licence."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from services.domain.errors import BrokenPage
from services.domain.records import Kind, Row

When = Literal["session", "close", "evening", "daily", "on demand"]
"""Every 30 minutes while the market trades; after the close; in the evening (flows, NAVs); once a day; only when asked."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a source answered, or a file's bytes. ``asked`` are the parameters of the question (symbol, index, day)."""

    name: str
    body: bytes
    fetched_at: datetime
    content_type: str = ""
    url: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)


Parse = Callable[[Page], Sequence[Row]]
"""Pure. Raises ``BrokenPage``; rows are all or nothing, but for a list of independent items, which may give ``SomeRows``."""


class SomeRows(list[Row]):
    """The rows of a list of independent items (headlines); ``left_out`` says of each that could not be read why, and where."""

    def __init__(self, rows: Iterable[Row], left_out: Iterable[BrokenPage] = ()) -> None:
        super().__init__(rows)
        self.left_out = tuple(left_out)


@dataclass(frozen=True, slots=True)
class Question:
    """One request. ``path`` is behind the source's base; ``form`` is posted form-encoded, ``json`` as JSON."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    json: Mapping[str, object] | None = None
    asked: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page of a source.

    ``ask`` makes the requests for a moment and the symbols wanted (a page about everything ignores them); ``empty_ok``: no
    row is no error (a quiet day without announcements).
    """

    name: str
    kind: Kind
    ask: Callable[[datetime, Sequence[str]], Sequence[Question]]
    parse: Parse
    when: tuple[When, ...]
    empty_ok: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """How gently a source is asked: least seconds between requests, requests at one time, seconds for one, tries."""

    every: float = 0.5
    at_once: int = 2
    timeout: float = 20.0
    tries: int = 3


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A source: where, which pages, and what its owner permits.

    ``licence`` is a sentence for the operator; ``headers`` go with every request. ``market``: whose book it serves.
    ``delay`` is the source's own lag in seconds (0 = live).
    """

    name: str
    title: str
    base: str
    pages: tuple[PageSpec, ...]
    licence: str
    pace: Pace = field(default_factory=Pace)
    headers: Mapping[str, str] = field(default_factory=dict)
    market: Literal["psx", "us"] = "psx"
    delay: float = 0.0
