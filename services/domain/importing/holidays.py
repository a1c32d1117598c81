"""The operator's calendar: days without a session, with their names; those that depend on the moon are tentative."""

from services.domain.importing.columns import day_column, refuse_spilled, text_column
from services.domain.importing.headers import Field, Table, plain
from services.domain.importing.reading import Around, Gathering
from services.domain.rows import HolidayRow

FIELDS = (
    Field("day", ("date", "day", "holidaydate", "closeddate", "dates")),
    Field("name", ("name", "holiday", "occasion", "description", "event", "reason", "holidayname")),
    Field("tentative", ("tentative", "estimated", "subjecttomoon", "moon", "status"), required=False),
)
YES = frozenset(
    {"yes", "y", "true", "1", "tentative", "estimated", "subjecttomoon", "subjecttosightingofmoon", "moon"}
)
NO = frozenset({"", "no", "n", "false", "0", "fixed", "confirmed", "final"})
NAMELESS = "Market closed"
FARTHEST = 366 * 3  # days ahead: no exchange gives out a calendar of more


def read(table: Table, around: Around) -> Gathering:
    """The closed days. A name with a star, or that speaks of the moon, is tentative.

    Raises:
        BrokenPage: The dates cannot be read.
    """
    gathering = Gathering("calendar")
    refuse_spilled(table, gathering)
    dated = day_column(table, gathering, around, ahead=True)
    names, marks = text_column(table, "name", most=80), text_column(table, "tentative")
    for line, day, name, mark in zip(table.lines, dated, names, marks, strict=True):
        if line in gathering.refused or day is None:
            continue
        if (day - around.today).days > FARTHEST:
            gathering.refuse(line, f"{table.titles['day']}: too far ahead")
        elif plain(mark) not in YES | NO:
            gathering.refuse(line, f"{table.titles['tentative']}: neither yes nor no")
        else:
            moon = plain(mark) in YES or "*" in name or "moon" in name.casefold()
            gathering.add(line, HolidayRow(day, name.replace("*", "").strip() or NAMELESS, moon))
    return gathering
