"""Known files in memory: the same promises as the real store, for tests of one channel."""

import asyncio
from collections import defaultdict

from bot.channels.base import Upload


class FilesInMemory:
    """``known`` is open to look at and to spoil: (channel, owner, key) -> the provider's id."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str, str], str] = {}
        self.dropped: list[str] = []
        self._turns: dict[tuple[str, str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, channel: str, owner: str, key: str, upload: Upload) -> tuple[str, bool]:
        name = (channel, owner, key)
        async with self._turns[name]:
            if identity := self.known.get(name):
                return identity, True
            identity, _ = await upload()
            if identity:
                self.known[name] = identity
            return identity, False

    async def drop(self, channel: str, owner: str, key: str, identity: str) -> None:
        self.dropped.append(identity)
        if self.known.get((channel, owner, key)) == identity:
            del self.known[channel, owner, key]
