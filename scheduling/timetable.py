"""When things happen, as data on one page. All hours are Asia/Karachi."""

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timetable.

    ``hour`` and ``minute`` are cron fields; ``trading`` means only on days with a session; ``grace`` is how many seconds
    late it may still start. ``slot`` is the brief time that the job serves, if it serves one.
    """

    job: str
    hour: str
    minute: str
    trading: bool
    grace: int
    about: str
    slot: time | None = None


MORNING, EVENING = time(9, 0), time(17, 0)

TIMETABLE: tuple[Entry, ...] = (
    Entry(
        "morning_brief", "9", "00", True, 7200, "personal brief before the open, to all who are due", MORNING
    ),
    Entry(
        "evening_brief", "17", "00", True, 7200, "personal brief after the close, to all who are due", EVENING
    ),
    Entry(
        "own_time_briefs",
        "6-22",
        "*/15",
        True,
        7200,
        "personal brief for those who chose another quarter hour",
    ),
    Entry(
        "market_voice",
        "8,16",
        "45",
        True,
        900,
        "market brief spoken ahead, so that it is there at once",
    ),
    Entry("alerts", "9-17", "*/5", True, 300, "alerts whose condition has come true, each once"),
    Entry(
        "campaigns",
        "*",
        "*",
        False,
        60,
        "announcements cut short are gone on with, finished broadcasts closed",
    ),
    Entry("housekeeping", "3", "30", False, 3600, "old pictures and sound are removed"),
)
