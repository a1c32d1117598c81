"""Whose clock an hour is told by: Karachi's without a word, New York's with its name; in every language."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from services.domain.campaigns import Campaign, DryRun, Lane
from services.domain.conversation import LANGUAGES, Address
from services.domain.users import Preferences, User
from services.sources.clock import TickingClock
from services.wording import say
from services.wording.layouts.admin import alarm_text, status_text
from services.wording.layouts.campaigns import announced_text, dry_run_reply, dry_run_text
from services.wording.layouts.preferences import settings_text
from services.wording.layouts.zones import hours_text, zone_name
from services.wording.numbers import clock

NEW_YORK, KARACHI = ZoneInfo("America/New_York"), ZoneInfo("Asia/Karachi")
THERE = TickingClock(datetime(2026, 11, 23, 8, 5, tzinfo=NEW_YORK), NEW_YORK).now()
HERE = TickingClock(datetime(2026, 8, 20, 9, 0, tzinfo=KARACHI)).now()
USUAL = (time(9), time(17))


def test_an_hour_is_told_by_the_clock_it_bears():
    close = datetime(2026, 11, 20, 16, tzinfo=NEW_YORK)
    assert clock(close) == "16:00"
    assert clock(THERE) == "08:05"
    assert clock(close.astimezone(UTC)) == "02:00"  # bears none: Karachi's
    assert clock(close.astimezone(UTC), NEW_YORK) == "16:00"
    assert clock(time(9)) == "09:00"


@pytest.mark.parametrize(
    ("lang", "there", "here"),
    [
        ("en", "New York time", "Karachi time"),
        ("ur", "نیویارک کا وقت", "کراچی کا وقت"),
        ("roman", "New York ka waqt", "Karachi ka waqt"),
    ],
)
def test_the_zone_by_name(lang, there, here):
    assert (zone_name(lang, THERE), zone_name(lang, HERE)) == (there, here)
    for key in ("onboarding.times", "preferences.times_ask"):
        assert there in say(lang, key, zone=zone_name(lang, THERE))
        assert here in say(lang, key, zone=zone_name(lang, HERE))
    assert hours_text(lang, USUAL, THERE).endswith(f"17:00 ({there})")
    assert hours_text(lang, USUAL, HERE).endswith("17:00")
    assert hours_text(lang, (), THERE) == ""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_settings_say_whose_hours_they_are(lang):
    user = User("u", (Address("web", "x"),), THERE, stage="active", preferences=Preferences(lang=lang))
    assert zone_name(lang, THERE) in settings_text(user, THERE).text
    assert zone_name(lang, HERE) not in settings_text(user, HERE).text
    none = User("u", (Address("web", "x"),), THERE, preferences=Preferences(lang=lang, times=()))
    assert zone_name(lang, THERE) not in settings_text(none, THERE).text


def test_operators_read_new_yorks_hours():
    run = ("brief:2026-11-23:market:05:00", datetime(2026, 11, 23, 10, 0, tzinfo=UTC))
    text = status_text(
        now=THERE, up_since=THERE, data="d", paused=False, counts=({}, {}), runs=(run,), tickets=0
    )
    assert text.startswith("*Status* 23 Nov 2026 08:05 (New York time)\n")
    assert "market:05:00 at 23 Nov 2026 05:00" in text
    assert "23 Nov 2026 08:05" in alarm_text("market", "x", THERE)


def test_an_announcement_at_night_says_new_yorks_morning():
    begins = datetime(2026, 11, 24, 7, tzinfo=NEW_YORK)
    run = DryRun((Lane("telegram", inside=3),), begins)
    assert "it starts at 07:00 on 24 Nov 2026" in dry_run_text(run, "hello")
    assert dry_run_reply(run, "hello", "step/x").buttons[0].title == "Send at 07:00"
    campaign = Campaign("announce:x", "announcement", THERE, composed=True)
    assert "It starts at 07:00 on 24 Nov 2026." in announced_text(campaign, begins)
