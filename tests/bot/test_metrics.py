"""Counters for every channel, and no label that bears a person, a text, or a value without bounds."""

from typing import get_args

import pytest
from prometheus_client import REGISTRY, generate_latest

from bot.channels.codes import is_known
from bot.metrics import COUNTS, KINDS
from services.alarms import KINDS as ALARMS
from services.counts import UNCOUNTED, Duration, Happening, Level


@pytest.fixture(autouse=True)
def wired():
    COUNTS.know(alarms=ALARMS, codes=is_known)


def value(name, **labels):
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.mark.parametrize("channel", ["telegram", "twilio", "meta", "web", "terminal"])
def test_what_became_of_a_message_is_counted_by_channel_and_code(channel):
    before = value("marketbyte_sent_total", channel=channel, kind="accepted", code="")
    COUNTS.add("sent", channel=channel, kind="accepted")
    COUNTS.add("sent", channel=channel, kind="accepted", count=2)
    assert value("marketbyte_sent_total", channel=channel, kind="accepted", code="") == before + 3


@pytest.mark.parametrize(
    ("channel", "code", "shown"),
    [
        ("twilio", "63016", "63016"), ("meta", "131047", "131047"), ("telegram", "403 blocked", "403 blocked"),
        ("meta", "63016", "other"), ("twilio", "999999", "other"), ("meta", "+923001234567", "other"),
        ("telegram", "Forbidden: user 12345", "other"), ("twilio", "unset", "unset"), ("twilio", "x" * 200, "other"),
        ("meta", "آیشہ", "other"),
    ],
)  # fmt: skip
def test_only_codes_of_the_tables_are_labels(channel, code, shown):
    before = value("marketbyte_sent_total", channel=channel, kind="failed", code=shown)
    COUNTS.add("sent", channel=channel, kind="failed", code=code)
    assert value("marketbyte_sent_total", channel=channel, kind="failed", code=shown) == before + 1


def test_a_thousand_strange_values_make_one_series():
    for number in range(1000):
        COUNTS.add("received", channel=f"whatsapp:+92300{number}", kind=f"Ayesha {number}")
        COUNTS.add("status", channel="meta", kind=f"odd {number}", code=f"{number}77777")
        COUNTS.add("alarm", channel="meta", kind=f"odd {number}")
        COUNTS.level("waiting", number, kind=f"lane {number}")
        COUNTS.took("ack", 0.01, channel=f"chat {number}")
    shown = generate_latest().decode()
    assert "92300" not in shown
    assert "Ayesha" not in shown
    assert "odd" not in shown
    assert "lane 9" not in shown
    assert "chat 9" not in shown
    assert len(COUNTS._ready) < 200


def test_every_word_of_the_port_has_its_series():
    for what in get_args(Happening):
        for kind in sorted(KINDS[what]) or [""]:
            COUNTS.add(what, channel="meta", kind=kind)
            UNCOUNTED.add(what, channel="meta", kind=kind)
    for level in get_args(Level):
        COUNTS.level(level, 1)
        UNCOUNTED.level(level, 1)
    for duration in get_args(Duration):
        COUNTS.took(duration, 0.01, channel="meta")
        UNCOUNTED.took(duration, 0.01)
    shown = generate_latest().decode()
    for what in (*get_args(Happening), *get_args(Level), *get_args(Duration)):
        assert f"marketbyte_{what}" in shown
    assert 'kind="other"' not in "".join(
        line for line in shown.splitlines() if line.startswith("marketbyte_held") and 'channel="meta"' in line
    )


def test_a_level_is_what_was_set_last():
    COUNTS.level("breaker", 1, channel="twilio")
    assert COUNTS.stands("breaker", channel="twilio") == 1
    assert value("marketbyte_breaker", channel="twilio") == 1
    COUNTS.level("breaker", 0, channel="twilio")
    assert COUNTS.stands("breaker", channel="twilio") == 0
    assert COUNTS.stands("breaker", channel="meta") == 0


def test_sources_of_market_data_have_labels_of_their_own():
    COUNTS.know(alarms=ALARMS, codes=is_known, sources=("psx",))
    rows = "marketbyte_rows_total"
    before = {name: value(rows, source=name, kind="watch") for name in ("psx", "other")}
    fetched = value("marketbyte_fetched_total", source="psx", kind="ok")
    for source in ("psx", "http://user:pw@somewhere", "psx"):
        COUNTS.add("fetched", channel=source, kind="ok")
        COUNTS.add("rows", channel=source, kind="watch", count=495)
        COUNTS.took("refresh", 3.0, channel=source)
    COUNTS.level("newest", 1787225000.0, kind="watch")
    assert value("marketbyte_fetched_total", source="psx", kind="ok") == fetched + 2
    assert value(rows, source="psx", kind="watch") == before["psx"] + 990
    assert value(rows, source="other", kind="watch") == before["other"] + 495
    assert value("marketbyte_refresh_seconds_count", source="psx") >= 2
    assert value("marketbyte_newest", kind="watch") == 1787225000.0
    assert "somewhere" not in generate_latest().decode()
