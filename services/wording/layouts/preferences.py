"""A person's settings in words."""

from datetime import date, datetime

from services.domain.conversation import Button, Lang, Text
from services.domain.profiles import PSX, Profile, market_of
from services.domain.users import Preferences, User
from services.wording.layouts.zones import hours_text
from services.wording.numbers import day
from services.wording.sentences import say, say_of

_LANGUAGE_NAMES = {"en": "English", "ur": "اردو", "roman": "Roman Urdu"}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def settings_text(user: User, now: datetime) -> Text:
    """All settings and whether scheduled messages come as of ``now``, a time in the market's zone."""
    wanted, lang = user.preferences, user.preferences.lang
    market = market_of(now)
    shown = say_of(
        market,
        lang,
        "preferences.shown",
        language=_LANGUAGE_NAMES[lang],
        times=times_text(lang, wanted, now),
        days=days_text(lang, wanted),
        voice=_switch(lang, wanted.voice),
        charts=_switch(lang, wanted.charts),
        shariah=_switch(lang, wanted.shariah),
        state=_state(user, lang, now.date()),
    )
    unlisted = wanted.shariah and not market.shariah_list
    return Text(f"{shown}\n\n{say(lang, 'elsewhere.shariah')}" if unlisted else shown)


def settings_buttons(user: User, market: Profile = PSX) -> tuple[Button, ...]:
    """Each switch the other way round that a market has, the times, the days, and the other languages."""
    wanted, lang = user.preferences, user.preferences.lang
    switches = (("voice", wanted.voice), ("charts", wanted.charts), ("shariah", wanted.shariah))
    flips = (
        Button(say(lang, f"preferences.{name}_{turned}"), f"settings?setting={name}&value={turned}")
        for name, now in switches
        for turned in ("off" if now else "on",)
        if name != "shariah" or market.shariah_list
    )
    asked = (
        Button(say(lang, f"preferences.change_{name}"), f"settings?setting={name}")
        for name in ("times", "days")
    )
    return (*flips, *asked, *language_buttons(lang))


def language_buttons(lang: Lang) -> tuple[Button, ...]:
    """The languages that are not spoken now, each by its own name."""
    return tuple(
        Button(name, f"settings?setting=lang&value={code}")
        for code, name in _LANGUAGE_NAMES.items()
        if code != lang
    )


def times_text(lang: Lang, wanted: Preferences, now: datetime) -> str:
    """The brief times: "09:00, 17:00", with the clock's name where one must say which."""
    return hours_text(lang, wanted.times, now) or say(lang, "preferences.none_set")


def days_text(lang: Lang, wanted: Preferences) -> str:
    """The brief days: "trading days", or the weekdays named."""
    if set(wanted.days) >= {0, 1, 2, 3, 4}:
        return say(lang, "preferences.daily")
    named = (say(lang, f"preferences.{_DAYS[number]}") for number in wanted.days if number < len(_DAYS))
    return _and(lang).join(named) or say(lang, "preferences.none_set")


def _and(lang: Lang) -> str:
    return "، " if lang == "ur" else ", "


def _switch(lang: Lang, on: bool) -> str:
    return say(lang, "preferences.on" if on else "preferences.off")


def _state(user: User, lang: Lang, today: date) -> str:
    if user.stage == "stopped":
        return say(lang, "preferences.stopped")
    if user.stage != "active":
        return say(lang, "preferences.not_begun")
    if user.paused_until is not None and user.paused_until >= today:
        return say(lang, "preferences.paused", day=day(user.paused_until))
    return say(lang, "preferences.active" if user.preferences.times else "preferences.none_set")
