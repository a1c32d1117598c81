"""Which of a person's addresses are one account at one provider: WhatsApp shows a user id, a phone number, or both.

A user id is made anew when the person changes their number, so an id and its number never part: who shows the number of
somebody under another id is somebody else (a number that its operator gave to a new owner).
Source: developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids.
"""

import re
from collections.abc import Iterable, Sequence

from services.domain.conversation import Address
from services.domain.users import User

# A business-scoped user id: a country, for one that several businesses share "ENT", and up to 128 letters and digits.
_USER_ID = re.compile(r"(?:whatsapp:)?[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
# The order in which the addresses of one account stand: Meta is written to by user id first, Twilio by number.
_ORDER = {"meta": ("id", "shared", "number"), "twilio": ("number", "id", "shared")}


def is_user_id(address: Address) -> bool:
    """Whether an address is a WhatsApp user id; a number is not."""
    return address.channel in _ORDER and _sort(address) != "number"


def accounts(addresses: Iterable[Address]) -> list[tuple[Address, ...]]:
    """Addresses by account, in their order: those that a provider showed together stand next to each other."""
    made: list[tuple[Address, ...]] = []
    for address in addresses:
        if made and _goes_on(made[-1][-1], address):
            made[-1] = (*made[-1], address)
        else:
            made.append((address,))
    return made


def account(addresses: Iterable[Address], address: Address) -> tuple[Address, ...]:
    """All addresses of the account to which this one belongs; itself alone if it is not among them."""
    return next((one for one in accounts(addresses) if address in one), (address,))


def user_id_behind(addresses: Iterable[Address], address: Address) -> Address | None:
    """The user id of the account of an address, None if only its number is known."""
    return next((a for a in account(addresses, address) if is_user_id(a)), None)


def joined(addresses: Sequence[Address], proved: Sequence[Address]) -> tuple[Address, ...]:
    """A person's addresses after these were proved to be one account of theirs, in this order, the main one first.

    They take the place of the account they belong to, so that the first address of a person stays on the same account. A
    number of that account that is not the proved one any more is dropped: it may be a stranger's by now.
    """
    old = {a for address in proved for a in account(addresses, address)}
    if len(proved) == 1 and proved[0] in addresses:
        return tuple(addresses)
    place = next((n for n, a in enumerate(addresses) if a in old), len(addresses))
    return (*addresses[:place], *proved, *(a for a in addresses[place:] if a not in old))


def moved(addresses: Sequence[Address], old: Address, new: Address) -> tuple[Address, ...]:
    """A person's addresses after one of them became another: the whole account is left behind.

    An id and its number change together, so what else it was known by is void too; the next message shows the new.
    """
    place = addresses.index(old) if old in addresses else len(addresses)
    leaving = {*account(addresses, old), new}
    before = [a for a in addresses[:place] if a not in leaving]
    return (*before, new, *(a for a in addresses[place:] if a not in leaving))


def linked(own: Sequence[Address], other: Sequence[Address]) -> tuple[Address, ...]:
    """The addresses of two records that became one, in such an order that no two accounts look like one."""
    together = (*own, *other)
    if accounts(together) == [*accounts(own), *accounts(other)]:
        return together
    return (*other, *own)


def is_blank(user: User) -> bool:
    """Whether a record holds nothing of its person yet: never finished onboarding, no holdings, nothing declined."""
    return user.stage in {"new", "onboarding"} and not user.portfolio.holdings and user.paused_until is None


def _goes_on(last: Address, address: Address) -> bool:
    order = _ORDER.get(address.channel, ())
    if last.channel != address.channel or not order:
        return False
    return order.index(_sort(last)) < order.index(_sort(address))


def _sort(address: Address) -> str:
    found = _USER_ID.fullmatch(address.key)
    if found is None:
        return "number"
    return "shared" if found[1] else "id"
