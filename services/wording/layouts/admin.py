"""What operators read. English only: it is a console, not a conversation."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from services.domain.letters import short
from services.domain.profiles import zone_of
from services.wording.layouts.zones import zone_name
from services.wording.numbers import clock, day

SHOWN_RUNS = 5
FETCH, DONE = "refresh:", ":done"  # how the slots of fetches begin, and how a slot's end is named
ONE_MESSAGE = 1400  # letters: Twilio's 1,600 less what follows and the line breaks
LONGEST_DETAIL = 80  # letters of what a source has to say, in the list of all

_WORDS = {"new": "not asked yet"}  # conditions whose own word says too little


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
    @property
    def title(self) -> str: ...
    @property
    def failures(self) -> int: ...
    @property
    def licence(self) -> str: ...
    @property
    def tried(self) -> datetime | None: ...


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
    here = [(slot, at.astimezone(zone_of(now))) for slot, at in runs]  # the database tells UTC
    last = "\n".join(_runs(here, now)) or "• none yet"
    return (
        f"*Status* {day(now.date())} {clock(now)} ({zone_name('en', now)})\nUp since {day(up_since.date())} {clock(up_since)}\nData: {data}\n"
        f"Scheduled messages: {'PAUSED' if paused else 'on'}\nUsers: {_counted(users)}\nOutbox: {_counted(outbox)}\n"
        f"Open tickets: {tickets}\nLast runs:\n{last}"
    )


def _runs(runs: Sequence[tuple[str, datetime]], now: datetime) -> list[str]:
    """The newest runs of jobs, each with its end behind its begin; the fetches of market data, of which there are many, in one line."""
    ended = {slot.removesuffix(DONE): at for slot, at in runs if slot.endswith(DONE)}
    begun = [(slot, at) for slot, at in runs if not slot.endswith(DONE)]
    others = [(slot, at) for slot, at in begun if not slot.startswith(FETCH)]
    lines = [
        f"• {slot} at {day(at.date())} {clock(at)}{f', done {clock(ended[slot])}' if slot in ended else ''}"
        for slot, at in others[:SHOWN_RUNS]
    ]
    newest: dict[str, datetime] = {}
    for slot, at in begun:
        if slot.startswith(FETCH):
            part = slot.removeprefix(FETCH).partition(":")[0]
            newest[part] = max(at, newest.get(part, at))
    fetched = [
        f"{part} {clock(at) if at.date() == now.date() else f'{day(at.date())} {clock(at)}'}"
        for part, at in sorted(newest.items(), key=lambda each: each[1], reverse=True)
    ]
    return [*lines, *([f"• market data fetched: {', '.join(fetched)} (/sources)"] if fetched else [])]


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
    """How many stand how; what is on first, then what is off with what to do about it; these in one line where it would be too long.

    All of one by its name: ``source_text``.
    """
    if not states:
        return "*Sources*\n• none: market data comes from files (/import) or the sample day"
    on = sorted((state for state in states if state.condition != "off"), key=lambda state: state.name)
    off = sorted((state for state in states if state.condition == "off"), key=lambda state: state.name)
    conditions = [state.condition for state in on]
    counted = ", ".join(
        f"{conditions.count(word)} {_WORDS.get(word, word)}" for word in dict.fromkeys(sorted(conditions))
    )
    lines = [f"*Sources* {counted or 'none is on'}", *(_source(state, now) for state in on)]
    told = [f"• {state.name}: off ({state.detail})" for state in off]
    if sum(map(len, (*lines, *told))) > ONE_MESSAGE:
        told = [f"• off ({len(off)}): {', '.join(state.name for state in off)}"]
    return "\n".join(
        [*lines, *told, f"All of one: /sources {next((s.name for s in on if s.detail), states[0].name)}"]
    )


def source_text(state: SourceLine, now: datetime) -> str:
    """All that is known of a source: when it was asked and answered, what is wrong in full, and what its owner permits."""
    lines = [f"*{state.title or state.name}*: {_WORDS.get(state.condition, state.condition)}"]
    for word, at in (("asked", state.tried), ("answered", state.succeeded), ("asked again", state.next_try)):
        if at is not None:
            there = at.astimezone(zone_of(now))
            lines.append(f"{word} {day(there.date())} {clock(there)}")
    if state.failures:
        lines.append(f"{state.failures} visits in a row without success")
    return "\n".join(
        [
            *lines,
            *([state.detail] if state.detail else []),
            *([f"_{state.licence}_"] if state.licence else []),
        ]
    )


def _source(state: SourceLine, now: datetime) -> str:
    line = f"• {state.name}: {_WORDS.get(state.condition, state.condition)}"
    if state.succeeded is not None:
        at = state.succeeded.astimezone(zone_of(now))
        line += f", {clock(at)}" if at.date() == now.date() else f", {day(at.date())} {clock(at)}"
    if state.next_try is not None and state.next_try > now:
        line += f", again at {clock(state.next_try, zone_of(now))}"
    return line + (f" ({short(state.detail, LONGEST_DETAIL)})" if state.detail else "")


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "none"
