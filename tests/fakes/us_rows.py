"""Rows of the American market as FMP's fake answers them, read by the house's own readers: for a book without a network."""

from datetime import UTC, datetime

import orjson

from services.domain.sourcing import Page, SourceSpec
from services.domain.us_frame import UsRows
from services.sources.fmp import fmp
from tests.fakes.fmp import SHARES, FakeFmp

NOW = datetime(2026, 11, 20, 22, 15, tzinfo=UTC)  # a Friday, 17:15 in New York
_PLACES = {
    "fmp.quotes": "quotes", "fmp.indices": "indices", "fmp.eod": "bars", "fmp.movers": "movers",
    "fmp.calendar": "events", "fmp.symbols": "symbols", "fmp.splits": "actions",
}  # fmt: skip


def us_rows(now: datetime = NOW, *, symbols=tuple(SHARES), leave_out=()) -> UsRows:
    """Everything a whole visit would bring, without the pages ``leave_out``."""
    fake, source = FakeFmp(now=now), fmp("fmp-key", plan_name="premium")
    found = {}
    for spec in source.pages:
        if spec.name in _PLACES and spec.name not in leave_out:
            found[_PLACES[spec.name]] = [
                row for page in _pages(fake, source, spec, now, symbols) for row in spec.parse(page)
            ]
    return UsRows(**found)


def _pages(fake: FakeFmp, source: SourceSpec, spec, now, symbols):
    for question in spec.ask(now, symbols):
        body = orjson.dumps(fake._answer(question.path, dict(question.query)))
        yield Page(spec.name, body, now, asked=question.asked)
