"""What is known of names when a file is read: the tickers there are, and whose names they stand for."""

from collections.abc import Callable
from dataclasses import dataclass

from services.domain.instruments import Directory
from services.domain.market import MarketBook

TICKER = "ticker:"
"""Before a company's name among what is noted with the raw bytes."""


@dataclass(frozen=True, slots=True)
class Known:
    """Tickers, and the directory of names if the file may bear some; nothing where no market is known yet."""

    symbols: frozenset[str] = frozenset()
    directory: Directory | None = None

    def noting(self, asked: dict[str, str]) -> Callable[[str], str]:
        """Tickers of names, where they are certain; each answer is noted in ``asked``."""

        def ticker(name: str) -> str:
            found = name.upper() if name.upper() in self.symbols else ""
            if not found and self.directory is not None:
                codes = self.directory.candidates(name)
                found = codes[0] if len(codes) == 1 and codes[0] in self.symbols else ""
            if found and found != name:
                asked[TICKER + name] = found
            return found

        return ticker


def symbols_of(book: MarketBook) -> frozenset[str]:
    """Everything of a book that a row may be about."""
    return frozenset({*book.shares, *book.quotes, *book.funds})
