"""SBP's page of the primary market: policy rate, overnight repo, KIBOR, cut-offs of the auctions, the dollar."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from selectolax.lexbor import LexborHTMLParser

from services.domain.errors import BrokenPage
from services.domain.rows import RateRow
from services.domain.sourcing import Page
from services.sources import cells, markup
from services.sources.sbp import kibor

_DATE = r"([A-Za-z]{3,9}\.? \d{1,2},? ?\d{4}|\d{1,2} ?[-/ ] ?[A-Za-z]{3,9} ?[-/ ,] ?\d{2,4})"
_RATE = r"([\d.]+) ?%"
_POLICY = re.compile(rf"Policy (?:\(Target\) )?Rate\)? ?:? ?(?:As on {_DATE} ?)?{_RATE}", re.IGNORECASE)
_REPO = re.compile(
    rf"overnight (?:weighted average )?repo rate ?:? ?\(?As on {_DATE}\)? ?:? ?{_RATE}", re.IGNORECASE
)
_KIBOR = re.compile(
    rf"KIBOR ?\(?As on {_DATE}\)? Tenors? BID Offer ((?:\d{{1,2}} ?- ?[MY] \S+ \S+ ?)+)", re.IGNORECASE
)
_TENOR = re.compile(r"\d{1,2} ?- ?[MY] \S+ \S+", re.IGNORECASE)
_DOLLAR = re.compile(
    rf"USD ?/ ?PKR Rates? ?\(?As on {_DATE}\)? M2M Revaluation Rate ?:? ?(\S+)"
    r"(?: Weighted Average Rate ?:? ?BID ?:? ?(\S+) Offer ?:? ?(\S+))?",
    re.IGNORECASE,
)
_CUTS = r"(?: Tenors?)?(?: \w+)? Cut-? ?off (?:Yields?|Rates?) (.{0,300}?)\(?As on " + _DATE
_BILLS = re.compile(r"(?:MTBs?|T-?Bills?)" + _CUTS, re.IGNORECASE)
_BONDS = re.compile(r"Fixed ?-? ?Rate PIBs?" + _CUTS, re.IGNORECASE)
_CUT = re.compile(
    r"(\d{1,2}) ?- ?([MY]) ((?:Bids? Rejected|No Bids?(?: Received)?|-|N/?A)\b|[\d.]+ ?%?)?", re.IGNORECASE
)


def pma(page: Page) -> Sequence[RateRow]:
    """The rates of the page's text, each with its own "as on" day; a tenor whose bids were rejected is left out.

    The policy rate bears no day of its own there: it is given that of the newest figure beside it. Names: policy_rate,
    overnight_repo, kibor_{3,6,12}m (offer) and …_bid, tbill_{…}m, pib_{…}y, usd_m2m, usd_war_bid, usd_war_offer.
    """
    text = _text(page)
    rows = [*_repo(page, text), *_kibor(page, text), *_dollar(page, text)]
    rows += [*_cuts(page, text, _BILLS, "tbill"), *_cuts(page, text, _BONDS, "pib")]
    newest = max(row.day for row in rows)
    policy = _found(page, _POLICY, text, "SBP Policy Rate")
    rows.insert(0, RateRow("policy_rate", newest, _number(page, policy[2], "SBP Policy Rate", 100), "%"))
    return rows


def _text(page: Page) -> str:
    """All text of the page on one line. Its markup is old and unbalanced: only its end is asked for."""
    source = markup.decoded(page)
    if "</html" not in source[-4000:].lower():
        kind = "cut: the page has no end" if "<" in source else f"no HTML: {source[:60]!r}"
        raise BrokenPage(kind, page=page.name)
    if source.count("<") > markup.MOST_TAGS:
        raise BrokenPage("far too many elements for this page", page=page.name)
    tree = LexborHTMLParser(source)
    for hidden in tree.css("script, style"):
        hidden.decompose()
    return cells.tidy(tree.body.text(separator=" ") if tree.body is not None else "")


def _repo(page: Page, text: str) -> Iterator[RateRow]:
    found = _found(page, _REPO, text, "overnight repo rate")
    day = _day(page, found[1], "overnight repo rate")
    yield RateRow("overnight_repo", day, _number(page, found[2], "overnight repo rate", 100), "%")


def _kibor(page: Page, text: str) -> Iterator[RateRow]:
    found = _found(page, _KIBOR, text, "KIBOR")
    day = _day(page, found[1], "KIBOR")
    tenors = [re.sub(r" ?- ?", "-", each) for each in _TENOR.findall(found[2])]
    rows = [row for place, line in enumerate(tenors, start=1) for row in kibor.quoted(page, place, line, day)]
    names = [row.name for row in rows]
    for name in ("kibor_3m", "kibor_6m", "kibor_12m"):
        if names.count(name) != 1:
            raise BrokenPage(f"{name} should stand there once", page=page.name, column="KIBOR")
    yield from rows


def _dollar(page: Page, text: str) -> Iterator[RateRow]:
    found = _found(page, _DOLLAR, text, "M2M Revaluation Rate")
    day = _day(page, found[1], "USD/PKR Rates")
    for name, shown in (("usd_m2m", found[2]), ("usd_war_bid", found[3]), ("usd_war_offer", found[4])):
        if shown is not None:
            yield RateRow(name, day, _number(page, shown, "USD/PKR Rates", 10_000), "PKR per USD")


def _cuts(page: Page, text: str, pattern: re.Pattern[str], name: str) -> Iterator[RateRow]:
    """The latest auction of one kind of paper."""
    label = "MTBs" if name == "tbill" else "Fixed-Rate PIB"
    found = _found(page, pattern, text, label)
    day = _day(page, found[2], label)
    seen: set[str] = set()
    for place, cut in enumerate(_CUT.finditer(found[1]), start=1):
        tenor, shown = f"{cut[1]}{cut[2].lower()}", (cut[3] or "").rstrip("% ")
        if tenor in seen or not shown:
            raise BrokenPage(f"no rate for {tenor}, or two", page=page.name, column=label, row=place)
        seen.add(tenor)
        if shown[0].isdigit():
            yield RateRow(f"{name}_{tenor}", day, _number(page, shown, label, 100), "%")
    if not seen:
        raise BrokenPage("no cut-off of any tenor", page=page.name, column=label)


def _found(page: Page, pattern: re.Pattern[str], text: str, label: str) -> re.Match[str]:
    found = pattern.search(text)
    if found is None:
        raise BrokenPage("the page does not show this where it should", page=page.name, column=label)
    return found


def _number(page: Page, shown: str, label: str, most: float) -> float:
    try:
        value = cells.number(shown.rstrip("% "))
    except ValueError as wrong:
        raise BrokenPage(str(wrong), page=page.name, column=label) from None
    if not 0 < value < most:
        raise BrokenPage(f"{shown} cannot be", page=page.name, column=label)
    return value


def _day(page: Page, shown: str, label: str) -> date:
    try:
        return cells.in_time(kibor.as_on(shown), page.fetched_at)
    except ValueError as wrong:
        raise BrokenPage(str(wrong), page=page.name, column=label) from None
