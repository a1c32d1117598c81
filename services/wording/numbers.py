"""Figures as people read them: percent, rupees in lakh and crore, index levels, days and times."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from services.domain.market import Fact
from services.domain.profiles import Currency, zone_of

MINUS = "−"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIGNS: Mapping[Currency, str] = {"PKR": "Rs ", "USD": "$"}
_LAKH = Decimal(100_000)
_MILLION = Decimal(1_000_000)
_CRORE = Decimal(10_000_000)
_BILLION = Decimal(1_000_000_000)


def number(value: Decimal | float, digits: int = 2, *, signed: bool = False) -> str:
    """A figure with thousands commas, half rounded up; a real minus sign; "+" before gains if ``signed``."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    rounded = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    if rounded == 0:
        rounded = abs(rounded)
    text = f"{abs(rounded):,}"
    if rounded < 0:
        return MINUS + text
    return "+" + text if signed and rounded > 0 else text


def percent(fraction: Decimal | float, digits: int = 1, *, signed: bool = False) -> str:
    """A fraction as percent: 0.0123 -> "1.2%"."""
    exact = fraction if isinstance(fraction, Decimal) else Decimal(repr(float(fraction)))
    return number(exact * 100, digits, signed=signed) + "%"


def rupees(value: Decimal | float, digits: int = 2) -> str:
    """A price or an amount: "Rs 1,234.50"; a negative one as "−Rs 5.00"."""
    return money(value, "PKR", digits)


def money(value: Decimal | float, currency: Currency, digits: int = 2) -> str:
    """A price or an amount in a currency: "Rs 1,234.50", "$1,234.50"; a negative one as "−$5.00"."""
    text, sign = number(value, digits), _SIGNS[currency]
    return f"{MINUS}{sign}{text[1:]}" if text.startswith(MINUS) else f"{sign}{text}"


def price(fact: Fact, digits: int = 2) -> str:
    """A price in the currency of its fact: in dollars if that is its unit, else in rupees."""
    return money(fact.value, currency_of(fact), digits)


def currency_of(fact: Fact) -> Currency:
    """The currency that a fact's amount is in."""
    return "USD" if fact.unit in {"USD", "USD mn"} else "PKR"


def large(value: Decimal | float, currency: Currency, digits: int = 1) -> str:
    """A large amount as its people say it: rupees in crore and lakh, dollars in millions and billions."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    if currency == "PKR":
        return crore(exact, digits)
    if abs(exact) >= _BILLION:
        return f"{money(exact / _BILLION, currency, digits)} billion"
    if abs(exact) >= _MILLION:
        return f"{money(exact / _MILLION, currency, digits)} million"
    return money(exact, currency, 0)


def index_level(value: Decimal | float) -> str:
    """An index level with two digits: "176,591.76"."""
    return number(value, 2)


def crore(value: Decimal | float, digits: int = 1) -> str:
    """A large rupee amount as people say it: "Rs 2.5 crore", "Rs 40 lakh", below a lakh in full."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    if abs(exact) >= _CRORE:
        return f"{rupees(exact / _CRORE, digits)} crore"
    if abs(exact) >= _LAKH:
        return f"{rupees(exact / _LAKH, digits)} lakh"
    return rupees(exact, 0)


def day(value: date) -> str:
    """A date: "20 Aug 2026". Month names stay Latin in all languages, as newspapers print them in tables."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def clock(value: datetime | time, zone: ZoneInfo | None = None) -> str:
    """A time of day, in the zone that is given, else in the market's that it bears, else in Karachi: "09:00"."""
    if isinstance(value, datetime):
        value = value.astimezone(zone or zone_of(value)).time()
    return f"{value.hour:02d}:{value.minute:02d}"
