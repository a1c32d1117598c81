"""A sender that keeps what it was given, for tests that look at what a person would see."""

from services.domain.conversation import Inbound, Outbound, Receipt


class Recorder:
    """The Sender port. ``sent`` are all messages in order; ``shown`` the typing signs."""

    def __init__(self) -> None:
        self.sent: list[Outbound] = []
        self.shown: list[str] = []

    async def send(self, outbound: Outbound) -> Receipt:
        self.sent.append(outbound)
        return Receipt((f"fake:{outbound.key}",), outbound.at)

    async def typing(self, inbound: Inbound, kind: str = "typing") -> None:
        self.shown.append(kind)
