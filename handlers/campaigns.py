"""The operator's broadcasts: announce after a dry run, look on, pause, go on, cancel."""

from datetime import datetime

from handlers.registry import command, step
from handlers.turn import Turn
from services.domain.campaigns import Campaign, times
from services.domain.conversation import Answer, Reply, Text
from services.domain.errors import BadInput
from services.domain.intents import Understanding
from services.wording.layouts.campaigns import announced_text, campaigns_text, confirm_buttons, dry_run_reply

ANNOUNCE = "admin.announce"
MOST_WORDS = 1000  # Twilio's 1,600 less room for the heading
SEND = frozenset({"send", "send it", "yes"})
URGENT = frozenset({"urgent", "send now, urgent", "send now"})
CANCEL = frozenset({"cancel", "no"})


@command(
    "announce", "a message to everybody active: dry run, then confirm", usage="/announce TEXT", admin=True
)
async def announce(turn: Turn) -> Answer:
    """The dry run: who would get what; nothing is sent before the confirmation."""
    text = turn.details.get("value", "")
    if not text:
        return _said("What shall I announce? /announce TEXT")
    if len(text) > MOST_WORDS:
        raise BadInput("an announcement has at most 1,000 characters")
    await turn.working()
    run = await turn.services.dry_runs.of(text)
    reply = dry_run_reply(run, text, f"step/{ANNOUNCE}")
    if not reply.buttons:
        return Answer((reply,))
    return Answer((reply,), ANNOUNCE, {"text": text, "key": turn.inbound.event_id})


def _answers_announce(turn: Turn, _meaning: Understanding | None) -> bool:
    return turn.is_admin and _word(turn.text) in SEND | URGENT | CANCEL


async def _announce_again(turn: Turn) -> Answer:
    begins, _ = times("announcement", turn.now)
    text = Text("The announcement still waits for your word: send or cancel?")
    return Answer((Reply((text,), confirm_buttons(begins, f"step/{ANNOUNCE}")),), ANNOUNCE, turn.session.memo)


@step(ANNOUNCE, fits=_answers_announce, again=_announce_again)
async def announce_confirmed(turn: Turn) -> Answer:
    """Sends on a clear word only; the key is the command's own message, so pressing twice sends once."""
    word = _word(turn.details.get("value", ""))
    if not turn.is_admin or word not in SEND | URGENT:
        return _said("Cancelled; nothing was sent.")
    memo, urgent = turn.session.memo, word in URGENT
    campaign = await turn.services.broadcasts.announce(memo["key"], memo["text"], urgent=urgent)
    return _said(announced_text(campaign, _begins(campaign, turn.now)))


@command("campaigns", "broadcasts and how far they came", admin=True)
async def campaigns(turn: Turn) -> Answer:
    """The newest, with what became of their messages."""
    await turn.services.campaigns.settle()
    return _said(campaigns_text(await turn.services.campaigns.newest(), turn.now))


@command("pause", "hold all scheduled messages, or one broadcast", usage="/pause [NAME]", admin=True)
async def pause(turn: Turn) -> Answer:
    """Without a name briefs, alerts and announcements wait; they are not sent late when it ends."""
    if name := _name(turn):
        held = await turn.services.campaigns.pause(name)
        return _said(f"{held.id} is paused: nothing more of it goes out until /resume {held.id}")
    await turn.services.admin.pause(paused=True)
    return _said("Paused: no scheduled message goes out until /resume. Answers to users go on.")


@command("resume", "let scheduled messages, or one broadcast, go again", usage="/resume [NAME]", admin=True)
async def resume(turn: Turn) -> Answer:
    """Ends /pause; with a name also what a refused template stopped."""
    if name := _name(turn):
        free = await turn.services.campaigns.resume(name)
        return _said(f"{free.id} goes on.")
    await turn.services.admin.pause(paused=False)
    return _said("Scheduled messages go out again.")


@command("cancel", "end a broadcast for good", usage="/cancel NAME", admin=True)
async def cancel(turn: Turn) -> Answer:
    """Who was not told yet never is."""
    name = _name(turn)
    if not name:
        return _said("Which broadcast? /cancel NAME, with a name from /campaigns")
    ended, count = await turn.services.campaigns.cancel(name)
    return _said(f"{ended.id} is cancelled; {count:,} waiting messages were taken back.")


def _word(text: str) -> str:
    """What was answered; the button "Send at 07:00" may come as its title."""
    word = text.casefold().strip()
    return "send" if word.startswith("send at") else word


def _name(turn: Turn) -> str:
    return turn.details.get("value", "").strip()


def _begins(campaign: Campaign, now: datetime) -> datetime | None:
    begins, _ = times(campaign.kind, now, urgent=not campaign.asleep)
    return begins


def _said(text: str) -> Answer:
    return Answer((Reply((Text(text),)),))
