"""The operator's data by chat: a file is looked through, and taken on a clear word only; an import can be taken back."""

from handlers.registry import command, step
from handlers.turn import Turn
from services.domain.conversation import Answer, Reply, Text
from services.domain.importing.served import check_served, import_kind
from services.domain.intents import Understanding
from services.wording.layouts.imports import USAGE, imports_text, preview_reply, taken_text, undone_text

FILE, TAKE = "admin.import_file", "admin.import"
YES = frozenset({"take", "take it", "yes"})
NO = frozenset({"cancel", "no"})


@command("import", "market data from a file, previewed first", usage="/import KIND", admin=True)
async def import_file(turn: Turn) -> Answer:
    """With a document: its preview. Without: asks for one; without a kind: what was imported, and which kinds there are."""
    kind = turn.details.get("value", "").strip()
    if not kind:
        return _said(imports_text(await turn.services.uploads.newest()))
    check_served(import_kind(kind), turn.profile.market)
    if not turn.inbound.attachments:
        return Answer(
            (Reply((Text(f"Send the file with {kind} now, as a document."),)),), FILE, {"kind": kind}
        )
    return await _previewed(turn, kind)


@command("undo", "take the last import back, or one by its id", usage="/undo [ID]", admin=True)
async def undo(turn: Turn) -> Answer:
    """What the import had replaced is there again."""
    await turn.working()
    line = await turn.services.uploads.undo(turn.details.get("value", "").strip() or "last")
    return _said(undone_text(line))


def _brings_a_file(turn: Turn, _meaning: Understanding | None) -> bool:
    return turn.is_admin and bool(turn.inbound.attachments)


async def _file_again(turn: Turn) -> Answer:
    return Answer((Reply((Text(USAGE),)),), FILE, turn.session.memo)


@step(FILE, fits=_brings_a_file, again=_file_again)
async def file_came(turn: Turn) -> Answer:
    """The file behind its command: some apps let nobody write a caption under a document."""
    if not turn.is_admin or not turn.inbound.attachments:
        return _said("No file came; nothing was stored.")
    return await _previewed(turn, turn.session.memo.get("kind", ""))


def _answers(turn: Turn, _meaning: Understanding | None) -> bool:
    return turn.is_admin and turn.text.casefold().strip() in YES | NO


async def _take_again(turn: Turn) -> Answer:
    return Answer(
        (Reply((Text("The file still waits for your word: take it or cancel?"),)),), TAKE, turn.session.memo
    )


@step(TAKE, fits=_answers, again=_take_again)
async def take_it(turn: Turn) -> Answer:
    """Stores on a clear word only; pressing twice stores once."""
    word = turn.details.get("value", "").casefold().strip()
    if not turn.is_admin or word not in YES:
        return _said("Cancelled; nothing was stored.")
    await turn.working()
    memo = turn.session.memo
    lines = await turn.services.uploads.take(
        memo["kind"], memo["key"], memo["name"], str(turn.inbound.address)
    )
    return _said(taken_text(lines))


async def _previewed(turn: Turn, kind: str) -> Answer:
    await turn.working()
    waiting = await turn.services.uploads.look(kind, turn.inbound.address, turn.inbound.attachments)
    reply = preview_reply(waiting.preview, f"step/{TAKE}")
    if not reply.buttons:
        return Answer((reply,))
    return Answer((reply,), TAKE, {"kind": kind, "key": waiting.key, "name": waiting.name})


def _said(text: str) -> Answer:
    return Answer((Reply((Text(text),)),))
