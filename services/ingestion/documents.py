"""Which questions ask for the same document: several addresses under one of which it lies."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from services.domain.sourcing import Question

ALTERNATIVE = "alternative"
"""The mark in ``Question.asked`` ("1") of an address that is another guess at the document asked for before it."""

INSTEAD = "instead_of"
"""The mark of a question that is asked only if those before it gave nothing, though it asks for another day's document."""

DAYS: Final = frozenset({"day", "date", "month", "from", "to", "date_from", "date_to", "date1", "date2"})
"""The names in ``Question.asked`` by which a question is about one day or span."""

Document = tuple[Question, ...]


def documents(questions: Sequence[Question]) -> list[Document]:
    """Questions by document, in order. Whether the first guess bears the mark as well makes no difference.

    A question with the first mark belongs to the one before it if both ask for the same (mark aside), one with the second
    in any case. The very same question twice is asked once.
    """
    return list(_grouped({repr(question): question for question in questions}.values()))


def about(question: Question) -> dict[str, str]:
    """What a question asks for, without the marks."""
    return {name: value for name, value in question.asked.items() if name not in {ALTERNATIVE, INSTEAD}}


def key_of(page: str, asked: Mapping[str, str]) -> str:
    """One word for a page with its parameters; the page's own name if it takes none."""
    return "&".join((page, *(f"{name}={asked[name]}" for name in sorted(asked))))


def lasting(key: str) -> bool:
    """Whether a page's key will be asked for again on other days: then what it held is worth keeping."""
    names = {part.partition("=")[0] for part in key.split("&")[1:]}
    return not names & DAYS


def _grouped(questions: Iterable[Question]) -> Iterator[Document]:
    group: list[Question] = []
    for question in questions:
        another_guess = ALTERNATIVE in question.asked and group and about(question) == about(group[0])
        if group and (another_guess or INSTEAD in question.asked):
            group.append(question)
            continue
        if group:
            yield tuple(group)
        group = [question]
    if group:
        yield tuple(group)
