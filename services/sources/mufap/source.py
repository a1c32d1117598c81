"""Where MUFAP's pages are, when they are asked for, and what MUFAP permits."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.domain.sourcing import Pace, PageSpec, Parse, Question, SourceSpec
from services.sources.mufap.daily import navs, returns
from services.sources.mufap.fund import allocation, fund
from services.sources.mufap.pkrv import pkrv

READERS: Mapping[str, Parse] = {
    "mufap.returns": returns,
    "mufap.navs": navs,
    "mufap.fund": fund,
    "mufap.allocation": allocation,
    "mufap.pkrv": pkrv,
}

_LICENCE = (
    "MUFAP shows its members' figures to the public and has published no terms for feeds: one visit in the evening, "
    "the source named, no redistribution of its tables."
)


def mufap(base: str = "https://www.mufap.com.pk") -> SourceSpec:
    """MUFAP's site. Values appear about 19:30 in Karachi.

    Prices (tab 3), returns (tab 1) and a fund's own page are rows of the same funds and days, told apart by their ``part``.
    One fund's history is asked for by its MUFAP number, given as the symbol.
    """

    def tab(number: str) -> list[Question]:
        return [Question("/Industry/IndustryStatDaily", {"tab": number})]

    return SourceSpec(
        "mufap",
        "Mutual Funds Association of Pakistan",
        base,
        (
            PageSpec("mufap.navs", "navs", lambda _now, _symbols: tab("3"), navs, ("evening",)),
            PageSpec("mufap.returns", "navs", lambda _now, _symbols: tab("1"), returns, ("evening",)),
            PageSpec("mufap.fund", "navs", ask_fund, fund, ("on demand",)),
        ),
        _LICENCE,
        pace=Pace(every=2.0, at_once=1, timeout=60.0),
    )


def ask_fund(now: datetime, symbols: Sequence[str]) -> list[Question]:
    """A question for each fund by its number and name ("12768:ABL Cash Fund", or the number alone).

    The number is in the link of the fund's row on the industry's table; the name is what its rows are filed under.
    """
    day = now.date().isoformat()
    found = [each.partition(":") for each in symbols]
    return [
        Question(
            "/AMC/GetFundDetailbyAMCByDate",
            json={"FundID": number, "Date": day},
            asked={"fund_id": number, "day": day} | ({"fund": name} if name else {}),
        )
        for number, _, name in found
        if number.isdigit()
    ]
