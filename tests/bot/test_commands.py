"""Commands however a phone types them: slashes, letters and digits of other keyboards, invisible signs before them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.router import _slash
from handlers.registry import COMMANDS

INVISIBLE = "\u200e\u200f\u200b\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff\u061c\u2060\u200c\u200d"


@pytest.mark.parametrize(
    ("typed", "name", "said"),
    [
        ("/xray MEBL", "xray", "MEBL"),
        ("／xray MEBL", "xray", "MEBL"),
        ("／ＸＲＡＹ ＭＥＢＬ", "xray", "MEBL"),
        ("/XRay", "xray", ""),
        ("\u200f/xray\u200f MEBL", "xray", "MEBL"),
        ("\u2067/xray\u2069 MEBL", "xray", "MEBL"),
        ("\ufeff \u200e/xray", "xray", ""),
        ("/xray@marketbyte_bot MEBL", "xray", "MEBL"),
        ("/xray＠marketbyte_bot", "xray", ""),
        ("/alert KSE100 above ۱۷۰۰۰۰", "alert", "KSE100 above 170000"),
        ("/alert KSE100 above ١٧٠٬٠٠٠٫٥", "alert", "KSE100 above 170,000.5"),
        ("/holiday ۲۰۲۶-۱۲-۲۴ Eid", "holiday", "2026-12-24 Eid"),
        ("/xray\nMEBL\nLUCK", "xray", "MEBL\nLUCK"),
        ("  /help  ", "help", ""),
    ],
)
def test_a_command_is_read(typed, name, said):
    slash = _slash(typed)
    assert (slash.name, slash.said) == (name, said)


@pytest.mark.parametrize(
    "typed",
    ["xray", "/", "//x", "x /xray", "https://a.pk/xray", "/x-ray now", "/" + "a" * 33, "", "1/2", "/12"],
)
def test_this_is_no_command(typed):
    assert _slash(typed) is None


@pytest.mark.parametrize("command", ["announce", "feedback"])
def test_somebodys_own_text_behind_a_command_stays_as_it_was_typed(command):
    text = "قیمت ۱۲۳، \u200fہے — “so”"
    assert _slash(f"/{command} {text}").said == text


@given(
    st.sampled_from(sorted(COMMANDS)),
    st.text(st.sampled_from(INVISIBLE), max_size=4),
    st.text(st.sampled_from(INVISIBLE), max_size=4),
    st.sampled_from(["", "@marketbyte_bot"]),
    st.booleans(),
)
def test_every_command_is_found_behind_whatever_is_not_seen(name, before, behind, suffix, shouted):
    typed = name.upper() if shouted else name
    assert _slash(f"{before}/{typed}{suffix}{behind} x").name == name


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text):
    _slash(text)
    assert (_slash("/" + text) is None) or _slash("/" + text).name.isascii()
