"""An operator's file by chat: previewed, taken on a clear word, taken back; nobody else gets as far."""

from types import SimpleNamespace
from urllib.parse import parse_qsl

import pytest

from handlers.imports import FILE, TAKE, file_came, import_file, take_it, undo
from handlers.registry import STEPS
from handlers.turn import Turn
from services.domain.conversation import Address, Attachment, Inbound, Session
from services.domain.errors import BadInput, NotAvailable
from services.domain.intents import Understanding
from services.domain.users import User
from services.uploads import LARGEST, Uploads
from tests.fakes import table_files as made
from tests.fakes.holder import NOW, button, words
from tests.fakes.import_stores import Stores
from tests.fakes.price_files import prices

GOOD = prices("x", ("LUCK", "2026-08-19", 400.5), ("LUCK", "2026-08-20", 410.5)).data
WRONG = prices("x", ("LUCK", "soon", 400.5)).data
FILES = {"good": GOOD, "wrong": WRONG, "page": made.page([["a", "b"], ["1", "2"]])}


class Operator:
    """One operator at one address, with stores in memory and three files to send."""

    def __init__(self):
        self.stores, self.kept, self.session = Stores(), {}, Session("op")
        self.uploads = Uploads(self.stores.imports, self, self)

    async def fetch(self, address, attachment, most):
        assert most == LARGEST
        return FILES[attachment.ref]

    async def put(self, data, mime, name=""):
        self.kept["k" + name] = data
        return SimpleNamespace(key="k" + name)

    async def get(self, key):
        if key not in self.kept:
            raise NotAvailable("swept", what="file")
        return self.kept[key]

    async def say(self, handler, text="", *files, value=None, admin=True):
        attachments = tuple(Attachment("document", ref, "text/csv") for ref in files)
        inbound = Inbound("web:1", Address("web", "1"), NOW, text=text, attachments=attachments)
        details = {"value": text.partition(" ")[2] if value is None else value}
        turn = Turn(
            inbound, User("op", (Address("web", "1"),), NOW), self.session, Understanding("unknown", details),
            SimpleNamespace(uploads=self.uploads), NOW, is_admin=admin,
        )  # fmt: skip
        answer = await handler(turn)
        self.session = Session("op", answer.awaiting, answer.memo)
        return answer

    async def press(self, pressed):
        name, _, query = pressed.press.partition("?")
        assert name == f"step/{TAKE}" == f"step/{self.session.awaiting}"
        return await self.say(take_it, pressed.title, value=dict(parse_qsl(query))["value"])


@pytest.fixture
def operator():
    return Operator()


async def test_a_file_with_its_command_is_previewed_and_taken(operator):
    answer = await operator.say(import_file, "/import prices", "good")
    assert "2 rows, 19 Aug 2026 to 20 Aug 2026, 0 rejected" in words(answer)
    assert "2 new, 0 changed, 0 as they are stored" in words(answer)
    assert operator.stores.all_empty()
    taken = await operator.press(answer.replies[0].buttons[0])
    assert "*Imported*" in words(taken)
    assert len(await operator.stores.closes()) == 2
    (line,) = operator.stores.ledger.lines.values()
    assert line.by == "web:1"
    assert f"/undo {line.id[:12]}" in words(taken)
    assert "taken back" in words(await operator.say(undo, f"/undo {line.id[:12]}"))
    assert await operator.stores.closes() == {}


async def test_the_file_may_come_after_its_command(operator):
    asked = await operator.say(import_file, "/import prices")
    assert asked.awaiting == FILE
    answer = await operator.say(file_came, "", "good")
    assert answer.awaiting == TAKE
    cancelled = await operator.press(button(answer, f"step/{TAKE}?value=cancel"))
    assert "nothing was stored" in words(cancelled)
    assert operator.stores.all_empty()


async def test_a_wrong_file_is_refused_with_lines_and_no_button(operator):
    answer = await operator.say(import_file, "/import prices", "wrong")
    assert "nothing is stored" in words(answer)
    assert "row 2: date: text where a date belongs" in words(answer)
    assert (answer.replies[0].buttons, answer.awaiting) == ((), None)
    assert "no column for" in words(await operator.say(import_file, "/import prices", "page"))
    assert not operator.kept


async def test_the_same_file_again_is_told(operator):
    await operator.press((await operator.say(import_file, "/import prices", "good")).replies[0].buttons[0])
    answer = await operator.say(import_file, "/import prices", "good")
    assert "already imported" in words(answer)
    assert not answer.replies[0].buttons


async def test_a_file_that_was_swept_is_said_to_be_gone(operator):
    answer = await operator.say(import_file, "/import prices", "good")
    operator.kept.clear()
    with pytest.raises(NotAvailable):
        await operator.press(answer.replies[0].buttons[0])
    assert operator.stores.all_empty()


async def test_what_cannot_be_meant_is_told(operator):
    with pytest.raises(BadInput, match="there are: prices"):
        await operator.say(import_file, "/import shares", "good")
    with pytest.raises(BadInput, match="one file"):
        await operator.say(import_file, "/import prices", "good", "wrong")
    assert "fund-holdings" in words(await operator.say(import_file, "/import"))
    with pytest.raises(BadInput, match="no such import"):
        await operator.say(undo, "/undo")


async def test_steps_are_the_operators_alone(operator):
    await operator.say(import_file, "/import prices", "good")
    assert "nothing was stored" in words(await operator.say(take_it, "take it", value="take it", admin=False))
    assert "nothing was stored" in words(await operator.say(file_came, "", "good", admin=False))
    assert operator.stores.all_empty()
    for name in (FILE, TAKE):
        assert not STEPS[name].fits(
            SimpleNamespace(is_admin=False, text="take it", inbound=SimpleNamespace(attachments=(1,))), None
        )
