"""What the bot answers: one file a subject; importing the package fills the registry."""

from handlers import (
    admin,
    alerts,
    briefing,
    calculate,
    campaigns,
    explain,
    forecast,
    help,  # noqa: A004  # the file is named for its intent, like all of them
    holdings,
    imports,
    market,
    naming,
    onboarding,
    opportunities,
    portfolio,
    preferences,
    privacy,
    xray,
)

__all__ = [
    "admin",
    "alerts",
    "briefing",
    "calculate",
    "campaigns",
    "explain",
    "forecast",
    "help",
    "holdings",
    "imports",
    "market",
    "naming",
    "onboarding",
    "opportunities",
    "portfolio",
    "preferences",
    "privacy",
    "xray",
]
