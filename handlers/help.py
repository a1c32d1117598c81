"""The menu, small talk, what we are, and the friendly no to everything else."""

from handlers.registry import command, on
from handlers.turn import Turn
from services.domain.conversation import Answer
from services.wording import say
from services.wording.layouts.menu import menu, menu_buttons, plain


@on("help")
@command("help", "the menu")
@command("menu", "the menu")
async def show_menu(turn: Turn) -> Answer:
    """The menu; a button of an earlier step says so first."""
    return Answer(
        (menu(turn.lang, say(turn.lang, "menu.stale") if "stale" in turn.details else "", turn.profile),)
    )


@on("thanks")
async def thanks(turn: Turn) -> Answer:
    """A short word back."""
    return Answer((plain(turn.lang, "menu.thanks", buttons=menu_buttons(turn.lang)),))


@on("unknown")
async def unknown(turn: Turn) -> Answer:
    """Off-topic is declined in one friendly line, with the menu."""
    return Answer((menu(turn.lang, say(turn.lang, "menu.unknown"), turn.profile),))


@command("about", "who runs this, what it is not, where to complain")
async def about(turn: Turn) -> Answer:
    """The full disclaimer, with the date of the data."""
    book = await turn.services.market.book()
    return Answer((plain(turn.lang, "menu.about", market=book.profile, label=book.label),))
