"""Notices of days without a session, and what an operator reads after changing one."""

from collections.abc import Mapping, Sequence
from datetime import date

from services.domain.conversation import Lang, Reply, Text
from services.domain.dated_days import Ahead
from services.wording.numbers import day
from services.wording.sentences import catalog, say


def next_session_text(lang: Lang, ahead: Ahead) -> str:
    """The day of the next session; one that hangs on the moon says so."""
    return say(lang, "holiday.tentative", day=day(ahead.day)) if ahead.tentative else day(ahead.day)


def closed_reply(lang: Lang, when: date, name: str, ahead: Ahead) -> Reply:
    """A day is closed by the operator's word."""
    said = say(
        lang, "holiday.closed", day=day(when), name=_named(lang, name), next=next_session_text(lang, ahead)
    )
    return Reply((Text(said),))


def open_reply(lang: Lang, when: date) -> Reply:
    """A day is open after all."""
    return Reply((Text(say(lang, "holiday.open", day=day(when))),))


def silent_reply(lang: Lang, when: date, last: date, ahead: Ahead) -> Reply:
    """In place of a brief on a day on which nothing traded; ``last`` is the session before."""
    said = say(lang, "holiday.silent", day=day(when), last=day(last), next=next_session_text(lang, ahead))
    return Reply((Text(said),))


def planned_text(
    closed: Mapping[date, str], reopened: Sequence[date], tentative: Sequence[tuple[date, str]]
) -> str:
    """The operator's own days, and those ahead that wait for the moon."""
    lines = [f"• {day(when)}: {name}" for when, name in sorted(closed.items())]
    lines += [f"• {day(when)}: open" for when in sorted(reopened)]
    waiting = [f"• {day(when)}: {name} (tentative)" for when, name in tentative]
    told = ["*Holidays you declared*", *(lines or ["• none"])]
    return "\n".join([*told, *(["*By the moon, to be confirmed*", *waiting] if waiting else [])])


def changed_text(when: date, *, told: int, cancelled: int, ahead: Ahead, changed: bool) -> str:
    """What a change of a day set in motion."""
    if not changed:
        return f"{day(when)}: no job changes and nobody is told."
    taken = f" {cancelled:,} waiting briefs of that day were taken back." if cancelled else ""
    return (
        f"{day(when)}: every job follows at once; {told:,} users with a brief due that day are told.{taken} "
        f"Next session after it: {next_session_text('en', ahead)}."
    )


def _named(lang: Lang, name: str) -> str:
    """A known holiday's name in the person's language; others as the operator wrote them."""
    key = "holiday.name_" + name.strip().casefold().replace("-", "_").replace(" ", "_")
    return say(lang, key) if key in catalog() else name
