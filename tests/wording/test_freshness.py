"""What a brief says of figures that are older than they should be, and where it says so."""

from dataclasses import replace
from datetime import datetime

import pytest

from services.domain.calendar import KARACHI
from services.domain.freshness import RULES, Freshness
from services.wording.layouts.freshness import stale_line
from services.wording.layouts.personal_brief import brief_source, source_line
from tests.fakes.books import small_book

FLOWS = Freshness("flows", datetime(2026, 8, 18, tzinfo=KARACHI), "NCCPL", "stale")
WATCH = Freshness("watch", datetime(2026, 8, 20, 11, 5, tzinfo=KARACHI), "PSX", "stale")
NEWS = Freshness("news", None, "feeds", "missing")


def test_it_names_the_kind_and_its_day():
    assert stale_line("en", (WATCH, FLOWS, NEWS)) == (
        "Not up to date: prices (20 Aug 2026, 11:05), foreign and local flows (18 Aug 2026), news (none)"
    )
    assert stale_line("roman", (FLOWS,)).startswith("Taaza nahin: ")
    assert stale_line("ur", (FLOWS, NEWS)).startswith("تازہ نہیں: ")
    assert stale_line("en", ()) == ""


def test_bars_and_watch_are_both_prices_and_many_kinds_are_counted():
    bars = Freshness("bars", WATCH.as_of, "PSX", "stale")
    assert stale_line("en", (WATCH, bars)).count("prices") == 1
    many = tuple(
        Freshness(kind, None, "x", "missing") for kind in ("bars", "navs", "flows", "fx", "news", "holdings")
    )
    assert stale_line("en", many).endswith(", 2 more")


@pytest.mark.parametrize("lang", ["en", "ur", "roman"])
def test_every_kind_that_can_be_stale_has_words(lang):
    for kind in RULES:
        if RULES[kind] != type(RULES[kind])():
            assert stale_line(lang, (Freshness(kind, None, "x", "missing"),))


@pytest.mark.parametrize("lang", ["en", "ur", "roman"])
def test_a_briefs_source_line_leads_with_it(lang):
    book = small_book()
    assert brief_source(book, lang) == source_line(book, lang)
    old = replace(book, stale=(FLOWS,))
    assert brief_source(old, lang) == f"{stale_line(lang, (FLOWS,))} · {source_line(book, lang)}"
    assert source_line(old, lang) == source_line(book, lang), "a chart's footer has no room for it"
