"""What operators read. English only: it is a console, not a conversation."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from services.wording.numbers import clock, day


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


def holidays_text(holidays: Mapping[date, str]) -> str:
    """The days an operator declared, in order."""
    lines = "\n".join(f"• {day(when)}: {name}" for when, name in sorted(holidays.items()))
    return f"*Holidays you declared*\n{lines or '• none'}"


def alarm_text(kind: str, detail: str, at: datetime) -> str:
    """What an operator is told of an alarm; ``kind`` is its word, with the channel behind a colon if it is about one."""
    word, _, about = kind.partition(":")
    title = f"*Alarm: {word.replace('_', ' ')}{f' ({about})' if about else ''}*"
    return f"{title} {day(at.date())} {clock(at)}\n{detail}\nThis kind is told at most once an hour; /status shows the state."


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "none"
