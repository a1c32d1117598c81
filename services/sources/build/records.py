"""Payouts, announcements and due events of the sample day; every title is ours, every fact has a record."""

import re
from datetime import date
from pathlib import Path

from services.sources.build.files import rows, table_rows
from services.sources.build.prices import DAY, FIRST, Table, adjusted, column

# Real company announcements of 10 and 11 Aug 2026 (dps.psx.com.pk), told in our own words.
_NOTICES = (
    ("2026-08-11", "FCCL", "announced its results for the year to 30 June 2026", "result"),
    (
        "2026-08-11",
        "ENGROH",
        "called a board meeting on its results for the half-year to 30 June 2026",
        "notice",
    ),
    ("2026-08-11", "PPL", "called off its extraordinary general meeting of 2026", "notice"),
    ("2026-08-11", "BWCL", "gave notice of its annual general meeting", "notice"),
    ("2026-08-11", "EPQL", "published its briefing slides for the second quarter of 2026", "notice"),
    ("2026-08-11", "SGPL", "closes its share transfer books for a right issue", "action"),
    ("2026-08-11", "TRIPF", "called a board meeting and began a closed period", "notice"),
    ("2026-08-11", "PICT", "called a board meeting; an earlier notice was revoked", "notice"),
    ("2026-08-11", "NESTLE", "sent its quarterly accounts to 30 June 2026 to the exchange", "result"),
    ("2026-08-11", "SMCPL", "appointed a director", "notice"),
    ("2026-08-10", "MCB", "declared a second interim cash dividend for 2026", "payout"),
    ("2026-08-19", "MZNPETF", "announced its results for the year to 30 June 2026", "result"),
    ("2026-08-17", "MZNPETF", "published its fund manager report for July 2026", "notice"),
)
_MARKS = {"XD": "ex-dividend", "XB": "ex-bonus", "XR": "ex-rights"}
_MEETINGS = ("2026-09-14", "2026-10-26", "2026-12-14", "2027-01-25", "2027-03-08", "2027-04-26", "2027-06-17")
_PSX = "PSX announcements"

Record = list[object]  # id, day, symbol, title, source, kind


def payouts(data: Path, shares: set[str]) -> list[list[object]]:
    """Payouts since February 2025: symbol, kind, text, announced, ex-date, Rs per share or None, source."""
    found: list[list[object]] = []
    for row in rows(data / "corporate_actions/payouts_history_scstrade.csv.gz"):
        if FIRST <= row["ex_date"] <= DAY and row["company_code"] in shares:
            for key, kind in (("bm_dividend", "dividend"), ("bm_bonus", "bonus"), ("bm_right_per", "right")):
                if row[key].strip():
                    found.append(
                        [row["company_code"], kind, row[key].strip(), None, row["ex_date"], None, "SCSTrade"]
                    )
    return sorted(found + _luck(data), key=str)


def _luck(data: Path) -> list[list[object]]:
    """LUCK's own payout page. Per cent are of the face value, Rs 2 since the split of April 2025 (Rs 10 before).

    The ex-date is the session before the book closure, as settlement is T+1 (T+2, two sessions, before Feb 2026).
    """
    page = (data / "psx_pages/dps_2026-08-11/payouts_POST_LUCK.tbody.html").read_text(encoding="utf-8")
    ex_dates = {"18/08/2026": "2026-08-17", "19/09/2025": "2025-09-17"}
    found: list[list[object]] = []
    for symbol, _, _, text, when, closure in table_rows(page):
        announced = _long_day(when)
        share = round(float(text.split("%")[0]) / 100 * 2, 4)
        ex_date = ex_dates[closure.split(" ")[0]]
        source = "PSX payouts; Rs per share from the face value of Rs 2"
        found.append([symbol, "dividend", text, announced, ex_date, share, source])
    return found


def _long_day(text: str) -> str:
    months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
    month, day, year = re.match(r"(\w+) (\d+), (\d+)", text).groups()  # type: ignore[union-attr]  # a page without it must fail
    return date(int(year), months.index(month) + 1, int(day)).isoformat()


