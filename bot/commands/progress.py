"""Progress of a long command on stderr: a bar on a terminal, a line a step in a log."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Steps(Protocol):
    """What a command tells of its way."""

    def step(self, what: str) -> None:
        """The next step begins."""
        ...


class _Lines:
    def __init__(self, total: int) -> None:
        self._total = total
        self._at = 0

    def step(self, what: str) -> None:
        self._at += 1
        print(f"[{self._at}/{self._total}] {what}", file=sys.stderr, flush=True)


@contextmanager
def steps(total: int) -> Iterator[Steps]:
    """Steps of a command that has ``total`` of them."""
    if not sys.stderr.isatty():
        yield _Lines(total)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)

        class Bar:
            """Moves the bar when the next step begins; the one under way is not counted yet."""

            begun = False

            def step(self, what: str) -> None:
                bar.update(task, description=what, advance=1 if self.begun else 0)
                self.begun = True

        yield Bar()
        bar.update(task, advance=1)
