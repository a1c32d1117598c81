"""What is known of a fund from all its rows: values, returns and fees stand in different tables, and come on different days."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from services.domain.records import Batch
from services.domain.rows import NavRow

Told = tuple[NavRow, Batch]


def by_fund(told: Iterable[Told], day: date) -> Mapping[str, Sequence[Told]]:
    """Each fund's rows up to a day, the newest day first.

    Of one day the table of returns goes before the others (an import of a file stands there too and corrects it), then
    the batch that came last.
    """
    funds: defaultdict[str, list[Told]] = defaultdict(list)
    for row, batch in told:
        if row.day <= day:
            funds[row.fund].append((row, batch))
    for rows in funds.values():
        rows.sort(key=_place, reverse=True)
    return funds


def _place(told: Told) -> tuple[object, ...]:
    row, batch = told
    return row.day, row.part == "", batch.as_of, batch.origin


def first(rows: Iterable[Told], says: Callable[[NavRow], object]) -> Told | None:
    """The newest row that says something of a matter; None if none does."""
    return next((told for told in rows if says(told[0])), None)
