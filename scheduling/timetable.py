"""When things happen, as data on one page. All hours are the market's own, the hours of its briefs are its profile's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta

from services.domain.profiles import PSX, Hour, Market, Profile


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


SPOKEN_AHEAD = timedelta(minutes=15)
_LATE = 7200  # a brief two hours late is told, a later one is not
_PERSONAL: Mapping[str, str] = {
    "morning": "personal brief before the open, to all who are due",
    "evening": "personal brief after the close, to all who are due",
}
_MARKET: Mapping[str, str] = {
    "pre-market": "market brief before the open, to all who take briefs",
    "midday": "market brief at midday, to all who take briefs",
    "evening": "market brief of the day, to all who take briefs",
}
# Where a market needs no line of its own.
_SHARED: tuple[Entry, ...] = (
    Entry(
        "own_time_briefs",
        "6-22",
        "*/15",
        True,
        _LATE,
        "personal brief for those who chose another quarter hour",
    ),
    Entry(
        "watch_open",
        "10-11",
        "*/15",
        True,
        600,
        "no fresh trade in a planned session: closed, and said so; never on sample or imported data",
    ),
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
_ALERTS = "alerts whose condition has come true, each once"
_OWN: Mapping[Market, tuple[Entry, ...]] = {
    "psx": (
        Entry("alerts", "9-17", "*/5", True, 300, _ALERTS),
        Entry(
            "refresh_session", "9-16", "*/30", True, 600, "prices and indices fetched while the market trades"
        ),
        Entry(
            "refresh_close", "15,16", "40", True, 3600, "the day's closes fetched, on Fridays an hour later"
        ),
        Entry(
            "refresh_evening",
            "18-21",
            "45",
            True,
            3600,
            "flows, funds' values and the day's files fetched as they appear",
        ),
        Entry("refresh_daily", "7", "15", False, 7200, "rates and lists fetched, once a day"),
    ),
    "us": (
        Entry("alerts", "9-16", "*/5", True, 300, _ALERTS),
        Entry(
            "refresh_session", "9-15", "*/30", True, 600, "prices and indices fetched while the market trades"
        ),
        Entry(
            "refresh_close",
            "13,16",
            "20",
            True,
            3600,
            "the day's closes fetched, after an early close three hours sooner too",
        ),
        Entry(
            "refresh_evening", "18,20", "30", True, 3600, "the day's settled figures fetched as they appear"
        ),
        Entry("refresh_daily", "4", "15", False, 7200, "lists and the calendar fetched, once a day"),
    ),
}


def timetable(market: Profile) -> tuple[Entry, ...]:
    """A market's timetable."""
    briefs = tuple(_brief(hour) for hour in market.hours)
    return (*briefs, _voice(market), *_SHARED, *_OWN[market.market])


def job_of(hour: Hour) -> str:
    """The name of the job that tells the brief of an hour."""
    word = hour.name.replace("-", "_")
    return {"personal": f"{word}_brief", "market": f"market_{word}", "sectors": word}[hour.brief]


def _brief(hour: Hour) -> Entry:
    if hour.brief == "personal":
        about = _PERSONAL[hour.name]
    elif hour.brief == "market":
        about = _MARKET[hour.name]
    else:
        about = "brief of the featured sectors, to all who take briefs"
    return Entry(job_of(hour), str(hour.at.hour), f"{hour.at.minute:02d}", True, _LATE, about, hour.at)


def _voice(market: Profile) -> Entry:
    """The market brief is spoken a quarter of an hour before it is pushed, else before the personal briefs lead to it."""
    hours = market.times("market") or market.times("personal")
    ahead = [timedelta(hours=at.hour, minutes=at.minute) - SPOKEN_AHEAD for at in hours]
    minutes = {span // timedelta(minutes=1) % 60 for span in ahead}
    return Entry(
        "market_voice",
        ",".join(str(span // timedelta(hours=1)) for span in ahead),
        ",".join(str(minute) for minute in sorted(minutes)),
        True,
        900,
        "market brief spoken ahead, so that it is there at once",
    )


MORNING, EVENING = PSX.times("personal")
