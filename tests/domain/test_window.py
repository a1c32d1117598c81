"""The window shuts five minutes early, to the second, whatever zone the times are written in."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.window import is_open

HEARD = datetime(2026, 8, 19, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "minutes", "seconds", "free"),
    [
        (0, 0, 0, True),
        (23, 54, 59, True),
        (23, 55, 0, False),
        (23, 55, 1, False),
        (23, 59, 30, False),
        (24, 0, 1, False),
        (48, 0, 0, False),
    ],
)
def test_the_window_shuts_five_minutes_before_24_hours(hours, minutes, seconds, free):
    now = HEARD + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    assert is_open(HEARD, now) is free
    assert is_open(HEARD.astimezone(ZoneInfo("Asia/Karachi")), now) is free


def test_who_never_wrote_is_sent_a_template_only():
    assert is_open(None, HEARD) is False


def test_a_providers_clock_that_runs_ahead_does_not_shut_the_window():
    assert is_open(HEARD + timedelta(seconds=90), HEARD)


@given(st.integers(0, 3 * 86_400), st.integers(0, 3 * 86_400))
def test_once_shut_it_stays_shut_until_they_write(first, later):
    first, later = sorted((first, later))
    if not is_open(HEARD, HEARD + timedelta(seconds=first)):
        assert not is_open(HEARD, HEARD + timedelta(seconds=later))
