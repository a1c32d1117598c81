"""What a channel reports that is no message: how far a message got, who blocked us or came back, who moved."""

from collections.abc import Awaitable

from bot.metrics import COUNTS
from services.domain.conversation import Moved, Notice
from services.outbox import Outbox
from services.ports import InboxStore
from services.users import Users

OPT_IN = frozenset(
    {"twilio", "meta"}
)  # where "unblocked" is a person's explicit START, not only a lifted block
_CHANGES = frozenset({"blocked", "unblocked", "stopped"})


def changes_somebody(event: Notice | Moved) -> bool:
    """Whether the order of such events matters, and each counts once: it changes how somebody is reached."""
    return isinstance(event, Moved) or event.kind in _CHANGES


class Notices:
    """Follows what channels report. Everything here can be done twice, so it is remembered after it is done."""

    def __init__(self, outbox: Outbox, users: Users, inbox: InboxStore) -> None:
        self._outbox = outbox
        self._users = users
        self._inbox = inbox

    async def follow(self, event: Notice | Moved) -> None:
        """Do what the event asks for.

        Raises:
            Unavailable: The store is away: the provider has to bring it again.
        """
        if isinstance(event, Moved):
            moving = self._users.moved(event.old, event.new, event.at)
            return await self._once(event, moving)
        if event.kind in _CHANGES and event.address is not None:
            return await self._once(event, self._change(event))
        COUNTS.add("received", channel=_channel(event), kind=event.kind)
        if event.ref:
            COUNTS.add("status", channel=_channel(event), kind=event.kind, code=event.code)
        return await self._outbox.note(event)

    async def _once(self, event: Notice | Moved, change: Awaitable[None]) -> None:
        """A repeat of an old STOP, days after the START that followed it, changes nothing."""
        kind: str = "moved" if isinstance(event, Moved) else event.kind
        address = event.new if isinstance(event, Moved) else event.address
        if await self._inbox.noted(event.event_id):
            _close(change)
            kind = "duplicate"
        else:
            if isinstance(event, Notice):
                await self._outbox.note(event)
            await change
            if address is not None:
                await self._inbox.note(event.event_id, address)
        COUNTS.add("received", channel=address.channel if address else "", kind=kind)

    async def _change(self, notice: Notice) -> None:
        """A user blocked or opted out at the provider: our subscription follows at once."""
        address = notice.address
        if address is None:
            return
        if notice.kind == "blocked":
            await self._users.unreachable(address)
        elif notice.kind == "stopped":
            await self._users.opted_out(address)
        else:
            await self._users.reachable(address)
            if address.channel in OPT_IN:
                await self._users.opted_in(address)


def _close(change: Awaitable[None]) -> None:
    """A coroutine that is not run is closed, or Python complains."""
    close = getattr(change, "close", None)
    if close is not None:
        close()


def _channel(event: Notice) -> str:
    return event.event_id.partition(":")[0] if event.address is None else event.address.channel
