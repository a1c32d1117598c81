import asyncio
import io
import math
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from services.domain.conversation import LANGUAGES
from services.domain.indicators import history
from services.domain.opportunities import outline
from services.domain.pictures import Bar, DayPicture, ExposurePicture, Finding, PricePicture
from services.domain.portfolio import Holding, balanced
from services.domain.xray import analyse
from services.media.chart_marks import mark
from services.media.chart_style import BLUE, DEEP, GREY, INK, MARGIN, PAPER, RED, WIDTH
from services.media.charts import Matplotlib, drawn
from services.media.lettering import fitted, measured, ordered, shortened, wrapped
from services.media.sheet import Sheet
from services.sources.sample import SampleMarket
from services.wording.layouts.opportunities import price_picture
from services.wording.layouts.xray import exposure_picture, own

ROOT = Path(__file__).parents[2]
SOURCE = "sample data, 20 Aug 2026 · facts, not advice"
EXPOSURE = ExposurePicture(
    title="X-Ray",
    subtitle="80% disclosed",
    sectors_title="Sectors",
    sectors=(Bar("Cement", 0.4), Bar("Banks", 0.2)),
    positions_title="Positions",
    positions=(Bar("LUCK", 0.3, "via 2 funds"),),
    undisclosed=Bar("Not disclosed", 0.2),
    findings=(Finding("pass", "One"), Finding("watch", "Two"), Finding("fail", "Three")),
    footer=SOURCE,
)
DAY = DayPicture("Day", "20 Aug 2026", (Bar("All", -0.02), Bar("KSE-100", 0.01), Bar("LUCK", 0.02)), SOURCE)
PRICE = PricePicture(
    "LUCK",
    "Rs",
    tuple(date(2026, 1, 1) + timedelta(days=n) for n in range(90)),
    tuple(100 + n * 0.5 for n in range(90)),
    tuple(range(90)),
    (("high", 150.0), ("low", 99.0)),
    SOURCE,
)
LONG = "An Islamic Asset Allocation Fund whose name never comes to an end, Plan III (Growth Units)"
URDU = "ایک نہایت لمبے نام والا اسلامی فنڈ جس کا نام کبھی ختم نہیں ہوتا"
NAMES = st.one_of(st.text(max_size=60), st.sampled_from([LONG, URDU, "KSE-100 میں کمی −1.2%", "$x_2$", "🟢"]))


def pixels(png: bytes) -> np.ndarray:
    image = Image.open(io.BytesIO(png))
    assert (image.format, image.mode, image.width) == ("PNG", "RGB", WIDTH)
    return np.asarray(image).astype(int)


def inked(shown: np.ndarray, colour: str) -> np.ndarray:
    wanted = [int(colour[n : n + 2], 16) for n in (1, 3, 5)]
    return (abs(shown - wanted) <= 1).all(axis=2)


def lengths(shown: np.ndarray, colour: str) -> list[int]:
    """How long the bars of a colour are, from top to bottom, in pixels."""
    widths = inked(shown, colour).sum(axis=1)
    blocks, before = [], 0
    for width in widths:
        if width > 20 >= before:
            blocks.append(int(width))
        elif width > 20:
            blocks[-1] = max(blocks[-1], int(width))
        before = width
    return blocks


def assert_margins_are_free(shown: np.ndarray) -> None:
    paper = inked(shown, PAPER)
    assert paper[:, : MARGIN - 6].all()
    assert paper[:, WIDTH - MARGIN + 6 :].all()


@cache
def book():
    return asyncio.run(SampleMarket().book())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_real_pictures_are_small_and_keep_their_margins(lang):
    weights = {"KSE100": 40, "MIF": 20, "NSF": 20, "LUCK": 10, "SYS": 10}
    found = analyse(balanced(tuple(Holding(c, Decimal(w)) for c, w in weights.items())), book())
    xray = exposure_picture(found, lang, own(lang).title)
    price = price_picture(outline("LUCK", book(), history(book())), lang)
    for spec, tall in ((xray, (1000, 1400)), (price, (700, 800))):
        png = drawn(spec)
        shown = pixels(png)
        assert tall[0] <= len(shown) <= tall[1]
        assert len(png) < 300_000
        assert_margins_are_free(shown)


