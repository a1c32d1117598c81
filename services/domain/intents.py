"""The one list of what a user can want, and what understanding a message yields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Intent = Literal[
    "start", "help", "xray", "opportunities", "brief", "audio", "portfolio", "add_holding", "remove_holding",
    "quote", "explain", "news", "forecast", "rates", "flows", "alert", "alerts", "settings", "stop", "resume",
    "export", "delete", "calculate", "feedback", "thanks", "unknown",
]  # fmt: skip
INTENTS: tuple[Intent, ...] = get_args(Intent)
By = Literal["command", "exact", "local", "model", "fallback"]


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a message means. ``confidence`` is 0 to 1. ``details`` are the fields of PRODUCT section 3, as text.

    ``names``: codes or raw names, comma-separated, as far as they could be read; ``weights``: percents in the same
    order; ``scope``: market, sector or personal; ``sector``: a sector code; ``length``: short or long;
    ``screen``; ``rule``; ``setting`` and ``value``; ``until``: an ISO date; ``amounts``: rupees, comma-separated.
    """

    intent: Intent
    details: Mapping[str, str] = field(default_factory=dict)
    confidence: float = 1.0
    by: By = "exact"
