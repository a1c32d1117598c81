"""Documents that people send over WhatsApp (Twilio): an address at Twilio, opened with our login, redirects to the bytes."""

from urllib.parse import urlsplit, urlunsplit

import aiohttp

from bot.channels.downloads import Downloads
from bot.channels.wire import basic
from services.domain.conversation import Attachment
from services.domain.errors import BadInput, Unavailable


class TwilioFiles:
    """Fetches what was sent to one account (twilio.com/docs/messaging/api/media-resource).

    Args:
        session: The one HTTP session.
        account_sid: "AC…".
        tokens: One, or two while they are rotated.
        base: Where Twilio is; the scheme and host of a medium's address are replaced by it.
    """

    def __init__(
        self, session: aiohttp.ClientSession, *, account_sid: str, tokens: tuple[str, ...], base: str
    ) -> None:
        self._downloads = Downloads(session, "twilio")
        self._account = account_sid
        self._tokens = tokens
        self._base = urlsplit(base)

    async def fetch(self, attachment: Attachment, most: int) -> bytes:
        """The bytes of an attachment.

        Raises:
            BadInput: It is too large, gone, or its address is not one of our account's media.
            Unavailable: Twilio does not answer.
        """
        given = urlsplit(attachment.ref)
        if not given.path.startswith(f"/2010-04-01/Accounts/{self._account}/") or ".." in given.path:
            raise BadInput("the file is not at Twilio: send it again")
        url = urlunsplit(
            (self._base.scheme, self._base.netloc, self._base.path.rstrip("/") + given.path, "", "")
        )
        refused = Unavailable("twilio: no token is set")
        for token in self._tokens:
            try:
                return await self._downloads.get(url, most, basic(self._account, token))
            except Unavailable as error:  # the other token of a rotation may do
                refused = error
        raise refused
