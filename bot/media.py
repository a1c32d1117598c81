"""Signed links to pictures and sound: expiring, unguessable, GET, HEAD and Range."""

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path

from aiohttp import web
from itsdangerous import BadSignature, URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode, base64_encode

from services.domain.conversation import MediaRef
from services.domain.errors import NotAvailable, Unavailable
from services.ports import MediaStore, Speech

GOOD_FOR = 7 * 24 * 3600  # seconds: a chat page shows its last messages; Twilio queues up to ten hours
OGG = "audio/ogg"
RETRY_AFTER = "5"
_SPAN = re.compile(r"bytes=\s*([0-9]{0,18})\s*-\s*([0-9]{0,18})\s*")


class MediaLinks:
    """Makes links for the media store's objects and serves them."""

    def __init__(self, store: MediaStore, secret: str, public_url: str) -> None:
        self._store = store
        self._signer = URLSafeTimedSerializer(secret, salt="media")
        self.public_url = public_url

    def url(self, ref: MediaRef) -> str:
        """The absolute URL that serves an object with its own type and name."""
        return f"{self.public_url}/media/{self._signer.dumps([ref.key, ref.mime, ref.name])}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The object behind a signature: 404 for anything forged, expired or gone; 503 while the store is away."""
        try:
            key, mime, name = self._read(request.match_info["signed"])
            data = await self._store.get(key)
        except (BadSignature, ValueError, NotAvailable):
            raise web.HTTPNotFound from None
        except Unavailable:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": RETRY_AFTER}) from None
        headers = {
            # WhatsApp takes OGG with Opus alone; Twilio looks for the bare type.
            "Content-Type": OGG if mime.startswith(OGG) else mime,
            "ETag": f'"{key}"',  # a key is the hash of the bytes
            "Accept-Ranges": "bytes",
            "Cache-Control": "private, max-age=86400, immutable",
            "Content-Disposition": f'inline; filename="{_plain(name or key)}"',
            "X-Content-Type-Options": "nosniff",
        }
        if _known(request.headers, headers["ETag"]):
            del headers["Content-Type"]
            return web.Response(status=304, headers=headers)
        return _ranged(request, data, headers)

    def _read(self, signed: str) -> tuple[str, str, str]:
        """What a link names.

        Raises:
            BadSignature: it is none of ours, was changed in any character, or its time is over.
        """
        key, mime, name = self._signer.loads(signed, max_age=GOOD_FOR)
        # Base64 has several spellings of the same bytes; the one we wrote is the only link.
        proof = signed.rpartition(".")[2].encode()
        if base64_encode(base64_decode(proof)) != proof:
            raise BadSignature("not as it was written")
        return key, mime, name


def mp3_twin(store: MediaStore, speech: Speech) -> Callable[[MediaRef], Awaitable[MediaRef]]:
    """Makes the MP3 of a kept voice note and keeps it too: for a provider that refuses the OGG.

    It is made when it is needed: it costs about a second and a half for a minute of speech, and most are never.
    """

    async def made(ref: MediaRef) -> MediaRef:
        sound = await speech.as_mp3(await store.get(ref.key))
        return await store.put(sound, "audio/mpeg", f"{Path(ref.name or ref.key).stem}.mp3")

    return made


def link_secret(folder: Path) -> str:
    """The key that signs media links: made once a data dir, readable by the owner alone."""
    path = folder / "links.key"
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Written aside and then named: two processes that start together end up with one key, and neither with half.
        ours = folder / f".links.{secrets.token_hex(8)}"
        ours.touch(mode=0o600)
        ours.write_text(secrets.token_urlsafe(32), encoding="ascii")
        with suppress(FileExistsError):
            path.hardlink_to(ours)
        ours.unlink()
    return path.read_text(encoding="ascii")


def _ranged(request: web.Request, data: bytes, headers: dict[str, str]) -> web.Response:
    """The whole, or the one range asked for; 416 for a range outside. Several at once are answered with the whole."""
    asked = request.headers.get("Range", "")
    if request.method != "GET" or not asked.startswith("bytes=") or "," in asked:
        return web.Response(body=data, headers=headers)
    if request.headers.get("If-Range", headers["ETag"]) != headers["ETag"]:
        return web.Response(body=data, headers=headers)  # they hold a part of something else
    span = _span(asked, len(data))
    if not span:
        raise web.HTTPRequestRangeNotSatisfiable(headers={"Content-Range": f"bytes */{len(data)}"})
    headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{len(data)}"
    return web.Response(status=206, body=data[span.start : span.stop], headers=headers)


def _span(asked: str, size: int) -> range:
    """The bytes that "bytes=0-9", "bytes=5-" or "bytes=-3" mean (RFC 9110, 14.1.2); empty if there are none such."""
    found = _SPAN.fullmatch(asked)
    if found is None or found[1] == found[2] == "":
        return range(0)
    if not found[1]:
        return range(max(size - int(found[2]), 0), size)
    first, last = int(found[1]), int(found[2] or size)
    return range(first, min(last + 1, size)) if first <= last else range(0)


def _known(headers: Mapping[str, str], etag: str) -> bool:
    """Whether the asker has these very bytes already."""
    listed = [tag.strip().removeprefix("W/") for tag in headers.get("If-None-Match", "").split(",")]
    return etag in listed or "*" in listed


def _plain(name: str) -> str:
    return "".join(c for c in name if c.isascii() and (c.isalnum() or c in "-_."))[:80] or "file"
