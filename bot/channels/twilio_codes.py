"""Twilio's error codes as what they mean for a message: the one table, for answers and for late statuses alike."""

from collections.abc import Mapping

from bot.channels.wire import Answer, Fate, failure, fate_of_status
from services.domain.errors import DeliveryFailed

# twilio.com/docs/api/errors/{code}; what WhatsApp's own become: twilio.com/docs/whatsapp/api/error-code-mapping.
REFUSALS: Mapping[int, Fate] = {
    63016: Fate.WINDOW,
    # Rates. 63018 our number's, 63017 and 63038 the account's second and day, 20429 the REST API's concurrency.
    **dict.fromkeys((63018, 30001, 21611), Fate.FAST_SENDER),
    **dict.fromkeys((63017, 63038, 20429), Fate.FAST_ACCOUNT),
    # The person: void or not on WhatsApp, not (or no longer) in the sandbox, blocked us; said STOP; held back by Meta.
    **dict.fromkeys((21211, 21614, 63003, 63014, 63015, 63024, 63033), Fate.GONE),
    21610: Fate.OPTED_OUT,
    **dict.fromkeys((63032, 63049), Fate.HELD_BACK),
    # The template: not there, parameters, policy, variables, rejected, paused, disabled.
    **dict.fromkeys((63027, 63028, 63029, 63013, 21654, 21655, 21656, 63040, 63041, 63042), Fate.TEMPLATE),
    # The message: media, content, length, nothing in it, filtered.
    **dict.fromkeys((63019, 12300, 63021, 63037, 21620), Fate.PERMANENT),
    **dict.fromkeys((21602, 21617, 21619, 21623, 30007, 63030), Fate.PERMANENT),
    # Us: credentials, account, number, channel, callback address.
    **dict.fromkeys((63001, 63005, 63010, 63012, 63020, 63022, 63051), Fate.ACCOUNT),
    **dict.fromkeys((20003, 20005, 20404, 21212, 21603, 21606, 21609, 21703, 30002, 63007), Fate.ACCOUNT),
    20503: Fate.RETRY,
}
# Codes by which a medium was refused, not the message around it: its words may go without it.
MEDIA_REFUSED = frozenset({"63019", "12300", "63021", "63037", "21620"})
# Those that a sound in another form may pass.
FORM_REFUSED = frozenset({"63019", "12300", "63021"})
WRONG_TOKEN = frozenset({"20003", "401"})
CODES = frozenset(map(str, REFUSALS))


def fate_of(code: str) -> Fate:
    """What a code means that came with a status callback; one that the table does not know is final for its message."""
    return REFUSALS.get(int(code), Fate.PERMANENT) if code.isascii() and code.isdecimal() else Fate.PERMANENT


def refusal(answer: Answer) -> DeliveryFailed:
    """Our error for an answer that bears no message."""
    if answer.fine:
        # Taken by its status, but we cannot tell under which id.
        return failure("twilio", Fate.UNSURE, str(answer.status))
    code = answer.body.get("code") or answer.body.get("error_code")
    known = REFUSALS.get(code) if isinstance(code, int) else None
    fate = known or _fate_of_status(answer.status)
    told = str(code) if isinstance(code, int) else str(answer.status)
    return failure("twilio", fate, told, answer.wait)


def _fate_of_status(status: int) -> Fate:
    """A bare 429 is the REST API's concurrency, which all senders of an account share; 404 is a wrong account."""
    if status in {404, 429}:
        return Fate.ACCOUNT if status == 404 else Fate.FAST_ACCOUNT
    return fate_of_status(status)
