"""The pieces of reading: figures, sectors, families of words, hints."""

from decimal import Decimal
from pathlib import Path

import pytest

from services.domain.amounts import find
from services.domain.intents import INTENTS
from services.domain.letters import fold
from services.intents.figures import figures
from services.intents.lexicon import CUES, SECTORS, cues_of, sectors_in
from services.intents.patterns import bits, hints, rules
from services.intents.training import examples

MARKS = {"name", "weights", "pct", "num", "amt", "time", "sector", "short", "onlynames", "question"}


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("5 lakh", [500_000]),
        ("Rs 2,50,000", [250_000]),
        ("dhai crore", [25_000_000]),
        ("2 lakh 50 hazar", [250_000]),
        ("1 lakh aur 2 lakh", [100_000, 200_000]),
        ("50k", [50_000]),
        ("پانچ لاکھ روپے", [500_000]),
        ("LUCK 500", []),
    ],
)
def test_amounts(text: str, amounts: list[int]) -> None:
    assert list(find(text)) == [Decimal(value) for value in amounts]
    assert figures(fold(text)).masked.count("@amt") >= len(amounts)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mebl 40% luck 60", "mebl @pct luck @num"),
        ("at 8:30 and 5 pm", "at @time and @time"),
        ("subah 8 baje", "@time"),
        ("10 lakh ka 5 fisad", "@amt ka @pct"),
    ],
)
def test_figures_are_masked_by_kind(text: str, masked: str) -> None:
    assert " ".join(figures(fold(text)).masked.split()) == masked


@pytest.mark.parametrize(
    ("text", "code"),
    [("oil and gas sector", "0820"), ("oil marketing companies", "0821"), ("banking", "0807"), ("بینکنگ سیکٹر", "0807"),
     ("textile spinning", "0830"), ("cheeni", "0826"), ("فارما", "0823")],
)  # fmt: skip
def test_sectors_by_what_they_are_called(text: str, code: str) -> None:
    assert [found for found, _, _ in sectors_in(tuple(fold(text).split()))] == [code]


def test_every_sector_code_is_one_of_the_exchange() -> None:
    listed = Path("/work/shared/data/symbols/psx_sectors.csv")
    codes = (
        {line.split(",")[0] for line in listed.read_text().splitlines()[1:]}
        if listed.exists()
        else set(SECTORS)
    )
    assert set(SECTORS) <= codes | {"0839"}, "0839 was added by the exchange in August 2026"


def test_a_slip_of_the_finger_keeps_the_family() -> None:
    assert "news" in cues_of("announcment")
    assert "dividend" in cues_of("dividnd")
    assert cues_of("zzzzzz") == ()


def test_hints_name_only_cues_and_marks_that_exist() -> None:
    assert set(bits()) <= set(CUES) | MARKS
    assert {name[2:].split(" ")[0] for name, _, _, _ in rules()} <= set(INTENTS)


def test_hints_hold_only_when_all_conditions_do() -> None:
    assert "v:explain" in hints({"why", "name"})
    assert "v:explain" not in hints({"name"})
    assert "v:remove_holding" not in hints({"remove", "name", "alert-word"})


def test_examples_cover_every_intent_in_every_language() -> None:
    given = examples()
    assert {(e.lang, e.intent) for e in given} == {
        (lang, i) for lang in ("en", "roman", "ur") for i in INTENTS
    }
    assert len(given) == len({(e.lang, e.text) for e in given}), "an example stands twice"


def test_held_out_utterances_are_no_examples() -> None:
    known = {e.text.casefold() for e in examples()}
    held = Path(__file__).with_name("held_out.tsv").read_text(encoding="utf-8").splitlines()
    assert not [line for line in held if line.split("\t")[2].casefold() in known]
