"""``marketbyte chat``: the same bot in the terminal."""

import asyncio
import secrets
import sys

from bot.admins import DEV_ADMIN
from bot.bootstrap import build_bot
from bot.commands.opening import open_market
from bot.config import Settings
from bot.world import open_world
from services.domain.conversation import Address, Inbound

LEAVING = 5  # seconds at most between "exit" and the end


async def chat(settings: Settings, *, admin: bool, name: str) -> int:
    """Read a line, answer it, until the end of input or "exit"; scheduled messages appear in between."""
    print(
        "Starting MarketByte… (type Hi; a number presses a button; exit leaves)", flush=True
    )  # this is the conversation
    async with open_world(settings) as world:
        bot = build_bot(world)
        first = await open_market(bot, fetch=True, tell=print)
        address = Address("terminal", DEV_ADMIN + "terminal" if admin else name)
        bot.runner.start()
        sweeping = asyncio.create_task(bot.work(channels=("terminal",), turns=False))
        try:
            while (line := await _read_line()) is not None:
                if line.strip().casefold() in {"exit", "quit"}:
                    break
                pressed = world.terminal.pressed(line.strip())
                await bot.dispatcher.say(
                    Inbound(
                        event_id=f"terminal:{secrets.token_hex(8)}",
                        address=address,
                        at=world.clock.now(),
                        text=pressed.title if pressed else line,
                        pressed=pressed.press if pressed else "",
                    )
                )
        finally:
            first.cancel()
            sweeping.cancel()
            await bot.runner.stop()
            await asyncio.gather(first, sweeping, return_exceptions=True)
            await bot.outbox.stop(LEAVING)
            await bot.dispatcher.drain(LEAVING)  # what was said is written down before the database goes
    return 0


async def _read_line() -> str | None:
    """One line of input, read in a thread so that scheduled messages can arrive meanwhile; None at the end."""
    if sys.stdin.isatty():
        print("> ", end="", flush=True)  # the prompt
    line = await asyncio.to_thread(sys.stdin.readline)
    return line.rstrip("\n") if line else None
