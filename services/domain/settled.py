"""An operator's settlement of a jump as a document: kept with the raw pages, and read again when the lake is made anew."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from services.domain.errors import BrokenPage
from services.domain.rows import ActionRow

SETTLEMENT = "settlement"
"""The name of such a document among raw pages."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What was said of a jump, when, by whom, and the actions that came of it."""

    symbol: str
    day: date
    words: str
    by: str
    at: datetime
    rows: tuple[ActionRow, ...]


def settlement_bytes(settled: Settled) -> bytes:
    """The same settlement gives the same bytes."""
    told = {
        "symbol": settled.symbol,
        "day": settled.day.isoformat(),
        "words": settled.words,
        "by": settled.by,
        "at": settled.at.isoformat(),
        "rows": [{**asdict(row), "ex_date": row.ex_date.isoformat()} for row in settled.rows],
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


def settlement_rows(body: bytes) -> Sequence[ActionRow]:
    """The actions of a settlement.

    Raises:
        BrokenPage: The bytes are no settlement.
    """
    try:
        told = json.loads(body)["rows"]
        return tuple(ActionRow(**{**row, "ex_date": date.fromisoformat(row["ex_date"])}) for row in told)
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenPage("this is no settlement of a jump", page=SETTLEMENT) from error
