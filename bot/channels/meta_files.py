"""Documents that people send over WhatsApp (Meta): the media's id gives an address for five minutes, with our token."""

import hashlib
import hmac
from urllib.parse import quote, urlsplit

import aiohttp

from bot.channels.downloads import Downloads, too_large
from bot.channels.wire import COURTESY, Wire
from services.domain.conversation import Attachment
from services.domain.errors import BadInput, DeliveryFailed, Unavailable

# Where Meta keeps media; our token goes there, to the Graph host, and nowhere else.
HOSTS = (".fbsbx.com", ".facebook.com", ".fbcdn.net", ".whatsapp.net")


class MetaFiles:
    """Fetches what was sent to one number (developers.facebook.com: Cloud API, Media).

    Args:
        session: The one HTTP session.
        token: Opens the Graph API and the media.
        number: Our number's id: Meta then gives only what was sent to it.
        base: The Graph host with its version.
    """

    def __init__(self, session: aiohttp.ClientSession, *, token: str, number: str, base: str) -> None:
        self._wire = Wire(session, "meta")
        self._downloads = Downloads(session, "meta")
        self._login = {"Authorization": f"Bearer {token}"}
        self._number = number
        self._base = base

    async def fetch(self, attachment: Attachment, most: int) -> bytes:
        """The bytes of an attachment, checked against the hash that Meta tells.

        Raises:
            BadInput: It is too large, or gone (Meta keeps it for 30 days).
            Unavailable: Meta does not answer, or names an address that is not its own.
        """
        url = f"{self._base}/{quote(attachment.ref, safe='')}?phone_number_id={quote(self._number, safe='')}"
        try:
            answer = await self._wire.request(
                "GET", url, headers=self._login, delivers=False, timeout=COURTESY
            )
        except DeliveryFailed as error:
            raise Unavailable(error.detail) from None
        if answer.status in {400, 404}:
            raise BadInput("the file is no longer there: send it again")
        where, size, digest = (answer.body.get(name) for name in ("url", "file_size", "sha256"))
        if not answer.fine or not isinstance(where, str) or not self._is_metas(where):
            raise Unavailable(f"meta does not give the file (status {answer.status}); try again")
        if isinstance(size, int) and size > most:
            raise too_large(most)
        data = await self._downloads.get(where, most, self._login)
        if isinstance(digest, str) and digest and not _same(data, digest):
            raise Unavailable("meta gave the file damaged; try again")
        return data

    def _is_metas(self, url: str) -> bool:
        given, ours = urlsplit(url), urlsplit(self._base)
        if (given.scheme, given.netloc) == (ours.scheme, ours.netloc):
            return True
        return given.scheme == "https" and (given.hostname or "").endswith(HOSTS)


def _same(data: bytes, digest: str) -> bool:
    """Meta writes the hash in hexadecimal."""
    return hmac.compare_digest(
        hashlib.sha256(data).hexdigest().encode(), digest.casefold().encode("utf-8", "replace")
    )
