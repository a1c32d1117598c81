"""What operators read of campaigns: the dry run, the list, what a command did. English only: it is a console."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from services.domain.campaigns import Campaign, DryRun, Lane, Progress
from services.domain.conversation import Button, Reply, Text
from services.domain.profiles import zone_of
from services.wording.numbers import clock, day

NAMES: Final = {
    "telegram": "Telegram",
    "twilio": "WhatsApp (Twilio)",
    "meta": "WhatsApp (Meta)",
    "web": "Chat page",
    "terminal": "Terminal",
}
SETTINGS: Final = {"twilio": "TWILIO_TEMPLATES", "meta": "META_TEMPLATES"}


def dry_run_reply(run: DryRun, text: str, press: str) -> Reply:
    """What an announcement would do, with the buttons by which it is confirmed; ``press`` is the step they answer."""
    if not run.people:
        return Reply((Text("*Dry run.* Nobody is active: there is nobody to announce to."),))
    return Reply((Text(dry_run_text(run, text)),), confirm_buttons(run.begins, press))


def confirm_buttons(begins: datetime | None, press: str) -> tuple[Button, ...]:
    """Send, now or when the night ends, or not at all."""
    titles = [f"Send at {clock(begins)}", "Send now, urgent"] if begins else ["Send it"]
    words = ("send", "urgent")
    sending = (Button(title, f"{press}?value={word}") for title, word in zip(titles, words, strict=False))
    return (*sending, Button("Cancel", f"{press}?value=cancel"))


def dry_run_text(run: DryRun, text: str) -> str:
    """How many, on which channel, how, how long, for how much, and when."""
    about = "about " if run.sampled else ""
    lines = [f"*Dry run.* {about}{_count(run.people)} active users would get:", "", text, ""]
    lines += [line for lane in run.lanes for line in _lane(lane, about)]
    lines.append(f"Time: about {span(run.seconds)} at what the providers permit.")
    paid = f"about {_count(run.paid)} paid template messages on WhatsApp" if run.paid else "nothing"
    lines.append(f"Cost: {paid}; Telegram and answers inside WhatsApp's 24 hours are free.")
    if run.begins:
        lines.append(f"People sleep now: it starts at {_moment(run.begins)}, unless it is urgent.")
    return "\n".join(lines)


def announced_text(campaign: Campaign, begins: datetime | None) -> str:
    """What was done on the operator's word."""
    if campaign.state == "cancelled":
        return f"{campaign.id} was cancelled; nothing more is sent."
    if campaign.composed:
        told = f"Put into the outbox for {_count(campaign.put)} users ({_count(campaign.twice)} had it already, {_count(campaign.failed)} failed)."
    else:
        told = f"It is being put into the outbox, {_count(campaign.put)} users so far; you need not wait."
    when = f" It starts at {_moment(begins)}." if begins else ""
    return f"{told}{when}\nIts name is {campaign.id}: /campaigns shows how it goes, /pause and /cancel with the name hold or end it."


def campaigns_text(runs: Sequence[tuple[Campaign, Progress]], now: datetime, title: str = "Campaigns") -> str:
    """Campaigns with how far they came, a line or two each."""
    lines = [_run(campaign, progress, now) for campaign, progress in runs]
    return "\n".join([f"*{title}*", *(lines or ["• none"])])


def span(seconds: float) -> str:
    """A length of time as one says it: "40 s", "12 min", "3 h 20 min"."""
    whole = round(seconds)
    if whole < 100:
        return f"{max(whole, 1)} s"
    minutes = round(whole / 60)
    if minutes < 100:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def _lane(lane: Lane, about: str) -> list[str]:
    parts = "1 message each" if lane.parts == 1 else f"{lane.parts} messages each"
    name = NAMES.get(lane.channel, lane.channel)
    if lane.channel not in SETTINGS:
        return [f"• {name}: {about}{_count(lane.people)}, {parts}"]
    lines = [f"• {name}: {about}{_count(lane.people)}"]
    if lane.inside:
        lines.append(f"   {_count(lane.inside)} wrote in the last 24 hours: free words, {parts}")
    if lane.outside and lane.template:
        lines.append(f"   {_count(lane.outside)} did not: the approved template, 1 message each")
        if lane.too_many:
            lines.append(
                f"   WhatsApp lets us begin with {_count(lane.per_day)} people in 24 hours: about {_count(lane.too_many)} may not be reached"
            )
    if lane.outside and not lane.template:
        setting = SETTINGS[lane.channel]
        lines.append(
            f"   {_count(lane.outside)} did not and are NOT reached: no template is set up ({setting})"
        )
    return lines


def _run(campaign: Campaign, progress: Progress, now: datetime) -> str:
    state = f"{campaign.state}: {campaign.reason}" if campaign.reason else campaign.state
    told = [
        f"{_count(count)} {word}"
        for word, count in (
            ("queued", progress.left),
            ("accepted", progress.accepted),
            ("delivered", progress.delivered),
            ("failed", progress.failed),
            ("unknown", progress.unknown),
            ("expired or cancelled", progress.rest),
        )
        if count
    ]
    composing = "" if campaign.composed or campaign.state == "cancelled" else " (still being composed)"
    line = f"• {campaign.id} · {state} · {_count(progress.total)} messages{composing}: {', '.join(told) or 'none yet'}"
    return line + _pace(campaign, progress, now)


def _pace(campaign: Campaign, progress: Progress, now: datetime) -> str:
    """How fast it goes on average, and how long the rest takes at that pace; "" where nothing moves."""
    seconds = (now - campaign.started) / timedelta(seconds=1)
    if campaign.state != "running" or not progress.left or not progress.gone or seconds <= 0:
        return ""
    rate = progress.gone / seconds
    return f" · {rate:.1f} a second, about {span(progress.left / rate)} left"


def _moment(at: datetime) -> str:
    there = at.astimezone(zone_of(at))
    return f"{clock(there)} on {day(there.date())}"


def _count(number: int) -> str:
    return f"{number:,}"
