"""From what was typed beside each name to weights that sum to 1, with every repair named."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from services.domain.profiles import Currency
from services.domain.quantities import Quantity, Unit

HUNDRED = Decimal(100)
_ROUNDING = Decimal("0.5")  # 33.3 % three times is meant as the whole


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of the list: ``code`` if it is certain, else ``choices``; neither if it is unknown."""

    raw: str
    code: str = ""
    choices: tuple[str, ...] = ()
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """Fractions in the order of the entries (None = left out), what was repaired, and the percent total named."""

    weights: tuple[Decimal | None, ...]
    problems: tuple[str, ...]
    total: Decimal | None = None


def weigh(
    entries: Sequence[Entry], price_of: Callable[[str], Decimal | None], currency: Currency = "PKR"
) -> Weighed:
    """Weights of the entries. ``price_of`` gives the price of a share or unit in ``currency``, for counts of shares."""
    entries = _undashed(entries)
    if _foreign(entries, currency):
        return Weighed((None,) * len(entries), ("foreign_amounts",))
    unit = _common_unit(entries)
    values, problems = _values(entries, unit, price_of, counts=currency == "USD")
    total = None
    if all(v is None for v in values):
        kept = [None if _is_zero(e) else Decimal(1) for e in entries]
        problems.append("equal_weights")
    elif unit == "percent":
        kept, total = _in_percent(entries, values, problems)
    else:
        kept = _in_proportion(entries, values, problems)
    if any(_is_zero(e) for e in entries):
        problems.append("weight_zero")
    whole = sum((v for v in kept if v is not None), Decimal(0))
    weights = tuple(v / whole if v is not None and whole else None for v in kept)
    return Weighed(weights, tuple(dict.fromkeys(problems)), total)


def _foreign(entries: Sequence[Entry], currency: Currency) -> bool:
    """Whether amounts stand beside each other, or beside counts of shares, in currencies that cannot be compared."""
    quantities = [e.quantity for e in entries if e.quantity]
    named = {q.currency for q in quantities if q.currency}
    counted = any(q.unit == "count" or (q.unit == "bare" and q.value) for q in quantities)
    return len(named) > 1 or (counted and bool(named - {currency}))


def _undashed(entries: Sequence[Entry]) -> list[Entry]:
    """Where every number bears a dash ("MEBL -40, LUCK -60"), it is a dash and no minus."""
    marked = [e.quantity for e in entries if e.quantity]
    if marked and all(q.signed for q in marked) and abs(sum(q.value for q in marked) - HUNDRED) <= _ROUNDING:
        return [replace(e, quantity=replace(e.quantity, signed=False)) if e.quantity else e for e in entries]
    return list(entries)


def _common_unit(entries: Sequence[Entry]) -> Unit:
    """What a bare number stands for here: what the other numbers are, else percent."""
    units = {e.quantity.unit for e in entries if e.quantity}
    if "percent" in units:
        return "percent"
    if units & {"amount", "count"}:
        return "amount"
    return "part" if "part" in units else "percent"


def _values(
    entries: Sequence[Entry], unit: Unit, price_of: Callable[[str], Decimal | None], *, counts: bool
) -> tuple[list[Decimal | None], list[str]]:
    """Comparable values (percent, parts or money), None where there is none or none that can be used.

    ``counts``: a bare number beside amounts that all bear their sign is one of shares ("10 AAPL and $500 of KO").
    """
    problems: list[str] = []
    counted = any(e.quantity and e.quantity.unit == "count" for e in entries)
    amounts = [e.quantity for e in entries if e.quantity and e.quantity.unit == "amount"]
    paid, signed = bool(amounts), bool(amounts) and all(q.currency for q in amounts)
    values: list[Decimal | None] = []
    for entry in entries:
        value, problem = _value(
            entry, unit, price_of, bare_is_count=(counted and not paid) or (counts and signed)
        )
        values.append(value)
        problems += [problem] if problem else []
    if unit == "percent" and _are_fractions(entries):
        values = [None if v is None else v * 100 for v in values]
    return values, problems


def _value(
    entry: Entry, unit: Unit, price_of: Callable[[str], Decimal | None], *, bare_is_count: bool
) -> tuple[Decimal | None, str]:
    quantity = entry.quantity
    if quantity is None or quantity.value == 0:
        return None, ""
    if quantity.signed:
        return None, "weight_negative"
    if quantity.unit == "count" or (quantity.unit == "bare" and bare_is_count):
        return _worth(quantity.value, price_of(entry.code) if entry.code else None, unit)
    if quantity.unit not in {unit, "bare"}:
        return None, "mixed_units"
    return quantity.value, "amounts_used" if unit == "amount" else ""


def _worth(count: Decimal, price: Decimal | None, unit: Unit) -> tuple[Decimal | None, str]:
    """Rupees for a number of shares; nothing where the rest is in percent, or the price is not known."""
    if unit != "amount":
        return None, "mixed_units"
    return (None, "price_missing") if price is None else (count * price, "counts_used")


def _are_fractions(entries: Sequence[Entry]) -> bool:
    """Whether bare numbers such as "0.6 and 0.4" are fractions of one."""
    values = [e.quantity.value for e in entries if e.quantity]
    bare = all(e.quantity.unit == "bare" for e in entries if e.quantity)
    return bare and all(v <= 1 for v in values) and any(v != int(v) for v in values)


def _in_percent(
    entries: Sequence[Entry], values: list[Decimal | None], problems: list[str]
) -> tuple[list[Decimal | None], Decimal]:
    """Percents kept as they are; the names without one share the rest equally."""
    named = [v for v in values if v is not None]
    total = sum(named, Decimal(0))
    without = [i for i, v in enumerate(values) if v is None and not _is_zero(entries[i])]
    if any(v > HUNDRED for v in named):
        problems.append("weight_too_big")
    rest = HUNDRED - total
    if without and rest <= 0:
        problems.append("no_room")
        rest = len(without) * total / len(named)
    elif not without and abs(rest) > _ROUNDING:
        problems.append("weights_sum")
    filled = list(values)
    for i in without:
        filled[i] = rest / len(without)
    return filled, total


def _in_proportion(
    entries: Sequence[Entry], values: list[Decimal | None], problems: list[str]
) -> list[Decimal | None]:
    """Rupees or parts; a name without any is proposed at the average of the others."""
    named = [v for v in values if v is not None]
    average = sum(named, Decimal(0)) / len(named)
    filled: list[Decimal | None] = []
    for entry, value in zip(entries, values, strict=True):
        if value is None and not _is_zero(entry):
            problems.append("some_without")
            filled.append(average)
        else:
            filled.append(value)
    return filled


def _is_zero(entry: Entry) -> bool:
    return entry.quantity is not None and entry.quantity.value == 0
