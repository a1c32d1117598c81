"""What a bare number means: a press of the numbered buttons that its person saw last, on the channel that has no others.

It is told from what was sent, so it outlives a restart and holds for every process; only a bare number asks for it.
"""

from collections.abc import Awaitable, Sequence
from dataclasses import replace
from typing import Protocol

from services.domain.conversation import Address, Inbound, Outbound

NUMBERED = frozenset({"twilio"})
LONGEST = 2  # digits
LOOK_BACK = 20  # messages, when a turn is taken up again and may have said something itself


class Shown(Protocol):
    """The last messages that an address was sent, oldest first."""

    def __call__(self, address: Address, *, limit: int) -> Awaitable[Sequence[Outbound]]: ...


async def meant(inbound: Inbound, shown: Shown, *, again: bool) -> Inbound:
    """The message, or the press that it stands for.

    Args:
        inbound: What was said.
        shown: Asked for the last message only if a number was said.
        again: The turn is taken up once more: what it has said itself does not count.

    Raises:
        Unavailable: the store is away.
    """
    said = inbound.text.strip()
    if inbound.address.channel not in NUMBERED or inbound.pressed or inbound.attachments:
        return inbound
    number = int(said) if 0 < len(said) <= LONGEST and said.isdecimal() else 0
    if not number:
        return inbound
    own = f"reply:{inbound.event_id}:"
    told = await shown(inbound.address, limit=LOOK_BACK if again else 1)
    last = next((one for one in reversed(told) if not one.key.startswith(own)), None)
    buttons = last.reply.buttons if last else ()
    if number > len(buttons):
        return inbound
    return replace(inbound, text=buttons[number - 1].title, pressed=buttons[number - 1].press)
