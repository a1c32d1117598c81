"""Settings, and the two words that must always work: stop and resume."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time

from handlers.registry import INTENT_HANDLERS, command, on, step
from handlers.turn import Turn
from services.domain.conversation import Answer, Button, Lang, Reply
from services.domain.intents import Understanding
from services.domain.moments import read_days, read_halves, read_times, read_until, rounded, until_problem
from services.domain.users import User
from services.wording import say
from services.wording.layouts.menu import menu_buttons, plain, with_lead
from services.wording.layouts.preferences import (
    days_text,
    language_buttons,
    settings_buttons,
    settings_text,
    times_text,
)
from services.wording.layouts.zones import zone_name
from services.wording.numbers import day

TIMES, DAYS, UNTIL = "preferences.times", "preferences.days", "preferences.until"
TRADING_DAYS = (0, 1, 2, 3, 4)

_FLAGS = frozenset({"voice", "charts", "shariah"})
_LANGS: Mapping[str, Lang] = {
    "en": "en", "english": "en", "ur": "ur", "urdu": "ur", "roman": "roman", "roman urdu": "roman"
}  # fmt: skip
_SWITCH = {"on": True, "1": True, "yes": True, "off": False, "0": False, "no": False, "band": False}


@on("settings")
@command("settings", "language, times, days, voice, charts")
async def settings(turn: Turn) -> Answer:
    """Changes one setting said in words or by a button, asks what is missing, or shows them all."""
    details = turn.details
    value = details.get("value", "").strip().casefold()
    setting = {"language": "lang", "time": "times"}.get(
        details.get("setting", ""), details.get("setting", "")
    )
    if setting == "lang":
        return await _speak(turn, _LANGS.get(value))
    if setting in _FLAGS:
        return await _switch(turn, setting, _SWITCH.get(value))
    if setting in {"times", "days"}:
        return await _schedule(turn, setting, value)
    typed = "" if turn.inbound.pressed else turn.text
    if not setting and (read_times(typed) or read_days(typed)):
        return await _schedule(turn, "times", typed)
    return Answer((_all(turn),))


async def _speak(turn: Turn, lang: Lang | None) -> Answer:
    if lang is None:
        return Answer((plain(turn.lang, "onboarding.language", buttons=language_buttons(turn.lang)),))
    user = await turn.services.users.speak(turn.user, lang)
    return _changed(user, say(lang, "preferences.lang_now"))


async def _switch(turn: Turn, setting: str, wanted: bool | None) -> Answer:
    if wanted is None:
        return Answer((_all(turn),))
    if setting == "shariah" and wanted and not turn.profile.shariah_list:
        return Answer((plain(turn.lang, "elsewhere.shariah", buttons=menu_buttons(turn.lang)),))
    user = await turn.services.users.prefer(turn.user, flags={setting: wanted})
    state = say(turn.lang, "preferences.on" if wanted else "preferences.off")
    named = say(turn.lang, f"preferences.{setting}")
    return _changed(user, say(turn.lang, "preferences.flag_now", name=named, state=state))


async def _schedule(turn: Turn, setting: str, value: str) -> Answer:
    """Times and days, whichever are named; a word about the one alone asks for it."""
    typed = "" if turn.inbound.pressed or turn.session.awaiting in {TIMES, DAYS} else turn.text
    times = read_times(value if setting == "times" else typed) or (read_times(typed) if typed else ())
    days = _numbered(value) if setting == "days" else read_days(typed)
    days = days or read_days(typed or value)
    if not times and setting == "times":
        times = read_halves(typed or value)
    if not times and not days:
        return await (ask_days(turn) if setting == "days" else ask_times(turn))
    return await _scheduled(turn, times, days)


async def _scheduled(turn: Turn, times: tuple[time, ...], days: tuple[int, ...]) -> Answer:
    lang, nearest = turn.lang, rounded(times)
    trading = tuple(number for number in days if number in TRADING_DAYS)
    if times and len(nearest) == 0:
        return with_lead(await ask_times(turn), say(lang, "preferences.times_range"))
    if days and not trading:
        return with_lead(await ask_days(turn), say(lang, "preferences.days_none"))
    user = await turn.services.users.prefer(turn.user, times=nearest or None, days=trading or None)
    wanted = user.preferences
    text = say(
        lang, "preferences.times_now", times=times_text(lang, wanted, turn.now), days=days_text(lang, wanted)
    )
    notes = [text]
    if times and nearest != tuple(sorted(set(times))):
        notes.append(say(lang, "preferences.rounded"))
    if user.stage == "stopped":
        notes.append(say(lang, "preferences.but_stopped"))
    return _changed(user, " ".join(notes))


def _numbered(value: str) -> tuple[int, ...]:
    """Days as a button or the intent gives them: "0,4"; () for anything else."""
    parts = [part.strip() for part in value.split(",")]
    return tuple(int(p) for p in parts) if all(len(p) == 1 and p in "0123456" for p in parts) else ()


async def ask_times(turn: Turn) -> Answer:
    """Which times; the usual ones as buttons."""
    titles = (("both", "09:00 17:00"), ("morning", "09:00"), ("evening", "17:00"))
    buttons = tuple(
        Button(say(turn.lang, f"onboarding.times_{name}"), f"settings?setting=times&value={value}")
        for name, value in titles
    )
    zone = zone_name(turn.lang, turn.now)
    return Answer((plain(turn.lang, "preferences.times_ask", zone=zone, buttons=buttons),), TIMES)


async def ask_days(turn: Turn) -> Answer:
    """Which weekdays; all of them as a button."""
    every = Button(say(turn.lang, "preferences.days_all"), "settings?setting=days&value=0,1,2,3,4")
    return Answer((plain(turn.lang, "preferences.days_ask", buttons=(every,)),), DAYS)


def _is_times(turn: Turn, _meaning: Understanding | None) -> bool:
    return bool(read_times(turn.text) or read_halves(turn.text))


def _is_days(turn: Turn, _meaning: Understanding | None) -> bool:
    return bool(read_days(turn.text))


@step(TIMES, fits=_is_times, again=ask_times)
async def times_given(turn: Turn) -> Answer:
    """The times that were asked for; "back" leaves them as they are."""
    if "back" in turn.details:
        return Answer((_all(turn),))
    times = read_times(turn.text) or read_halves(turn.text)
    if not times:
        return with_lead(await ask_times(turn), say(turn.lang, "onboarding.times_again"), instead=True)
    return await _scheduled(turn, times, read_days(turn.text))


@step(DAYS, fits=_is_days, again=ask_days)
async def days_given(turn: Turn) -> Answer:
    """The days that were asked for; "back" leaves them as they are."""
    if "back" in turn.details:
        return Answer((_all(turn),))
    days = read_days(turn.text)
    return await _scheduled(turn, (), days) if days else await ask_days(turn)


@on("stop")
@command("stop", "no more scheduled messages, or a pause: /stop till Monday", usage="/stop [UNTIL]")
async def stop(turn: Turn) -> Answer:
    """Works in every stage and at every step; with an end date it is a pause. An end that cannot be read is asked for."""
    said = turn.details.get("value", "") or turn.text
    until = _until(turn, said)
    if until is not None:
        return await _paused(turn, until)
    # Stopped at once, whatever the end is: nobody is written to against their word while we ask.
    await turn.services.users.stop(turn.user)
    problem = "" if turn.inbound.pressed else until_problem(said)
    if problem:
        return Answer((plain(turn.lang, f"preferences.{problem}"),), UNTIL)
    return Answer((plain(turn.lang, "preferences.stopped_now"),))


async def _paused(turn: Turn, until: date) -> Answer:
    user = turn.user
    if user.stage == "stopped" and user.portfolio.holdings:
        user = await turn.services.users.resume(user)  # a pause ends by itself, a stop does not
    await turn.services.users.stop(user, until)
    return Answer((plain(turn.lang, "preferences.paused_now", day=day(until)),))


async def ask_until(turn: Turn) -> Answer:
    """Until which day; a date is needed."""
    return Answer((plain(turn.lang, "preferences.until_unread"),), UNTIL)


def _is_until(turn: Turn, _meaning: Understanding | None) -> bool:
    return read_until(turn.text, turn.now.date()) is not None


@step(UNTIL, fits=_is_until, again=ask_until)
async def until_given(turn: Turn) -> Answer:
    """The day that ends the pause; without one it stays stopped."""
    until = read_until(turn.text, turn.now.date())
    if until is None:
        return Answer((plain(turn.lang, "preferences.stopped_now"),))
    return await _paused(turn, until)


@on("resume")
async def resume(turn: Turn) -> Answer:
    """Scheduled messages again; somebody without holdings is led to them."""
    user = await turn.services.users.resume(turn.user)
    turn = replace(turn, user=user)
    if not user.portfolio.holdings:
        return await INTENT_HANDLERS["start"](turn)
    if not user.preferences.times:
        return await ask_times(turn)
    lang = turn.lang
    times, days = times_text(lang, user.preferences, turn.now), days_text(lang, user.preferences)
    buttons = menu_buttons(lang)
    return Answer((plain(lang, "preferences.resumed_now", buttons=buttons, times=times, days=days),))


def _until(turn: Turn, said: str) -> date | None:
    today = turn.now.date()
    try:
        named = date.fromisoformat(turn.details.get("until", ""))
    except ValueError:
        return read_until(said, today)
    return named if named >= today else None


def _all(turn: Turn) -> Reply:
    text = settings_text(turn.user, turn.now)
    return Reply((text,), settings_buttons(turn.user, turn.profile))


def _changed(user: User, what: str) -> Answer:
    lang = user.preferences.lang
    return Answer((plain(lang, "preferences.changed", what=what, buttons=menu_buttons(lang)),))
