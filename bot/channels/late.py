"""What a code means that comes late, with a status, for a message that was taken at first: the same tables as at once."""

from bot.channels import meta_codes, twilio_codes
from bot.channels.wire import failure
from services.domain.errors import DeliveryFailed

TABLES = {"twilio": twilio_codes.fate_of, "meta": meta_codes.fate_of}


def judge(channel: str, code: str) -> DeliveryFailed | None:
    """Our error for a late refusal; None where the channel has no statuses."""
    table = TABLES.get(channel)
    wait = meta_codes.wait_of(code) if channel == "meta" else None
    return failure(channel, table(code), code, wait) if table else None
