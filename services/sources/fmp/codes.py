"""FMP's own names of the indices; those of the sectors stand in the market's profile."""

from collections.abc import Mapping

INDEX_CODES: Mapping[str, str] = {
    "^GSPC": "SP500", "^IXIC": "NASDAQ", "^DJI": "DOW30", "^RUT": "RUSSELL2000", "^VIX": "VIX",
}  # fmt: skip
"""Indices by FMP's symbol."""
