"""What the Bot API refuses by itself: texts after parsing, captions, buttons, pictures, voices, menus. In its own words."""

import re
import struct
from html.parser import HTMLParser

ACTIONS = {"typing", "upload_photo", "record_voice", "upload_voice", "upload_document"}
STRAY = re.compile(r"<(?!/?[a-z]+>)|&(?!(?:lt|gt|amp|quot|#\d+);)")  # what must be escaped
# OGG, MP3 with or without a tag, M4A; nothing else is played as a voice note.
MAGIC = {
    "photo": (b"\x89PNG", b"\xff\xd8"),
    "voice": (b"OggS", b"ID3", b"\xff\xfb", b"\x00\x00\x00 ftypM4A"),
    "document": (b"",),
}
LARGEST = {"photo": 10 * 1024 * 1024, "voice": 50 * 1024 * 1024, "document": 50 * 1024 * 1024}
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Refused(Exception):
    def __init__(self, status, description, **parameters):
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


def units(text):
    """UTF-16 code units, counted by encoding."""
    return len(text.encode("utf-16-le")) // 2


def parsed(text, mode):
    """The text as it is shown and measured, without the marks of its mode."""
    if mode is None:
        return text
    if STRAY.search(text):
        raise Refused(400, "Bad Request: can't parse entities: Unsupported start tag")
    reader = _Html()
    try:
        reader.feed(text)
        reader.close()
    except ValueError as error:
        raise Refused(400, f"Bad Request: can't parse entities: {error}") from None
    if reader.open:
        raise Refused(400, "Bad Request: can't parse entities: Can't find end tag")
    return reader.text


def check_keyboard(markup):
    for row in markup.get("inline_keyboard", []):
        for button in row:
            if not 1 <= len(button["callback_data"].encode()) <= 64 or not button["text"]:
                raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")


def check_upload(kind, data):
    """The bytes of a file: its size, its format, a picture's measures (w + h <= 10,000, ratio <= 20)."""
    failed = "Bad Request: IMAGE_PROCESS_FAILED" if kind == "photo" else "Bad Request: wrong file"
    if not data:
        raise Refused(400, "Bad Request: file must be non-empty")
    if not data.startswith(MAGIC[kind]):
        raise Refused(400, failed)
    if len(data) > LARGEST[kind]:
        big = "Bad Request: file is too big for a photo" if kind == "photo" else "Request Entity Too Large"
        raise Refused(400 if kind == "photo" else 413, big)
    if kind == "photo":
        width, height = measures(data)
        if min(width, height) < 1 or width + height > 10_000 or max(width, height) > 20 * min(width, height):
            raise Refused(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")


def measures(data):
    """Width and height of a PNG; other pictures count as square."""
    if data[12:16] == b"IHDR" and len(data) >= 24:
        return struct.unpack(">II", data[16:24])
    return 1, 1


def check_commands(fields):
    commands, scope = fields.get("commands"), fields.get("scope") or {"type": "default"}
    if not isinstance(commands, list) or len(commands) > 100:
        raise Refused(400, "Bad Request: too many commands specified")
    for command in commands:
        if not COMMAND.fullmatch(command["command"]):
            raise Refused(400, "Bad Request: BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise Refused(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
    if fields.get("language_code") and not re.fullmatch("[a-z]{2}", fields["language_code"]):
        raise Refused(400, "Bad Request: invalid language code specified")
    if scope["type"] not in {
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
    }:
        raise Refused(400, "Bad Request: unsupported type specified")
    return scope


class _Html(HTMLParser):
    """Telegram's subset: only its own tags, well nested; a lone "<" is an error."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        if tag not in {"b", "i", "u", "s", "code", "pre"} or attrs:
            raise ValueError(f'Unsupported start tag "{tag}"')
        self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            raise ValueError("Unexpected end tag")

    def handle_data(self, data):
        self.text += data
