"""One user talking straight to the handlers of holdings, alerts and sums, with stores in memory."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from handlers.alerts import alert, alerts
from handlers.calculate import calculate_sum
from handlers.portfolio import add_holding, portfolio, remove_holding
from handlers.turn import Turn
from services.alerts import Alerts
from services.domain.conversation import Address, Inbound, Session
from services.domain.instruments import Directory
from services.domain.intents import Understanding
from services.domain.portfolio import Holding, Portfolio
from services.domain.users import Alert, Preferences, User
from services.portfolio import Portfolios
from tests.fakes.books import small_book

NOW = datetime(2026, 8, 20, 17, 0, tzinfo=ZoneInfo("Asia/Karachi"))
HANDLERS = {"add_holding": add_holding, "remove_holding": remove_holding, "alert": alert, "alerts": alerts,
            "portfolio": portfolio, "calculate": calculate_sum}  # fmt: skip
HELD = Portfolio(
    (Holding("MEBL", Decimal("0.5")), Holding("LUCK", Decimal("0.3")), Holding("OGDC", Decimal("0.2")))
)


class People:
    """Users in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, User] = {}

    async def get(self, user_id: str) -> User | None:
        return self.kept.get(user_id)

    async def save(self, user: User) -> None:
        self.kept[user.id] = user

    async def change(self, before: User, after: User) -> None:
        self.kept[after.id] = after


class Watches:
    """Alerts in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Alert] = {}

    async def add(self, alert: Alert) -> None:
        self.kept[alert.id] = alert

    async def of(self, user_id: str) -> list[Alert]:
        return [a for a in self.kept.values() if a.user_id == user_id]

    async def remove(self, user_id: str, alert_id: str) -> bool:
        mine = alert_id in self.kept and self.kept[alert_id].user_id == user_id
        if mine:
            del self.kept[alert_id]
        return mine

    async def active(self) -> AsyncIterator[Alert]:
        for each in list(self.kept.values()):
            if each.fired_at is None:
                yield each

    async def fired(self, alert_id: str, at: datetime) -> bool:
        known = self.kept[alert_id]
        self.kept[alert_id] = replace(known, fired_at=known.fired_at or at)
        return known.fired_at is None


class Talk:
    """One user talking to the handlers; what a button says comes back as the dispatcher would bring it."""

    def __init__(self, held: Portfolio = HELD, lang: str = "en") -> None:
        self.people, self.watches, self.current = People(), Watches(), small_book()
        self.user = User(
            "u1", (Address("web", "1"),), NOW, portfolio=held, preferences=Preferences(lang=lang)
        )
        self.people.kept["u1"] = self.user
        self.alerts = Alerts(self.watches, self, self, self.people)
        self.session = Session("u1")

    async def book(self):
        return self.current

    def now(self):
        return NOW

    async def directory(self):
        return Directory(self.current)

    def turn(self, text="", *, pressed="", details=None):
        inbound = Inbound("web:1", Address("web", "1"), NOW, text=text, pressed=pressed)
        services = SimpleNamespace(
            portfolios=Portfolios(self.people, self),
            alerts=self.alerts,
            directory=self.directory,
            market=self,
        )
        user = self.people.kept["u1"]
        return Turn(inbound, user, self.session, Understanding("unknown", details or {}), services, NOW)

    async def say(self, handler, text):
        return self.keep(await handler(self.turn(text)))

    async def press(self, button):
        name, _, query = button.press.partition("?")
        return self.keep(
            await HANDLERS[name](self.turn(pressed=button.press, details=dict(parse_qsl(query))))
        )

    def keep(self, answer):
        self.session = Session("u1", answer.awaiting, answer.memo)
        return answer

    @property
    def weights(self):
        return {h.code: round(float(h.weight) * 100, 4) for h in self.people.kept["u1"].portfolio.holdings}


def words(answer):
    return "\n".join(block.text for reply in answer.replies for block in reply.blocks)


def button(answer, start):
    return next(b for reply in answer.replies for b in reply.buttons if b.press.startswith(start))
