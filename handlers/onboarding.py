"""The first conversation: language → consent → holdings → confirm → times → the first X-Ray at once.

Every step keeps its place in the session, so leaving half-way, asking something else and coming back works. ``back``
goes one step back; the draft of the holdings travels in the session's memo as "CODE=fraction,…".
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from decimal import Decimal

from handlers.registry import STEPS, command, on, step
from handlers.turn import Turn
from services.domain.assent import NO, YES, said
from services.domain.conversation import Answer, Button, Lang, Reply, Text
from services.domain.errors import BadInput
from services.domain.holdings import HoldingsReading, read_list
from services.domain.intents import Understanding
from services.domain.letters import plain as plain_digits
from services.domain.letters import words
from services.domain.moments import read_halves, read_times, rounded
from services.domain.portfolio import Holding, Portfolio, balanced
from services.domain.rebalance import joined
from services.wording import say, say_of
from services.wording.layouts import xray as layout
from services.wording.layouts.menu import calling, menu_buttons, plain, with_lead
from services.wording.layouts.portfolio import holding_lines
from services.wording.layouts.zones import hours_text, zone_name

LANGUAGE, CONSENT, HOLDINGS = "onboarding.language", "onboarding.consent", "onboarding.holdings"
CONFIRM, TIMES = "onboarding.confirm", "onboarding.times"

_LANGUAGES: Mapping[str, Lang] = {
    "en": "en", "english": "en", "angrezi": "en", "انگریزی": "en", "انگلش": "en", "1": "en",
    "ur": "ur", "urdu": "ur", "اردو": "ur", "2": "ur",
    "roman": "roman", "roman urdu": "roman", "رومن": "roman", "رومن اردو": "roman", "3": "roman",
}  # fmt: skip


# "add FFC 10%" while the card is open adds to it; a list without such a word takes its place.
_MORE = frozenset(words("add bhi also shamil daal dalo شامل بھی"))


@on("start")
@command("start", "begin, or say hello")
async def start(turn: Turn) -> Answer:
    """A stranger begins; somebody half-way goes on where they were; a known user is welcomed back."""
    where = turn.session.awaiting or ""
    if where.startswith("onboarding.") and where in STEPS:
        return with_lead(await STEPS[where].again(turn), say(turn.lang, "onboarding.resumed"))
    if turn.user.consented_at is not None and not turn.user.portfolio.holdings:
        return with_lead(await STEPS[HOLDINGS].again(turn), say(turn.lang, "onboarding.resumed"))
    if turn.user.consented_at is not None:
        if turn.user.stage == "onboarding":
            return with_lead(await ask_times(turn), say(turn.lang, "onboarding.resumed"))
        text = say(turn.lang, "menu.welcome_back", name=calling(turn.user.name, turn.lang))
        if turn.user.stage == "stopped":
            text = f"{text} {say(turn.lang, 'preferences.but_stopped')}"
        return Answer((Reply((Text(text),), menu_buttons(turn.lang)),))
    await turn.services.users.begin(turn.user)
    name = calling(turn.user.name, turn.lang)
    hello = Text(say_of(turn.profile, turn.lang, "onboarding.hello", name=name))
    asked = await ask_language(turn)
    return replace(asked, replies=(Reply((hello,)), *asked.replies))


async def ask_language(turn: Turn) -> Answer:
    """The question in all three languages at once."""
    buttons = tuple(
        Button(title, f"step/{LANGUAGE}?value={code}")
        for title, code in (("English", "en"), ("اردو", "ur"), ("Roman Urdu", "roman"))
    )
    return Answer((plain(turn.lang, "onboarding.language", buttons=buttons),), LANGUAGE)


def _is_language(turn: Turn, _meaning: Understanding | None) -> bool:
    return plain_digits(said(turn.text)) in _LANGUAGES


@step(LANGUAGE, fits=_is_language, again=ask_language, lasting=True)
async def language(turn: Turn) -> Answer:
    """Takes a language by button, name or number."""
    chosen = _LANGUAGES.get(plain_digits(said(turn.details.get("value", ""))))
    if chosen is None:
        asked = await ask_language(turn)
        lead = "onboarding.language_again"
        return asked if "back" in turn.details else with_lead(asked, say(turn.lang, lead), instead=True)
    user = await turn.services.users.speak(turn.user, chosen)
    return await ask_consent(replace(turn, user=user))


async def ask_consent(turn: Turn) -> Answer:
    """What is kept and why, in two sentences."""
    return Answer(
        (plain(turn.lang, "onboarding.consent", buttons=_consent_buttons(turn), market=turn.profile),),
        CONSENT,
    )


def _is_yes_or_no(turn: Turn, _meaning: Understanding | None) -> bool:
    return said(turn.text) in YES | NO


@step(CONSENT, fits=_is_yes_or_no, again=ask_consent, lasting=True)
async def consent(turn: Turn) -> Answer:
    """A clear yes goes on; a no ends here kindly; anything else is asked again."""
    word = said(turn.details.get("value", ""))
    if "back" in turn.details:
        return await ask_language(turn)
    if word in NO:
        said_no = plain(
            turn.lang, "onboarding.declined", buttons=menu_buttons(turn.lang), market=turn.profile
        )
        return Answer((said_no,))
    if word not in YES:
        return Answer(
            (plain(turn.lang, "onboarding.consent_again", buttons=_consent_buttons(turn)),), CONSENT
        )
    user = await turn.services.users.consent(turn.user)
    return await STEPS[HOLDINGS].again(replace(turn, user=user))


async def ask_confirm(turn: Turn) -> Answer:
    """The confirm card: what was understood, with weights."""
    portfolio = _draft(turn)
    if portfolio is None:
        return await STEPS[HOLDINGS].again(turn)
    directory = await turn.services.directory()
    buttons = (
        Button(say(turn.lang, "onboarding.yes"), f"step/{CONFIRM}?value=yes"),
        Button(say(turn.lang, "onboarding.change"), f"step/{CONFIRM}?value=change"),
    )
    lines = "\n".join(holding_lines(portfolio, directory, turn.lang))
    reply = plain(turn.lang, "onboarding.confirm", buttons=buttons, lines=lines)
    return Answer((reply,), CONFIRM, turn.session.memo)


def _is_confirmation(turn: Turn, meaning: Understanding | None) -> bool:
    return _is_yes_or_no(turn, meaning) or STEPS[HOLDINGS].fits(turn, meaning)


@step(CONFIRM, fits=_is_confirmation, again=ask_confirm, lasting=True)
async def confirm(turn: Turn) -> Answer:
    """Keeps the list on a yes; a new list typed here takes its place."""
    word = said(turn.details.get("value", ""))
    portfolio = _draft(turn)
    if "back" in turn.details or word in NO or portfolio is None:
        return await STEPS[HOLDINGS].again(turn.remembering({}))
    if word in YES:
        user = await turn.services.portfolios.set(turn.user, portfolio)
        kept = replace(turn, user=user)
        if user.stage == "active":
            return await _first_look(kept, plain(turn.lang, "portfolio.replaced"))
        return await ask_times(kept)
    return await _relisted(turn, portfolio)


async def _relisted(turn: Turn, portfolio: Portfolio) -> Answer:
    """Words while the card is open: an addition, a list that takes its place, or neither, and then the card again."""
    directory = await turn.services.directory()
    reading = read_list(turn.text, directory)
    grown = _grown(turn, portfolio, reading)
    if grown is not None:
        return await ask_confirm(turn.remembering({"draft": _drafted(grown)}))
    if reading.holdings or reading.ambiguous:
        return await STEPS[HOLDINGS].handler(turn.remembering({}))
    again = await ask_confirm(turn)
    return with_lead(again, say(turn.lang, "onboarding.confirm_again"))


def _grown(turn: Turn, portfolio: Portfolio, reading: HoldingsReading) -> Portfolio | None:
    """The list with what "add FFC 10%" adds to it; None where the words are a list of their own."""
    if not set(words(turn.text)) & _MORE or not reading.asked or reading.ambiguous:
        return None
    try:
        return joined(portfolio, reading.asked)
    except BadInput:
        return None


def _drafted(portfolio: Portfolio) -> str:
    return ",".join(f"{h.code}={h.weight}" for h in portfolio.holdings)


async def ask_times(turn: Turn) -> Answer:
    """When the briefs should come."""
    buttons = (
        Button(say(turn.lang, "onboarding.times_both"), f"step/{TIMES}?value=09:00 17:00"),
        Button(say(turn.lang, "onboarding.times_morning"), f"step/{TIMES}?value=09:00"),
        Button(say(turn.lang, "onboarding.times_evening"), f"step/{TIMES}?value=17:00"),
    )
    zone = zone_name(turn.lang, turn.now)
    return Answer((plain(turn.lang, "onboarding.times", zone=zone, buttons=buttons),), TIMES)


def _is_times(turn: Turn, meaning: Understanding | None) -> bool:
    """A time, a part of the day, or words about times that name none; "voice off" is something else in between."""
    if said(turn.text) in YES or read_times(turn.text) or read_halves(turn.text):
        return True
    if meaning is None or meaning.intent != "settings" or meaning.by != "local":
        return False
    return meaning.details.get("setting", "times") == "times"


@step(TIMES, fits=_is_times, again=ask_times, lasting=True)
async def times(turn: Turn) -> Answer:
    """Takes the times, makes the person active and shows the first X-Ray at once."""
    if "back" in turn.details:
        return await _back_to_confirm(turn)
    value = turn.details.get("value", "")
    chosen = (time(9), time(17)) if said(value) in YES else read_times(value) or read_halves(value)
    nearest = rounded(chosen)
    if not nearest:
        asked = await ask_times(turn)
        lead = "onboarding.times_outside" if chosen else "onboarding.times_again"
        return with_lead(asked, say(turn.lang, lead), instead=True)
    await turn.working()
    user = await turn.services.users.prefer(turn.user, times=nearest)
    user = await turn.services.users.activate(user)
    at = hours_text(turn.lang, user.preferences.times, turn.now)
    done = plain(turn.lang, "onboarding.done", name=calling(user.name, turn.lang), times=at)
    if nearest != chosen:
        done = replace(done, blocks=(Text(say(turn.lang, "preferences.rounded")), *done.blocks))
    return await _first_look(replace(turn, user=user), done)


async def _first_look(turn: Turn, done: Reply) -> Answer:
    """The X-Ray at once, after a word about what was kept."""
    found = await turn.services.xrays.of(turn.user.portfolio)
    subject = layout.own(turn.lang)
    wanted = turn.user.preferences.charts
    picture = await turn.services.xrays.picture(found, turn.lang, subject.title) if wanted else None
    return Answer((done, layout.overview(found, turn.lang, subject, picture)))


async def _back_to_confirm(turn: Turn) -> Answer:
    return await ask_confirm(turn.remembering({"draft": _drafted(turn.user.portfolio)}))


def _draft(turn: Turn) -> Portfolio | None:
    """The holdings kept in the session, or None if there are none."""
    pairs = (pair.partition("=") for pair in turn.session.memo.get("draft", "").split(",") if pair)
    kept = tuple(Holding(code, Decimal(weight)) for code, _, weight in pairs)
    return balanced(kept) if kept else None


def _consent_buttons(turn: Turn) -> tuple[Button, ...]:
    return (
        Button(say(turn.lang, "onboarding.agree"), f"step/{CONSENT}?value=yes"),
        Button(say(turn.lang, "onboarding.not_now"), f"step/{CONSENT}?value=no"),
    )
