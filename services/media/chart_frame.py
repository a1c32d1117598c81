"""What every picture has: a title and a subtitle on top, the source line at the foot."""

from services.media.chart_style import FOOTER, INK, LEAST_TITLE, MARGIN, MUTED, RULE, SUBTITLE, TITLE, WIDTH
from services.media.lettering import fitted, leading, shortened, wrapped
from services.media.sheet import Sheet

INNER = WIDTH - 2 * MARGIN
"""The width between the margins, pixels."""
_TOP = 40.0


def heading_height(subtitle: str) -> float:
    """How much the heading takes, from the top edge; pixels."""
    return _TOP + leading(TITLE) + len(_subtitle(subtitle)) * leading(SUBTITLE) + 20


def heading(sheet: Sheet, title: str, subtitle: str) -> float:
    """Draw title and subtitle; returns the ``y`` under them."""
    size = fitted(title, INNER, TITLE, LEAST_TITLE, "Bold")
    y = _TOP + leading(TITLE) / 2
    sheet.text(MARGIN, y, shortened(title, INNER, size, "Bold"), size, weight="Bold", colour=INK)
    y += leading(TITLE) / 2 + leading(SUBTITLE) / 2
    for line in _subtitle(subtitle):
        sheet.text(MARGIN, y, line, SUBTITLE, colour=MUTED)
        y += leading(SUBTITLE)
    return heading_height(subtitle)


def footing_height(footer: str) -> float:
    """How much the foot takes, up from the bottom edge; pixels."""
    return 34 + len(_footer(footer)) * leading(FOOTER) + 24


def footing(sheet: Sheet, footer: str) -> None:
    """Draw the source line over a thin rule."""
    y = sheet.height - footing_height(footer) + 14
    sheet.line([(MARGIN, y), (WIDTH - MARGIN, y)], RULE)
    y += 20 + leading(FOOTER) / 2
    for line in _footer(footer):
        sheet.text(MARGIN, y, line, FOOTER, colour=MUTED)
        y += leading(FOOTER)


def _subtitle(words: str) -> list[str]:
    return wrapped(words, INNER, SUBTITLE, 2)


def _footer(words: str) -> list[str]:
    return wrapped(words, INNER, FOOTER, 2)
