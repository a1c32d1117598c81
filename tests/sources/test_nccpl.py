"""Flows from files: every shape, and the sums that must hold."""

import json
import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sources.nccpl import READERS
from tests.sources.asked import PAGES, RUBBISH, SHARED, came, outcome

FILES = {each.name: each.read_text() for each in (PAGES / "nccpl").iterdir()}
MATRIX, BOTH, LIPI = FILES["matrix.csv"], FILES["both.csv"], FILES["lipi.csv"]
DAY = date(2026, 9, 9)
flows = READERS["nccpl.flows"]


def read(name, body=None, **asked):
    if name == "scstrade.json":
        asked = {"date1": "09/09/2026", "date2": "09/09/2026"} | asked
    return came(name, FILES[name] if body is None else body, **asked)


def nets(rows):
    return {(row.investor, row.sector): row.net for row in rows}


def test_every_shape_tells_the_same_of_the_same_day():
    matrix = nets(flows(read("matrix.csv")))
    assert len(matrix) == 11 * 12
    assert nets(flows(read("matrix.json"))) == matrix
    for name, count in (("both.csv", 11), ("sectors.json", 121), ("lipi.csv", 8)):
        rows = flows(read(name))
        assert len(rows) == count
        assert {row.day for row in rows} == {DAY}
        assert {key: pytest.approx(matrix[key], abs=1e-9) for key in nets(rows)} == nets(rows)


def test_a_row_has_what_was_bought_and_sold_in_dollars_and_its_side():
    rows = {row.investor: row for row in flows(read("both.csv"))}
    one = rows["Individuals"]
    assert (one.net, one.buy, one.sell) == (-1.425569, 56.28112, -57.706689)  # 15,758,713,600 rupees at 280
    assert {name for name, row in rows.items() if row.side == "FIPI"} == {
        "Foreign Individuals",
        "Foreign Corporates",
        "Overseas Pakistanis",
    }


def test_scstrade_has_all_foreigners_in_one_and_no_dates():
    rows = flows(read("scstrade.json"))
    assert len(rows) == 99
    assert {row.investor for row in rows if row.side == "FIPI"} == {"All foreigners"}
    matrix = flows(read("matrix.csv"))
    foreign = sum(row.net for row in matrix if (row.side, row.sector) == ("FIPI", "Cement"))
    assert nets(rows)["All foreigners", "Cement"] == pytest.approx(foreign, abs=0.005)
    for asked in ({"date2": "09/10/2026"}, {"date1": "", "date2": ""}):
        assert "no single day was told" in outcome(flows, read("scstrade.json", **asked))
    wrapped = json.dumps({"d": json.dumps(json.loads(FILES["scstrade.json"])["d"])})
    assert flows(read("scstrade.json", wrapped)) == rows


def test_a_sector_that_does_not_cancel_out_is_named_with_both_sums():
    changed = re.sub(r"(FIPI,Foreign Corporates(?:,[^,]*){4}),[^,]*", r"\1,7.000000", MATRIX)
    said = outcome(flows, read("matrix.csv", changed))
    assert re.search(
        r"sector 'Fertilizer': FIPI \+\d\.\d{6} and LIPI [-+]\d\.\d{6} USD million do not cancel out", said
    )
    rows = json.loads(FILES["sectors.json"])
    rows["data"] = [
        row
        for row in rows["data"]
        if (row["CLIENT_TYPE"], row["SECTOR_NAME"]) != ("NBFC", "COMMERCIAL BANKS")
    ]
    assert "sector 'Commercial Banks'" in outcome(flows, read("sectors.json", json.dumps(rows)))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("INDIVIDUALS,TOTAL,", "INDIVIDUALS,FUT,", "stands there twice"),
        ("COMPANIES,REG,1000", "COMPANIES,XYZ,1000", "column 'MARKET_TYPE', row 4"),
        ("NBFC,REG", "HEDGE FUNDS,REG", "column 'CLIENT_TYPE', row 10"),
        (",-1425569", ",-2425569", "column 'USD', row 3"),
        ("-16157872920", "-17157872920", "column 'NET_VALUE', row 3"),
        ("09/09/2026,INDIVIDUALS,REG", "31/09/2026,INDIVIDUALS,REG", "column 'DATE', row 1"),
        (",USD", ",US", "asked['usd_pkr']"),
        ("MARKET_TYPE", "MARKET", "column 'MARKET_TYPE'"),
        ("CLIENT_TYPE", "CLIENT", "column 'CLIENT_TYPE'"),
        ("NET_VALUE", "NET", "column 'NET_VALUE'"),
    ],
)
def test_rows_that_are_not_what_nccpl_publishes(old, new, said):
    assert said in outcome(flows, read("lipi.csv", LIPI.replace(old, new, 1)))


