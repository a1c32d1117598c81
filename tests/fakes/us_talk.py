"""One user of the American market talking straight to the handlers: the fake FMP's book, New York's clock."""

from dataclasses import replace
from types import SimpleNamespace

from services.domain.portfolio import Portfolio
from services.domain.us_book import us_book
from services.opportunities import Opportunities
from tests.fakes.holder import Talk
from tests.fakes.us_rows import NOW, us_rows

BOOK = us_book(us_rows(), now=NOW)
HERE = NOW.astimezone(BOOK.profile.zone)
NOTHING = Portfolio()


class UsTalk(Talk):
    """As ``Talk``; nothing is held unless it is said."""

    def __init__(self, held: Portfolio = NOTHING, lang: str = "en", *, shariah: bool = False) -> None:
        super().__init__(held, lang)
        self.current = BOOK
        wanted = replace(self.user.preferences, shariah=shariah)
        self.people.kept["u1"] = self.user = replace(self.user, preferences=wanted)
        self.screens = Opportunities(self, None, None)  # type: ignore[arg-type]  # no chart is drawn here

    def now(self):
        return HERE

    def turn(self, text="", *, pressed="", details=None):
        turn = super().turn(text, pressed=pressed, details=details)
        services = SimpleNamespace(**vars(turn.services), opportunities=self.screens)
        return replace(turn, now=HERE, services=services)
