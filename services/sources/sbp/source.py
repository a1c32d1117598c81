"""Where SBP's pages are, when they are asked for, and what SBP permits."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from services.domain.sourcing import Pace, PageSpec, Parse, Question, SourceSpec
from services.sources.clock import KARACHI
from services.sources.sbp.easydata import SERIES
from services.sources.sbp.easydata import easydata as read_easydata
from services.sources.sbp.kibor import kibor
from services.sources.sbp.m2m import m2m
from services.sources.sbp.pma import pma

READERS: Mapping[str, Parse] = {
    "sbp.m2m": m2m,
    "sbp.pma": pma,
    "sbp.kibor": kibor,
    "sbp.easydata": read_easydata,
}

_LICENCE = (
    "SBP publishes these rates for the public on its site and permits their use with the source named; "
    "it gives no warranty and no API for these pages."
)
_EASYDATA_LICENCE = "EasyData is SBP's official API: free with a personal key of 90 days, 250 requests an hour, 2,000 a day, source named."
_PUBLISHED = 16
"""The hour in Karachi by which the sheets of a day are there (its mark-to-market sheet of 17 Jul 2026 was made 15:55)."""
_DAYS_BACK = 3
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG = (
    "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december",
)  # fmt: skip


def sbp(base: str = "https://www.sbp.org.pk") -> SourceSpec:
    """The State Bank's site.

    The sheets' addresses change: a page's questions are alternatives where their ``asked["instead_of"]`` says so. It names
    the place (from 0) of the question whose alternative this is; it is only to be put if no earlier one gave a page that
    parses. The first that parses ends it; if none does, that is one failure of the page.
    """
    return SourceSpec(
        "sbp",
        "State Bank of Pakistan",
        base,
        (
            PageSpec(
                "sbp.pma",
                "rates",
                lambda _now, _symbols: [Question("/dfmd/pma.asp")],
                pma,
                ("daily", "evening"),
            ),
            PageSpec("sbp.m2m", "fx", ask_m2m, m2m, ("evening",)),
            PageSpec("sbp.kibor", "rates", ask_kibor, kibor, ("evening",)),
        ),
        _LICENCE,
        pace=Pace(every=1.0, at_once=1, timeout=30.0),
    )


def easydata(key: str, base: str = "https://easydata.sbp.org.pk", *, days: int = 400) -> SourceSpec:
    """EasyData; without a key it has no page. ``days`` is how far back it is asked.

    The key stands in the query's ``api_key`` and must be blotted out of every address that is logged or kept.
    """

    def ask(now: datetime, _symbols: Sequence[str]) -> list[Question]:
        today = now.astimezone(KARACHI).date()
        span = {"start_date": (today - timedelta(days=days)).isoformat(), "end_date": today.isoformat()}
        return [
            Question(
                f"/api/v1/series/{series}/data",
                {"api_key": key, **span, "format": "json"},
                asked={"series": series},
            )
            for series in SERIES
        ]

    page = PageSpec("sbp.easydata", "rates", ask, read_easydata, ("daily",))
    return SourceSpec(
        "easydata",
        "SBP EasyData",
        base,
        (page,) if key else (),
        _EASYDATA_LICENCE,
        pace=Pace(every=2.0, at_once=1, timeout=30.0),
    )


def ask_m2m(now: datetime, _symbols: Sequence[str]) -> list[Question]:
    """The newest sheet under every address SBP has used, then those of the working days before (holidays, delays)."""
    return _alternatives([(day, path) for day in working_days(now) for path in m2m_paths(day)])


def ask_kibor(now: datetime, _symbols: Sequence[str]) -> list[Question]:
    """The newest KIBOR sheet, else that of a working day before."""
    return _alternatives([(day, kibor_path(day)) for day in working_days(now)])


def working_days(now: datetime, count: int = _DAYS_BACK) -> list[date]:
    """The last weekdays whose sheets can be there, newest first."""
    local = now.astimezone(KARACHI)
    day = local.date() if local.hour >= _PUBLISHED else local.date() - timedelta(days=1)
    found: list[date] = []
    while len(found) < count:
        if day.weekday() < 5:
            found.append(day)
        day -= timedelta(days=1)
    return found


def m2m_paths(day: date) -> list[str]:
    """The sheet's address, the likeliest of its time first (it changed at the ends of May and of June 2026)."""
    short = f"{day:%d}-{_MONTHS[day.month - 1]}-{day:%y}"
    words = f"{day:%d}-{_LONG[day.month - 1]}-{day:%Y}"
    named = "/assets/document/mark-to-market-revaluation-exchange-rate-{}.pdf"
    if day >= date(2026, 7, 1):
        return [named.format(words), f"/assets/document/{short}.pdf"]
    if day >= date(2026, 6, 1):
        return [f"/assets/document/{short}.pdf", named.format(short)]
    return [named.format(short), f"/ecodata/rates/m2m/{day:%Y}/{_MONTHS[day.month - 1]}/{short}.pdf"]


def kibor_path(day: date) -> str:
    """The day's KIBOR sheet."""
    month = _MONTHS[day.month - 1]
    return f"/ecodata/kibor/{day:%Y}/{month}/Kibor-{day:%d}-{month}-{day:%y}.pdf"


def _alternatives(found: Sequence[tuple[date, str]]) -> list[Question]:
    return [
        Question(path, asked={"day": day.isoformat()} | ({"instead_of": "0"} if place else {}))
        for place, (day, path) in enumerate(found)
    ]
