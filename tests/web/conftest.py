"""A real ``serve`` process and a real browser on it; whatever the page complains about fails the test."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.fakes.served import Served

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One bot for the tests of a file; each test is a person of its own (a fresh browser has a fresh key)."""
    server = Served(tmp_path_factory.mktemp("serve"), now="2026-08-20T08:30:00+05:00").start()
    yield server
    assert server.stop() == 0, server.log()


@pytest.fixture
def own_data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


class Talk:
    """A person in front of the page."""

    def __init__(self, page) -> None:
        self.page = page
        self.wrong: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("console", self._heard)
        page.on("dialog", self._dialog)

    async def open(self, url: str) -> "Talk":
        await self.page.goto(url)
        await self.page.locator('#state[data-state="open"]').wait_for()
        return self

    async def say(self, text: str, expected: str) -> None:
        """Type, send, and wait for an answer that holds these words."""
        before = await self.answers().count()
        await self.page.fill("#words", text)
        await self.page.press("#words", "Enter")
        await self._until(before, expected)

    async def press(self, title: str, expected: str) -> None:
        """Press the last button of that title and wait for an answer that holds these words."""
        before = await self.answers().count()
        await self.page.get_by_role("button", name=title, exact=True).last.click()
        await self._until(before, expected)

    def answers(self):
        return self.page.locator("article.theirs")

    async def onboard(self, holdings: str = "MEBL 40, MZNPETF 60") -> None:
        await self.say("Hi", "Which language?")
        await self.press("English", "Do you agree?")
        await self.press("I agree", "What do you hold?")
        await self.say(holdings, "Is that right?")
        await self.press("Yes, correct", "When should the brief")
        await self.press("09:00 and 17:00", "facts, not advice")

    async def _until(self, before: int, expected: str) -> None:
        await self.page.wait_for_function(
            "([before, expected]) => [...document.querySelectorAll('article.theirs')].slice(before)"
            ".some(node => node.textContent.includes(expected))",
            arg=[before, expected],
        )

    def _heard(self, line) -> None:
        # A refused connection is what a restart looks like from the page; it comes back by itself.
        if line.type in {"error", "warning"} and "ERR_CONNECTION_REFUSED" not in line.text:
            self.wrong.append(f"console {line.type}: {line.text}")

    async def _dialog(self, dialog) -> None:
        self.wrong.append(f"a dialog opened: {dialog.message}")
        await dialog.dismiss()


@pytest.fixture
async def browser() -> AsyncIterator:
    from playwright.async_api import async_playwright

    async with async_playwright() as driver:
        launched = await driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        await launched.close()


@pytest.fixture
async def talk(browser) -> AsyncIterator[Talk]:
    """A fresh page on a phone's screen; at the end nothing may have gone wrong in it."""
    page = await browser.new_page(viewport={"width": 412, "height": 915}, device_scale_factor=2)
    person = Talk(page)
    yield person
    await page.close()
    assert person.wrong == []
