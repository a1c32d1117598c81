"""Gives every fund a short stable code: its PSX symbol, its known initials, or a slug made from its name alone."""

from services.domain.fund_codes import code_of
from services.sources.build.tables import ETF_SYMBOLS, FUND_CODES


def fund_codes(names: list[str], taken: set[str]) -> dict[str, str]:
    """A code for each name, none of them a share's symbol.

    Raises:
        ValueError: If two names would get one code: shorten by hand in ``tables.FUND_CODES``.
    """
    codes: dict[str, str] = {}
    owners: dict[str, str] = {}
    for name in sorted(names):
        code = ETF_SYMBOLS.get(name) or FUND_CODES.get(name) or code_of(name)
        if code in owners or (code in taken and name not in ETF_SYMBOLS):
            raise ValueError(f"{name!r} and {owners.get(code, 'a share')!r} would both be {code}")
        owners[code] = name
        codes[name] = code
    return codes
