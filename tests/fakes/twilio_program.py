"""Twilio's fake as a program: ``python -m tests.fakes.twilio``."""

from tests.fakes.console import main
from tests.fakes.twilio import FakeTwilio
from tests.fakes.twilio_callbacks import OURS
from tests.fakes.twilio_rules import Content

OPTIONS = [
    ("--bot", "http://127.0.0.1:8080", "where the bot listens"),
    ("--window", "0", "1 = people are reached in the 24 hours after they wrote"),
    ("--sandbox", "0", "1 = people must join first"),
    ("--rate", "80", "messages a second before they count as violations"),
]


async def serve(options, faults):
    """Run it for a developer."""
    fake = FakeTwilio(
        fetches=True, callbacks=True, window=options.window == "1", sandbox=options.sandbox == "1",
        rate=float(options.rate), faults=faults,
    )  # fmt: skip
    await fake.__aenter__(port=options.port or None)
    fake.webhook = f"{options.bot.rstrip('/')}/webhooks/twilio"
    names = {"brief": "HX" + "b" * 32, "announcement": "HX" + "a" * 32, "alert": "HX" + "c" * 32}
    fake.contents = {sid: Content("{{1}}: {{2}} Tap below for more.") for sid in names.values()}
    templates = "{" + ", ".join(f'"{name}": "{sid}"' for name, sid in names.items()) + "}"
    return [
        f"export TWILIO_ACCOUNT_SID={fake.account} TWILIO_AUTH_TOKEN={fake.token} TWILIO_FROM={OURS}",
        f"export TWILIO_API_BASE={fake.base} MARKETBYTE_PUBLIC_URL={options.bot.rstrip('/')}",
        f"export TWILIO_TEMPLATES='{templates}'",
        f'# say something: curl -d \'{{"from": "+923001234567", "text": "Hi"}}\' {fake.base}/_fake/message',
        f"# look: {fake.base}/_fake/messages {fake.base}/_fake/violations",
    ]


def run():
    main("twilio", serve, OPTIONS)
