"""What operators read. English only: it is a console, not a conversation."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from services.wording.numbers import clock, day


class SourceLine(Protocol):
    """What is told of a source."""

    @property
    def name(self) -> str: ...
    @property
    def condition(self) -> str: ...
    @property
    def detail(self) -> str: ...
    @property
    def succeeded(self) -> datetime | None: ...
    @property
    def next_try(self) -> datetime | None: ...


def status_text(  # noqa: PLR0913  # a status is a list of unlike things
    *,
    now: datetime,
    up_since: datetime,
    data: str,
    paused: bool,
    counts: tuple[Mapping[str, int], Mapping[str, int]],
    runs: Sequence[tuple[str, datetime]],
    tickets: int,
) -> str:
    """The state of the bot in a few lines; ``counts`` are users by stage and outbox messages by state."""
    users, outbox = counts
    last = "\n".join(f"• {slot} at {day(at.date())} {clock(at)}" for slot, at in runs) or "• none yet"
    return (
        f"*Status* {day(now.date())} {clock(now)}\nUp since {day(up_since.date())} {clock(up_since)}\nData: {data}\n"
        f"Scheduled messages: {'PAUSED' if paused else 'on'}\nUsers: {_counted(users)}\nOutbox: {_counted(outbox)}\n"
        f"Open tickets: {tickets}\nLast runs:\n{last}"
    )


def users_text(counts: Mapping[str, int], newest: Sequence[tuple[str, str, str]]) -> str:
    """Users by stage, then a few of them as (id, stage, channels); no names, no numbers."""
    lines = "\n".join(f"• {user_id} · {stage} · {channels}" for user_id, stage, channels in newest)
    return f"*Users* {_counted(counts)}\n{lines}".rstrip()


def alarm_text(kind: str, detail: str, at: datetime) -> str:
    """What an operator is told of an alarm; ``kind`` is its word, with the channel behind a colon if it is about one."""
    word, _, about = kind.partition(":")
    title = f"*Alarm: {word.replace('_', ' ')}{f' ({about})' if about else ''}*"
    return f"{title} {day(at.date())} {clock(at)}\n{detail}\nThis kind is told at most once an hour; /status shows the state."


def sources_text(states: Sequence[SourceLine], now: datetime) -> str:
    """Each source on a line: what is on first, then what is off with what to do about it."""
    lines = [
        _source(state, now)
        for state in sorted(states, key=lambda state: (state.condition == "off", state.name))
    ]
    return "\n".join(
        ["*Sources*", *(lines or ["• none: market data comes from files (/import) or the sample day"])]
    )


def _source(state: SourceLine, now: datetime) -> str:
    line = f"• {state.name}: {state.condition}"
    if state.condition == "off":
        return f"{line} ({state.detail})"
    if state.succeeded is not None:
        at = state.succeeded.astimezone(now.tzinfo)
        line += f", last answer {day(at.date())} {clock(at)}"
    if state.next_try is not None and state.next_try > now:
        line += f", asked again at {clock(state.next_try.astimezone(now.tzinfo))}"
    return line + (f" ({state.detail})" if state.detail else "")


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "none"
