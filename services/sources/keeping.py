"""What may be kept of a request and its answer: no key, no token, no cookie ever gets into the archive or a log."""

import re
from collections.abc import Mapping
from typing import Final

from yarl import URL

KEPT_HEADERS: Final = frozenset(
    {"age", "cache-control", "content-encoding", "content-type", "date", "etag", "expires", "last-modified",
     "retry-after"}
)  # fmt: skip
HIDDEN: Final = "…"
_SECRET: Final = re.compile(
    r"key|token|secret|passw|pwd|auth|sign|credential|session|^sig$|^code$", re.IGNORECASE
)


def kept_url(url: URL) -> str:
    """An address without its user, its fragment and the values of what looks like a key."""
    bare = url.with_user(None).with_fragment(None)
    query = [(name, HIDDEN if _SECRET.search(name) else value) for name, value in bare.query.items()]
    return str(bare.with_query(query)) if query else str(bare)


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The few headers that tell what the bytes are and how old; names in lower case."""
    return {name.lower(): value[:200] for name, value in headers.items() if name.lower() in KEPT_HEADERS}
