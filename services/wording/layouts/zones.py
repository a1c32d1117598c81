"""Hours that people chose, told with the name of the clock where it is not the one that everybody around them has."""

from collections.abc import Iterable
from datetime import datetime, time

from services.domain.conversation import Lang
from services.domain.profiles import PSX, zone_of
from services.wording.numbers import clock
from services.wording.sentences import say


def zone_name(lang: Lang, now: datetime) -> str:
    """Whose clock the time is told by: "New York time"."""
    return say(lang, f"zones.{zone_of(now).key}")


def hours_text(lang: Lang, times: Iterable[time], now: datetime) -> str:
    """Hours of the market's day: "09:00, 17:00", and "(New York time)" behind them in a country of many clocks; "" for none.

    ``now`` is the time of the turn, in the market's zone.
    """
    told = ("، " if lang == "ur" else ", ").join(clock(moment) for moment in times)
    if not told or zone_of(now) is PSX.zone:  # Pakistan has one clock
        return told
    return say(lang, "zones.times", times=told, zone=zone_name(lang, now))
