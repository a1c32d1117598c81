"""``xray``, ``screen`` and ``route``: one question, one answer, no database."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

import orjson

from bot.config import Settings
from bot.router import Router
from bot.world import Tools, open_tools
from services.domain.conversation import Lang, Reply, Text
from services.domain.errors import BadInput
from services.domain.holdings import PROBLEMS, read_holdings
from services.domain.instruments import Directory
from services.domain.portfolio import Portfolio, balanced
from services.domain.profiles import Market, Profile
from services.domain.xray import to_json as xray_json
from services.intents import Intents
from services.opportunities import Opportunities
from services.wording.layouts import xray as layout
from services.wording.layouts.opportunities import document, shortlist
from services.xray import XRays

EXAMPLES: Mapping[Market, tuple[str, str]] = {"psx": ("MEBL", "MZNPETF"), "us": ("AAPL", "XLK")}
"""A share and a fund that everybody of the market knows."""


async def xray(settings: Settings, holdings: str, *, as_json: bool, lang: Lang, out: Path | None) -> int:
    """The X-Ray of a list typed on the command line.

    Raises:
        BadInput: If a name is unknown or fits several; the line says which and what is near.
    """
    async with open_tools(settings) as tools:
        directory = await directory_of(tools)
        portfolio = read_portfolio(holdings, directory, tools.profile)
        xrays = XRays(tools.market, tools.charts, tools.media)
        found = await xrays.of(portfolio)
        first = directory.name_of(portfolio.codes[0])
        subject = layout.typed(lang, portfolio, first, equal=False)
        if as_json:
            print_json(xray_json(found))
        else:
            print_reply(layout.overview(found, lang, subject))
            print_reply(layout.checks(found, lang, subject))
        if out is not None:
            picture = await xrays.picture(found, lang, subject.title)
            data = await tools.media.get(picture.key)
            await asyncio.to_thread(_write, out / "xray.png", data)
    return 0


async def screen(settings: Settings, *, as_json: bool, lang: Lang) -> int:
    """Today's opportunities."""
    async with open_tools(settings) as tools:
        opportunities = Opportunities(tools.market, tools.charts, tools.media)
        best = await opportunities.top()
        if as_json:
            print_json(document(best, lang))
        else:
            print_reply(shortlist(best, lang))
    return 0


async def route(settings: Settings) -> int:
    """Understand stdin line by line; answers as they come, so that it can be used in a pipe."""
    async with open_tools(settings) as tools:
        directory = await directory_of(tools)

        async def known() -> Directory:
            return directory

        router = Router(Intents(tools.model, known, tools.clock))
        while line := await asyncio.to_thread(sys.stdin.readline):
            text = line.rstrip("\n")
            meaning = await router.understand(text, "en")
            answer = {
                "text": text,
                "intent": meaning.intent,
                "details": dict(meaning.details),
                "confidence": round(meaning.confidence, 4),
                "by": meaning.by,
            }
            sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
            sys.stdout.buffer.flush()
    return 0


def read_portfolio(text: str, directory: Directory, profile: Profile) -> Portfolio:
    """The holdings of a command line.

    Raises:
        BadInput: If it cannot be used exactly as typed.
    """
    reading = read_holdings(text, directory)
    if reading.ambiguous:
        name, choices = reading.ambiguous[0]
        raise BadInput(f"{name!r} fits several: {', '.join(choices)}; use one of these codes")
    if reading.unknown:
        near = ", ".join(directory.suggest(reading.unknown[0]))
        raise BadInput(
            f"unknown name {reading.unknown[0]!r}"
            + (f"; near it: {near}" if near else f"; try a ticker such as {EXAMPLES[profile.market][0]}")
        )
    wrong = PROBLEMS & set(reading.problems)
    if not reading.holdings or wrong:
        reason = ", ".join(sorted(wrong)) or "no share or fund in it"
        raise BadInput(
            f'holdings cannot be used ({reason}); write them like "{"=40, ".join(EXAMPLES[profile.market])}=60", percents that '
            "sum to 100"
        )
    return balanced(reading.holdings)


async def directory_of(tools: Tools) -> Directory:
    """The names of the newest book."""
    return await asyncio.to_thread(Directory, await tools.market.book())


def print_json(document: object) -> None:
    """One JSON document on stdout."""
    sys.stdout.buffer.write(orjson.dumps(document, option=orjson.OPT_INDENT_2, default=str) + b"\n")


def print_reply(reply: Reply) -> None:
    """A reply's words on stdout, without marks for bold."""
    for block in reply.blocks:
        if isinstance(block, Text):
            print(block.text.replace("*", ""))  # this is the command's output
    if reply.source:
        print(f"({reply.source})")  # likewise


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
