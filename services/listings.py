"""What is listed beyond the market book: a share under a code it gave up, or one of which our data have no price."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from services.domain.market import MarketBook
from services.domain.renames import current_code
from services.domain.rows import NavRow, Symbol
from services.market_store import Instruments
from services.ports import Clock, MarketData

LONGEST = 80  # letters of a name
BEFORE = date(1947, 8, 14)
"""The day that the book's own listings bear: any list that a source brings is newer and says more."""


@dataclass(frozen=True, slots=True)
class Known:
    """An instrument that is listed. ``priced``: the market book holds it; ``former``: it was asked for by a code given up."""

    code: str
    name: str
    priced: bool
    former: bool = False


class Listings:
    """Point reads by code, former code, alias or full name.

    Args:
        instruments: Symbols and funds with their names.
        market: Its book's own names are brought there too.
        clock: A code given up later still stands.
    """

    def __init__(self, instruments: Instruments, market: MarketData, clock: Clock) -> None:
        self._instruments = instruments
        self._market = market
        self._clock = clock
        self._brought = ""

    async def bring(self) -> int:
        """Bring the book's shares and funds, once a book; returns how many listings were new or changed."""
        book = await self._market.book()
        if book.version == self._brought:
            return 0
        changed = await self._instruments.seed(*_listed(book), _aliases(book))
        self._brought = book.version
        return changed

    async def find(self, name: str) -> Known | None:
        """What goes by this name; None if nothing does, or several do: it is never guessed.

        Raises:
            Unavailable: The database does not answer.
        """
        await self.bring()
        book, asked, today = await self._market.book(), name.strip()[:LONGEST], self._clock.now().date()
        share = await self._instruments.symbol(asked, today)
        if share is not None:
            code = share.symbol.symbol
            former = current_code(asked.upper(), today) != asked.upper()
            return Known(code, share.symbol.name or code, code in book.quotes, former)
        fund = await self._instruments.fund(asked)
        if fund is None:
            return None
        code = next((code for code, held in book.funds.items() if held.name == fund.fund), "")
        return Known(code or fund.fund, fund.fund, bool(code) and book.funds[code].nav is not None)


def _listed(book: MarketBook) -> tuple[list[Symbol], list[NavRow]]:
    """The book's own shares and funds as rows."""
    etfs = {fund.price_symbol for fund in book.funds.values() if fund.price_symbol}
    shares = [
        Symbol(share.symbol, BEFORE, share.name, share.sector, is_etf=share.symbol in etfs)
        for share in book.shares.values()
    ]
    funds = [
        NavRow(fund.name, BEFORE, "", fund.category, None)
        for fund in book.funds.values()
        if fund.kind == "mutual"
    ]
    return shares, funds


def _aliases(book: MarketBook) -> dict[str, list[str]]:
    """Other names by code, and by full name for a fund; the book has them the other way about."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, codes in book.aliases.items():
        for code in codes:
            fund = book.funds.get(code)
            found[fund.name if fund is not None and fund.kind == "mutual" else code].append(name)
    return found
