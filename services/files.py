"""Files made for one person on request, kept in the media store until they are swept."""

from services.domain.conversation import MediaRef
from services.ports import MediaStore


class Files:
    """Keeps bytes and hands out references to them."""

    def __init__(self, media: MediaStore) -> None:
        self._media = media

    async def put(self, data: bytes, mime: str, name: str) -> MediaRef:
        return await self._media.put(data, mime, name)
