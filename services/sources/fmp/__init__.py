"""Financial Modeling Prep's "stable" API as a source: the American market's quotes, lists, history and calendar.

Its paths and fields are those of its documentation and of public programs that use it, as of 2026; the key goes as the
header ``apikey``, so it is in no address.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from typing_extensions import override

from services.domain.errors import BadSetting
from services.domain.sourcing import PageSpec, Parse, SourceSpec, When
from services.sources.fmp import asking
from services.sources.fmp.calendar import read_calendar, read_symbols
from services.sources.fmp.history import read_bars, read_splits
from services.sources.fmp.lists import read_movers, read_sectors
from services.sources.fmp.plans import Plan, plan
from services.sources.fmp.quotes import read_indices, read_quotes

BASE: Final = "https://financialmodelingprep.com/stable"
LICENCE: Final = (
    "Financial Modeling Prep's personal plans allow use by the key's holder only; showing its data to others needs a data "
    "display and licensing agreement with FMP."
)

READERS: Final[Mapping[str, Parse]] = {
    "fmp.quotes": read_quotes,
    "fmp.indices": read_indices,
    "fmp.movers": read_movers,
    "fmp.sectors": read_sectors,
    "fmp.eod": read_bars,
    "fmp.splits": read_splits,
    "fmp.calendar": read_calendar,
    "fmp.symbols": read_symbols,
}
"""Who reads which page; pure."""


class KeyHeader(Mapping[str, str]):
    """The header with the key, which no ``repr`` of a value that holds it shows."""

    def __init__(self, key: str) -> None:
        self._headers = {"apikey": key, "Accept": "application/json"}

    @override
    def __getitem__(self, name: str) -> str:
        return self._headers[name]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._headers)

    @override
    def __len__(self) -> int:
        return len(self._headers)

    @override
    def __repr__(self) -> str:
        return "KeyHeader(…)"


def fmp(key: str, base: str = BASE, *, plan_name: str = "starter") -> SourceSpec:
    """The source for one key.

    Args:
        key: FMP_API_KEY.
        base: FMP_BASE, up to and with "/stable".
        plan_name: FMP_PLAN: basic, starter, premium or ultimate.

    Raises:
        BadSetting: If the key is empty or the plan unknown.
    """
    if not key.strip() or not key.isascii() or not key.isprintable():
        raise BadSetting("FMP_API_KEY is empty or no key: see financialmodelingprep.com, dashboard, API keys")
    taken = plan(plan_name)
    return SourceSpec(
        name="fmp",
        title="Financial Modeling Prep",
        base=base,
        pages=_pages(taken),
        licence=LICENCE,
        pace=taken.pace,
        headers=KeyHeader(key.strip()),
        market="us",
    )


def _pages(taken: Plan) -> tuple[PageSpec, ...]:
    # A day of 250 requests has none for every half hour: then the close must do.
    often: tuple[When, ...] = ("close",) if taken.per_day else ("session", "close")
    return (
        PageSpec("fmp.quotes", "watch", asking.quotes(taken), read_quotes, often),
        PageSpec("fmp.indices", "indices", asking.indices(taken), read_indices, often),
        PageSpec("fmp.movers", "movers", asking.movers, read_movers, often),
        PageSpec("fmp.sectors", "sector_moves", asking.sectors, read_sectors, ("evening",)),
        PageSpec("fmp.eod", "bars", asking.bars(taken), read_bars, ("evening",)),
        PageSpec("fmp.splits", "actions", asking.splits(taken), read_splits, ("daily",), empty_ok=True),
        PageSpec("fmp.calendar", "events", asking.calendar, read_calendar, ("daily",)),
        PageSpec("fmp.symbols", "symbols", asking.symbols(taken), read_symbols, ("daily",)),
    )
