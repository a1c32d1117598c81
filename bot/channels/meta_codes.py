"""Meta's error codes as what they mean for a message: the one table, for answers and for late statuses alike."""

from collections.abc import Mapping

import orjson

from bot.channels.base import Recent
from bot.channels.wire import Answer, Fate, failure, fate_of_status
from services.domain.errors import DeliveryFailed

# developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes. Titles change, codes do not.
REFUSALS: Mapping[int, Fate] = {
    131047: Fate.WINDOW,
    131050: Fate.OPTED_OUT,
    # Meta's choice for this person: a cap on marketing, an experiment.
    **dict.fromkeys((131049, 130472), Fate.HELD_BACK),
    # Rates: of this pair; of our number (131048 is its spam limit); of the app and of the business account.
    131056: Fate.FAST_CHAT,
    **dict.fromkeys((130429, 131048), Fate.FAST_SENDER),
    **dict.fromkeys((4, 80007), Fate.FAST_ACCOUNT),
    # Meta is unwell, or our account is being moved.
    **dict.fromkeys((1, 2, 131000, 131016, 131057, 133004, 134101), Fate.RETRY),
    # The template: count, missing, too long, policy, format, paused, disabled, characters; its flow.
    **dict.fromkeys((132000, 132001, 132005, 132007, 132012, 132015, 132016, 132018), Fate.TEMPLATE),
    **dict.fromkeys((132068, 132069, 134100, 134102), Fate.TEMPLATE),
    # This message to this person: undeliverable, a country we may not write to, a kind they cannot get, to ourselves.
    **dict.fromkeys((131026, 130497, 131051, 131055, 131062, 131021), Fate.PERMANENT),
    # The message itself: media, parameters.
    **dict.fromkeys((131052, 131053, 131008, 131009, 100, 135000), Fate.PERMANENT),
    # Us: token, permission, number, registration, display name, policy, payment.
    **dict.fromkeys((0, 3, 10, 33, 190, *range(200, 300), 131005, 131031, 131037), Fate.ACCOUNT),
    **dict.fromkeys((131042, 131045, 133006, 133010, 368), Fate.ACCOUNT),
}
CODES = frozenset(map(str, REFUSALS))
TEMPLATES = range(132000, 133000)  # the block in which Meta numbers what is wrong with templates
WAITS: Mapping[int, float] = {
    131048: 3600.0,
    130429: 2.0,
    4: 60.0,
    80007: 60.0,
}  # seconds, where it asks for none

NO_TRANSLATION = "132001"  # not there, or not in that language
UNDELIVERABLE = "131026"
STALE_MEDIA = frozenset({"131052", "131053", "131009", "100"})  # what an id that has run out is refused with
MEDIA_REFUSED = frozenset({"131052", "131053"})

FIRST_PAIR_WAIT = 6.0  # one message in 6 s is what a pair may have for ever
LONGEST_PAIR_WAIT = 256.0
UNDELIVERABLE_TIMES = 3  # so many messages in a row, and an address is void


def fate_of(code: str) -> Fate:
    """What a code means that came with a status; one that the table does not know is final for its message."""
    return _known(int(code)) or Fate.PERMANENT if code.isascii() and code.isdecimal() else Fate.PERMANENT


def wait_of(code: str) -> float | None:
    """How many seconds to leave its scope alone after a code that came without a word on that; None = as long as seems fit."""
    return WAITS.get(int(code)) if code.isascii() and code.isdecimal() else None


def code_of(answer: Answer) -> str:
    """The code in an answer that is an error, "" if there is none."""
    error = answer.body.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    return str(code) if isinstance(code, int) else ""


def refusal(answer: Answer, *, unsure: Fate = Fate.UNSURE) -> DeliveryFailed:
    """Our error for Meta's. ``unsure`` is what an unexplained answer means: for an upload nothing can have arrived."""
    if answer.fine:
        return failure("meta", unsure, str(answer.status))
    code = code_of(answer)
    fate = (_known(int(code)) if code else None) or fate_of_status(answer.status)
    wait = answer.wait or _regained(answer) or wait_of(code or str(answer.status))
    return failure("meta", unsure if fate is Fate.UNSURE else fate, code or str(answer.status), wait)


class Pairs:
    """How long to leave one person alone after 131056: Meta asks for 4^n seconds at the n-th refusal in a row."""

    def __init__(self) -> None:
        self._refused: Recent[int] = Recent()

    def wait(self, key: str) -> float:
        """Seconds, with this refusal counted."""
        times = (self._refused.get(key) or 0) + 1
        self._refused.put(key, times)
        return float(min(max(4.0**times, FIRST_PAIR_WAIT), LONGEST_PAIR_WAIT))

    def taken(self, key: str) -> None:
        """A message went through."""
        self._refused.drop(key)


class Undeliverable:
    """Tells when an address is void: "undeliverable" once may be an old phone, three messages in a row are nobody.

    Counted by message, so that a status told twice counts once; in memory, where the worst of a restart is a later end.
    """

    def __init__(self) -> None:
        self._missed: Recent[frozenset[str]] = Recent()

    def missed(self, key: str, message: str) -> bool:
        """Count a message that could not be delivered; True from the third one on."""
        missed = (self._missed.get(key) or frozenset()) | {message}
        self._missed.put(key, missed)
        return len(missed) >= UNDELIVERABLE_TIMES

    def reached(self, key: str) -> None:
        """Something arrived there, or its owner wrote."""
        self._missed.drop(key)


def _known(code: int) -> Fate | None:
    return REFUSALS.get(code) or (Fate.TEMPLATE if code in TEMPLATES else None)


def _regained(answer: Answer) -> float | None:
    """Seconds until a business account may ask again, as the header tells it (in minutes) at codes 4 and 80007.

    Source: developers.facebook.com/docs/graph-api/overview/rate-limiting#headers.
    """
    try:
        uses = orjson.loads(answer.headers.get("X-Business-Use-Case-Usage", ""))
        minutes = [use["estimated_time_to_regain_access"] for account in uses.values() for use in account]
        return 60.0 * max(minutes) or None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
