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
    Entry(
        "watch_open",
        "10-11",
        "*/15",
        True,
        600,
        "no fresh trade in a planned session: closed, and said so; never on sample or imported data",
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
    Entry("refresh_session", "9-16", "*/30", True, 600, "prices and indices fetched while the market trades"),
    Entry("refresh_close", "15,16", "40", True, 3600, "the day's closes fetched, on Fridays an hour later"),
    Entry(
        "refresh_evening",
        "18-21",
        "45",
        True,
        3600,
        "flows, funds' values and the day's files fetched as they appear",
    ),
    Entry("refresh_daily", "7", "15", False, 7200, "rates and lists fetched, once a day"),
    Entry("housekeeping", "3", "30", False, 3600, "old pictures and sound are removed"),
)