def test_bars_are_as_long_as_their_share_says():
    shown = pixels(drawn(EXPOSURE))
    cement, banks = lengths(shown, BLUE)
    (luck,) = lengths(shown, DEEP)
    assert cement == pytest.approx(2 * banks, abs=3)
    assert luck == pytest.approx(cement * 0.75, abs=3)


def test_what_is_not_disclosed_is_hatched_and_as_long_as_a_filled_bar():
    shown = inked(pixels(drawn(EXPOSURE)), GREY)
    edges = np.flatnonzero(shown.sum(axis=1) > 250)  # the outline's upper and lower side
    columns = np.flatnonzero(shown[edges[0]])
    (_, banks) = lengths(pixels(drawn(EXPOSURE)), BLUE)
    assert columns[-1] - columns[0] == pytest.approx(banks, abs=14)  # its corners are round
    box = shown[edges[0] : edges[-1], columns[0] : columns[-1]]
    assert 0.1 < box.mean() < 0.6
    without = inked(pixels(drawn(replace(EXPOSURE, undisclosed=None))), GREY)
    assert without.sum(axis=1).max() < 50, "only the soft edges of small grey words"


@pytest.mark.parametrize(("spec", "colour"), [(EXPOSURE, BLUE), (DAY, RED), (DAY, BLUE)])
def test_urdu_is_mirrored(spec, colour):
    english, urdu = pixels(drawn(spec)), pixels(drawn(replace(spec, lang="ur")))
    there, here = inked(english, colour)[:, ::-1], inked(urdu, colour)
    assert there.sum() > 1000
    assert (there != here).sum() < 0.02 * there.sum()
    assert (inked(english, colour) != here).sum() > 0.3 * there.sum()


def test_time_runs_to_the_right_in_urdu_too():
    for lang in ("en", "ur"):
        line = inked(pixels(drawn(replace(PRICE, lang=lang))), BLUE)
        rows, columns = np.nonzero(line)
        assert rows[columns.argmin()] > rows[columns.argmax()], "the price rises"


def test_losers_grow_the_other_way_by_the_same_measure():
    shown = pixels(drawn(DAY))
    (red,), (blue,) = lengths(shown, RED), lengths(shown, BLUE)
    assert red == pytest.approx(blue, abs=3)
    zero = np.flatnonzero(inked(shown, INK).sum(axis=0) > 150)
    assert np.flatnonzero(inked(shown, RED).any(axis=0)).max() <= zero.max() + 1
    assert np.flatnonzero(inked(shown, BLUE).any(axis=0)).min() >= zero.min() - 1


def test_marks_differ_without_colour():
    shapes = []
    for state in ("pass", "watch", "fail", ""):
        sheet = Sheet(60, "en")
        mark(sheet, 40, 30, state)
        shapes.append(~inked(pixels(sheet.png()), PAPER)[:, :80])
    for one in range(4):
        for other in range(one):
            assert (shapes[one] != shapes[other]).sum() > 100, (one, other)


def test_a_minus_stands_before_its_number_inside_urdu():
    sheet = Sheet(100, "ur")
    sheet.text(MARGIN, 50, "آج −1.2%", 40)
    ink = ~inked(pixels(sheet.png()), PAPER)
    first = np.flatnonzero(ink.any(axis=0))[0]
    assert 1 <= ink[:, first : first + 8].any(axis=1).sum() <= 8, "a thin dash comes first"


