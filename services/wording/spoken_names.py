"""How tickers and fund codes are said aloud: by the name people use, not letter by letter."""

from collections.abc import Mapping

from services.domain.briefing.points import short_name
from services.domain.market import MarketBook


def spoken_names(book: MarketBook) -> Mapping[str, str]:
    """Code -> spoken name, for every share, fund and index of a book."""
    shares = {symbol: short_name(share) for symbol, share in book.shares.items()}
    funds = {code: fund.name for code, fund in book.funds.items()}
    return funds | shares
