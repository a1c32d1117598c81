"""The Mutual Funds Association of Pakistan: values of units, returns, prices, expense ratios, and its yield curve."""

from services.sources.mufap.source import READERS, mufap

__all__ = ["READERS", "mufap"]
