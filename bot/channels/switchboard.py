"""One door for everything that goes out: the channel of the address takes it."""

from collections.abc import Mapping
from datetime import datetime

from bot.channels.base import Channel, Gate, MediaSource, Mending
from services.domain.conversation import Inbound, Outbound, Receipt
from services.domain.errors import DeliveryFailed


class Switchboard:
    """The ``Sender`` port over all channels. ``channels`` by name; media come from ``media``."""

    def __init__(self, channels: Mapping[str, Channel], media: MediaSource) -> None:
        self._channels = dict(channels)
        self._media = media

    async def send(self, outbound: Outbound, gate: Gate) -> Receipt:
        """Send over the channel of the address.

        Raises:
            DeliveryFailed: As the channel says; permanent if this process has no such channel.
        """
        return await self._channel(outbound).send(outbound, self._media, gate)

    async def find(self, outbound: Outbound, since: datetime) -> Receipt | None:
        """Whether the provider took a message whose sending had no answer; None if surely not.

        Raises:
            NotAvailable: its provider has no way to tell.
            DeliveryFailed: it did not answer.
        """
        return await self._channel(outbound).find(outbound, since)

    async def instead(self, outbound: Outbound, code: str, ref: str) -> Outbound | None:
        """What to put in the place of a message whose medium was refused late; None where nothing can be."""
        channel = self._channels.get(outbound.address.channel)
        return await channel.instead(outbound, code, ref) if isinstance(channel, Mending) else None

    async def typing(self, inbound: Inbound, kind: str = "typing") -> None:
        """Show that an answer is being made; never raises."""
        channel = self._channels.get(inbound.address.channel)
        if channel is not None and channel.configured:
            await channel.typing(inbound, kind)

    def _channel(self, outbound: Outbound) -> Channel:
        channel = self._channels.get(outbound.address.channel)
        if channel is None or not channel.configured:
            raise DeliveryFailed(
                f"channel {outbound.address.channel!r} is not configured: see marketbyte check",
                permanent=True,
            )
        return channel
