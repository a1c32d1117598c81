"""Who somebody is to us: an address, a first name, preferences, holdings. Nothing more is kept."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

from services.domain.conversation import Address, Lang
from services.domain.portfolio import Portfolio

Stage = Literal["new", "onboarding", "active", "stopped", "blocked"]


@dataclass(frozen=True, slots=True)
class Preferences:
    """``times`` are in the market's zone; ``days`` are weekdays (Monday 0). ``shariah`` narrows the screens only."""

    lang: Lang = "en"
    times: tuple[time, ...] = (time(9, 0), time(17, 0))
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    voice: bool = True
    charts: bool = True
    shariah: bool = False


@dataclass(frozen=True, slots=True)
class User:
    """One person. ``addresses`` are all the channels linked, the first is where briefs go.

    ``paused_until`` is the last day of a pause; ``last_brief`` is what was sent last (book version, for "what changed").
    ``inactive`` are addresses that the provider called void.
    """

    id: str
    addresses: tuple[Address, ...]
    created_at: datetime
    name: str = ""
    stage: Stage = "new"
    consented_at: datetime | None = None
    preferences: Preferences = field(default_factory=Preferences)
    portfolio: Portfolio = field(default_factory=Portfolio)
    paused_until: date | None = None
    last_brief: str = ""
    inactive: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """A watch in plain words turned into a rule. ``value`` is a level (Rs or points) or a day's move as a fraction."""

    id: str
    user_id: str
    code: str
    rule: Literal["above", "below", "up", "down", "moves"]
    value: str
    created_at: datetime
    fired_at: datetime | None = None
