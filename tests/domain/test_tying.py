"""Headlines are tied to the shares they are certainly about; the labelled halves guard precision."""

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.headlines import KARACHI
from services.domain.rows import NewsRow
from services.domain.tying import Tying, is_of_the_market
from services.sources.sample import read

PAGES = Path(__file__).parents[1] / "pages" / "news"
DAY = date(2026, 8, 20)


@pytest.fixture(scope="module")
def tying() -> Tying:
    return Tying(read().shares)


def labelled(half: str) -> list[tuple[frozenset[str], str, date]]:
    lines = (PAGES / f"tying_{half}.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [
        (frozenset(c.split(",")) - {""}, title, date.fromisoformat(day) if day else DAY)
        for c, title, day in rows
    ]


@pytest.mark.parametrize(("half", "least"), [("dev", 100), ("held", 80)])
def test_precision_and_recall(tying: Tying, half: str, least: int) -> None:
    rows = labelled(half)
    found = [(frozenset(tying.symbols(title, day)), wanted) for wanted, title, day in rows]
    right, told = sum(len(f & w) for f, w in found), sum(len(f) for f, _ in found)
    assert told >= least
    assert right / told >= 0.97
    assert right / sum(len(w) for _, w in found) >= 0.95


def test_the_halves_share_no_headline() -> None:
    dev, held = ({title for _, title, _ in labelled(half)} for half in ("dev", "held"))
    assert not dev & held
    assert len(dev | held) >= 300


@pytest.mark.parametrize(
    ("title", "symbols"),
    [
        ("Petroleum levy raised again", ()),
        ("Lucky draw for prize bonds today", ()),
        ("Attock refinery policy debated", ()),
        ("Hub gets new road to Karachi", ()),
        ("Systems at airport fail again", ()),
        ("Bank profits climb in first half", ()),
        ("Former PTCL chief joins board of think tank", ()),
        ("HBL Income Fund declares third interim dividend", ()),
        ("LUCKY CEMENT POSTS RECORD PROFIT", ("LUCK",)),
        ("OGDC AND PPL SIGN ACCORD WITH POL IN ISLAMABAD", ()),
        ("Lucky Cement Posts Record Profit", ("LUCK",)),
        ("Pakistan Petroleum Announces Dividend", ("PPL",)),
        ("Pakistan Petroleum Prices Likely To Fall", ()),
        ("Meezan Bank’s profit at Rs50bn", ("MEBL",)),
        ("UBL, HBL and MEBL in focus", ("HBL", "MEBL", "UBL")),
        ("لکی سیمنٹ کا منافع بڑھ گیا", ()),
        ("", ()),
    ],
)
def test_names_and_traps(tying: Tying, title: str, symbols: tuple[str, ...]) -> None:
    assert tying.symbols(title, DAY) == symbols


def test_engro_changed_its_owner_of_the_name(tying: Tying) -> None:
    assert tying.symbols("Engro posts higher profit", date(2024, 12, 31)) == ()
    assert tying.symbols("Engro posts higher profit", date(2025, 1, 1)) == ("ENGROH",)


def test_only_listed_shares_are_named() -> None:
    shares = {"HBL": read().shares["HBL"]}
    assert Tying(shares).symbols("HBL, UBL post profits", DAY) == ("HBL",)


def test_rows_are_tied_by_karachis_day(tying: Tying) -> None:
    at = datetime(2025, 1, 1, 1, 0, tzinfo=KARACHI)  # still 2024 in Greenwich
    (row,) = tying.tie([NewsRow("x", at, "Engro posts higher profit", "https://a.com/1", "Dawn")])
    assert row.symbols == ("ENGROH",)


@settings(max_examples=200, deadline=None)
@given(title=st.text(max_size=500))
def test_any_title_is_survived(tying: Tying, title: str) -> None:
    assert list(tying.symbols(title, DAY)) == sorted(set(tying.symbols(title, DAY)))


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("SBP reserves rise by $42m", True),
        ("KSE-100 sheds 300 points", True),
        ("Pakistan seeks IMF nod for tax relief", True),
        ("Fast bowler out of tour with injury", False),
        ("Bank robbery foiled in Gulshan", False),
        ("Heavy snowfall in Murree", False),
    ],
)
def test_market_news_without_a_company(title: str, *, told: bool) -> None:
    assert is_of_the_market(title) is told
