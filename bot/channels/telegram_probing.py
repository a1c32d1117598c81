"""Whether Telegram took a message whose answer was lost: it is asked for by the numbers that it may have got.

The Bot API lists nothing, but it answers for a number: a change of buttons to those that a message already has changes
nothing and is refused as such, and a number that this chat does not have is refused as not found (the words of
tdlib/telegram-bot-api). Nobody sees any of it.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from bot.channels.base import Gaps, Now, Pace
from bot.channels.render import Part
from bot.channels.telegram_errors import UNNAMED_WAIT, said
from bot.channels.telegram_keyboard import keyboard
from bot.channels.telegram_request import (
    BadRequest,
    Calls,
    FloodWait,
    NoAnswer,
    NotSent,
    OtherStatus,
    TelegramError,
)
from bot.channels.wire import Fate, failure
from services.domain.conversation import Address, Outbound, Receipt
from services.domain.errors import NotAvailable

QUIET: Final = timedelta(seconds=45)  # so long the messages behind it are waited for
WORTH: Final = timedelta(minutes=10)  # after which the end of the gap is waited for no more
TRIES: Final = 4
Plan = Callable[[Outbound], Sequence[Part]]
_ONGOING: Final = "+"
_THERE: Final = ("message is not modified",)
_NOT_THERE: Final = ("message to edit not found", "message_id_invalid", "message can't be edited")


class Probing:
    """Asks for one bot.

    Args:
        call: The methods of the Bot API.
        gaps: Which numbers may be meant.
        rates: Each question is a request like any other.
        plan: The parts of a message.
        now: The clock.
    """

    def __init__(self, call: Calls, gaps: Gaps, rates: Pace, plan: Plan, now: Now) -> None:
        self._call = call
        self._plan = plan
        self._gaps = gaps
        self._rates = rates
        self._now = now

    async def find(self, outbound: Outbound, since: datetime) -> Receipt | None:
        """Whether the first part that is not done was taken; None if surely not.

        Raises:
            NotAvailable: That cannot be told.
            DeliveryFailed: Not yet, or it was taken and others follow: then ``done`` names it.
        """
        done, age, plan = outbound.done, self._now() - since, self._plan(outbound)
        if outbound.reply.sealed or len(done) >= len(plan) or any(ref.endswith(_ONGOING) for ref in done):
            raise NotAvailable("telegram: what this message looked like is not known", what="message")
        if age < QUIET:
            raise failure("telegram", Fate.RETRY, "too early to tell")
        gap = await self._gaps.around(outbound.key)
        if gap is None:
            raise NotAvailable("telegram: its numbers do not tell", what="message")
        below = keyboard(plan[len(done)])
        for number in gap.numbers:
            if await self._has(outbound.address, number, below):
                return self._taken(outbound, f"{outbound.address.key}:{number}", len(plan))
        if gap.closed and await self._finds_what_is_there(outbound.key):
            return None
        if age >= WORTH:
            raise NotAvailable("telegram: nothing followed by which it could be told", what="message")
        raise failure("telegram", Fate.RETRY, "nothing behind it yet")

    async def _finds_what_is_there(self, key: str) -> bool:
        """Whether "not found" is to be believed: one that surely is there is asked for in the same way."""
        witness = await self._gaps.witness(key)
        if witness is None:
            return False
        outbound, number = witness
        return await self._has(outbound.address, number, keyboard(self._plan(outbound)[-1]))

    def _taken(self, outbound: Outbound, ref: str, parts: int) -> Receipt:
        done = (*outbound.done, ref)
        if len(done) == parts:
            return Receipt(done, self._now())
        half = failure("telegram", Fate.RETRY, "stopped between two parts")
        half.done = done
        raise half

    async def _has(self, address: Address, number: int, below: dict[str, object]) -> bool:
        """Whether the chat has a message of ours with that number and those buttons."""
        for _ in range(TRIES):  # asking again harms nobody
            await self._rates.admit(address, "broadcast")
            with suppress(NoAnswer, NotSent, OtherStatus):
                return await self._asked(address, {"chat_id": address.key, "message_id": number, **below})
        raise failure("telegram", Fate.RETRY, "no answer")

    async def _asked(self, address: Address, fields: dict[str, object]) -> bool:
        try:
            await self._call("editMessageReplyMarkup", fields)
        except BadRequest as error:
            words = said(error)
            if any(sign in words for sign in _THERE):
                return True
            if any(sign in words for sign in _NOT_THERE):
                return False
        except FloodWait as error:
            await self._rates.hold(address, "sender", error.wait or UNNAMED_WAIT)
            raise failure("telegram", Fate.FAST_SENDER, "429", error.wait) from None
        except (NoAnswer, NotSent, OtherStatus):
            raise
        except TelegramError:
            pass  # it knows no such method, or the chat is closed to us
        raise NotAvailable("telegram: the message is another than was thought", what="message")
