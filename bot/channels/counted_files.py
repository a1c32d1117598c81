"""The known files of a provider, with a count of what was uploaded and what was sent again: one upload for a million sends."""

from bot.channels.base import KnownFiles, Upload
from bot.metrics import COUNTS


class CountedFiles:
    """A ``KnownFiles`` over another one."""

    def __init__(self, files: KnownFiles) -> None:
        self._files = files

    async def of(self, channel: str, owner: str, key: str, upload: Upload) -> tuple[str, bool]:
        """The provider's id, and whether it was had without this upload."""
        identity, had = await self._files.of(channel, owner, key, upload)
        if identity:
            COUNTS.add("media", channel=channel, kind="reuse" if had else "upload")
        return identity, had

    async def drop(self, channel: str, owner: str, key: str, identity: str) -> None:
        """Forget an id that the provider refused."""
        COUNTS.add("media", channel=channel, kind="refused")
        await self._files.drop(channel, owner, key, identity)
