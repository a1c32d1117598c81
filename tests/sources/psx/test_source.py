"""The portal as a source: what is asked, how, and by whom it is read."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.domain.records import KEYS, ROWS
from services.sources.psx.source import BASE, READERS, SPEC, last_close, month_of_history, psx, whole_history

KARACHI = ZoneInfo("Asia/Karachi")
EVENING = datetime(2026, 10, 14, 18, 0, tzinfo=KARACHI)
PAGES = {page.name: page for page in SPEC.pages}


def asked(name: str, *symbols: str, moment: datetime = EVENING):
    return list(PAGES[f"psx.{name}"].ask(moment, symbols))


def test_every_reader_has_its_page():
    assert set(PAGES) == set(READERS)
    assert all(
        page.parse is READERS[page.name] and page.kind in ROWS and page.kind in KEYS for page in SPEC.pages
    )


def test_the_source_is_gentle_and_says_what_its_owner_permits():
    assert (SPEC.base, SPEC.name, SPEC.market) == (BASE, "psx", "psx")
    assert SPEC.pace.every >= 1
    assert "licence" in SPEC.licence
    fake = psx("http://127.0.0.1:9")
    assert (fake.base, fake.headers["Referer"]) == ("http://127.0.0.1:9", "http://127.0.0.1:9/")
    assert fake.headers["X-Requested-With"] == "XMLHttpRequest"


def test_a_page_of_everything_is_asked_once_and_one_of_a_symbol_for_each():
    for name in (
        "market_watch",
        "indices",
        "sector_summary",
        "screener",
        "symbols",
        "trading_board",
        "trading_panel",
    ):
        assert len(asked(name, "HBL", "LUCK")) == 1
    assert [question.path for question in asked("eod", "HBL", "786")] == [
        "/timeseries/eod/HBL",
        "/timeseries/eod/786",
    ]
    assert asked("company", "HBL")[0].asked == {"symbol": "HBL"}
    assert asked("intraday") == []


def test_forms():
    (month,) = asked("historical", "LUCK")
    assert month.form == {"month": "10", "year": "2026", "symbol": "LUCK"}
    assert whole_history(["LUCK"])[0].form == {"symbol": "LUCK"}
    assert month_of_history(2025, 3, ["LUCK"])[0].asked == {"symbol": "LUCK", "month": "2025-03"}
    companies, more, exchange = asked("announcements")
    assert (companies.form["type"], companies.form["offset"], more.form["offset"], exchange.form["type"]) == (
        "C",
        "0",
        "100",
        "E",
    )
    assert (companies.form["date_from"], companies.form["date_to"]) == ("2026-10-13", "2026-10-14")
    assert asked("company_payouts", "LUCK")[0].form == {"symbol": "LUCK"}
    assert {question.asked["index"] for question in asked("index_constituents")} >= {
        "KSE100",
        "KMIALLSHR",
        "ALLSHR",
    }


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-10-14T18:00", date(2026, 10, 14)),
        ("2026-10-14T16:59", date(2026, 10, 13)),
        ("2026-10-12T09:00", date(2026, 10, 9)),
        ("2026-10-11T23:00", date(2026, 10, 9)),
        ("2026-10-10T02:00", date(2026, 10, 9)),
    ],
)
def test_files_are_asked_of_the_last_close(moment, day):
    at = datetime.fromisoformat(moment).replace(tzinfo=KARACHI)
    assert last_close(at) == last_close(at.astimezone(ZoneInfo("UTC"))) == day
    (file,) = asked("market_summary", moment=at)
    assert (file.path, file.asked) == (f"/download/mkt_summary/{day}.Z", {"day": day.isoformat()})
    (rates,) = asked("closing_rates", moment=at)
    assert rates.path == f"/download/closing_rates/{day}.pdf"
