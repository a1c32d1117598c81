"""What operators read stays within one WhatsApp message, hides nothing silently, and says what to do."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from services.domain.calendar import KARACHI
from services.domain.corporate_actions import Jump
from services.wording.layouts.admin import source_text, sources_text, status_text
from services.wording.layouts.holiday import changed_text, planned_text
from services.wording.layouts.quarantine import pages_of, quarantine_text

NOW = datetime(2026, 8, 20, 18, 0, tzinfo=KARACHI)
ONE_MESSAGE = 1600  # Twilio's


def runs():
    """Two days of a bot with sources, newest first, as the database tells them."""
    found = [
        (f"refresh:session:2026-08-{day}:{hour:02}:{minute:02}", datetime(2026, 8, day, hour, minute, 3, tzinfo=KARACHI))
        for day in (19, 20) for hour in range(9, 17) for minute in (0, 30)
    ]  # fmt: skip
    found += [
        ("refresh:close:2026-08-20:16:00", datetime(2026, 8, 20, 16, 40, tzinfo=KARACHI)),
        ("refresh:evening:2026-08-19:18:00", datetime(2026, 8, 19, 18, 45, tzinfo=KARACHI)),
        ("brief:2026-08-20:09:00", datetime(2026, 8, 20, 9, 0, tzinfo=KARACHI)),
        ("brief:2026-08-20:09:00:done", datetime(2026, 8, 20, 9, 2, tzinfo=KARACHI)),
        ("brief:2026-08-20:17:00", datetime(2026, 8, 20, 17, 0, tzinfo=KARACHI)),
    ]
    return sorted(((slot, at.astimezone(UTC)) for slot, at in found), key=lambda run: run[1], reverse=True)


def test_fetches_are_one_line_of_the_status_and_briefs_are_seen():
    text = status_text(
        now=NOW, up_since=NOW, data="d", paused=False, counts=({"active": 3}, {}), runs=runs(), tickets=0
    )
    assert text.endswith(
        "Last runs:\n"
        "• brief:2026-08-20:17:00 at 20 Aug 2026 17:00\n"
        "• brief:2026-08-20:09:00 at 20 Aug 2026 09:00, done 09:02\n"
        "• market data fetched: close 16:40, session 16:30, evening 19 Aug 2026 18:45 (/sources)"
    )


@dataclass
class State:
    """A source as it stands."""

    name: str
    condition: str = "ok"
    detail: str = ""
    succeeded: datetime | None = None
    next_try: datetime | None = None
    title: str = ""
    failures: int = 0
    licence: str = ""
    tried: datetime | None = None


def test_each_source_is_named_and_what_to_do_about_those_that_are_off():
    at = NOW - timedelta(minutes=20)
    states = [
        State("sbp", "off", "add sbp to MARKETBYTE_SOURCES"),
        State("psx", "ok", "", at),
        State("mufap", "gated", "answered 403", NOW - timedelta(days=1), NOW + timedelta(hours=2)),
    ]
    assert sources_text(states, NOW) == (
        "*Sources* 1 gated, 1 ok\n"
        "• mufap: gated, 19 Aug 2026 18:00, again at 20:00 (answered 403)\n"
        "• psx: ok, 17:40\n"
        "• sbp: off (add sbp to MARKETBYTE_SOURCES)\n"
        "All of one: /sources mufap"
    )
    assert "none" in sources_text([], NOW)


def test_many_sources_in_trouble_are_one_message_and_all_of_one_is_told_in_full():
    long = "psx.eod for " + " ".join(f"S{n}" for n in range(60)) + ": column CLOSE, row 3 is no number"
    on = [
        State(f"source{n}", "failing", long, NOW - timedelta(days=2), NOW + timedelta(hours=1))
        for n in range(9)
    ]
    off = [
        State(
            f"absent{n}", "off", "ask the owner of the data and set the key that they gave in SOME_LONG_KEY"
        )
        for n in range(6)
    ]
    text = sources_text([*on, *off], NOW)
    assert len(text) <= ONE_MESSAGE
    assert all(state.name in text for state in (*on, *off))
    assert "off (6): absent0, absent1" in text
    assert "…)" in text, "what is cut says so"
    one = State(
        "psx",
        "failing",
        long,
        NOW,
        NOW + timedelta(hours=1),
        "Pakistan Stock Exchange",
        4,
        "Needs a licence.",
        NOW,
    )
    assert source_text(one, NOW) == (
        "*Pakistan Stock Exchange*: failing\nasked 20 Aug 2026 18:00\nanswered 20 Aug 2026 18:00\n"
        f"asked again 20 Aug 2026 19:00\n4 visits in a row without success\n{long}\n_Needs a licence._"
    )


def jumps(count: int) -> list[Jump]:
    """As long as a line gets: a long symbol, a split that would fit."""
    days = [date(2026, 8, 20) - timedelta(n) for n in range(count)]
    return [
        Jump(f"LONGNM{n:03}", day, day - timedelta(1), 12345.5, 2469.1, 12345.5, 1234.5, (), "unexplained")
        for n, day in enumerate(days)
    ]


@pytest.mark.parametrize("count", [0, 1, 12, 13, 120])
def test_every_jump_is_on_one_of_the_pages_and_each_is_one_message(count):
    found = jumps(count)
    pages = [quarantine_text(found, 3, page) for page in range(1, pages_of(count) + 1)]
    assert max(map(len, pages)) <= ONE_MESSAGE
    assert all(sum(f"• {jump.symbol} " in page for page in pages) == 1 for jump in found)
    assert [f"/quarantine page {n + 1}" in page for n, page in enumerate(pages, 1)] == [True] * (
        len(pages) - 1
    ) + [False]
    if count == 120:
        assert pages[1].startswith("*Quarantine* (120, page 2 of 10): jumps")
    assert "The next: /quarantine HBL page 2" in quarantine_text(jumps(13), 0, 1, "HBL")


def test_days_are_in_their_order_and_old_ones_are_counted():
    closed = {date(2026, 8, 1): "Rain", date(2026, 8, 25): "Storm", date(2026, 7, 1): "Heat"}
    text = planned_text(closed, (date(2026, 8, 24),), (), date(2026, 8, 20))
    assert text == "*Holidays you declared*\n• 24 Aug 2026: open\n• 25 Aug 2026: Storm\n• 2 earlier days"
    assert planned_text({date(2026, 8, 1): "Rain"}, (), (), date(2026, 8, 20)).endswith(
        "• none ahead\n• 1 earlier day"
    )


def test_one_is_not_many():
    from services.domain.dated_days import Ahead

    ahead = Ahead(date(2026, 8, 24), tentative=False)
    told = changed_text(date(2026, 8, 21), told=1, cancelled=1, ahead=ahead, changed=True)
    assert "1 user with a brief due that day is told. 1 waiting brief of that day was taken back." in told
    told = changed_text(date(2026, 8, 21), told=2000, cancelled=2, ahead=ahead, changed=True)
    assert (
        "2,000 users with a brief due that day are told. 2 waiting briefs of that day were taken back."
        in told
    )
