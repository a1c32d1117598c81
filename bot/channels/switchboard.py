"""One door for everything that goes out: the channel of the address takes it."""

from collections.abc import Mapping

from bot.channels.base import Channel, MediaSource
from services.domain.conversation import Inbound, Outbound, Receipt
from services.domain.errors import DeliveryFailed


class Switchboard:
    """The ``Sender`` port over all channels. ``channels`` by name; media come from ``media``."""

    def __init__(self, channels: Mapping[str, Channel], media: MediaSource) -> None:
        self._channels = dict(channels)
        self._media = media

    async def send(self, outbound: Outbound) -> Receipt:
        """Send over the channel of the address.

        Raises:
            DeliveryFailed: As the channel says; permanent if this process has no such channel.
        """
        channel = self._channels.get(outbound.address.channel)
        if channel is None or not channel.configured:
            raise DeliveryFailed(
                f"channel {outbound.address.channel!r} is not configured: see marketbyte check",
                permanent=True,
            )
        return await channel.send(outbound, self._media)

    async def typing(self, inbound: Inbound, kind: str = "typing") -> None:
        """Show that an answer is being made; never raises."""
        channel = self._channels.get(inbound.address.channel)
        if channel is not None and channel.configured:
            await channel.typing(inbound, kind)
