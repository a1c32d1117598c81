"""The sign that an answer is being made: shown when it takes a while, kept up until the reply, gone with it."""

import asyncio

from services.domain.conversation import Inbound
from services.ports import Sender

AFTER = 0.9  # seconds without an answer until the sign is shown
# How long a provider shows it: Telegram 5 s; WhatsApp 25 s, through Twilio and Meta alike (CHANNELS 2.5, 3.3, 4.6).
AGAIN = {"telegram": 4.5}
_SELDOM = 20.0


class Sign:
    """One turn's sign. Made when the turn begins; ``stop`` ends it, and nothing of it is left.

    Args:
        sender: Shows it.
        inbound: The message that is being answered.
    """

    def __init__(self, sender: Sender, inbound: Inbound) -> None:
        self._sender = sender
        self._inbound = inbound
        self._kind = "typing"
        self._shown = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(AFTER, self._begin)

    async def show(self, kind: str = "typing") -> None:
        """Show it now ("typing" or "recording"): the handler knows that it will take long."""
        self._kind = kind
        self.stop()
        self._begin()
        await self._shown.wait()

    def again(self) -> None:
        """A part of the answer was told, which took the sign away; more is being made."""
        self.stop()
        self._timer = asyncio.get_running_loop().call_later(AFTER, self._begin)

    def stop(self) -> None:
        """The answer is there (or there is none)."""
        self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _begin(self) -> None:
        self._shown.clear()
        self._task = asyncio.create_task(self._keep_up())

    async def _keep_up(self) -> None:
        pause = AGAIN.get(self._inbound.address.channel, _SELDOM)
        while True:
            try:
                await self._sender.typing(self._inbound, self._kind)
            finally:
                self._shown.set()
            await asyncio.sleep(pause)
