"""What Meta wants to be posted: pure, the JSON of each kind of message, within its measures."""

from bot.channels.base import LIMITS
from bot.channels.marks import Runs, read_marks, to_whatsapp, units
from bot.channels.render import POINTER, MediaPart, Part, TextPart, numbered, shortened
from services.domain.conversation import Button, Picture, Voice

MEASURE = LIMITS["meta"]
LIST_LABEL = "Menu / مینو"  # opens a list; a channel knows no language, so it says it in both


def body_limit(buttons: tuple[Button, ...]) -> int:
    """How long the text may be (UTF-16 units) under which these buttons go."""
    return MEASURE.list_body if _needs_list(buttons) else MEASURE.body


def pieces(part: Part) -> list[Part]:
    """A medium bears no buttons here: they follow in a message of their own."""
    if isinstance(part, MediaPart) and part.buttons:
        return [MediaPart(part.block, part.caption), TextPart(read_marks(POINTER), part.buttons)]
    return [part]


def words(part: TextPart) -> dict[str, object]:
    """A text: plain, with reply buttons, or with a list where buttons are too many, too long or alike."""
    if not part.buttons:
        return {"type": "text", "text": {"body": to_whatsapp(part.runs), "preview_url": False}}
    return {"type": "interactive", "interactive": _interactive(part.runs, part.buttons)}


def _interactive(runs: Runs, buttons: tuple[Button, ...]) -> dict[str, object]:
    text = to_whatsapp(runs)
    if not _needs_list(buttons):
        replies = [
            {"type": "reply", "reply": {"id": button.press, "title": button.title}} for button in buttons
        ]
        return {"type": "button", "body": {"text": text}, "action": {"buttons": replies}}
    rest = buttons[MEASURE.rows :]
    if rest and units(whole := numbered(rest, text)) <= MEASURE.list_body:
        text = whole
    rows = [_row(button) for button in buttons[: MEASURE.rows]]
    return {
        "type": "list",
        "body": {"text": text},
        "action": {"button": LIST_LABEL, "sections": [{"rows": rows}]},
    }


def _row(button: Button) -> dict[str, str]:
    row = {"id": button.press, "title": shortened(button.title, MEASURE.row_title)}
    if row["title"] != button.title:
        row["description"] = shortened(button.title, MEASURE.row_description)
    return row


def _needs_list(buttons: tuple[Button, ...]) -> bool:
    titles = {button.title for button in buttons}
    long = any(units(title) > MEASURE.button_title for title in titles)
    return len(buttons) > MEASURE.buttons or long or len(titles) < len(buttons)


def medium(part: MediaPart, media_id: str) -> dict[str, object]:
    """A picture, voice note or file by the id of its upload."""
    content: dict[str, object] = {"id": media_id}
    if isinstance(part.block, Voice):
        # Only Opus is a voice note; anything else is a sound to play.
        spoken = {"voice": True} if part.media.mime.startswith("audio/ogg") else {}
        return {"type": "audio", "audio": content | spoken}
    if part.caption:
        content["caption"] = to_whatsapp(part.caption)
    if isinstance(part.block, Picture) and part.media.size <= MEASURE.picture_bytes:
        return {"type": "image", "image": content}
    return {"type": "document", "document": {**content, "filename": part.media.name or part.media.key}}
