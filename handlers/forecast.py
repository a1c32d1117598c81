"""Forecasts: there is no model yet, and that is said in one line."""

from handlers.registry import on
from handlers.turn import Turn
from services.domain.conversation import Answer
from services.wording.layouts.menu import menu_buttons, plain


@on("forecast")
async def forecast(turn: Turn) -> Answer:
    """An honest no, with what there is instead."""
    return Answer((plain(turn.lang, "menu.forecast", buttons=menu_buttons(turn.lang)),))
