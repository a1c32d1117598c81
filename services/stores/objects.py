"""Opens the object storage: a folder, a bucket or memory, the same for pictures, raw pages and the lake.

A bucket of S3 or of what speaks its language finds its keys where every AWS tool does (``AWS_ACCESS_KEY_ID``,
``AWS_SECRET_ACCESS_KEY``, ``AWS_REGION``, the machine's role …); ``AWS_ENDPOINT_URL`` names another house than Amazon's.
It must honour ``If-None-Match: *`` on a put, as S3, MinIO, R2 and Ceph do: the lake's generations stand on it.
"""

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import LocalStore, MemoryStore, ObjectStore, from_url

from services.domain.errors import BadSetting, StorageForbidden, StorageMissing, Unavailable

if TYPE_CHECKING:
    from obstore.store import RetryConfig

_AGAIN: "Final[RetryConfig]" = {
    "max_retries": 8,
    "retry_timeout": timedelta(seconds=30),
    "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=4), "base": 2},
}
"""SlowDown and other 5xx are tried again, but nobody waits three minutes (the library's own patience) for a dead storage."""
_CODE: Final = re.compile(r"<Code>(\w+)</Code>|\(code: (\w+)\)")
_KEY: Final = (StorageForbidden, "does not know our key ({}): see AWS_ACCESS_KEY_ID")
_RIGHT: Final = (StorageForbidden, "does not let us ({}): its key needs to list, get, put and delete")
_REGION: Final = (StorageForbidden, "lies in another region ({}): see AWS_REGION")
_PLAIN: Final = (
    StorageForbidden,
    "has a plain http:// address ({}): AWS_ALLOW_HTTP=true permits one at home",
)
_BUCKET: Final = (StorageMissing, "has no such bucket ({}): see MARKETBYTE_STORAGE_URL")
_SILENT: Final = (Unavailable, "does not answer ({}): see MARKETBYTE_STORAGE_URL")
_CODES: Final[Mapping[str, tuple[type[Unavailable], str]]] = {
    "NoSuchBucket": _BUCKET, "AccessDenied": _RIGHT, "AllAccessDisabled": _RIGHT, "AccountProblem": _RIGHT,
    "InvalidAccessKeyId": _KEY, "SignatureDoesNotMatch": _KEY, "ExpiredToken": _KEY, "InvalidToken": _KEY,
    "RequestTimeTooSkewed": _KEY, "PermanentRedirect": _REGION, "AuthorizationHeaderMalformed": _REGION,
}  # fmt: skip
"""S3's words for what waiting does not help against."""


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
        return from_url(storage_url, retry_config=_AGAIN)
    except (BaseError, ValueError) as error:
        raise BadSetting(
            f"MARKETBYTE_STORAGE_URL={storage_url!r} names no store ({error}); good: file:///srv/media, s3://bucket/prefix"
        ) from error


def unreachable(error: Exception, what: str = "object store") -> Unavailable:
    """The failure to raise when the storage did not answer, or would not: its words are not repeated, only its code."""
    code = code_of(error)
    shape, said = _CODES.get(code, _SILENT)
    if not code:
        shape, said = _uncoded(error)
    return shape(f"the {what} {said.format(code or type(error).__name__)}")


def _uncoded(error: Exception) -> tuple[type[Unavailable], str]:
    if isinstance(error, UnauthenticatedError):
        return _KEY
    if isinstance(error, PermissionDeniedError | PermissionError):
        return _RIGHT
    return _PLAIN if "builder error" in str(error) else _SILENT


def code_of(error: Exception) -> str:
    """S3's own word for an error ("NoSuchBucket", "SlowDown"); "" if it gave none."""
    found = _CODE.search(str(error))
    return (found[1] or found[2]) if found else ""


def real_time() -> datetime:
    """The machine's real time, which is what the storage tells its objects' ages in; never shown."""
    return datetime.fromtimestamp(time.time(), UTC)
