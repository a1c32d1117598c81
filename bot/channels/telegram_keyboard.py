"""Buttons as Telegram's inline keyboard: titles in rows that fit a phone. Pure."""

from collections.abc import Sequence

from bot.channels.base import LIMITS
from bot.channels.render import Part, shortened
from services.domain.conversation import Button

MEASURE = LIMITS["telegram"]
WIDE_TITLE = 18  # characters; two buttons up to this length share a row on a 5-inch phone


def keyboard(part: Part) -> dict[str, object]:
    """The fields of the keyboard under a part; what no button can be is a line of the text already (``parts``)."""
    return {"reply_markup": {"inline_keyboard": _rows(part.buttons)}} if part.buttons else {}


def _rows(buttons: Sequence[Button]) -> list[list[dict[str, str]]]:
    rows: list[list[dict[str, str]]] = []
    short = False
    for button in buttons:
        fitting = len(button.title) <= WIDE_TITLE
        if short and fitting and len(rows[-1]) == 1:
            rows[-1].append(_button(button))
        else:
            rows.append([_button(button)])
        short = fitting
    return rows


def _button(button: Button) -> dict[str, str]:
    return {"text": shortened(button.title, MEASURE.button_title), "callback_data": button.press}
