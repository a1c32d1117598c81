"""What a reply is in Twilio's terms: the fields of each message, cut to measure, buttons as contents or numbered lines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import orjson

from bot.channels.base import LIMITS
from bot.channels.marks import read_marks, to_whatsapp, units
from bot.channels.render import MediaPart, Part, numbered, parts, shortened, split
from bot.channels.template_values import ROOM, checked
from services.domain.conversation import (
    Button,
    Document,
    MediaRef,
    Picture,
    Reply,
    Template,
    Text,
    Voice,
)
from services.domain.errors import WindowClosed

MEASURE = LIMITS["twilio"]
# + how many: an own quick-reply content with {{1}} body, {{2}} title, {{3}} id, {{4}} …
BUTTONS = "buttons-"
# + this: the same template with a picture above and a button below; {{n}} media path, {{n+1}} the button's id.
WITH_CHART = "-chart"
MEDIA_PATH = "/media/"
LONGEST_LABEL = 100

Url = Callable[[MediaRef], str]
Medium = Picture | Voice | Document


@dataclass(frozen=True, slots=True)
class Message:
    """One message to create: the library's names of its fields. ``block`` is its medium, if it has one.

    ``content``: the words that its approved content is filled with and will show.
    """

    fields: Mapping[str, str]
    block: Medium | None = None
    content: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        return self.fields.get("body", "")

    @property
    def counts(self) -> int:
        """How many media Twilio's list shows for it."""
        return 1 if "media_url" in self.fields else 0


@dataclass(frozen=True, slots=True)
class Content:
    """An approved content of the operator's: its ContentSid, and how many variables it has if they told us."""

    sid: str
    wants: int | None = None


def contents_of(setting: Mapping[str, object]) -> dict[str, Content]:
    """The operator's contents by our names: {"brief": "HX…"} or {"brief": {"sid": "HX…", "variables": 2}}."""
    found: dict[str, Content] = {}
    for name, value in setting.items():
        if isinstance(value, str) and value:
            found[name] = Content(value)
        elif isinstance(value, Mapping) and isinstance(value.get("sid"), str):
            wants = value.get("variables")
            found[name] = Content(value["sid"], wants if isinstance(wants, int) else None)
    return found


class Composer:
    """Makes messages. ``url`` makes the public address of a medium; ``contents`` are the operator's."""

    def __init__(self, contents: Mapping[str, Content], url: Url) -> None:
        self._contents = contents
        self._url = url

    def of(self, reply: Reply) -> tuple[Message, ...]:
        """The messages of a reply, in order; none if it has neither words nor media."""
        # A content under which the words would be too long is of no use: then its words are cut to what it holds.
        body = MEASURE.body if f"{BUTTONS}{len(reply.buttons)}" in self._contents else None
        laid_out = parts(reply, MEASURE, to_whatsapp, body=body)
        return tuple(message for part in laid_out for message in self._messages(part))

    def knows(self, template: Template | None) -> bool:
        """Whether the operator set up a content for it."""
        return template is not None and self._chosen(template) is not None

    def of_template(self, template: Template | None) -> Message:
        """The message of an approved template, with its picture and button where the operator has made such a one.

        Raises:
            WindowClosed: there is none in TWILIO_TEMPLATES.
            TemplateRefused: the values do not fit it.
        """
        chosen = self._chosen(template) if template else None
        if template is None or chosen is None:
            # A matter of this person's window, not of the campaign: those inside theirs are told all the same.
            name = template.name if template else ""
            raise WindowClosed(
                f"twilio: no template {name!r} is set up for this message (TWILIO_TEMPLATES)", code="unset"
            )
        content, more = chosen
        wants = None if content.wants is None else content.wants - len(more)
        return _content(content.sid, checked(template.parameters, wants=wants, room=ROOM), more)

    def _chosen(self, template: Template) -> tuple[Content, tuple[str, ...]] | None:
        """The content to use, and the values behind the words."""
        rich = self._contents.get(f"{template.name}{WITH_CHART}")
        if rich is not None and template.header is not None and template.press:
            path = self._url(template.header).partition(MEDIA_PATH)[2]
            return rich, (path, template.press)
        plain = self._contents.get(template.name)
        return None if plain is None else (plain, ())

    def without_medium(self, block: Medium) -> Message:
        """One text in the place of a medium that is refused: where it can be had, and its words as far as they fit."""
        words = block.transcript if isinstance(block, Voice) else block.caption
        if not words and isinstance(block, Picture):
            words = block.alt
        link = self._url(block.media)
        room = MEASURE.text - units(link) - 2
        whole = to_whatsapp(read_marks(words.strip()))
        return Message({"body": f"{shortened(whole, room)}\n\n{link}".strip()})

    def in_form(self, message: Message, media: MediaRef) -> Message:
        """The same message with its medium in another form."""
        assert message.block is not None  # noqa: S101  # only media are asked about
        block = replace(message.block, media=media)
        return Message({**message.fields, "media_url": self._url(media)}, block)

    def _messages(self, part: Part) -> list[Message]:
        if isinstance(part, MediaPart):
            fields = {"media_url": self._url(part.media)}
            if part.caption and not isinstance(part.block, Voice):
                fields["body"] = to_whatsapp(part.caption)
            return [Message(fields, part.block), *self._choices("", part.buttons)]
        if part.buttons:
            return self._choices(to_whatsapp(part.runs), part.buttons)
        return [Message({"body": to_whatsapp(part.runs)})]

    def _choices(self, text: str, buttons: tuple[Button, ...]) -> list[Message]:
        """Buttons as a quick-reply content if the operator made one for so many, else as numbered lines."""
        if not buttons:
            return []
        content = self._contents.get(f"{BUTTONS}{len(buttons)}")
        short = all(
            units(button.title) <= MEASURE.button_title and len(button.press.encode()) <= MEASURE.press_bytes
            for button in buttons
        )
        if content and short and text and units(text) <= MEASURE.body:
            titles = [value for button in buttons for value in (button.title, button.press)]
            return [_content(content.sid, (text,), tuple(titles))]
        lines = numbered(tuple(Button(shortened(b.title, LONGEST_LABEL), b.press) for b in buttons))
        whole = f"{text}\n\n{lines}" if text else lines
        return [Message({"body": to_whatsapp(piece)}) for piece in split(whole, MEASURE.text, to_whatsapp)]


def medium_of(reply: Reply) -> Medium | None:
    """The medium by which a reply was refused late, if there is only one that it can be: a voice note, else any."""
    media = [block for block in reply.blocks if not isinstance(block, Text)]
    return next((block for block in media if isinstance(block, Voice)), media[0] if media else None)


def _content(sid: str, words: tuple[str, ...], more: tuple[str, ...]) -> Message:
    """A content with its variables as the JSON text that the form field must be; ``more`` do not show in its body."""
    fields = {"content_sid": sid}
    variables = {str(number): value for number, value in enumerate((*words, *more), 1)}
    if variables:
        fields["content_variables"] = orjson.dumps(variables).decode()
    return Message(fields, content=words or ("",))
