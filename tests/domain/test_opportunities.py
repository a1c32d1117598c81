import asyncio
import json
import statistics
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache

import pytest

from services.domain.errors import NotAvailable
from services.domain.indicators import history
from services.domain.market import Adjustment, Announcement, Flow, Fundamentals, MarketBook
from services.domain.opportunities import (
    Owned,
    about,
    at_limit,
    in_sector,
    outline,
    owned,
    screen,
    to_json,
    top,
)
from services.domain.portfolio import Holding, Portfolio
from services.domain.screens import SCREEN_NAMES, SCREENS, Screening, screen_named
from services.sources.sample import SampleMarket
from tests.fakes.books import CLOSED, DAY, fact
from tests.fakes.long_book import COUNT, long_book, quote, series, sessions, wave


@cache
def sample() -> MarketBook:
    return asyncio.run(SampleMarket().book())


def flat(last: float = 100.0, start: float = 100.0) -> tuple[float, ...]:
    """A straight line from ``start`` to ``last``."""
    return tuple(start + (last - start) * n / (COUNT - 1) for n in range(COUNT))


def with_bars(
    symbol: str, closes: tuple[float, ...], today: int = 1_000_000, **changes: object
) -> MarketBook:
    volumes = (1_000_000,) * (len(closes) - 1) + (today,)
    bars = dict(long_book().series) | {symbol: series(closes, volumes)}
    return long_book(series=bars, **changes)


def symbols(found: Screening, name: str) -> list[str]:
    return [c.symbol for c in found.found[name]]


def only(found: Screening, name: str, symbol: str):
    return next(c for c in found.found[name] if c.symbol == symbol)


def test_unusual_volume_is_told_with_its_ratio_and_how_common_it_is():
    candidate = only(screen(with_bars("MEBL", wave(1, last=500), today=3_500_000)), "volume", "MEBL")
    assert float(candidate.facts[0].figures["ratio"].value) == pytest.approx(3.5)
    assert candidate.counter.figures["days"].value == 0
    assert "MEBL" not in symbols(screen(with_bars("MEBL", wave(1), today=1_900_000)), "volume")


def test_a_split_is_neither_unusual_volume_nor_a_low():
    ex_date = sessions()[-3]
    before = sum(day < ex_date for day in sessions())
    path = flat(400, 350)
    bars = series(
        tuple(p * 5 if n < before else p for n, p in enumerate(path)),
        tuple(200_000 if n < before else 1_000_000 for n in range(COUNT)),
    )
    changed = {"LUCK": (Adjustment("LUCK", ex_date, 0.2, "5:1", "test"),)}
    book = long_book(series=dict(long_book().series) | {"LUCK": bars}, adjustments=changed)
    right, wrong = screen(book), screen(replace(book, adjustments={}))
    for name in ("volume", "near_low"):
        assert "LUCK" in symbols(wrong, name), "without the adjustment it would stand out"
        assert "LUCK" not in symbols(right, name)
    assert "LUCK" in symbols(right, "near_high")


def test_momentum_asks_for_half_a_year_up_and_no_month_down():
    up = screen(with_bars("MEBL", flat(500, 250)))
    candidate = only(up, "momentum", "MEBL")
    line = flat(500, 250)
    assert float(candidate.facts[0].figures["m6"].value) == pytest.approx(line[-1] / line[-127] - 1)
    assert "MEBL" not in symbols(screen(with_bars("MEBL", flat(500, 480))), "momentum")
    bent = (*flat(600, 250)[:-15], *(flat(600, 250)[-16] - 10 * n for n in range(15)))
    assert bent[-1] / bent[-22] < 1
    assert "MEBL" not in symbols(screen(with_bars("MEBL", bent)), "momentum")


def test_near_the_high_and_near_the_low():
    rising, falling = screen(with_bars("MEBL", flat(500, 250))), screen(with_bars("MEBL", flat(500, 900)))
    assert "MEBL" in symbols(rising, "near_high")
    assert "MEBL" not in symbols(rising, "near_low")
    assert "MEBL" in symbols(falling, "near_low")
    low = only(falling, "near_low", "MEBL")
    assert low.facts[0].figures["above"].value == 0
    assert low.counter.key == "counter.near_low_index"


