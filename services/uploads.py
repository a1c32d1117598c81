"""An operator's file from a chat into an import: fetched, looked through, kept aside until the operator says yes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.domain.conversation import Address, Attachment
from services.domain.errors import BadInput
from services.domain.importing.preview import Preview
from services.domain.importing.served import import_kind
from services.imports import Brought, Imports
from services.market_store import Imported
from services.ports import MediaStore

LARGEST = 20 * 2**20  # what Telegram lets a bot fetch; larger files go by the command line
READABLE = frozenset({"document", "other"})  # a spreadsheet never comes as a picture or a sound


class FetchFile(Protocol):
    async def fetch(self, address: Address, attachment: Attachment, most: int) -> bytes:
        """The bytes of what somebody sent.

        Raises ``BadInput`` (larger than ``most``, or no longer there) or ``Unavailable`` (the provider does not answer).
        """
        ...


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that was looked through and waits for a yes. ``key`` is where its bytes lie."""

    preview: Preview
    key: str
    name: str


class Uploads:
    """Imports by chat. Only an operator's turn comes here; the router sees to it.

    Args:
        imports: What looks through and takes.
        files: Fetches what was sent.
        media: Keeps the bytes between the preview and the yes; they are swept with everything else in there.
    """

    def __init__(self, imports: Imports, files: FetchFile, media: MediaStore) -> None:
        self._imports = imports
        self._files = files
        self._media = media

    async def look(self, kind: str, address: Address, attachments: Sequence[Attachment]) -> Waiting:
        """Fetch the one document that was sent and look through it.

        Raises:
            BadInput: No such kind, no document or several, or it is too large.
            Unavailable: The provider or the store does not answer.
        """
        wanted = import_kind(kind)
        documents = [each for each in attachments if each.kind in READABLE]
        if len(documents) != 1:
            raise BadInput("send one file, as a document (not as a picture)")
        data = await self._files.fetch(address, documents[0], LARGEST)
        name = f"{wanted}{_ending(documents[0].mime)}"
        preview = await self._imports.preview(wanted, [Brought(name, data)])
        key = ""
        if preview.good and preview.fresh:
            key = (await self._media.put(data, documents[0].mime or "application/octet-stream", name)).key
        return Waiting(preview, key, name)

    async def take(self, kind: str, key: str, name: str, by: str) -> tuple[Imported, ...]:
        """Store the file that waited.

        Raises:
            BadInput: It may no longer be stored (what is there has changed since).
            NotAvailable: Its bytes were swept: it waited too long.
        """
        brought = [Brought(name, await self._media.get(key))]
        preview = await self._imports.preview(import_kind(kind), brought, compare=False)
        return await self._imports.take(preview, brought, by)

    async def undo(self, which: str) -> Imported:
        """Take an import back; see ``Imports.undo``."""
        return await self._imports.undo(which)

    async def newest(self) -> list[Imported]:
        return await self._imports.newest()


def _ending(mime: str) -> str:
    """An ending for a name, for people only: what a file is, its bytes tell."""
    known = {
        "text/csv": ".csv", "application/pdf": ".pdf", "text/html": ".html", "application/json": ".json",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    }  # fmt: skip
    return known.get(mime.partition(";")[0].strip().casefold(), "")
