"""Whether Twilio took a message whose answer we never saw, told from its own list of messages to that person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.twilio_messages import Message

MOST_LISTED = 200
SLACK = timedelta(seconds=2)  # Twilio's times are cut to the second, both of a message and of an answer


@dataclass(frozen=True, slots=True)
class Row:
    """One message of Twilio's list. ``created`` is Twilio's own time, to the second."""

    sid: str
    body: str
    media: int
    direction: str
    created: datetime | None


@dataclass(frozen=True, slots=True)
class Listed:
    """What the list held, newest first. ``at`` is the time of Twilio's answer; ``full``: there may be older ones."""

    rows: tuple[Row, ...]
    at: datetime | None
    full: bool


def accepted(listed: Listed, wanted: Sequence[Message], *, since: datetime, now: datetime) -> tuple[str, ...]:
    """The SIDs of those messages that were taken since then, in order, up to the first that was not.

    The parts of a reply go one after the other, so behind one that is missing none can be there.

    Args:
        listed: Twilio's list. It is asked for without a filter by date: a message that still waits in Twilio's queue
            has no date of sending, and would be missing.
        wanted: The messages, in the order of sending.
        since: When the first of them was sent, by our clock.
        now: The time by our clock.
    """
    left = _since(listed, since, now)
    found: list[str] = []
    for message in wanted:
        place = next((number for number, row in enumerate(left) if _is(message, row)), None)
        if place is None:
            break
        found.append(left[place].sid)
        left = left[place + 1 :]
    return tuple(found)


def reaches(listed: Listed, *, since: datetime, now: datetime) -> bool:
    """Whether the list goes back as far as that, so that what it does not hold is not there."""
    return not listed.full or len(_since(listed, since, now)) < len(_ours(listed))


def _since(listed: Listed, since: datetime, now: datetime) -> list[Row]:
    """Ours since that time, oldest first. Reckoned back from Twilio's own clock, so that ours need not agree with it."""
    earliest = (listed.at - (now - since) if listed.at else since) - SLACK
    return [row for row in reversed(_ours(listed)) if row.created is None or row.created >= earliest]


def _ours(listed: Listed) -> list[Row]:
    return [row for row in listed.rows if not row.direction.startswith("inbound")]


def _is(message: Message, row: Row) -> bool:
    if message.content:
        # Twilio lists what it made of a content, or nothing: then it can only be one, having no medium either.
        body = _plain(row.body)
        return all(_plain(value) in body for value in message.content) if body else not row.media
    return _plain(message.body) == _plain(row.body) and message.counts == row.media


def _plain(text: str) -> str:
    return " ".join(text.split())
