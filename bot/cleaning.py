"""What a message is rid of before it is kept: half characters that no store and no library can write down."""

from dataclasses import replace

from services.domain.conversation import Inbound


def readable(inbound: Inbound) -> Inbound:
    """The message without half characters (lone surrogates): no store and no library can write those down."""
    return replace(
        inbound,
        **{
            name: value.encode("utf-8", "ignore").decode()
            for name in ("event_id", "text", "pressed", "name", "reply_ref")
            if not (value := getattr(inbound, name)).isascii()
        },
    )
