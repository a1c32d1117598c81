"""Opens the object storage: a folder, a bucket or memory, the same for pictures, raw pages and the lake."""

import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, ObjectStore, from_url

from services.domain.errors import BadSetting, Unavailable


def open_store(storage_url: str) -> ObjectStore:
    """A folder (``file:///…`` or a path), a bucket (``s3://bucket/prefix``, ``gs://``, ``az://``) or ``memory://``.

    Every call with ``memory://`` opens an empty one of its own.

    Raises:
        BadSetting: The URL names no store.
    """
    parts = urlsplit(storage_url)
    if parts.scheme == "memory":
        return MemoryStore()
    if parts.scheme in {"", "file"}:
        folder = Path(unquote(parts.path) if parts.scheme else storage_url).absolute()
        try:
            return LocalStore(folder, mkdir=True)
        except (BaseError, OSError) as error:
            raise BadSetting(
                f"MARKETBYTE_STORAGE_URL: the folder {folder} cannot be used ({error})"
            ) from error
    try:
        return from_url(storage_url)
    except (BaseError, ValueError) as error:
        raise BadSetting(
            f"MARKETBYTE_STORAGE_URL={storage_url!r} names no store ({error}); good: file:///srv/media, s3://bucket/prefix"
        ) from error


def unreachable(error: Exception, what: str = "object store") -> Unavailable:
    """The failure to raise when the storage did not answer."""
    return Unavailable(f"the {what} does not answer ({type(error).__name__}): see MARKETBYTE_STORAGE_URL")


def real_time() -> datetime:
    """The machine's real time, which is what the storage tells its objects' ages in; never shown."""
    return datetime.fromtimestamp(time.time(), UTC)
