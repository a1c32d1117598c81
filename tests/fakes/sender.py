"""A sender that keeps what it was given, for tests that look at what a person would see."""

from datetime import datetime

from bot.channels.base import Gate
from services.domain.conversation import Inbound, Outbound, Receipt


class Recorder:
    """The Sender port. ``sent`` are all messages in order; ``shown`` the typing signs."""

    def __init__(self) -> None:
        self.sent: list[Outbound] = []
        self.shown: list[str] = []

    async def send(self, outbound: Outbound, gate: Gate) -> Receipt:
        await gate()
        self.sent.append(outbound)
        return Receipt((f"fake:{outbound.key}",), outbound.at)

    async def find(self, outbound: Outbound, since: datetime) -> Receipt | None:
        return next((Receipt((f"fake:{o.key}",), o.at) for o in self.sent if o.key == outbound.key), None)

    async def instead(self, outbound: Outbound, code: str, ref: str) -> None:
        return None

    async def typing(self, inbound: Inbound, kind: str = "typing") -> None:
        self.shown.append(kind)


async def free() -> None:
    """A gate that stands open: no rate to keep, nobody else who could send."""
