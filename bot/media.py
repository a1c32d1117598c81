"""Signed links to pictures and sound: expiring, unguessable, GET, HEAD and Range."""

from aiohttp import web
from itsdangerous import BadSignature, URLSafeTimedSerializer

from services.domain.conversation import MediaRef
from services.domain.errors import NotAvailable
from services.ports import MediaStore

GOOD_FOR = 7 * 24 * 3600  # seconds: a chat page shows its last messages; Twilio queues up to ten hours


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
        """The object behind a signature: 404 for anything forged, expired or gone."""
        try:
            key, mime, name = self._signer.loads(request.match_info["signed"], max_age=GOOD_FOR)
            data = await self._store.get(key)
        except (BadSignature, ValueError, NotAvailable):
            raise web.HTTPNotFound from None
        headers = {
            "Content-Type": mime,
            "Accept-Ranges": "bytes",
            "Cache-Control": "private, max-age=86400, immutable",
            "Content-Disposition": f'inline; filename="{_plain(name or key)}"',
            "X-Content-Type-Options": "nosniff",
        }
        return _ranged(request, data, headers)


def _ranged(request: web.Request, data: bytes, headers: dict[str, str]) -> web.Response:
    """The whole, or the one range asked for; 416 for a range outside."""
    try:
        wanted = request.http_range
    except ValueError:
        raise web.HTTPRequestRangeNotSatisfiable(headers={"Content-Range": f"bytes */{len(data)}"}) from None
    if wanted.start is None and wanted.stop is None:
        return web.Response(body=data, headers=headers)
    start, stop, _ = wanted.indices(len(data))
    if start >= stop:
        raise web.HTTPRequestRangeNotSatisfiable(headers={"Content-Range": f"bytes */{len(data)}"})
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(data)}"
    return web.Response(status=206, body=data[start:stop], headers=headers)


def _plain(name: str) -> str:
    return "".join(c for c in name if c.isascii() and (c.isalnum() or c in "-_."))[:80] or "file"
