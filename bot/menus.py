"""The command menus that a chat app shows: everybody's, and the operators' own, from the one registry of commands."""

from collections.abc import Mapping

import handlers  # noqa: F401  # importing the package fills the registry
from bot.channels.telegram_menus import Menus
from handlers.registry import COMMANDS
from services.domain.conversation import Address, Lang
from services.domain.profiles import PSX, Profile
from services.wording import say_of

# What people want first stands first. Roman Urdu has no language code of its own: its readers see English.
EVERYBODY = (
    "brief", "xray", "portfolio", "add", "remove", "quote", "news", "explain", "opportunities", "forecast", "rates",
    "alert", "alerts", "calculate", "settings", "link", "feedback", "about", "stop", "export", "delete", "help",
)  # fmt: skip
LANGS: Mapping[str, Lang] = {"": "en", "ur": "ur"}  # Telegram's language code -> ours; "" is for all others


def menus(operators: tuple[Address, ...], market: Profile = PSX) -> Menus:
    """The menus by language; operators get theirs in their own chats. A menu is no right: each command is checked."""
    names = [name for name in EVERYBODY if name != "rates" or market.economy]
    everybody = {
        code: [(name, say_of(market, lang, f"command.{name}")) for name in names]
        for code, lang in LANGS.items()
    }
    more = [(command.name, command.about) for command in COMMANDS.values() if command.admin]
    chats = tuple(address.key for address in operators if address.channel == "telegram")
    return Menus(everybody, {code: [*more, *commands] for code, commands in everybody.items()}, chats)
