"""Whether Twilio sent a webhook: its signature over our public URL and every field, or over the hash of a JSON body."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, parse_qsl, urlsplit, urlunsplit

from bot.channels.base import header, matches_any

SIGNATURE = "X-Twilio-Signature"
SETTINGS = "X-Twilio-Webhooks-Signature-Settings"
MOST_FIELDS = 10_000  # nobody who is not proved yet makes us sort more
# "" is the auth token's own way; the named ones come with shared keys (docs/usage/webhooks/webhook-shared-keys).
DIGESTS = {"": hashlib.sha1, "HMAC_SHA1": hashlib.sha1, "HMAC_SHA256": hashlib.sha256}


def signed(url: str, headers: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> bool:
    """Whether one of the secrets made the signature. It takes the same time for each wrong one.

    Args:
        url: What Twilio called: our public URL with the raw path and query, never made of the request's own host.
        headers: Of the request, in whatever case.
        body: The bytes received. With ``bodySHA256`` in the query the URL alone is signed and names their hash.
        secrets: Auth tokens or the secrets of shared keys.
    """
    digest = DIGESTS.get(_setting(header(headers, SETTINGS), "algorithm"))
    if digest is None:
        return False
    try:
        hashes = parse_qs(urlsplit(url).query).get("bodySHA256", [])
        fields = "" if hashes else _joined(pairs(body))
        forms = _forms_of(url)
    except ValueError:  # no URL of ours, or more fields than any form of Twilio's
        return False
    expected = [
        base64.b64encode(hmac.new(secret.encode(), _bytes(form + fields), digest).digest()).decode()
        for secret in secrets
        for form in forms
    ]
    whole = not hashes or matches_any(hashlib.sha256(body).hexdigest(), [hashes[0].lower()])
    return matches_any(header(headers, SIGNATURE), expected) and whole


def pairs(body: bytes) -> list[tuple[str, str]]:
    """Every field as it was sent: blank, repeated and unknown ones too (the signature covers them all).

    Raises:
        ValueError: there are more than ``MOST_FIELDS``.
    """
    return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)


def _joined(fields: list[tuple[str, str]]) -> str:
    """Names and values in Twilio's order: sorted, each pair once (docs/usage/webhooks/webhooks-security)."""
    return "".join(name + value for name, value in sorted(set(fields)))


def _forms_of(url: str) -> list[str]:
    """The URL with and without its scheme's own port: Twilio signs either."""
    given = urlsplit(url)
    port = 443 if given.scheme == "https" else 80
    host = given.netloc
    bare = host.removesuffix(f":{port}")
    others = [bare, f"{bare}:{port}"] if bare != host or given.port is None else []
    return [url, *(urlunsplit(given._replace(netloc=other)) for other in others if other != host)]


def _bytes(text: str) -> bytes:
    """A path's stray bytes reach us as lone surrogates; Twilio signs no such URL, but we must not stumble over one."""
    return text.encode("utf-8", "replace")


def _setting(value: str, name: str) -> str:
    """One "name=value" of a comma-separated header."""
    return dict(part.strip().partition("=")[::2] for part in value.split(",")).get(name, "")
