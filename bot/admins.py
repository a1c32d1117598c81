"""Who the operators are: rights go by the address that a provider verified, never by a name, a user name or a menu."""

from collections.abc import Callable, Collection, Sequence

from services.domain.conversation import Address

DEV_ADMIN = "admin-"


def admin_check(names: Sequence[str], *, development: bool) -> Callable[[Address], bool]:
    """Tells whether an address is an operator's. Who is known by several addresses of one account is asked for each.

    Args:
        names: The setting: "telegram:<user id>", "whatsapp:<number or user id>", "web:<id>".
        development: No provider is configured: the chat page may speak as an admin.
    """
    named = frozenset(map(_told_apart, names))

    def is_admin(address: Address) -> bool:
        if address.channel == "telegram":
            return f"telegram:{address.key}" in named
        if address.channel == "meta":
            key = f"+{address.key}" if address.key.isdecimal() else address.key
            return f"whatsapp:{key}" in named
        if address.channel == "twilio":
            return address.key in named
        if address.channel == "terminal":
            return address.key == DEV_ADMIN + "terminal"
        return (development and address.key.startswith(DEV_ADMIN)) or f"web:{address.key}" in named

    return is_admin


def admin_addresses(names: Sequence[str], configured: Collection[str]) -> tuple[Address, ...]:
    """Where the operators can be reached, over the providers that are configured."""
    reached: list[Address] = []
    for channel, _, key in (_told_apart(name).partition(":") for name in names):
        if channel == "telegram":
            reached.append(Address("telegram", key))
        elif channel == "whatsapp":
            reached += [Address("twilio", f"whatsapp:{key}"), Address("meta", key.lstrip("+"))]
        elif channel == "web":
            reached.append(Address("web", key))
    return tuple(address for address in reached if address.channel == "web" or address.channel in configured)


def _told_apart(name: str) -> str:
    """A number however it was typed ("whatsapp:92 300 1234567") in the one form that providers verify."""
    channel, _, key = name.partition(":")
    number = "".join(character for character in key if character not in " -+")
    return f"whatsapp:+{number}" if channel == "whatsapp" and number.isdecimal() else name
