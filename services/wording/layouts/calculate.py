"""Sums in rupees or dollars laid out. Every such reply is sealed: it is sent, and its words are written nowhere."""

from collections.abc import Sequence
from decimal import Decimal

from services.domain.calculation import Row, Sum
from services.domain.conversation import Lang, Reply, Text
from services.domain.profiles import Currency
from services.wording.numbers import money, percent
from services.wording.sentences import say

MOST_ROWS = 8
MOST_SECTORS = 5


def sum_reply(lang: Lang, found: Sum, label: str, name: str = "") -> Reply:
    """The result first, then what it is made of, then what it does not say. ``name``: the one thing it stands in."""
    lines = _exposure(lang, found, name) if found.kind == "exposure" else _LINES[found.kind](lang, found)
    text = "\n".join((*lines, "", say(lang, "calculate.private")))
    return Reply((Text(text),), source=say(lang, "calculate.source", label=label), sealed=True)


def _exposure(lang: Lang, found: Sum, name: str) -> list[str]:
    key = "calculate.exposure_of" if name else "calculate.exposure"
    lines = [
        say(
            lang,
            key,
            amount=_money(found.amount, found.currency),
            result=_money(found.result, found.currency),
            name=name,
        )
    ]
    lines += _rows(lang, found.rows, MOST_ROWS, found.currency)
    if len(found.sectors) > 1:
        lines += [
            "",
            say(lang, "calculate.sectors"),
            *_rows(lang, found.sectors, MOST_SECTORS, found.currency),
        ]
    missing = 1 - (found.known or Decimal(0))
    if missing > Decimal("0.0005"):
        rest = found.amount * missing
        lines.append(
            say(lang, "calculate.undisclosed", rupees=_money(rest, found.currency), fraction=percent(missing))
        )
    return lines


def _fees(lang: Lang, found: Sum) -> list[str]:
    if not found.rows:
        lines = [say(lang, "calculate.fees_none", amount=_money(found.amount, found.currency))]
    else:
        lines = [_head(lang, "calculate.fees", found), *_rows(lang, found.rows, MOST_ROWS, found.currency)]
    return lines + _unknown(lang, "calculate.fees_unknown", found)


def _dividend(lang: Lang, found: Sum) -> list[str]:
    if not found.rows and not found.known:
        return [say(lang, "elsewhere.dividend")]
    lines = [_head(lang, "calculate.dividend", found), *_rows(lang, found.rows, MOST_ROWS, found.currency)]
    return [
        *lines,
        *_unknown(lang, "calculate.dividend_unknown", found),
        say(lang, "calculate.dividend_note"),
    ]


def _zakat(lang: Lang, found: Sum) -> list[str]:
    return [_head(lang, "calculate.zakat", found), say(lang, "calculate.zakat_note")]


def _tax(lang: Lang, found: Sum) -> list[str]:
    return [_head(lang, f"calculate.{found.kind}", found), say(lang, "calculate.tax_note", day=found.as_of)]


_LINES = {
    "fees": _fees,
    "dividend": _dividend,
    "zakat": _zakat,
    "gains_tax": _tax,
    "dividend_tax": _tax,
}


def _head(lang: Lang, key: str, found: Sum) -> str:
    rate = percent(found.rate or Decimal(0), 2)
    return say(
        lang,
        key,
        amount=_money(found.amount, found.currency),
        result=_money(found.result, found.currency),
        rate=rate,
    )


def _unknown(lang: Lang, key: str, found: Sum) -> list[str]:
    missing = 1 - (found.known or Decimal(0))
    return [say(lang, key, fraction=percent(missing))] if missing > Decimal("0.0005") else []


def _rows(lang: Lang, rows: Sequence[Row], most: int, currency: Currency) -> list[str]:
    lines = [
        say(
            lang,
            "calculate.line",
            name=row.name,
            rupees=_money(row.rupees, currency),
            fraction=percent(row.fraction),
        )
        for row in rows[:most]
    ]
    rest = rows[most:]
    if rest:
        total = sum((row.rupees for row in rest), Decimal(0))
        lines.append(say(lang, "calculate.more", count=str(len(rest)), rupees=_money(total, currency)))
    return lines


def _money(value: Decimal, currency: Currency) -> str:
    """Whole rupees or dollars, paisa and cents only below a hundred."""
    return money(value, currency, 2 if abs(value) < 100 and value != int(value) else 0)