def test_dividend_yield_reads_percent_and_fraction_alike():
    for value, unit in (("8.0", "%"), ("0.08", "fraction")):
        ratios = {"MEBL": Fundamentals(dividend_yield=fact(value, unit, "MEBL"))}
        found = screen(long_book(fundamentals=ratios))
        assert only(found, "dividend", "MEBL").facts[0].figures["yield"].value == Decimal("0.08")
    assert symbols(screen(long_book(fundamentals={})), "dividend") == []


def test_low_pe_needs_peers_enough():
    pes = {"MEBL": "6", "HBL": "10", "A": "10", "B": "11"}
    shares = dict(long_book().shares)
    for extra in ("A", "B"):
        shares[extra] = replace(shares["MEBL"], symbol=extra)
    ratios = {s: Fundamentals(pe=fact(pe, "x", s)) for s, pe in pes.items()}
    found = screen(long_book(shares=shares, fundamentals=ratios))
    assert symbols(found, "cheap") == ["MEBL"]
    assert found.found["cheap"][0].facts[0].figures["median"].value == 10
    assert found.unmeasured == 2
    del ratios["B"]
    assert symbols(screen(long_book(shares=shares, fundamentals=ratios)), "cheap") == []
    losing = dict(ratios) | {"B": Fundamentals(pe=fact("-3", "x", "B"))}
    assert symbols(screen(long_book(shares=shares, fundamentals=losing)), "cheap") == []


def test_foreign_flow_sums_the_classes_of_foreigners_only():
    def flow(side: str, investor: str, net: str) -> Flow:
        return Flow(side, investor, "CEMENT", fact(net, "USD mn", "CEMENT"))

    flows = (flow("FIPI", "Foreign Corporates", "0.30"), flow("FIPI", "Overseas Pakistanis", "-0.10"))
    found = screen(long_book(flows=(*flows, flow("LIPI", "Individuals", "9"))))
    assert symbols(found, "foreign") == ["LUCK"]
    assert found.found["foreign"][0].facts[0].figures["net"].value == Decimal("0.20")
    assert (
        symbols(screen(long_book(flows=(*flows, flow("FIPI", "Foreign Individuals", "-0.20")))), "foreign")
        == []
    )


def test_announcements_are_fresh_and_not_of_tomorrow():
    def told(symbol: str, days: int, kind: str = "result") -> Announcement:
        return Announcement(
            f"{symbol}{days}", DAY + timedelta(days=days), symbol, f"{symbol} results", "PSX", kind
        )

    fresh = (
        told("MEBL", -7),
        told("HBL", -8),
        told("SYS", 1),
        told("LUCK", 0, "record"),
        told("OGDC", 0),
        told("", 0),
    )
    assert symbols(screen(long_book(announcements=fresh)), "announcement") == ["OGDC", "MEBL"]


def test_suspended_illiquid_and_locked_names_are_left_out_and_named():
    book = long_book()
    quotes = dict(book.quotes)
    quotes["MEBL"] = quote("MEBL", "539.00", "490")  # up 10 %
    quotes["HBL"] = replace(
        quotes["HBL"], price=replace(quotes["HBL"].price, as_of=CLOSED - timedelta(days=3))
    )
    bars = dict(book.series)
    bars["OGDC"] = series(wave(4, last=250), (10_000,) * COUNT)  # Rs 2.5 million a day
    bars["SYS"] = series(wave(7), (1_000_000,) * (COUNT - 1) + (0,))
    found = screen(long_book(quotes=quotes, series=bars))
    assert {e.symbol: e.reason for e in found.excluded} == {
        "MEBL": "limit_locked",
        "HBL": "suspended",
        "SYS": "suspended",
        "OGDC": "illiquid",
    }
    shown = {c.symbol for finds in found.found.values() for c in finds}
    assert not shown & {"MEBL", "HBL", "SYS", "OGDC"}
    assert found.screened == 4


@pytest.mark.parametrize(
    ("price", "ldcp", "locked"),
    [
        ("332.37", "302.15", True),
        ("271.94", "302.15", True),
        ("332.30", "302.15", False),
        ("5.94", "4.96", False),  # Re 1, not 10 %, is a small share's limit
        ("5.96", "4.96", True),
        ("3.96", "4.96", True),
        ("100.00", "100.00", False),
    ],
)
def test_the_daily_limit_is_ten_percent_or_one_rupee(price, ldcp, locked):
    assert at_limit(quote("X", price, ldcp)) is locked


