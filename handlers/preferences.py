"""Settings, and the two words that must always work: stop and resume."""

from dataclasses import replace
from datetime import date

from handlers.registry import command, on
from handlers.turn import Turn
from services.domain.conversation import Answer, Button, Lang, Reply
from services.domain.moments import read_days, read_times, read_until
from services.domain.users import User
from services.wording import say
from services.wording.layouts.menu import menu_buttons, plain
from services.wording.layouts.preferences import days_text, settings_text, times_text
from services.wording.numbers import day

_FLAGS = frozenset({"voice", "charts", "shariah"})
_LANGS: dict[str, Lang] = {
    "en": "en",
    "english": "en",
    "ur": "ur",
    "urdu": "ur",
    "roman": "roman",
    "roman urdu": "roman",
}
_OFF = frozenset({"off", "0", "no", "false", "band"})


@on("settings")
@command("settings", "language, times, days, voice, charts")
async def settings(turn: Turn) -> Answer:
    """Changes one setting said in words or by a button; otherwise shows them all."""
    setting = turn.details.get("setting", "")
    value = turn.details.get("value", "").strip().casefold()
    if setting in {"lang", "language"} and value in _LANGS:
        user = await turn.services.users.speak(turn.user, _LANGS[value])
        return _changed(user, say(user.preferences.lang, "preferences.lang_now"))
    if setting in _FLAGS and value:
        user = await turn.services.users.prefer(turn.user, flags={setting: value not in _OFF})
        state = say(turn.lang, "preferences.off" if value in _OFF else "preferences.on")
        named = say(turn.lang, f"preferences.{setting}")
        return _changed(user, say(turn.lang, "preferences.flag_now", name=named, state=state))
    if setting in {"times", "days", "time"} or read_times(turn.text):
        return await _change_times(turn, value)
    return Answer((_shown(turn.user, setting),))


async def _change_times(turn: Turn, value: str) -> Answer:
    times, days = read_times(value) or read_times(turn.text), read_days(turn.text)
    if not times and not days:
        return Answer((_shown(turn.user, "times"),))
    user = await turn.services.users.prefer(turn.user, times=times or None, days=days or None)
    lang = turn.lang
    text = say(
        lang,
        "preferences.times_now",
        times=times_text(lang, user.preferences),
        days=days_text(lang, user.preferences),
    )
    return _changed(user, text)


@on("stop")
@command("stop", "no more scheduled messages, or a pause: /stop till Monday", usage="/stop [UNTIL]")
async def stop(turn: Turn) -> Answer:
    """Works in every stage and at every step; with an end date it is a pause."""
    until = _until(turn)
    user = await turn.services.users.stop(turn.user, until)
    if user.paused_until is not None:
        return Answer((plain(turn.lang, "preferences.paused_now", day=day(user.paused_until)),))
    return Answer((plain(turn.lang, "preferences.stopped_now"),))


@on("resume")
async def resume(turn: Turn) -> Answer:
    """Scheduled messages again; somebody without holdings is led to them."""
    user = await turn.services.users.resume(turn.user)
    if not user.portfolio.holdings:
        return Answer((plain(turn.lang, "error.nothing_held"),))
    lang = turn.lang
    shown = {"times": times_text(lang, user.preferences), "days": days_text(lang, user.preferences)}
    return Answer((plain(lang, "preferences.resumed_now", buttons=menu_buttons(lang), **shown),))


def _until(turn: Turn) -> date | None:
    named = turn.details.get("until", "")
    if named:
        return date.fromisoformat(named)
    return read_until(turn.details.get("value", ""), turn.now.date())


def _shown(user: User, setting: str) -> Reply:
    lang = user.preferences.lang
    voice = "off" if user.preferences.voice else "on"
    buttons = (
        Button(say(lang, f"preferences.voice_{voice}"), f"settings?setting=voice&value={voice}"),
        *(
            Button(title, f"settings?setting=lang&value={code}")
            for title, code in (("English", "en"), ("اردو", "ur"), ("Roman Urdu", "roman"))
            if code != lang
        ),
    )
    lead = say(lang, "preferences.not_understood") + "\n" if setting else ""
    reply = plain(lang, "preferences.changed", what="", buttons=buttons)
    return replace(reply, blocks=(settings_text(user, lead),))


def _changed(user: User, what: str) -> Answer:
    lang = user.preferences.lang
    return Answer((plain(lang, "preferences.changed", what=what, buttons=menu_buttons(lang)),))
