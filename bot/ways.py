"""What a dry run has to know of each channel: how it cuts words, what its provider permits, which templates are set up."""

from collections.abc import Callable, Mapping

import orjson

from bot.channels.base import LIMITS
from bot.channels.marks import Dress, to_plain, to_whatsapp
from bot.channels.render import parts
from services.domain.campaigns import Way
from services.domain.conversation import Channel, Reply


def ways(
    rates: Mapping[str, float], templates: Mapping[str, str], daily: Mapping[str, int]
) -> dict[Channel, Way]:
    """The channels by name.

    Args:
        rates: Requests a second that each provider permits; a channel that is missing has no limit.
        templates: The settings that name our templates there, as JSON.
        daily: How many people each lets us begin with in a day, outside the window; missing or 0 = no limit.
    """
    dressed: dict[Channel, Dress] = {"telegram": to_plain, "twilio": to_whatsapp, "meta": to_whatsapp}
    made = {
        name: Way(
            _counted(name, dress),
            rates.get(name, 0.0),
            frozenset(orjson.loads(templates.get(name) or "{}")),
            daily.get(name, 0),
        )
        for name, dress in dressed.items()
    }
    whole: tuple[Channel, ...] = ("web", "terminal")
    return made | {name: Way(lambda _reply: 1) for name in whole}


def _counted(channel: str, dress: Dress) -> Callable[[Reply], int]:
    return lambda reply: len(parts(reply, LIMITS[channel], dress))