def announcements(
    series: dict[str, Table],
    screen: dict[str, Table],
    shares: set[str],
    factors: list[list[object]],
    closes: dict[str, dict[str, float]],
) -> list[Record]:
    """What our data knows up to the day, newest first."""
    found: list[Record] = [
        [f"psx:{symbol}:{day}:{kind}", day, symbol, f"{symbol} {words}", _PSX, kind]
        for day, symbol, words, kind in _NOTICES
    ]
    found.append(
        ["psx:LUCK:2026-08-10:payout", "2026-08-10", "LUCK",
         "LUCK declared a final dividend of 250% of face value (Rs 5 a share); books closed 18–25 Aug 2026", _PSX, "payout"]
    )  # fmt: skip
    found += _marks(screen, shares)
    found += _splits(factors)
    found += _records(series, factors)
    found += _index_days(closes)
    found.append(
        [
            "policy:2026-04-27",
            "2026-04-27",
            "",
            "State Bank raised the policy rate by 1 point to 11.5%",
            "SBP",
            "policy",
        ]
    )
    return sorted(found, key=lambda each: (str(each[1]), str(each[0])), reverse=True)


def _marks(screen: dict[str, Table], shares: set[str]) -> list[Record]:
    source = "PSX screener, 20 Aug 2026"
    found: list[Record] = []
    for symbol, each in sorted(screen.items()):
        words = _MARKS.get(str(each["mark"]))
        if words and symbol in shares:
            title = f"{symbol} is marked {each['mark']} ({words}) by PSX"
            found.append([f"mark:{each['mark']}:{symbol}:{DAY}", DAY, symbol, title, source, "payout"])
    return found


def _splits(factors: list[list[object]]) -> list[Record]:
    source = "derived from PSX end of day prices"
    return [
        [f"split:{round(1 / float(str(factor)))}:{symbol}:{day}", str(day), symbol, f"{symbol} trades after its {round(1 / float(str(factor)))}-for-1 split",
         source, "action"]
        for symbol, day, factor, *_ in factors
    ]  # fmt: skip


def _records(series: dict[str, Table], factors: list[list[object]]) -> list[Record]:
    """Closes at the highest or lowest of 252 sessions, on prices made comparable over splits."""
    found: list[Record] = []
    for symbol, each in sorted(series.items()):
        values = adjusted(each, symbol, factors)[-252:]
        days = each["d"]
        if not isinstance(days, list) or days[-1] != DAY or len(values) < 252:
            continue
        side = "highest" if values[-1] == max(values) else "lowest" if values[-1] == min(values) else ""
        if side:
            title = f"{symbol} closed at Rs {column(each, 'c')[-1]:,.2f}, its {side} close in 52 weeks"
            found.append(
                [
                    f"record:{side}:{symbol}:{DAY}",
                    DAY,
                    symbol,
                    title,
                    "derived from PSX end of day prices",
                    "record",
                ]
            )
    return found


def _index_days(closes: dict[str, dict[str, float]]) -> list[Record]:
    found: list[Record] = []
    own = closes["KSE100"]
    for before, day in (("2026-08-17", "2026-08-18"), ("2026-08-18", "2026-08-19"), ("2026-08-19", DAY)):
        change = (own[day] / own[before] - 1) * 100
        word = "up" if change > 0 else "down"
        title = f"KSE-100 closed at {own[day]:,.2f}, {word} {abs(change):.2f}%"
        found.append([f"index:KSE100:{day}", day, "", title, "PSX index ribbon", "index"])
    return found


def events() -> list[list[object]]:
    """What was known to come on the day: day, symbol, title, source."""
    found: list[list[object]] = [
        ["2026-08-25", "LUCK", "LUCK: last day of the book closure for its final dividend", "PSX payouts"],
        [
            "2026-08-25",
            "",
            "PSX closed for Eid Milad un-Nabi, 25 or 26 Aug by the moon",
            "PSX holiday notice, Jan 2026",
        ],
    ]
    found += [[day, "", "State Bank monetary policy meeting", "SBP calendar FY27"] for day in _MEETINGS]
    return found
