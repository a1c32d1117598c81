"""Tells a gate (a bot challenge, a captcha, a login form) from a page, by what the bytes say: it is never worked around."""

import re
from typing import Final

REFUSALS: Final = frozenset({401, 402, 403})  # 402: not in what was paid for
_LOOKED_AT: Final = (
    64 * 1024
)  # a challenge is short; a page of data shows its table later, and is searched for it whole
_CHALLENGE: Final = re.compile(
    rb"<title>\s*(?:just a moment|attention required|access denied|checking your browser)"
    rb"|cf-challenge|cf_chl_|/cdn-cgi/challenge-platform|challenges\.cloudflare\.com|_incapsula_resource|px-captcha",
    re.IGNORECASE,
)
# These stand on honest pages as well (a contact form, a "log in" button), so they count only where no data is. PSX's portal
# loads a captcha's script on every page, also where nothing was found: only one that is shown is a door.
_DOOR: Final = re.compile(
    rb"<[^>]{0,300}(?:class|id|name)\s*=\s*[\"']?[^\"'>]{0,100}(?:captcha|cf-turnstile)"
    rb"|<input[^>]{0,200}type\s*=\s*[\"']?password",
    re.IGNORECASE,
)
_GONE: Final = frozenset({404, 410})
_DATA: Final = re.compile(rb"<table|<item|<entry", re.IGNORECASE)


def gate_in(status: int, body: bytes) -> str:
    """What kind of gate an answer is, in words for the operator; "" if it is none."""
    start = body[:_LOOKED_AT]
    markup = start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    if markup and _CHALLENGE.search(start):
        return "a bot challenge"
    if status in REFUSALS:
        return f"answered {status}"
    if markup and status not in _GONE and _DOOR.search(start) and not _DATA.search(body):
        return "a captcha or a login form instead of the page"
    return ""
