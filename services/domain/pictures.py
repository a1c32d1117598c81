"""What a picture shows, without knowing how it is drawn. All labels are final words in the user's language.

Fractions are 0 to 1. Every picture carries ``footer``: the source line with the data's date.
"""

from dataclasses import dataclass
from datetime import date

from services.domain.conversation import Lang


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a label, a fraction, and an optional note behind it ("via 2 funds + direct")."""

    label: str
    value: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One of the lines that matter. ``state`` colours it."""

    state: str  # "pass", "watch", "fail"
    text: str


@dataclass(frozen=True, slots=True)
class ExposurePicture:
    """The X-Ray on one image: sector bars, top positions, three findings; ``undisclosed`` is its own hatched bar."""

    title: str
    subtitle: str
    sectors_title: str
    sectors: tuple[Bar, ...]
    positions_title: str
    positions: tuple[Bar, ...]
    undisclosed: Bar | None
    findings: tuple[Finding, ...]
    footer: str
    lang: Lang = "en"


@dataclass(frozen=True, slots=True)
class DayPicture:
    """A day against the index: signed day moves as fractions (label, move), the whole first, the index second."""

    title: str
    subtitle: str
    moves: tuple[Bar, ...]
    footer: str
    lang: Lang = "en"


@dataclass(frozen=True, slots=True)
class PricePicture:
    """One share's adjusted closes, Rs, with volume in shares; ``lines`` are horizontal marks (label, level)."""

    title: str
    subtitle: str
    days: tuple[date, ...]
    closes: tuple[float, ...]
    volumes: tuple[int, ...]
    lines: tuple[tuple[str, float], ...]
    footer: str
    lang: Lang = "en"


PictureSpec = ExposurePicture | DayPicture | PricePicture
