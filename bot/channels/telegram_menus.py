"""The command menus that Telegram shows beside a chat's line of text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Commands = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Menus:
    """The commands that Telegram offers: (name, what it does), by language ("" is for all others).

    A menu is no right: whoever types an operator's command is checked all the same.
    """

    everybody: Mapping[str, Commands]
    operators: Mapping[str, Commands]
    chats: tuple[str, ...] = ()  # the operators' own chats
