"""The operator's commands. The router lets nobody else reach them; they have no intent, so no model can either."""

import re
from datetime import date

from handlers.registry import command
from handlers.turn import Turn
from services.domain.conversation import Answer, Reply, Text
from services.domain.errors import BadInput
from services.domain.letters import short
from services.domain.verdicts import WORDS
from services.wording.layouts.admin import source_text, sources_text, status_text, users_text
from services.wording.layouts.campaigns import campaigns_text
from services.wording.layouts.holiday import changed_text, planned_text
from services.wording.layouts.quarantine import pages_of, quarantine_text, settled_text

SHOWN_USERS = 15
SHOWN_BROADCASTS = 6  # with the rest of the status that is one WhatsApp message
_PAGE = re.compile(r"page\s+(\d{1,4})\s*", re.IGNORECASE)
_NO_NAMES = frozenset(
    {"cancel", "delete", "remove", "undo", "reopen", "reopened", "no", "none", "close", "closed"}
)


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
    listed = campaigns_text(running[-SHOWN_BROADCASTS:], turn.now, "Broadcasts under way")
    more = len(running) - SHOWN_BROADCASTS
    return _said(f"{text}\n\n{listed}" + (f"\n• and {more} older ones" if more > 0 else ""))


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
    when, _, name = turn.details.get("value", "").strip().partition(" ")
    if not when:
        return _said(await _planned(turn))
    name = name.strip()[:60]
    if name.casefold() in _NO_NAMES:
        raise BadInput(
            f"{name!r} is no holiday's name and everybody would read it; to trade after all: /holiday {when} open"
        )
    change = await turn.services.admin.holiday(_day(when), name or "holiday")
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
    symbol, _, rest = turn.details.get("value", "").strip().partition(" ")
    await turn.working()
    if (
        symbol
        and rest.strip()
        and not _PAGE.fullmatch(f"{symbol} {rest}")
        and not _PAGE.fullmatch(rest.strip())
    ):
        when, _, words = rest.strip().partition(" ")
        if not words.strip():
            raise BadInput(
                f"what was it? /quarantine {short(symbol, 12)} {short(when, 12)} and one of: {WORDS}"
            )
        rows = await turn.services.admin.settle(symbol, _day(when), words, turn.user.id)
        return _said(settled_text(rows, len((await turn.services.admin.quarantined()).quarantined)))
    return _said(await _quarantined(turn, symbol.upper(), rest.strip()))


@command(
    "sources",
    "where market data comes from, and how each source stands",
    usage="/sources [NAME]",
    admin=True,
)
async def sources(turn: Turn) -> Answer:
    """Each source with its state, its last answer, and what to do about one that is off; by its name all of one."""
    name = turn.details.get("value", "").strip().casefold()
    states = await turn.services.admin.sources()
    if not name:
        return _said(sources_text(states, turn.now))
    found = next((state for state in states if state.name == name), None)
    if found is None:
        raise BadInput(
            f"no source {short(name)!r}; there are: {', '.join(state.name for state in states) or 'none'}"
        )
    return _said(source_text(found, turn.now))


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
    return planned_text(plan.closed, plan.reopened, plan.tentative, turn.now.date())


async def _quarantined(turn: Turn, symbol: str, rest: str) -> str:
    """A page of the list, of all symbols or of one."""
    state = await turn.services.admin.quarantined()
    asked = _PAGE.fullmatch(rest) or _PAGE.fullmatch(f"{symbol} {rest}")
    only = "" if symbol.casefold() == "page" else symbol
    found = [jump for jump in state.quarantined if not only or jump.symbol == only]
    explained = sum(not only or jump.symbol == only for jump in state.explained)
    if only and not found and not explained:
        raise BadInput(f"no jump of {short(only, 12)!r} is known; /quarantine lists them")
    page, pages = int(asked[1]) if asked else 1, pages_of(len(found))
    if not 1 <= page <= pages:
        raise BadInput(f"there {'is 1 page' if pages == 1 else f'are {pages} pages'}; no page {page}")
    return quarantine_text(found, explained, page, only)


def _day(when: str) -> date:
    try:
        return date.fromisoformat(when)
    except ValueError:
        told = f"{short(when, 20)!r} is no date" if when else "a date is missing"
        raise BadInput(f"{told}; write it as 2026-12-24") from None


def _who(turn: Turn) -> str:
    who = turn.details.get("value", "").strip()
    if not who:
        raise BadInput("name the user: an id from /users, or channel:key")
    return who


def _said(text: str) -> Answer:
    return Answer((Reply((Text(text),)),))
