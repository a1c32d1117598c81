"""A message as JSON for the chat page, or for any other client of the web socket: pure."""

from collections.abc import Callable
from urllib.parse import urlsplit

from services.domain.conversation import Block, Document, MediaRef, Outbound, Picture, Text, Voice

MediaUrl = Callable[[MediaRef], str]
Frame = dict[str, object]


def message_frame(outbound: Outbound, media_url: MediaUrl) -> Frame:
    """A message as JSON: ``{"type":"message","id","at","blocks":[…],"buttons":[{"title","press"}],"source"}``."""
    reply = outbound.reply
    return {
        "type": "message",
        "id": outbound.key,
        "at": outbound.at.isoformat(),
        "blocks": [_block(block, media_url) for block in reply.blocks],
        "buttons": [{"title": button.title, "press": button.press} for button in reply.buttons],
        "source": reply.source,
        "sealed": reply.sealed,
    }


def _block(block: Block, media_url: MediaUrl) -> Frame:
    match block:
        case Text(text=text):
            return {"kind": "text", "text": text}
        case Picture(media=media, caption=caption, alt=alt):
            return {"kind": "picture", "url": _local(media_url(media)), "caption": caption, "alt": alt}
        case Voice(media=media, seconds=seconds, transcript=words):
            url = _local(media_url(media))
            return {"kind": "voice", "url": url, "seconds": round(seconds, 1), "transcript": words}
        case Document(media=media, caption=caption):
            url = _local(media_url(media))
            name = media.name or "file"
            return {"kind": "document", "url": url, "name": name, "size": media.size, "caption": caption}


def _local(url: str) -> str:
    """The URL without scheme and host: a page opened as "localhost" must not ask "127.0.0.1"."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
