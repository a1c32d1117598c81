"""Pictures, sound and files: bytes under the hash of their content, in a folder or a bucket, the same bytes once."""

import hashlib
import mimetypes
import re
from datetime import timedelta
from typing import Final

from obstore.exceptions import AlreadyExistsError, BaseError

from services.domain.conversation import MediaRef
from services.domain.errors import NotAvailable
from services.stores.objects import open_store, real_time, unreachable

_KEY: Final = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{1,8}")
_ENDINGS: Final = {
    "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "audio/ogg": "ogg", "audio/mpeg": "mp3",
    "application/json": "json", "application/pdf": "pdf", "text/plain": "txt", "text/csv": "csv",
}  # fmt: skip
_REFRESH: Final = timedelta(days=1)


class ObjectMedia:
    """``MediaStore`` over a folder (``file:///…``), a bucket (``s3://bucket/prefix``, ``gs://``, ``az://``) or memory.

    Raises:
        BadSetting: The URL names no store.
    """

    def __init__(self, storage_url: str) -> None:
        self._store = open_store(storage_url)

    async def put(self, data: bytes, mime: str, name: str = "") -> MediaRef:
        """Keep bytes; an object appears whole or not at all.

        Raises:
            Unavailable: The folder or bucket did not take them.
        """
        key = f"{hashlib.sha256(data).hexdigest()}.{_ending(mime)}"
        try:
            try:
                await self._store.put_async(key, data, mode="create")
            except AlreadyExistsError:
                await self._keep_on(key, data)
        except (BaseError, OSError) as error:
            raise unreachable(error, "media store") from error
        return MediaRef(key, mime, len(data), name)

    async def _keep_on(self, key: str, data: bytes) -> None:
        """The object is there. It is written again when it is a day old (the sweep goes by age) or was cut short."""
        there = await self._store.head_async(key)
        if there["size"] != len(data) or real_time() - there["last_modified"] > _REFRESH:
            await self._store.put_async(key, data)

    async def get(self, key: str) -> bytes:
        """The bytes.

        Raises:
            NotAvailable: There is no such object, or the key is none of ours.
            Unavailable: The folder or bucket did not answer.
        """
        if not _KEY.fullmatch(key):
            raise NotAvailable("that is no key of a media object", what="media")
        try:
            found = await self._store.get_async(key)
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            raise NotAvailable(f"no media object {key}", what="media") from None
        except (BaseError, OSError) as error:
            raise unreachable(error, "media store") from error

    async def sweep(self, older_than: timedelta) -> int:
        """Remove objects that nobody has put for so long; returns how many. Other files are left alone."""
        before = real_time() - older_than
        removed = 0
        try:
            async for chunk in self._store.list():
                old = [o["path"] for o in chunk if o["last_modified"] < before and _KEY.fullmatch(o["path"])]
                if old:
                    await self._store.delete_async(old)
                removed += len(old)
        except (BaseError, OSError) as error:
            raise unreachable(error, "media store") from error
        return removed


def _ending(mime: str) -> str:
    plain = mime.split(";", maxsplit=1)[0].strip().lower()
    guessed = (mimetypes.guess_extension(plain) or ".bin")[1:]
    return _ENDINGS.get(plain) or (guessed if guessed.isalnum() and len(guessed) <= 8 else "bin")
