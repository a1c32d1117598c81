"""Questions that stand for one another are one document; the first that can be read counts."""

from datetime import UTC, datetime

from services.domain.sourcing import Question
from services.ingestion.documents import about, documents
from services.sources.sbp import sbp


def asked(path: str, day: str, **marks: str) -> Question:
    return Question(path, asked={"day": day, **marks})


def test_other_addresses_of_one_document_belong_together_whether_the_first_is_marked_or_not():
    for first in ({}, {"alternative": "1"}):
        found = documents(
            [asked("/a", "1", **first), asked("/b", "1", alternative="1"), asked("/a2", "2", **first)]
        )
        assert [[question.path for question in group] for group in found] == [["/a", "/b"], ["/a2"]]


def test_another_days_document_may_stand_in():
    found = documents([asked("/a", "2"), asked("/b", "1", instead_of="0"), asked("/c", "2")])
    assert [[question.path for question in group] for group in found] == [["/a", "/b"], ["/c"]]
    assert about(found[0][1]) == {"day": "1"}


def test_the_state_bank_is_asked_for_one_sheet_of_each_kind():
    moment = datetime(2026, 7, 20, 12, tzinfo=UTC)
    sheets = {page.name: documents(page.ask(moment, ())) for page in sbp().pages}
    assert {name: len(groups) for name, groups in sheets.items() if name in {"sbp.m2m", "sbp.kibor"}} == {
        "sbp.m2m": 1,
        "sbp.kibor": 1,
    }
