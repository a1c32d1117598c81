"""One door for files that come in: the channel of the address fetches them."""

from collections.abc import Mapping
from typing import Protocol

from services.domain.conversation import Address, Attachment
from services.domain.errors import BadInput


class ChannelFiles(Protocol):
    async def fetch(self, attachment: Attachment, most: int) -> bytes: ...


class Fetching:
    """The ``FetchFile`` port over all channels; ``channels`` by name, those without a way to fetch are not in it."""

    def __init__(self, channels: Mapping[str, ChannelFiles]) -> None:
        self._channels = dict(channels)

    async def fetch(self, address: Address, attachment: Attachment, most: int) -> bytes:
        """The bytes of what was sent from an address.

        Raises:
            BadInput: Too large, gone, or this channel brings no files.
            Unavailable: The provider does not answer.
        """
        channel = self._channels.get(address.channel)
        if channel is None or not attachment.ref:
            raise BadInput(
                "files cannot be sent here: use Telegram, WhatsApp, or `marketbyte import` on the server"
            )
        return await channel.fetch(attachment, most)
