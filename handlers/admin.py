"""The operator's commands. The router lets nobody else reach them; they have no intent, so no model can either."""

from datetime import date

from handlers.registry import command
from handlers.turn import Turn
from services.domain.conversation import Answer, Reply, Text
from services.domain.errors import BadInput
from services.wording.layouts.admin import sources_text, status_text, users_text
from services.wording.layouts.campaigns import campaigns_text
from services.wording.layouts.holiday import changed_text, planned_text
from services.wording.layouts.quarantine import quarantine_text, settled_text

SHOWN_USERS = 15


@command("status", "state of the bot, data, queue, last runs", admin=True)
async def status(turn: Turn) -> Answer:
    """How the bot stands, in a few lines."""
    state = await turn.services.admin.status()
    text = status_text(
        now=state.now,
        up_since=state.up_since,
        data=state.data_label,
        paused=state.paused,
        counts=(state.users, state.outbox),
        runs=state.runs,
        tickets=state.tickets,
    )
    running = await turn.services.campaigns.under_way()
    return _said(f"{text}\n\n{campaigns_text(running, turn.now, 'Broadcasts under way')}")


@command("users", "how many there are, by stage", admin=True)
async def users(turn: Turn) -> Answer:
    """Counts by stage and the first ids, for /block; no names, no numbers."""
    shown: list[tuple[str, str, str]] = []
    async for user in turn.services.users.everybody():
        shown.append((user.id, user.stage, "+".join(sorted({a.channel for a in user.addresses}))))
        if len(shown) == SHOWN_USERS:
            break
    return _said(users_text(await turn.services.users.counts(), shown))


@command("run", "run a job now", usage="/run JOB", admin=True)
async def run(turn: Turn) -> Answer:
    """A job by its name in the timetable; without a name: which there are."""
    name = turn.details.get("value", "").split(" ")[0]
    if not name:
        return _said(f"Which job? /run JOB, with JOB one of: {', '.join(turn.services.admin.jobs)}")
    await turn.working()
    return _said(f"{name}: {await turn.services.admin.run(name)}")


@command(
    "holiday", "declare a day without a session; DATE open: with one", usage="/holiday DATE NAME", admin=True
)
async def holiday(turn: Turn) -> Answer:
    """``/holiday 2026-12-24 Eid``; ``/holiday 2026-12-24 open``; without arguments: those declared so far."""
    when, _, name = turn.details.get("value", "").partition(" ")
    if not when:
        return _said(await _planned(turn))
    change = await turn.services.admin.holiday(_day(when), name.strip()[:60] or "holiday")
    if change is None:
        return _said(await _planned(turn))
    done = changed_text(
        change.day, told=change.told, cancelled=change.cancelled, ahead=change.ahead, changed=change.changed
    )
    return _said(f"{done}\n\n{await _planned(turn)}")


@command(
    "quarantine",
    "prices held back from users: list, or settle one",
    usage="/quarantine [SYMBOL DAY WORD]",
    admin=True,
)
async def quarantine(turn: Turn) -> Answer:
    """``/quarantine``; ``/quarantine LUCK 2025-04-28 split 5:1``; ``/quarantine NBP 2026-03-17 ok``."""
    symbol, _, rest = turn.details.get("value", "").partition(" ")
    await turn.working()
    if symbol:
        when, _, words = rest.strip().partition(" ")
        rows = await turn.services.admin.settle(symbol, _day(when), words, turn.user.id)
        return _said(settled_text(rows, len((await turn.services.admin.quarantined()).quarantined)))
    state = await turn.services.admin.quarantined()
    return _said(quarantine_text(state.quarantined, len(state.explained)))


@command("sources", "where market data comes from, and how each source stands", admin=True)
async def sources(turn: Turn) -> Answer:
    """Each source with its state, its last answer, and what to do about one that is off."""
    return _said(sources_text(await turn.services.admin.sources(), turn.now))


@command("block", "answer somebody no more", usage="/block USER", admin=True)
async def block(turn: Turn) -> Answer:
    """Nothing that this person writes is answered any more."""
    user = await turn.services.admin.block(_who(turn), blocked=True)
    return _said(f"{user.id} is blocked.")


@command("unblock", "answer somebody again", usage="/unblock USER", admin=True)
async def unblock(turn: Turn) -> Answer:
    """Ends /block."""
    user = await turn.services.admin.block(_who(turn), blocked=False)
    return _said(f"{user.id} is {user.stage} again.")


@command("tickets", "complaints and praise, newest first", admin=True)
async def tickets(turn: Turn) -> Answer:
    """What users wrote as feedback; rupee amounts in it were never kept."""
    kept = await turn.services.admin.tickets()
    lines = "\n".join(f"• {entry['id']} · {entry['kind']} · {entry['text'][:200]}" for entry in kept)
    return _said(f"*Tickets*\n{lines or '• none'}")


async def _planned(turn: Turn) -> str:
    plan = await turn.services.admin.planned()
    return planned_text(plan.closed, plan.reopened, plan.tentative)


def _day(when: str) -> date:
    try:
        return date.fromisoformat(when)
    except ValueError:
        raise BadInput(f"{when[:20]!r} is no date; write it as 2026-12-24") from None


def _who(turn: Turn) -> str:
    who = turn.details.get("value", "").strip()
    if not who:
        raise BadInput("name the user: an id from /users, or channel:key")
    return who


def _said(text: str) -> Answer:
    return Answer((Reply((Text(text),)),))
