"""Documents that people send to the Telegram bot: its id gives a path, the path gives the bytes."""

from urllib.parse import quote

import aiohttp

from bot.channels.downloads import Downloads, too_large
from bot.channels.wire import COURTESY, Wire
from services.domain.conversation import Attachment
from services.domain.errors import BadInput, DeliveryFailed, Unavailable


class TelegramFiles:
    """Fetches what was sent to one bot (core.telegram.org/bots/api#getfile: at most 20 MB, the path lasts an hour).

    Args:
        session: The one HTTP session.
        token: The bot's; it stands in addresses, so these are told nowhere.
        base: Where the Bot API is.
    """

    def __init__(self, session: aiohttp.ClientSession, *, token: str, base: str) -> None:
        self._wire = Wire(session, "telegram")
        self._downloads = Downloads(session, "telegram")
        self._method = f"{base}/bot{token}/getFile"
        self._root = f"{base}/file/bot{token}"

    async def fetch(self, attachment: Attachment, most: int) -> bytes:
        """The bytes of an attachment.

        Raises:
            BadInput: It is too large, or gone.
            Unavailable: Telegram does not answer.
        """
        try:
            answer = await self._wire.post(
                self._method, json={"file_id": attachment.ref}, delivers=False, timeout=COURTESY
            )
        except DeliveryFailed as error:
            raise Unavailable(error.detail) from None
        if answer.status == 400:  # the file is too big, or its id is none of ours
            too_big = "too big" in str(answer.body.get("description", ""))
            raise too_large(most) if too_big else BadInput("the file is no longer there: send it again")
        found = answer.body.get("result")
        path = found.get("file_path") if isinstance(found, dict) else None
        size = found.get("file_size") if isinstance(found, dict) else None
        if not answer.fine or not isinstance(path, str) or not path:
            raise Unavailable(f"telegram does not give the file (status {answer.status}); try again")
        if isinstance(size, int) and size > most:
            raise too_large(most)
        return await self._downloads.get(f"{self._root}/{quote(path)}", most)
