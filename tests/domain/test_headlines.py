"""One address a story, one story told once whatever the order, and headlines quoted as other people's words."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.grounding import check, days_in, facts_in
from services.domain.headlines import (
    KARACHI,
    as_announcements,
    canonical,
    may_be_quoted,
    same_story,
    settled,
    story_id,
    unique,
)
from services.domain.market import Fact
from services.domain.rows import NewsRow

NOON = datetime(2026, 8, 20, 12, 0, tzinfo=KARACHI)


def row(
    title: str, link: str = "", *, at: datetime = NOON, publisher: str = "Dawn", symbols: tuple[str, ...] = ()
) -> NewsRow:
    link = link or f"https://www.dawn.com/news/{abs(hash((title, publisher))) % 10**9 + 10**6}"
    return NewsRow(story_id(link), at, title, link, publisher, symbols)


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("https://www.dawn.com/news/2018392/uncertainty-in-gulf", "dawn.com/news/2018392"),
        ("http://dawn.com/news/2018392", "dawn.com/news/2018392"),
        ("https://www.dawn.com/news/amp/2018392", "dawn.com/news/2018392"),
        ("https://m.dawn.com/news/2018392/?utm_source=rss&utm_medium=x#comments", "dawn.com/news/2018392"),
        ("https://www.brecorder.com/news/40431871/oil-gas?fbclid=abc", "brecorder.com/news/40431871"),
        ("https://tribune.com.pk/story/2600001/some-words", "tribune.com.pk/news/2600001"),
        ("https://www.thenews.com.pk/print/1300000-some-words", "thenews.com.pk/news/1300000"),
        (
            "https://profit.pakistantoday.com.pk/2026/08/20/words/amp/",
            "profit.pakistantoday.com.pk/2026/08/20/words",
        ),
        (
            "https://profit.pakistantoday.com.pk/2026/08/20/words/?amp=1",
            "profit.pakistantoday.com.pk/2026/08/20/words",
        ),
        ("https://amp.arynews.tv/amp/words/", "arynews.tv/words"),
        ("https://www-dawn-com.cdn.ampproject.org/c/s/www.dawn.com/news/2018392", "dawn.com/news/2018392"),
        ("https://www.google.com/amp/s/www.dawn.com/news/2018392/amp", "dawn.com/news/2018392"),
        ("https://example.com//a//b/?b=2&a=1&gclid=7", "example.com/a/b?a=1&b=2"),
        ("https://example.com/?p=17", "example.com?p=17"),
        ("https://example.com/A", "example.com/A"),
        ("https://example.com:443/a", "example.com/a"),
        ("https://example.com/%D8%AE", "example.com/%D8%AE"),
        ("https://example.com/خ", "example.com/%D8%AE"),
    ],
)
def test_addresses(link: str, address: str) -> None:
    assert canonical(link) == address


def test_different_stories_keep_different_addresses() -> None:
    links = [
        "https://a.com/?p=1",
        "https://a.com/?p=2",
        "https://a.com/x",
        "https://a.com/X",
        "https://b.com/x",
        "https://a.com/news/1",
        "https://a.com/news/12",
    ]
    assert len({story_id(link) for link in links}) == len(links)


@settings(max_examples=60, deadline=None)
@given(
    st.from_regex(
        r"https?://(www\.|m\.|amp\.)?[a-z]{1,8}\.(com|pk)(/[A-Za-z0-9%._~-]{0,12}){0,5}/?(\?[a-z_]{1,9}=[a-z0-9]{0,4}(&utm_x=1)?)?",
        fullmatch=True,
    )
)
def test_an_address_of_an_address_is_itself(link: str) -> None:
    assert canonical("https://" + canonical(link)) == canonical(link)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SBP keeps policy rate unchanged at 11.5pc", "SBP keeps policy rate unchanged at 11.5%"),
        (
            "SBP keeps policy rate unchanged at 11.5 per cent",
            "SBP keeps policy rate unchanged at 11.5% - Business Recorder",
        ),
        ("OGDCL discovers gas in Kohat block", "OGDCL discovers gas in Kohat block | Dawn"),
        ("PSO posts Rs20.9bn profit in FY26", "PSO posts profit of Rs20.9 billion in FY26"),
        ("Govt cuts petrol price by Rs5 a litre", "Government cuts petrol prices by Rs5 per litre"),
        ("KSE-100 gains 500 points on IMF hopes", "KSE-100 rises 500 points on IMF hopes"),
        ("Fertiliser makers oppose new gas tariff plan", "Fertilizer makers oppose new gas tariff plan"),
        (
            "Cabinet approves sale of three power companies",
            "Cabinet approves sale of three power companies to Chinese firm",
        ),
    ],
)
def test_one_story_in_nearly_the_same_words(one: str, other: str) -> None:
    assert same_story(one, other)
    assert same_story(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KSE-100 gains 500 points", "KSE-100 gains 700 points"),
        ("KSE-100 gains 500 points on IMF hopes", "KSE-30 gains 500 points on IMF hopes"),
        ("KSE-100 gains 500 points on IMF hopes", "KSE-100 loses 500 points on IMF hopes"),
        (
            "HBL board declares interim cash dividend for shareholders",
            "UBL board declares interim cash dividend for shareholders",
        ),
        (
            "Cabinet approves gas price increase for industry",
            "Cabinet rejects gas price increase for industry",
        ),
        (
            "SBP to cut policy rate this month, say analysts",
            "SBP not to cut policy rate this month, say analysts",
        ),
        (
            "Lucky Cement approves expansion in Iraq this year",
            "Kohat Cement approves expansion in Iraq this year",
        ),
        ("PSO posts Rs20.9bn profit", "PSO posts Rs20.9mn profit"),
        ("Rupee weakens", "Gold weakens"),
        ("Exports rise 5pc in July", "Imports rise 5pc in July"),
        ("", ""),
        ("5", "5"),
    ],
)
def test_different_stories(one: str, other: str) -> None:
    assert not same_story(one, other)
    assert not same_story(other, one)


def test_the_earliest_source_is_kept() -> None:
    first = row(
        "Govt raises gas price for fertiliser plants by Rs50",
        publisher="Business Recorder",
        at=NOON - timedelta(hours=3),
    )
    later = row("Govt raises gas price for fertilizer plants by Rs50", publisher="Dawn")
    moved = row("Gas price raised", first.link + "?utm_source=x", at=NOON, publisher="Business Recorder")
    assert unique([later, moved, first]) == (first,)


def test_the_same_words_three_days_later_are_another_story() -> None:
    title = "Rupee closes lower against dollar in interbank market"
    old = row(title, "https://a.com/1", at=NOON - timedelta(hours=49))
    new = row(title, "https://a.com/2")
    assert unique([new, old]) == (old, new)
    near = row(title, "https://a.com/3", at=NOON - timedelta(hours=47))
    assert unique([new, near]) == (near,)


def test_a_few_words_without_a_figure_are_tomorrows_story_tomorrow() -> None:
    today, soon = (
        row("Oil prices fall", "https://a.com/1"),
        row("Oil prices down", "https://a.com/2", at=NOON + timedelta(hours=5)),
    )
    tomorrow = row("Oil prices fall", "https://a.com/3", at=NOON + timedelta(hours=24))
    assert unique([tomorrow, soon, today]) == (today, tomorrow)


WORDS = [
    "HBL",
    "UBL",
    "posts",
    "profit",
    "record",
    "gains",
    "falls",
    "500",
    "700",
    "points",
    "KSE-100",
    "dividend",
    "board",
    "bank",
]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(WORDS), min_size=1, max_size=8), st.integers(0, 9), st.integers(0, 72)
        ),
        max_size=25,
    ),
    st.integers(),
)
def test_the_order_of_arrival_changes_nothing(made: list[tuple[list[str], int, int]], seed: int) -> None:
    rows = [
        row(
            " ".join(words),
            f"https://a.com/{number}",
            at=NOON - timedelta(hours=hours),
            publisher=f"p{number}",
        )
        for words, number, hours in made
    ]
    mixed = rows[:]
    random.Random(seed).shuffle(mixed)
    kept = unique(rows)
    assert unique(mixed) == kept
    assert unique(kept) == kept
    assert len({each.id for each in kept}) == len(kept)
    assert {each.id for each in kept} <= {each.id for each in rows}


def test_a_feed_without_times_makes_nothing_new_again() -> None:
    before = row("IMF review due", at=NOON - timedelta(days=5))
    again = row("IMF review due", before.link, at=NOON)
    fresh = row("Budget passed", at=NOON)
    assert [each.at for each in settled([again, fresh], [before])] == [before.at, NOON]


def test_headlines_as_entries_of_the_book() -> None:
    both = row("OGDC, PPL sign accord worth Rs5.5bn", symbols=("OGDC", "PPL"), at=NOON)
    market = row('SBP says "no" to rate cut', at=NOON - timedelta(hours=1), publisher="Business Recorder")
    trash = row("Actor weds in Lahore", at=NOON)
    future = row("Budget on Friday", at=NOON + timedelta(days=1))
    entries = as_announcements([market, both, trash, future], date(2026, 8, 20))
    assert [(e.symbol, e.title, e.source, e.kind) for e in entries] == [
        ("OGDC", "“OGDC, PPL sign accord worth Rs5.5bn” (Dawn)", "Dawn", "notice"),
        ("PPL", "“OGDC, PPL sign accord worth Rs5.5bn” (Dawn)", "Dawn", "notice"),
        ("", "“SBP says ‘no’ to rate cut” (Business Recorder)", "Business Recorder", "notice"),
    ]
    assert entries[0].id == entries[1].id == f"news:{both.id}"


def test_an_evening_headline_belongs_to_karachis_day() -> None:
    late = row(
        "SBP cuts policy rate by 50bps", at=datetime(2026, 8, 20, 20, 0, tzinfo=KARACHI).astimezone(tz=None)
    )
    (entry,) = as_announcements([late], date(2026, 8, 20))
    assert entry.day == date(2026, 8, 20)


@pytest.mark.parametrize(
    "title",
    [
        "Buy HBL now, strong buy rating from brokers",
        "PSO price target raised to Rs500",
        "Index hits 13-month high at 8:45",
        "Rates cut by ⅐ of a point",
        "Hurry: last chance for rights shares",
    ],
)
def test_what_cannot_be_quoted_is_left_out(title: str) -> None:
    assert not may_be_quoted(row(title))
    assert as_announcements([row(title, symbols=("HBL",))], date(2026, 8, 20)) == ()


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120))
def test_whatever_is_told_passes_the_grounding_check(title: str) -> None:
    for entry in as_announcements([row(title, "https://a.com/1", symbols=("HBL",))], date(2026, 8, 20)):
        stem = Fact(f"record:{entry.id}", Decimal(0), "count", entry.symbol, NOON, entry.source)
        check(entry.title, facts_in(entry.title, stem), {entry.day, *days_in(entry.title, entry.day.year)})
