"""The State Bank of Pakistan: mark-to-market exchange rates, the money-market page, KIBOR, and its EasyData API."""

from services.sources.sbp.source import READERS, easydata, sbp

__all__ = ["READERS", "easydata", "sbp"]
