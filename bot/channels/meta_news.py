"""What Meta tells about us rather than about a person: templates, account, quality. Bad news is what an operator must hear.

Source: developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference (one page a field).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.channels.meta_fields import Raw, part, text


@dataclass(frozen=True, slots=True)
class Field:
    """One field that webhooks can be subscribed to: where its news stands, which are bad, and what those are about.

    ``about`` is one of ``WORRIES``, or "update" where nothing of it is bad.
    """

    about: str
    where: tuple[str, ...]
    bad: frozenset[str]


def _field(about: str, where: str, *bad: str) -> Field:
    return Field(about, tuple(where.split(".")), frozenset(bad))


FIELDS: Mapping[str, Field] = {
    "message_template_status_update": _field(
        "template", "event", "PAUSED", "DISABLED", "REJECTED", "FLAGGED", "DELETED", "PENDING_DELETION", "ARCHIVED",
        "LOCKED", "LIMIT_EXCEEDED",
    ),
    "message_template_quality_update": _field("template", "new_quality_score", "RED", "YELLOW"),
    # A marketing template is capped for each person and never free: briefs are meant to be utility.
    "template_category_update": _field("template", "new_category", "MARKETING"),
    "message_template_components_update": _field("update", "event"),
    "account_update": _field(
        "account", "event", "DISABLED_UPDATE", "ACCOUNT_RESTRICTION", "ACCOUNT_VIOLATION", "ACCOUNT_DELETED",
        "ACCOUNT_OFFBOARDED", "PARTNER_REMOVED", "PARTNER_APP_UNINSTALLED",
    ),
    "account_review_update": _field("account", "decision", "REJECTED"),
    "account_alerts": _field("account", "alert_info.alert_severity", "CRITICAL", "WARNING"),
    "phone_number_name_update": _field("account", "decision", "REJECTED"),
    "security": _field("account", "event", "PIN_CHANGED", "PIN_RESET_REQUEST"),
    "phone_number_quality_update": _field(
        "spam", "event", "FLAGGED", "DOWNGRADE", "THROUGHPUT_DOWNGRADE", "RESTRICTED"
    ),
    "business_capability_update": _field("update", "event"),
    "payment_configuration_update": _field("update", "event"),
    "partner_solutions": _field("update", "event"),
}  # fmt: skip


def news_in(field: str, value: Raw) -> tuple[str, str]:
    """What a change is about and, if it is bad, Meta's own fixed word for it; ("unknown", "") for a field we do not know."""
    known = FIELDS.get(field)
    if known is None:
        return "unknown", ""
    holder = value
    for name in known.where[:-1]:
        holder = part(holder, name)
    word = text(holder, known.where[-1])
    if word not in known.bad or part(value, "ban_info").get("waba_ban_state") == "REINSTATE":
        return "update", ""
    return known.about, word