def test_the_top_takes_one_a_screen_one_a_sector_and_each_share_once():
    found = screen(sample())
    best = top(found)
    assert len(best) == 3
    assert (
        len({c.screen for c in best})
        == len({c.sector_code for c in best})
        == len({c.symbol for c in best})
        == 3
    )


def test_the_top_spares_what_a_person_has():
    found = screen(sample())
    first = top(found)
    has = Owned(frozenset({first[0].symbol}), frozenset({first[0].sector_code, first[1].sector_code}))
    fitted = top(found, has=has)
    assert not {c.sector_code for c in fitted} & has.sectors
    everything = Owned(sectors=frozenset(s.sector_code for s in sample().shares.values()))
    assert top(found, has=everything) == first, "when no sector is lacking the order is the usual one"


def test_the_shariah_preference_narrows_the_screens():
    found = screen(sample())
    assert all(c.shariah for c in top(found, shariah=True))
    assert any(not c.shariah for finds in found.found.values() for c in finds)


def test_another_day_begins_with_another_screen():
    found = screen(sample())
    starts = {top(replace(found, day=found.day + timedelta(days=n)))[0].screen for n in range(len(SCREENS))}
    assert len(starts) > 4


def test_owned_looks_through_funds():
    has = owned(Portfolio((Holding("FULL", Decimal("0.9")), Holding("OGDC", Decimal("0.1")))), long_book())
    assert has.symbols == {"MEBL", "HBL", "SYS", "OGDC"}
    assert has.sectors == {"0807", "0828", "0820"}
    assert owned(Portfolio(), long_book()) == Owned()


def test_the_sample_market_by_an_independent_way():
    market = sample()
    found = screen(market)
    for candidate in found.found["volume"]:
        bars = market.series[candidate.symbol]
        assert bars.days[-20:] == market.sessions[-20:]
        ratio = bars.volume[-1] / statistics.median(bars.volume[-21:-1])
        assert candidate.score == pytest.approx(ratio)
    for out in found.excluded:
        if out.reason == "illiquid":
            bars = market.series[out.symbol]
            values = {d: c * v for d, c, v in zip(bars.days, bars.close, bars.volume, strict=True)}
            assert float(out.value) == pytest.approx(
                statistics.median(values.get(d, 0) for d in market.sessions[-20:]), abs=1
            )
            assert out.value < 10_000_000
    assert "DHPL" in {out.symbol for out in found.excluded if out.reason == "suspended"}
    assert all(
        finds == tuple(sorted(finds, key=lambda c: (-c.score, c.symbol))) for finds in found.found.values()
    )


def test_json_holds_every_screen_with_its_facts():
    found = screen(sample())
    shown = json.loads(json.dumps(to_json(found, top(found)), allow_nan=False))
    assert [s["screen"] for s in shown["screens"]] == [s.name for s in SCREENS]
    assert sorted(SCREEN_NAMES) == sorted(s.name for s in SCREENS)
    for each in (*shown["top"], *(r for s in shown["screens"] for r in s["results"])):
        assert each["facts"]
        assert each["counter"]["fact"].startswith("counter.")


def test_an_outline_is_adjusted_and_a_stranger_has_none():
    book = long_book()
    drawn = outline("LUCK", book, history(book))
    assert len(drawn.days) == len(drawn.closes) == len(drawn.volumes) == 252
    assert set(drawn.volumes) == {1_000_000}
    assert drawn.days == sessions()[-252:]
    with pytest.raises(NotAvailable):
        outline("NOPE", book, history(book))


def test_a_sector_is_told_share_by_share():
    found = screen(sample())
    banks = in_sector(found, "0807")
    assert len({c.symbol for c in banks}) == len(banks) > 1
    assert {c.sector_code for c in banks} == {"0807"}
    assert {c.screen for c in about(found, banks[0].symbol)} == {banks[0].screen, *banks[0].also}
    assert about(found, "NOPE") == in_sector(found, "9999") == ()


def test_a_stranger_is_no_screen():
    assert screen_named("") is screen_named("tasty") is None


def test_every_screen_is_found_by_its_own_name():
    assert {name: screen_named(name) for name in SCREEN_NAMES} == {name: name for name in SCREEN_NAMES}
