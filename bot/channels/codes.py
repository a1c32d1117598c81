"""Every code that a provider's table knows: what is in none of them is alarmed, and counted as "other"."""

from functools import cache

from bot.channels import meta_codes, twilio_codes

# An answer of which only the status is known (RFC 9110).
STATUSES = frozenset({"400", "401", "403", "404", "408", "409", "413", "429", "500", "502", "503", "504"})
LONGEST_WORD = 40


def is_known(channel: str, code: str) -> bool:
    """Whether a code stands in the channel's table; one of letters alone is our own word for a failure."""
    ours = len(code) <= LONGEST_WORD and code.isascii() and code.replace(" ", "").replace("_", "").isalpha()
    return ours or code in codes_of(channel)


@cache
def codes_of(channel: str) -> frozenset[str]:
    """The codes that a channel's errors may bear."""
    if channel == "twilio":
        return twilio_codes.CODES | STATUSES
    if channel == "meta":
        return meta_codes.CODES | STATUSES
    if channel == "telegram":
        from bot.channels.telegram_errors import (
            REFUSALS,
        )  # its library is loaded once there is an error of it

        return frozenset(code for _, _, _, code in REFUSALS) | STATUSES
    return STATUSES
