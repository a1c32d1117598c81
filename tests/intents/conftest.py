"""What every test of understanding needs: the sample market's names, a silent model, a model that answers as told."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from services.domain.errors import Unavailable
from services.domain.instruments import Directory
from services.domain.intents import Understanding
from services.intents import Intents
from services.sources.sample import read


class ToldModel:
    """Answers ``understand`` with one understanding, or not at all; remembers what it was shown."""

    def __init__(self, answer: Understanding | None = None) -> None:
        self.answer = answer
        self.shown: list[str] = []

    async def understand(self, text: str, lang: str) -> Understanding:
        self.shown.append(text)
        if self.answer is None:
            raise Unavailable("no model in this test")
        return self.answer

    async def narrate(self, prompt: str, inputs: dict[str, str]) -> str:
        raise Unavailable("no model in this test")


class Thursday:
    """20 Aug 2026, nine in the morning in Karachi."""

    def now(self) -> datetime:
        return datetime(2026, 8, 20, 9, tzinfo=ZoneInfo("Asia/Karachi"))


@pytest.fixture(scope="session")
def directory() -> Directory:
    return Directory(read())


@pytest.fixture(scope="session")
def intents_with(directory: Directory) -> Callable[[ToldModel], Intents]:
    async def names() -> Directory:
        return directory

    return lambda model: Intents(model, names, Thursday())


@pytest.fixture(scope="session")
def intents(intents_with: Callable[[ToldModel], Intents]) -> Intents:
    return intents_with(ToldModel())


@pytest.fixture(scope="session")
def told_model() -> type[ToldModel]:
    return ToldModel
