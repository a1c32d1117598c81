"""Which addresses are asked on which day."""

from datetime import UTC, date, datetime

import pytest

from services.sources.sbp import READERS, easydata, sbp
from services.sources.sbp.easydata import SERIES
from services.sources.sbp.source import kibor_path, m2m_paths, working_days


@pytest.mark.parametrize(
    ("day", "paths"),
    [
        (date(2025, 8, 27), ["/assets/document/mark-to-market-revaluation-exchange-rate-27-Aug-25.pdf", "/ecodata/rates/m2m/2025/Aug/27-Aug-25.pdf"]),
        (date(2026, 6, 23), ["/assets/document/23-Jun-26.pdf", "/assets/document/mark-to-market-revaluation-exchange-rate-23-Jun-26.pdf"]),
        (date(2026, 7, 14), ["/assets/document/mark-to-market-revaluation-exchange-rate-14-july-2026.pdf", "/assets/document/14-Jul-26.pdf"]),
    ],
)  # fmt: skip
def test_the_sheet_has_had_these_addresses(day, paths):
    assert m2m_paths(day) == paths


def test_the_newest_day_first_and_only_one_question_that_is_no_alternative():
    page = next(page for page in sbp().pages if page.name == "sbp.m2m")
    monday_noon = datetime(2026, 7, 20, 12, tzinfo=UTC)  # 17:00 in Karachi
    asked = page.ask(monday_noon, ())
    assert [question.asked["day"] for question in asked] == ["2026-07-20"] * 2 + ["2026-07-17"] * 2 + [
        "2026-07-16"
    ] * 2
    assert [question.asked.get("instead_of", "") for question in asked] == ["", "0", "0", "0", "0", "0"]
    assert working_days(datetime(2026, 7, 20, 8, tzinfo=UTC)) == [
        date(2026, 7, 17),
        date(2026, 7, 16),
        date(2026, 7, 15),
    ]
    assert kibor_path(date(2026, 2, 4)) == "/ecodata/kibor/2026/Feb/Kibor-04-Feb-26.pdf"


def test_easydata_asks_with_its_key_in_the_query_alone():
    assert easydata("").pages == ()
    questions = easydata("k3y" * 13, "http://127.0.0.1:1").pages[0].ask(datetime(2026, 9, 10, tzinfo=UTC), ())
    assert len(questions) == len(SERIES)
    for question in questions:
        assert question.query["api_key"] == "k3y" * 13
        assert "k3y" not in question.path + str(question.asked)
        assert question.query["start_date"] < question.query["end_date"] == "2026-09-10"


def test_every_page_has_its_reader_and_a_licence():
    for spec in (sbp(), easydata("key")):
        assert spec.licence.endswith(".")
        assert all(READERS[page.name] is page.parse for page in spec.pages)
