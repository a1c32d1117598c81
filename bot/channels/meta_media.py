"""Pictures and sounds at Meta: uploaded once, then sent by id for as long as Meta keeps them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from io import BytesIO

import aiohttp

from bot.channels.base import KnownFiles, MediaSource, Now
from bot.channels.meta_codes import refusal
from bot.channels.wire import UPLOAD, Fate, Wire, bytes_of
from services.domain.conversation import MediaRef
from services.domain.errors import Unavailable

LIFE = timedelta(days=29)  # Meta keeps an upload for 30 days
OPUS = "audio/ogg; codecs=opus"  # anything else that is OGG is refused with 131053


class Uploads:
    """The media ids of one number.

    Args:
        wire: The way to Meta.
        root: The Graph host with its version and the number's id.
        number: The number's id: an upload is its own.
        login: The headers that open the door.
        files: The ids that Meta already gave us.
        now: The clock.
    """

    def __init__(
        self, wire: Wire, *, root: str, number: str, login: Mapping[str, str], files: KnownFiles, now: Now
    ) -> None:
        self._wire = wire
        self._url = f"{root}/media"
        self._number = number
        self._login = login
        self._files = files
        self._now = now

    async def id_of(self, ref: MediaRef, media: MediaSource) -> tuple[str, bool]:
        """The id of a medium, and whether Meta had it already.

        Raises:
            DeliveryFailed: it could not be uploaded; nothing was delivered.
        """
        made: list[str] = []

        async def upload() -> tuple[str, datetime]:
            made.append(await self._upload(ref, media))
            return made[0], self._now() + LIFE

        try:
            return await self._files.of("meta", self._number, _key(ref), upload)
        except Unavailable:  # a memory that fails is no reason not to send
            return made[0] if made else (await upload())[0], False

    async def drop(self, ref: MediaRef, identity: str) -> None:
        """Meta refused this id: it has run out, or is not ours."""
        try:
            await self._files.drop("meta", self._number, _key(ref), identity)
        except Unavailable:
            return

    async def forget(self, ref: MediaRef) -> None:
        """Whatever id Meta has for this, it is of no use: the next message uploads anew."""

        async def none() -> tuple[str, None]:
            return "", None

        try:
            identity, known = await self._files.of("meta", self._number, _key(ref), none)
        except Unavailable:
            return
        if known:
            await self.drop(ref, identity)

    async def _upload(self, ref: MediaRef, media: MediaSource) -> str:
        mime = OPUS if ref.mime.startswith("audio/ogg") else ref.mime
        form = aiohttp.FormData()
        form.add_field("messaging_product", "whatsapp")
        form.add_field("type", mime)
        # As a stream, so that a large file goes out in pieces and does not hold up everybody else.
        form.add_field(
            "file", BytesIO(await bytes_of(media, ref)), filename=ref.name or ref.key, content_type=mime
        )
        answer = await self._wire.post(
            self._url, form=form, headers=self._login, timeout=UPLOAD, delivers=False
        )
        identity = answer.body.get("id")
        if not answer.fine or not isinstance(identity, str) or not identity:
            raise refusal(answer, unsure=Fate.RETRY)
        return identity


def _key(ref: MediaRef) -> str:
    return f"{ref.mime.partition('/')[0]}:{ref.key}"
