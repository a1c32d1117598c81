"""Notices of days without a session, and what an operator reads after changing one."""

from collections.abc import Mapping, Sequence
from datetime import date

from services.domain.conversation import Lang, Reply, Text
from services.domain.dated_days import Ahead
from services.domain.profiles import PSX, Profile
from services.wording.numbers import day
from services.wording.sentences import catalog, say, say_of


def next_session_text(lang: Lang, ahead: Ahead) -> str:
    """The day of the next session; one that hangs on the moon says so."""
    return say(lang, "holiday.tentative", day=day(ahead.day)) if ahead.tentative else day(ahead.day)


def closed_reply(lang: Lang, when: date, name: str, ahead: Ahead, market: Profile = PSX) -> Reply:
    """A day is closed by the operator's word."""
    told = {"day": day(when), "name": _named(lang, name), "next": next_session_text(lang, ahead)}
    said = say_of(market, lang, "holiday.closed", **told)
    return Reply((Text(said),))


def open_reply(lang: Lang, when: date, market: Profile = PSX) -> Reply:
    """A day is open after all."""
    return Reply((Text(say_of(market, lang, "holiday.open", day=day(when))),))


def silent_reply(lang: Lang, when: date, last: date, ahead: Ahead, market: Profile = PSX) -> Reply:
    """In place of a brief on a day on which nothing traded; ``last`` is the session before."""
    told = {"day": day(when), "last": day(last), "next": next_session_text(lang, ahead)}
    said = say_of(market, lang, "holiday.silent", **told)
    return Reply((Text(said),))


def planned_text(
    closed: Mapping[date, str],
    reopened: Sequence[date],
    tentative: Sequence[tuple[date, str]],
    today: date = date.min,
) -> str:
    """The operator's own days from ``today`` on, how many earlier ones there are, and those ahead that wait for the moon."""
    own = sorted({**closed, **dict.fromkeys(reopened, "open")}.items())
    lines = [f"• {day(when)}: {name}" for when, name in own if when >= today]
    past = len(own) - len(lines)
    earlier = [f"• {past} earlier {'day' if past == 1 else 'days'}"] if past else []
    waiting = [f"• {day(when)}: {name} (tentative)" for when, name in tentative]
    told = ["*Holidays you declared*", *(lines or ["• none ahead" if past else "• none"]), *earlier]
    return "\n".join([*told, *(["*By the moon, to be confirmed*", *waiting] if waiting else [])])


def changed_text(when: date, *, told: int, cancelled: int, ahead: Ahead, changed: bool) -> str:
    """What a change of a day set in motion."""
    if not changed:
        return f"{day(when)}: no job changes and nobody is told, as the day is past or was so already."
    one = cancelled == 1
    taken = (
        f" {cancelled:,} waiting brief{'' if one else 's'} of that day {'was' if one else 'were'} taken back."
        if cancelled
        else ""
    )
    people = (
        "1 user with a brief due that day is told"
        if told == 1
        else f"{told:,} users with a brief due that day are told"
    )
    return (
        f"{day(when)}: every job follows at once; {people}.{taken} "
        f"Next session after it: {next_session_text('en', ahead)}."
    )


def _named(lang: Lang, name: str) -> str:
    """A known holiday's name in the person's language; others as the operator wrote them."""
    key = "holiday.name_" + name.strip().casefold().replace("-", "_").replace(" ", "_")
    return say(lang, key) if key in catalog() else name
