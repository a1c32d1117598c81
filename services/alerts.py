"""Watches that people set in plain words: kept, listed, cancelled, and told once when they come true."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal

from services.domain.alerts import Fired, Rule, check, level_of, parse_rule
from services.domain.conversation import Reply
from services.domain.errors import BadInput
from services.domain.instruments import Directory
from services.domain.market import Fact, MarketBook
from services.domain.users import Alert, User
from services.ports import AlertStore, Clock, MarketData, UserStore
from services.wording.layouts.alerts import Watch, fired_reply

MOST_ALERTS = 20


@dataclass(frozen=True, slots=True)
class Added:
    """A new alert with the level it starts from; ``already`` if it is true now, and then it was not kept."""

    watch: Watch
    level: Fact
    label: str
    already: Fired | None = None


class Alerts:
    """The use-case. ``users`` tells whose language an alert that fires is written in; without it, English."""

    def __init__(
        self, store: AlertStore, market: MarketData, clock: Clock, users: UserStore | None = None
    ) -> None:
        self._store = store
        self._market = market
        self._clock = clock
        self._users = users

    async def add(self, user: User, text: str, directory: Directory) -> Added:
        """Read a rule from words and keep it; what is true already is told at once and not kept.

        Raises:
            AmbiguousName: If the name fits several.
            UnknownName: If no share or index is named.
            BadInput: If the level is missing or impossible, or there are too many alerts; ``reason`` is a sentence key.
        """
        book = await self._market.book()
        rule = parse_rule(text, directory, book)
        level = level_of(rule.code, book)
        if level is None:
            raise BadInput(f"{rule.code} has no price to watch", reason="alerts.no_price")
        name = directory.name_of(rule.code)
        for known in await self._store.of(user.id):
            if (known.code, known.rule, Decimal(known.value)) == (rule.code, rule.rule, rule.value):
                return Added(Watch(known.id, rule, name), level, book.label)
        already = check(rule, book)
        if already is not None:
            return Added(Watch("", rule, name), level, book.label, already)
        if len(await self._store.of(user.id)) >= MOST_ALERTS:
            raise BadInput(f"more than {MOST_ALERTS} alerts: cancel one first", reason="alerts.too_many")
        alert = Alert(
            secrets.token_hex(4),
            user.id,
            rule.code,
            rule.rule,
            f"{rule.value.normalize():f}",
            self._clock.now(),
        )
        await self._store.add(alert)
        return Added(Watch(alert.id, rule, name), level, book.label)

    async def list(self, user: User) -> tuple[Watch, ...]:
        """The user's alerts that have not fired, oldest first."""
        book = await self._market.book()
        kept = [alert for alert in await self._store.of(user.id) if alert.fired_at is None]
        kept.sort(key=lambda alert: (alert.created_at, alert.id))
        return tuple(Watch(a.id, _rule(a), _name(a.code, book)) for a in kept)

    async def cancel(self, user: User, alert_id: str) -> bool:
        """Take one of the user's own alerts away; False if there is none of that id."""
        return await self._store.remove(user.id, alert_id)

    async def due(self) -> AsyncIterator[tuple[Alert, Reply]]:
        """What has come true, with what to tell; each is marked as fired after the caller has dealt with it.

        A crash between the two offers it again: the outbox key ``alert:<id>:<user>`` keeps it from being told twice.
        """
        book = await self._market.book()
        found = [(a, check(_rule(a), book)) async for a in self._store.active() if a.fired_at is None]
        for alert, fired in found:
            if fired is not None:
                user = await self._users.get(alert.user_id) if self._users else None
                name = _name(alert.code, book)
                lang = user.preferences.lang if user else "en"
                yield alert, fired_reply(lang, Watch(alert.id, fired.rule, name), fired, book.label)
                await self._store.fired(alert.id, self._clock.now())


def _rule(alert: Alert) -> Rule:
    return Rule(alert.code, alert.rule, Decimal(alert.value))


def _name(code: str, book: MarketBook) -> str:
    """The official name of a code in the book, or the code where the book no longer holds it."""
    if code in book.index_names:
        return book.index_names[code]
    listed = book.shares.get(code) or book.funds.get(code)
    return listed.name if listed else code