def test_markets_must_add_up_to_their_total():
    lines = LIPI.splitlines()
    lines.remove(next(line for line in lines if "MUTUAL FUNDS,FUT" in line))
    assert "Mutual Funds, sector 'All': the markets add up to" in outcome(
        flows, read("lipi.csv", "\n".join(lines))
    )


def test_one_side_alone_must_be_told_and_must_add_up_to_its_total():
    assert "must be told" in outcome(flows, came("nccpl.flows", LIPI))
    assert len(flows(came("nccpl.flows", LIPI, side="LIPI"))) == 8
    named = [line for line in LIPI.splitlines() if ",NBFC," not in line]
    assert "the classes add up to" in outcome(flows, read("lipi.csv", "\n".join(named)))
    without = [line for line in LIPI.splitlines() if "2026,," not in line]
    assert "no total of sector 'All'" in outcome(flows, read("lipi.csv", "\n".join(without)))


def test_rupees_alone_need_the_rate():
    lines = [line.rsplit(",", 1)[0] for line in BOTH.splitlines()]
    assert nets(flows(read("both.csv", "\n".join(lines), usd_pkr="280"))) == nets(flows(read("both.csv")))
    assert "column 'USD'" in outcome(flows, read("both.csv", "\n".join(lines), usd_pkr="0.28"))


def test_millions_of_dollars_are_told_from_dollars():
    def in_millions(found):
        return f",{int(found[1]) / 1e6:.6f}"

    body = re.sub(r",(-?\d+)$", in_millions, BOTH, flags=re.MULTILINE)
    assert nets(flows(read("both.csv", body))) == nets(flows(read("both.csv")))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"success":true,"data":[]}',
        b"<html>Just a moment...</html>",
        b"%PDF-1.7",
        b"\xff\xfea",
        b'{"d":[{"FLTypeNew":"FIPI","FLBuyValue":12.5}]}',
        b"a,b\n1,2\n",
    ],
)
def test_what_holds_no_flows(body):
    assert isinstance(outcome(flows, came("nccpl.flows", body)), str)


def test_a_hundred_thousand_rows():
    lines = LIPI.splitlines()
    assert "more than 50,000 rows" in outcome(
        flows, read("lipi.csv", "\n".join(lines[:1] + lines[1:2] * 100_000))
    )


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_cut_anywhere_it_is_refused_or_whole(name, data):
    place = data.draw(st.integers(0, len(FILES[name]) - 1))
    found = outcome(flows, read(name, FILES[name][:place]))
    assert isinstance(found, str) or found == flows(read(name))


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["matrix.csv", "both.csv", "lipi.csv"]),
    st.sampled_from([*RUBBISH, "7.5", "123456789"]),
    st.data(),
)
def test_rubbish_in_a_cell_is_refused_or_was_not_read(name, rubbish, data):
    lines = [line.split(",") for line in FILES[name].splitlines()]
    line = data.draw(st.integers(0, len(lines) - 1))
    cell = data.draw(st.integers(0, len(lines[line]) - 1))
    lines[line][cell] = rubbish
    found = outcome(flows, read(name, "".join(",".join(each) + "\n" for each in lines)))
    assert isinstance(found, str) or nets(found) == nets(flows(read(name)))


def of_10_september(name):
    rows = flows(came(name, (SHARED / "flows" / name).read_bytes()))
    assert len(rows) == 132
    assert {row.day for row in rows} == {date(2026, 9, 10)}
    whole = [row for row in rows if row.sector == "All"]
    assert sum(row.net for row in whole if row.side == "FIPI") == pytest.approx(-0.292162, abs=1e-9)
    assert nets(rows)["Banks/DFI", "Debt Market"] == 12.377027
    assert nets(rows)["Foreign Corporates", "Commercial Banks"] == -0.746792
    assert next(row for row in whole if row.investor == "Insurance").sell == -13.1289


if (SHARED / "flows").exists():

    def test_the_day_of_10_september_as_csv():
        of_10_september("fipi_lipi_2026-09-10.csv")

    def test_the_day_of_10_september_as_json():
        of_10_september("fipi_lipi_2026-09-10.json")
