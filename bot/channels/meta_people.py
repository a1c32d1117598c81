"""Whom a WhatsApp event is about: user id, number, contact card; and who is now reached elsewhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.channels.meta_fields import EMPTY, Raw, digits, part, text
from services.domain.conversation import Address, Moved

# A business-scoped user id: a country, perhaps "ENT", and up to 128 letters and digits (since 2026; never a number).
BSUID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
_MOVES = frozenset({"user_changed_number", "user_changed_user_id"})


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a payload names. ``address`` is the lasting one: by user id if there is one; ``aliases`` are the others."""

    address: Address | None
    aliases: tuple[Address, ...] = ()
    name: str = ""


def person_of(user_id: str, phone: str, card: Raw, *, shared_id: str = "") -> Person:
    """The person of a user id and a number (each may be blank) with their contact card.

    The form of a key tells which it is, and so how to write to it. The id that several businesses share stands in only
    where there is nothing else.
    """
    ids = (user_id, text(card, "user_id"))
    own = next((found for found in ids if BSUID.fullmatch(found)), "")
    number = phone or digits(text(card, "wa_id"))
    shared = next(
        (found for found in (shared_id, text(card, "parent_user_id")) if BSUID.fullmatch(found)), ""
    )
    keys = [key for key in (own, number) if key] or ([shared] if shared else [])
    addresses = [Address("meta", key) for key in keys]
    name = text(part(card, "profile"), "name")
    return Person(addresses[0], tuple(addresses[1:]), name) if addresses else Person(None, name=name)


class Cards:
    """The contact cards beside messages or statuses, found by number or user id.

    Another person's card must never lend its user id or number: rights and holdings go by them.
    """

    def __init__(self, cards: Sequence[Raw]) -> None:
        self._only = cards[0] if len(cards) == 1 else EMPTY
        self._by: dict[str, Raw] = {}
        for card in reversed(cards):  # of two alike the first counts
            self._by |= {value: card for value in (text(card, "wa_id"), text(card, "user_id")) if value}

    def of(self, phone: str, user_id: str = "") -> Raw:
        """The card of that user id or number, else the only one if it says nothing else."""
        card = self._by.get(user_id) or self._by.get(phone) or self._only
        known = {"user_id": user_id, "wa_id": phone}
        other = any(value and text(card, field) not in {"", value} for field, value in known.items())
        return EMPTY if other else card


def moves_of(message: Raw, event_id: str, at: datetime) -> list[Moved]:
    """Who moved, by a system message: to a new user id, which comes with every new number, else to a new number.

    We may know them by their old id or by their old number only, so both lead to the new id.
    """
    system = part(message, "system")
    if text(system, "type") not in _MOVES:
        return []
    new_id, new_number = _id(text(system, "user_id")), digits(text(system, "wa_id"))
    told = (
        text(system, "previous_user_id"),
        text(message, "previous_user_id"),
        text(message, "from_user_id"),
    )
    old_ids = (*(_id(value, new_id) for value in told), _id_within(text(system, "body"), new_id))
    old_id, old_number = next(filter(None, old_ids), ""), digits(text(message, "from"))
    if old_number == new_number:  # then it is the new one, or the same still
        old_number = ""
    olds = [key for key in (old_id, old_number) if key] if new_id else [old_number] if old_number else []
    new, ids = new_id or new_number, (event_id, f"{event_id}:number")
    return [_moved(ids[n], old, new, at) for n, old in enumerate(olds) if new]


def updates_of(update: Raw, event_id: str, at: datetime) -> list[Moved]:
    """Who got a new user id, by a webhook "user_id_update"."""
    ids = part(update, "user_id")
    old_id = _id(text(ids, "previous")) or _id(text(update, "previous_user_id"))
    new_id = _id(text(ids, "current")) or _id(text(update, "user_id"))
    return [_moved(event_id, old_id, new_id, at)] if old_id and new_id and old_id != new_id else []


def _moved(event_id: str, old: str, new: str, at: datetime) -> Moved:
    return Moved(event_id, Address("meta", old), Address("meta", new), at)


def _id(value: str, other_than: str = "") -> str:
    return value if value != other_than and BSUID.fullmatch(value) else ""


def _id_within(body: str, new_id: str) -> str:
    """The old user id where only the sentence tells it: "… changed from <old> to <new>". It ends with the ids.

    The name before them is the person's own words, so only the end is read.
    """
    words = body.rstrip(" .").split(" ")[-3:]
    right = len(words) == 3 and words[1] == "to" and words[2] == new_id
    return _id(words[0]) if right else ""
