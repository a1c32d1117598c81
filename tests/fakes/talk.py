"""A person who talks to the bot in a test: says, presses, and reads what came."""

import itertools
from dataclasses import dataclass, field

from bot.bootstrap import Bot
from bot.router import Choice
from handlers.turn import Turn
from services.domain.conversation import Address, Attachment, Button, Inbound, Outbound, Text
from tests.fakes.sender import Recorder

_ids = itertools.count()
SENT: dict[str, bytes] = {}  # documents that people of tests have sent, by their reference


class SentFiles:
    """Fetches what people of tests have sent."""

    async def fetch(self, address: Address, attachment: Attachment, most: int) -> bytes:
        return SENT[attachment.ref]


@dataclass
class Person:
    """One person at one address."""

    bot: Bot
    recorder: Recorder
    address: Address
    name: str = ""
    heard: list[Outbound] = field(default_factory=list)

    async def send(self, data: bytes, caption: str = "") -> list[Outbound]:
        """Send a document and wait for the answers."""
        ref = f"file:{next(_ids)}"
        SENT[ref] = data
        return await self.say(caption, attachments=(Attachment("document", ref),))

    async def say(
        self, text: str, *, pressed: str = "", attachments: tuple[Attachment, ...] = ()
    ) -> list[Outbound]:
        """Say something and wait for the answers."""
        before = len(self.recorder.sent)
        await self.bot.dispatcher.say(
            Inbound(
                event_id=f"test:{next(_ids)}",
                address=self.address,
                at=self.bot.world.clock.now(),
                text=text,
                pressed=pressed,
                name=self.name,
                attachments=attachments,
            )
        )
        self.heard = [o for o in self.recorder.sent[before:] if o.address == self.address]
        return self.heard

    async def press(self, title: str) -> list[Outbound]:
        """Press a button of the last answers by its title."""
        found = [b for b in self.buttons() if b.title == title]
        assert found, f"no button {title!r} among {[b.title for b in self.buttons()]}"
        return await self.say(title, pressed=found[0].press)

    def buttons(self) -> list[Button]:
        return [button for outbound in self.heard for button in outbound.reply.buttons]

    def words(self) -> str:
        """Everything that the last answers say, captions and source lines too."""
        lines: list[str] = []
        for outbound in self.heard:
            lines += [
                b.text if isinstance(b, Text) else getattr(b, "caption", "") for b in outbound.reply.blocks
            ]
            lines += [outbound.reply.source, *(f"[{b.title}]" for b in outbound.reply.buttons)]
        return "\n".join(line for line in lines if line)

    def kinds(self) -> list[str]:
        return [block.kind for outbound in self.heard for block in outbound.reply.blocks]


@dataclass
class RecordedBot:
    """The bot of a test with all that it sent."""

    bot: Bot
    recorder: Recorder

    def watch(self, reached: set[str]) -> None:
        """Note the name of every handler that is chosen from now on."""
        choose = self.bot.router.choose

        async def noting(turn: Turn) -> Choice:
            choice = await choose(turn)
            reached.add(choice.name)
            return choice

        self.bot.router.choose = noting  # type: ignore[method-assign]

    def person(
        self, key: str = "ayesha-0000000001", *, channel: str = "web", name: str = "Ayesha Khan"
    ) -> Person:
        return Person(self.bot, self.recorder, Address(channel, key), name)  # type: ignore[arg-type]
