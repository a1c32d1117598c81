"""A file that a person sent, fetched from its provider: no more of it than we want, and no login to anybody else."""

from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

import aiohttp

from bot.channels.wire import UNSENT
from services.domain.errors import BadInput, Unavailable

PIECE = 2**16
LONG = aiohttp.ClientTimeout(total=120, connect=5, sock_read=30)
MOST_HOPS = 3


class Downloads:
    """Fetches from one provider.

    Args:
        session: The one HTTP session.
        provider: Its name, for errors; addresses (with tokens) never stand in them.
    """

    def __init__(self, session: aiohttp.ClientSession, provider: str) -> None:
        self._session = session
        self._provider = provider

    async def get(self, url: str, most: int, login: Mapping[str, str] | None = None) -> bytes:
        """The bytes at an address. A redirect to another host is followed without the login.

        Raises:
            BadInput: There is nothing (any more), or it is larger than ``most``.
            Unavailable: The provider does not answer, or not with a file.
        """
        headers = dict(login or {})
        try:
            for _ in range(MOST_HOPS):
                async with self._session.get(
                    url, headers=headers, timeout=LONG, allow_redirects=False
                ) as response:
                    onward = response.headers.get("Location", "")
                    if response.status not in {301, 302, 303, 307, 308} or not onward:
                        return await self._body(response, most)
                there = urljoin(url, onward)
                if _origin(there) != _origin(url):
                    headers = {}
                url = there
        except UNSENT as error:
            # "from None": the session's messages bear the address, and with it Telegram's token.
            raise Unavailable(
                f"{self._provider} was not reached ({type(error).__name__}); try again"
            ) from None
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise Unavailable(f"{self._provider} broke off ({type(error).__name__}); try again") from None
        raise Unavailable(f"{self._provider} sends us round and round; try again")

    async def _body(self, response: aiohttp.ClientResponse, most: int) -> bytes:
        if response.status in {404, 410}:
            raise BadInput("the file is no longer there: send it again")
        if response.status != 200:
            raise Unavailable(
                f"{self._provider} does not give the file (status {response.status}); try again"
            )
        told = response.headers.get("Content-Length", "")
        if told.isascii() and told.isdecimal() and int(told) > most:
            raise too_large(most)
        parts: list[bytes] = []
        size = 0
        async for piece in response.content.iter_chunked(PIECE):
            parts.append(piece)
            size += len(piece)
            if size > most:
                raise too_large(most)
        return b"".join(parts)


def too_large(most: int) -> BadInput:
    """The error for a file above the measure."""
    return BadInput(f"the file is larger than {most // 2**20} MB: bring it by `marketbyte import`")


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
