"""The honest count: utterances that were written apart from the examples, and are not tuned on line by line."""

from pathlib import Path

from services.intents import Intents
from services.intents.evaluate import Score, score, utterances

HELD_OUT = Path(__file__).with_name("held_out.tsv")


async def _scored(intents: Intents) -> Score:
    rows = utterances(HELD_OUT.read_text(encoding="utf-8"))
    return score([(row, await intents.understand(row.text, row.lang)) for row in rows])


async def test_each_language_is_understood_well(intents: Intents) -> None:
    result = await _scored(intents)
    assert result.accuracy >= 0.93, result.confused.most_common(10)
    assert result.by_lang["en"] >= 0.88
    assert result.by_lang["roman"] >= 0.95
    assert result.by_lang["ur"] >= 0.95


async def test_details_are_read_where_the_intent_is_right(intents: Intents) -> None:
    assert (await _scored(intents)).details >= 0.95


async def test_nothing_is_destroyed_by_a_misunderstanding(intents: Intents) -> None:
    assert (await _scored(intents)).harm == ()


def test_the_table_is_large_and_covers_every_intent_in_every_language() -> None:
    rows = utterances(HELD_OUT.read_text(encoding="utf-8"))
    assert len(rows) >= 250
    assert len({(row.lang, row.intent) for row in rows}) == 26 * 3