def test_urdu_is_joined_and_latin_runs_stay_whole():
    assert measured("سیمنٹ", 40) < 0.9 * sum(measured(letter, 40) for letter in "سیمنٹ")
    assert "\u2066sample data, 20 Aug 2026\u2069" in ordered("sample data, 20 Aug 2026 · حقائق", rtl=True)
    assert ordered("LUCK 5%", rtl=True) == "LUCK 5%"
    assert ordered("🟢 a\nb\x00", rtl=False) == " a b"
    assert measured("می\u200cخواہ", 40) != measured("میخواہ", 40)


@given(NAMES, st.floats(40, 500))
@settings(max_examples=30, deadline=None)
def test_cut_and_wrapped_words_fit(words, width):
    size = fitted(words, width, 32, 28)
    cut = shortened(words, width, size)
    assert measured(cut, size) <= width
    assert cut == words or cut.endswith("…")
    lines = wrapped(words, width, 32, 2)
    assert len(lines) <= 2
    assert all(measured(line, 32) <= width for line in lines)


ODD = (-2.0, 0.0, 1e-9, 1.0, 12.5, 1e9, math.nan, math.inf, -math.inf, 0.3, -0.01, 0.5)
WORDS = ("", LONG, URDU, "KSE-100 میں کمی −1.2%", "$x_2$", "🟢", "\x00")


def odd_bars(count: int) -> tuple[Bar, ...]:
    return tuple(Bar(WORDS[n % 7], ODD[-n - 1], WORDS[(n + 3) % 7]) for n in range(count))


@pytest.mark.parametrize("lang", ["en", "ur"])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 12])
def test_any_number_of_odd_bars_keeps_its_margins(count, lang):
    bars = odd_bars(count)
    findings = tuple(Finding(state, LONG * 2) for state in ("pass", "fail", "?"))
    xray = replace(EXPOSURE, sectors=bars, positions=bars, findings=findings, title=LONG, footer=LONG * 3)
    for spec in (replace(xray, lang=lang), replace(DAY, moves=bars, title=URDU * 2, lang=lang)):
        png = drawn(spec)
        assert_margins_are_free(pixels(png))
        assert len(png) < 300_000


@pytest.mark.parametrize("count", [0, 1, 2, 3, 12])
def test_any_price_is_drawn(count):
    closes, volumes = ODD[:count], tuple((-5, 10**12, 0)[n % 3] for n in range(count))
    lines = tuple((words, level) for words, level in zip(WORDS[:3], ODD, strict=False))
    for lang in ("en", "ur"):
        spec = replace(PRICE, days=PRICE.days[:count], closes=closes, volumes=volumes, lines=lines, lang=lang)
        assert_margins_are_free(pixels(drawn(spec)))


def test_nothing_to_show_says_nothing():
    empty = replace(EXPOSURE, sectors=(), positions=(), undisclosed=None, findings=())
    assert len(pixels(drawn(empty))) < 400
    assert not inked(pixels(drawn(replace(PRICE, days=(), closes=(), volumes=()))), BLUE).any()
    assert not inked(pixels(drawn(replace(DAY, moves=()))), RED).any()


async def test_the_loop_runs_on_while_pictures_are_drawn_one_at_a_time():
    charts, ticks = Matplotlib(), 0
    tasks = [asyncio.ensure_future(charts.draw(spec)) for spec in (EXPOSURE, DAY, PRICE, EXPOSURE)]
    while not all(task.done() for task in tasks):
        await asyncio.sleep(0)
        ticks += 1
    pictures = [task.result() for task in tasks]
    assert ticks > 10
    assert pictures[0] == pictures[3] == drawn(EXPOSURE), "the same content is the same file"
    assert len(set(pictures)) == 3


def test_matplotlib_is_loaded_with_the_first_picture_and_pyplot_never():
    code = (
        "import sys; from services.media.charts import Matplotlib, drawn; from services.domain.pictures import DayPicture\n"
        "Matplotlib(); assert 'matplotlib' not in sys.modules and 'numpy' not in sys.modules\n"
        "drawn(DayPicture('a', 'b', (), 'c')); assert 'matplotlib' in sys.modules\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
