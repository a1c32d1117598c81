"""Every expected failure, drawn as one tree, so that it is answered in one place and is no alarm.

``MarketByteError`` is what the dispatcher and the command line catch. A subclass carries a ``sentence`` (a key of
``services.wording.sentences``) and the ``values`` to fill it with; it never carries a secret or a user's own words.
"""

from collections.abc import Mapping
from typing import Literal


class MarketByteError(Exception):
    """An expected failure with a sentence the user may be told.

    Args:
        detail: One English line for the log and the terminal: what was wrong and what to do.
        values: What the user-facing sentence is filled with.
    """

    sentence = "error.generic"

    def __init__(self, detail: str, /, **values: str) -> None:
        super().__init__(detail)
        self.detail = detail
        self.values: Mapping[str, str] = values


class BadInput(MarketByteError):
    """The user or operator typed something that cannot be used as it stands."""

    sentence = "error.bad_input"


class UnknownName(BadInput):
    """No share, fund or index goes by that name; ``suggestions`` are codes that come near, nearest first."""

    sentence = "error.unknown_name"

    def __init__(self, detail: str, /, *, suggestions: tuple[str, ...] = (), **values: str) -> None:
        super().__init__(detail, **values)
        self.suggestions = suggestions


class AmbiguousName(BadInput):
    """A name fits several instruments; ``choices`` are their codes, best first. It is asked back, never guessed."""

    sentence = "error.ambiguous_name"

    def __init__(self, detail: str, /, *, name: str, choices: tuple[str, ...]) -> None:
        super().__init__(detail, name=name)
        self.name = name
        self.choices = choices


class NothingHeld(MarketByteError):
    """The user has told us no holdings yet."""

    sentence = "error.nothing_held"


class NotAvailable(MarketByteError):
    """A fact or a capability that is not there (yet); ``values['what']`` names it."""

    sentence = "error.not_available"


class OnlyEchoes(NotAvailable):
    """A provider that cannot be asked what it took, but tells it of itself: its statuses bear our key."""


class Fewer(NotAvailable):
    """What was made anew has fewer rows than what it was to replace; nothing was changed."""


class NoMarketYet(NotAvailable):
    """Nothing is kept of the market yet: its first fetch is still to come, or under way."""

    sentence = "error.no_market"


class BrokenPage(MarketByteError):
    """A page or file that is not what its source publishes; nothing of it is stored.

    Args:
        detail: What was wrong there and what was expected.
        page: Its name ("psx.market_watch") or the file's.
        column: The column's header, "" if it is not about one.
        row: The row as a person counts them (1 = the first under the header), 0 if it is not about one.
    """

    sentence = "error.generic"

    def __init__(self, detail: str, /, *, page: str, column: str = "", row: int = 0) -> None:
        where = "".join((f", column {column!r}" if column else "", f", row {row}" if row else ""))
        super().__init__(f"{page}{where}: {detail}")
        self.page = page
        self.column = column
        self.row = row


class BadSetting(MarketByteError):
    """A setting has an unusable value; the detail names the setting, the value and a good example."""

    sentence = "error.generic"


class Unavailable(MarketByteError):
    """Something outside (database, provider, model, voice) did not answer; trying again later may help."""

    sentence = "error.unavailable"


class Gated(Unavailable):
    """A source stands behind a gate (a token that rotates, a bot challenge, a login): it is not defeated, files help."""


class NotInPlan(Gated):
    """A source keeps one page or symbol for those who pay more: the gate is that page's, the others may be asked."""

    sentence = "error.unavailable"


class StorageMissing(Unavailable):
    """The object storage answers that there is no such bucket: an operator's matter, waiting does not help."""

    sentence = "error.unavailable"


class StorageForbidden(Unavailable):
    """The object storage does not let us in, or not do this (key, right, region): an operator's matter too."""

    sentence = "error.unavailable"


class InUse(Unavailable):
    """The data directory is held by another process."""

    sentence = "error.unavailable"


class Forbidden(MarketByteError):
    """A request that did not prove who sent it (signature, secret, token)."""

    sentence = "error.generic"


class Malformed(MarketByteError):
    """A verified payload that cannot be read; it is acknowledged, kept and counted, never retried."""

    sentence = "error.generic"


class Ungrounded(MarketByteError):
    """A text bears a figure that no fact stands behind; it is not sent."""

    sentence = "error.generic"


Scope = Literal["message", "chat", "sender", "account"]


class DeliveryFailed(MarketByteError):
    """A channel did not take a message.

    Args:
        detail: What was refused, by code only: providers' words repeat numbers and texts.
        permanent: Trying this message again cannot help.
        ambiguous: It may have arrived all the same; it is never simply sent again.
        wait: The pause in seconds that the provider asked for, if it did.
        scope: What the pause or the refusal is about: this message, this chat, our sender's rate, our whole account.
        code: The provider's code, "" if none.
    """

    def __init__(
        self,
        detail: str,
        /,
        *,
        permanent: bool = False,
        ambiguous: bool = False,
        wait: float | None = None,
        scope: Scope = "message",
        code: str = "",
    ) -> None:
        super().__init__(detail)
        self.permanent = permanent
        self.ambiguous = ambiguous
        self.wait = wait
        self.scope: Scope = scope
        self.code = code
        self.done: tuple[
            str, ...
        ] = ()  # filled by the channel: the ids of the parts taken before the failure


class RecipientGone(DeliveryFailed):
    """The person blocked us, left, or the address is void: stop writing to it at once."""

    def __init__(self, detail: str, /, *, code: str = "") -> None:
        super().__init__(detail, permanent=True, scope="chat", code=code)


class OptedOut(DeliveryFailed):
    """The person told the provider STOP: no scheduled message any more, until they come back."""

    def __init__(self, detail: str, /, *, code: str = "") -> None:
        super().__init__(detail, permanent=True, scope="chat", code=code)


class HeldBack(DeliveryFailed):
    """The provider chose not to deliver this to this person now (experiment, marketing cap): nothing for a day."""

    def __init__(self, detail: str, /, *, code: str = "") -> None:
        super().__init__(detail, permanent=True, scope="chat", code=code)


class WindowClosed(DeliveryFailed):
    """WhatsApp's 24-hour service window is shut: only an approved template may be sent."""

    def __init__(self, detail: str, /, *, code: str = "") -> None:
        super().__init__(detail, permanent=True, code=code)


class TemplateRefused(DeliveryFailed):
    """The approved template is missing, paused, or does not fit its variables: the whole campaign would fail alike."""

    def __init__(self, detail: str, /, *, code: str = "") -> None:
        super().__init__(detail, permanent=True, code=code)


class TooFast(DeliveryFailed):
    """Over a rate limit; certainly not taken. ``scope`` tells whose: this chat's, the sender's, the account's."""

    def __init__(self, detail: str, /, *, scope: Scope, wait: float | None = None, code: str = "") -> None:
        super().__init__(detail, wait=wait, scope=scope, code=code)


class AccountRefused(DeliveryFailed):
    """Our own credentials, number or payment are refused: nothing goes until an operator mends it."""

    def __init__(self, detail: str, /, *, code: str = "") -> None:
        super().__init__(detail, scope="account", code=code)


class NotOurs(MarketByteError):
    """The right to send a message could not be taken: another process has it, or it was paused, cancelled, expired."""
