"""No rupee amount survives masking, however it is written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.amounts import MASK, find, mask

MARKED = [
    ("Rs 500", 500), ("Rs.500", 500), ("rs500", 500), ("PKR 1,500", 1500), ("₨ 750", 750), ("500/-", 500), ("500 rupees", 500),
    ("500 rupay", 500), ("۵۰۰ روپے", 500), ("روپے ۵۰۰", 500), ("5 lakh", 500000), ("5lakh", 500000), ("5.5 lac", 550000),
    ("2 crore", 20000000), ("50k", 50000), ("2.5mn", 2500000), ("50 hazar", 50000), ("۵ لاکھ", 500000), ("paanch lakh", 500000),
    ("dedh lakh", 150000), ("dhai crore", 25000000), ("sadhe teen lakh", 350000), ("5 lakh 50 hazar", 550000), ("50000", 50000),
    ("5,00,000", 500000), ("500,000.75", Decimal("500000.75")), ("5 00 000", 500000), ("500 000", 500000), ("1e6", 1000000),
    ("twenty five thousand", 25000), ("paanch sau rupay", 500), ("٥٠٠٠٠", 50000), ("Rs 0.5 million", 500000), ("1.000.000", 1000000),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "value"), MARKED)
def test_an_amount_is_found_and_masked(typed, value):
    text = f"mera {typed} MEBL mein"
    assert find(text) == (Decimal(value),)
    assert mask(text) == f"mera {MASK} MEBL mein"


@pytest.mark.parametrize(
    "text",
    ["MEBL 60% LUCK 40%", "60 40", "LUCK above 500", "9 am aur 5 pm", "so what", "KSE100", "3 months", "", "100 shares LUCK",
     "میزان ۶۰٪", "do it", "1500%"],
)  # fmt: skip
def test_what_is_no_amount_stays(text):
    assert (mask(text), find(text)) == (text, ())


def test_where_one_amount_stands_small_numbers_go_too():
    assert mask("MEBL 50,000 LUCK 900 OGDC 40%") == f"MEBL {MASK} LUCK {MASK} OGDC 40%"


@pytest.mark.parametrize("typed", ["tetalis lakh", "tetalis hazar rupay", "saintees rupay", "سینتیس لاکھ"])
def test_a_number_in_words_that_is_not_known_is_masked_and_not_guessed(typed):
    assert mask(f"mere {typed}") == f"mere {MASK}"
    assert find(f"mere {typed}") == ()


def test_several_amounts_in_order():
    assert find("5 lakh aur Rs 20,000 phir 3k") == (Decimal(500000), Decimal(20000), Decimal(3000))


DIGITS = st.sampled_from(["0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "०१२३४५६७८९"])
BEFORE = st.sampled_from(["", "Rs ", "Rs.", "PKR", "₨", "rs ", "روپے "])
AFTER = st.sampled_from(
    ["", "/-", " rupees", " lakh", " lac", " crore", "k", " mn", " روپے", " لاکھ", " hazar"]
)
GROUPED = st.sampled_from(["{}", "{:,}", "{:_}"])
AROUND = st.sampled_from(["", "MEBL ", "i put ", "میرے ", "(", "*", "=", "\n", "😀"])


@given(st.integers(1, 10**10), DIGITS, BEFORE, AFTER, GROUPED, AROUND)
def test_no_digit_of_an_amount_survives(value, digits, before, after, grouped, around):
    if value < 1000 and not before and not after:
        value += 1000
    written = grouped.format(value).translate({ord(str(i)): digits[i] for i in range(10)})
    masked = mask(f"{around}{before}{written}{after} in MEBL")
    assert MASK in masked
    assert not any(c.isdigit() for c in masked), masked


@given(st.text(max_size=200))
def test_masking_twice_is_masking_once(text):
    assert mask(mask(text)) == mask(text)
    assert find(mask(text)) == ()
