"""The values of a template, against the rules by which the providers refuse them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.template_values import ROOM, checked
from services.domain.errors import TemplateRefused
from tests.fakes.twilio_rules import Refused, filled_content, plain_content

ODD = st.text(
    alphabet="aA کہ'\"\\{}*_\n\r\t\x00\x0b\u2028\u2029\xa0\u200b\u200c\u200d\ufeff📈🇵🇰-", max_size=60
)
LONG = st.builds(lambda word, times: word * times, ODD, st.integers(20, 60))


@given(st.lists(ODD | LONG | st.text(max_size=30), min_size=1, max_size=6))
def test_whatever_is_said_the_provider_takes_it(values):
    made = checked(values)
    form = {"ContentSid": "HX1", "ContentVariables": json.dumps({str(n): v for n, v in enumerate(made, 1)})}
    body, _ = filled_content(form, plain_content(len(values)))
    assert len(made) == len(values)
    assert len(body.encode("utf-16-le")) // 2 <= ROOM + len(values)


@pytest.mark.parametrize("value", ["a\nb", "a\tb", "a" + " " * 5 + "b", ""])
def test_the_fakes_rules_can_refuse(value):
    with pytest.raises(Refused):
        filled_content({"ContentVariables": json.dumps({"1": value})}, plain_content(1))


@pytest.mark.parametrize(
    ("value", "flat"),
    [
        ("Sana\n\tIqbal", "Sana Iqbal"),
        ("*KSE-100*  up      _0.8%_", "KSE-100 up 0.8%"),
        ('it\'s "fine" \\ so', 'it\'s "fine" \\ so'),
        ("{{1}} and {2}", "{1} and {2}"),
        (" \u200b\ufeff\n", "-"),
        ("کے\u200cلیے", "کے\u200cلیے"),
        ("a\u2028b\u2029c", "a b c"),
    ],
)
def test_words_stay_and_only_what_is_refused_goes(value, flat):
    assert checked([value]) == (flat,)


def test_the_longest_gives_way_first():
    short, long = checked(["Sana", "word " * 400])
    assert short == "Sana"
    assert long.endswith("…")
    assert ROOM - 10 < len(short + long) <= ROOM
    two = checked(["x" * 900, "y" * 700])
    assert sum(map(len, two)) <= ROOM
    assert abs(len(two[0]) - len(two[1])) < 20


@pytest.mark.parametrize("wants", [0, 1, 3])
def test_another_count_is_refused_before_anything_is_sent(wants):
    with pytest.raises(TemplateRefused) as refused:
        checked(["a", "b"], wants=wants)
    assert refused.value.permanent
    assert checked(["a", "b"], wants=2) == ("a", "b")
