"""A person's settings in words."""

from services.domain.conversation import Lang, Text
from services.domain.users import Preferences, User
from services.wording.numbers import clock, day
from services.wording.sentences import say

_LANGUAGE_NAMES = {"en": "English", "ur": "اردو", "roman": "Roman Urdu"}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def settings_text(user: User, lead: str = "") -> Text:
    """All settings, with an optional sentence before them."""
    wanted, lang = user.preferences, user.preferences.lang
    shown = say(
        lang,
        "preferences.shown",
        language=_LANGUAGE_NAMES[lang],
        times=times_text(lang, wanted),
        days=days_text(lang, wanted),
        voice=_switch(lang, wanted.voice),
        charts=_switch(lang, wanted.charts),
        shariah=_switch(lang, wanted.shariah),
        state=_state(user, lang),
    )
    return Text(lead + shown)


def times_text(lang: Lang, wanted: Preferences) -> str:
    """The brief times: "09:00, 17:00"."""
    return ", ".join(clock(moment) for moment in wanted.times) or say(lang, "preferences.none_set")


def days_text(lang: Lang, wanted: Preferences) -> str:
    """The brief days: "trading days", or the weekdays named."""
    if set(wanted.days) >= {0, 1, 2, 3, 4}:
        return say(lang, "preferences.daily")
    return ", ".join(
        say(lang, f"preferences.{_DAYS[number]}") for number in wanted.days if number < len(_DAYS)
    )


def _switch(lang: Lang, on: bool) -> str:
    return say(lang, "preferences.on" if on else "preferences.off")


def _state(user: User, lang: Lang) -> str:
    if user.stage == "stopped":
        return say(lang, "preferences.stopped")
    if user.paused_until is not None:
        return say(lang, "preferences.paused", day=day(user.paused_until))
    return say(lang, "preferences.active")
