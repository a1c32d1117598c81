"""The first conversation: language → consent → holdings → confirm → times → the first X-Ray at once.

Every step keeps its place in the session, so leaving half-way, asking something else and coming back works. ``back``
goes one step back; the draft of the holdings travels in the session's memo as "CODE=weight" in percent.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from decimal import Decimal

from handlers.registry import command, on, step
from handlers.turn import Turn
from services.domain.conversation import Answer, Button, Lang, Reply, Text
from services.domain.holdings import HoldingsReading, read_holdings
from services.domain.intents import Understanding
from services.domain.moments import read_times
from services.domain.portfolio import Holding, Portfolio, balanced
from services.wording import say
from services.wording.layouts import xray as layout
from services.wording.layouts.menu import calling, did_you_mean, menu_buttons, plain
from services.wording.layouts.portfolio import holding_lines, reading_notes
from services.wording.numbers import clock

LANGUAGE, CONSENT, HOLDINGS = "onboarding.language", "onboarding.consent", "onboarding.holdings"
CONFIRM, TIMES = "onboarding.confirm", "onboarding.times"

_LANGUAGES: Mapping[str, Lang] = {
    "en": "en", "english": "en", "angrezi": "en", "انگریزی": "en", "انگلش": "en", "1": "en",
    "ur": "ur", "urdu": "ur", "اردو": "ur", "2": "ur",
    "roman": "roman", "roman urdu": "roman", "رومن": "roman", "رومن اردو": "roman", "3": "roman",
}  # fmt: skip
_YES = frozenset({
    "yes", "y", "ok", "okay", "agree", "i agree", "sure", "correct", "yes, correct", "right", "haan", "han", "ji", "jee",
    "ji haan", "theek", "theek hai", "thik hai", "sahi", "sahi hai", "muttafiq", "muttafiq hoon", "ji, theek", "manzoor",
    "ہاں", "جی", "جی ہاں", "متفق", "متفق ہوں", "ٹھیک", "ٹھیک ہے", "درست", "جی، درست", "👍",
})  # fmt: skip
_NO = frozenset({
    "no", "n", "not now", "later", "nahi", "nahin", "abhi nahi", "baad mein", "change", "change it", "badlein", "wrong",
    "نہیں", "ابھی نہیں", "تبدیل کریں", "غلط",
})  # fmt: skip
# What turns a name into a question, in three languages.
_ASKING = frozenset({
    "?", "price", "rate", "quote", "why", "what", "how", "news", "explain", "qeemat", "bhao", "kyun", "kyu", "kya",
    "kitna", "kitne", "khabar", "khabrein", "x-ray", "xray", "brief", "قیمت", "بھاؤ", "کیوں", "کیا", "کتنا", "کتنے", "خبر",
})  # fmt: skip
# A bare list of names is understood as one of these when nothing was asked before.
_LISTS = frozenset({"quote", "portfolio", "add_holding"})


@on("start")
@command("start", "begin, or say hello")
async def start(turn: Turn) -> Answer:
    """A stranger begins; somebody half-way goes on where they were; a known user is welcomed back."""
    where = turn.session.awaiting or ""
    if where.startswith("onboarding."):
        return _with_lead(turn, await _QUESTIONS[where](turn), say(turn.lang, "onboarding.resumed"))
    if turn.user.consented_at is not None and not turn.user.portfolio.holdings:
        return _with_lead(turn, await ask_holdings(turn), say(turn.lang, "onboarding.resumed"))
    if turn.user.consented_at is not None:
        text = say(turn.lang, "menu.welcome_back", name=calling(turn.user.name))
        return Answer((Reply((Text(text),), menu_buttons(turn.lang)),))
    await turn.services.users.begin(turn.user)
    hello = Text(say(turn.lang, "onboarding.hello", name=calling(turn.user.name)))
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
    return _said(turn.text) in _LANGUAGES


@step(LANGUAGE, fits=_is_language, again=ask_language)
async def language(turn: Turn) -> Answer:
    """Takes a language by button, name or number."""
    chosen = _LANGUAGES.get(_said(turn.details.get("value", "")))
    if chosen is None:
        asked = await ask_language(turn)
        lead = "onboarding.language_again"
        return (
            asked if "back" in turn.details else _with_lead(turn, asked, say(turn.lang, lead), instead=True)
        )
    user = await turn.services.users.speak(turn.user, chosen)
    return await ask_consent(replace(turn, user=user))


async def ask_consent(turn: Turn) -> Answer:
    """What is kept and why, in two sentences."""
    return Answer((plain(turn.lang, "onboarding.consent", buttons=_consent_buttons(turn)),), CONSENT)


def _is_yes_or_no(turn: Turn, _meaning: Understanding | None) -> bool:
    return _said(turn.text) in _YES | _NO


@step(CONSENT, fits=_is_yes_or_no, again=ask_consent)
async def consent(turn: Turn) -> Answer:
    """A clear yes goes on; a no ends here kindly; anything else is asked again."""
    said = _said(turn.details.get("value", ""))
    if "back" in turn.details:
        return await ask_language(turn)
    if said in _NO:
        return Answer((plain(turn.lang, "onboarding.declined", buttons=menu_buttons(turn.lang)),))
    if said not in _YES:
        return Answer(
            (plain(turn.lang, "onboarding.consent_again", buttons=_consent_buttons(turn)),), CONSENT
        )
    user = await turn.services.users.consent(turn.user)
    return await ask_holdings(replace(turn, user=user))


async def ask_holdings(turn: Turn) -> Answer:
    """What they hold, in their own words."""
    return Answer((plain(turn.lang, "onboarding.holdings"),), HOLDINGS)


def _is_holdings(turn: Turn, meaning: Understanding | None) -> bool:
    """A list answers ("MEBL 40", "LUCK aur OGDC"); "MEBL price" or "why is OGDC down?" is a question in between."""
    words = set(_said(turn.text).replace("?", " ? ").replace("؟", " ? ").split())
    if words & _ASKING:
        return False
    if meaning is None:
        return any(character.isdigit() for character in turn.text)
    return meaning.intent in _LISTS


@step(HOLDINGS, fits=_is_holdings, again=ask_holdings)
async def holdings(turn: Turn) -> Answer:
    """Reads the list; a name that fits several is asked back, one that fits nothing is left out and said."""
    if "back" in turn.details:
        return await ask_consent(turn)
    directory = await turn.services.directory()
    reading = read_holdings(_picked(turn), directory)
    if reading.ambiguous:
        name, choices = reading.ambiguous[0]
        named = tuple((code, directory.name_of(code)) for code in choices)
        asked = did_you_mean(turn.lang, name, named, "quote")
        buttons = tuple(Button(title, f"step/{HOLDINGS}?pick={code}") for (code, title) in named[:6])
        # ``restated`` holds percents only, so it may be kept while we ask back.
        memo = {"text": reading.restated, "name": name}
        return Answer((replace(asked, buttons=buttons),), HOLDINGS, memo)
    if not reading.holdings:
        return Answer((await _nothing_found(turn, reading),), HOLDINGS)
    return await _ask_confirmation(turn, reading)


def _picked(turn: Turn) -> str:
    """The text, with the ambiguous name replaced by the code that was picked for it."""
    memo, pick = turn.session.memo, turn.details.get("pick")
    if pick and memo.get("text"):
        return memo["text"].replace(memo.get("name", ""), pick, 1)
    return pick or turn.details.get("value", turn.text)


async def _nothing_found(turn: Turn, reading: HoldingsReading) -> Reply:
    directory = await turn.services.directory()
    near = [directory.name_of(code) for part in reading.unknown[:1] for code in directory.suggest(part)]
    text = say(turn.lang, "onboarding.holdings_again")
    if near:
        text = f"{text}\n{say(turn.lang, 'onboarding.near', names=', '.join(near))}"
    return Reply((Text(text),))


async def _ask_confirmation(turn: Turn, reading: HoldingsReading) -> Answer:
    draft = {h.code: str(h.weight) for h in balanced(reading.holdings).holdings}
    notes = reading_notes(turn.lang, reading)
    asked = await ask_confirm(_remembering(turn, draft))
    return _with_lead(turn, asked, notes) if notes else asked


async def ask_confirm(turn: Turn) -> Answer:
    """The confirm card: what was understood, with weights."""
    portfolio = _draft(turn)
    if portfolio is None:
        return await ask_holdings(turn)
    directory = await turn.services.directory()
    buttons = (
        Button(say(turn.lang, "onboarding.yes"), f"step/{CONFIRM}?value=yes"),
        Button(say(turn.lang, "onboarding.change"), f"step/{CONFIRM}?value=change"),
    )
    lines = "\n".join(holding_lines(portfolio, directory))
    reply = plain(turn.lang, "onboarding.confirm", buttons=buttons, lines=lines)
    return Answer((reply,), CONFIRM, turn.session.memo)


def _is_confirmation(turn: Turn, meaning: Understanding | None) -> bool:
    return _is_yes_or_no(turn, meaning) or _is_holdings(turn, meaning)


@step(CONFIRM, fits=_is_confirmation, again=ask_confirm)
async def confirm(turn: Turn) -> Answer:
    """Keeps the list on a yes; a new list typed here takes its place."""
    said = _said(turn.details.get("value", ""))
    portfolio = _draft(turn)
    if "back" in turn.details or said in _NO or portfolio is None:
        return await ask_holdings(turn)
    if said in _YES:
        user = await turn.services.portfolios.set(turn.user, portfolio)
        return await ask_times(replace(turn, user=user))
    directory = await turn.services.directory()
    if read_holdings(turn.text, directory).holdings:
        return await holdings(turn)
    again = await ask_confirm(turn)
    return _with_lead(turn, again, say(turn.lang, "onboarding.confirm_again"))


async def ask_times(turn: Turn) -> Answer:
    """When the briefs should come."""
    buttons = (
        Button(say(turn.lang, "onboarding.times_both"), f"step/{TIMES}?value=09:00 17:00"),
        Button(say(turn.lang, "onboarding.times_morning"), f"step/{TIMES}?value=09:00"),
        Button(say(turn.lang, "onboarding.times_evening"), f"step/{TIMES}?value=17:00"),
    )
    return Answer((plain(turn.lang, "onboarding.times", buttons=buttons),), TIMES)


def _is_times(turn: Turn, _meaning: Understanding | None) -> bool:
    return _said(turn.text) in _YES or bool(read_times(turn.text))


@step(TIMES, fits=_is_times, again=ask_times)
async def times(turn: Turn) -> Answer:
    """Takes the times, makes the person active and shows the first X-Ray at once."""
    if "back" in turn.details:
        return await _back_to_confirm(turn)
    value = turn.details.get("value", "")
    chosen = (time(9), time(17)) if _said(value) in _YES else read_times(value)
    if not chosen:
        asked = await ask_times(turn)
        return _with_lead(turn, asked, say(turn.lang, "onboarding.times_again"), instead=True)
    await turn.working()
    user = await turn.services.users.prefer(turn.user, times=chosen)
    user = await turn.services.users.activate(user)
    shown = ", ".join(clock(moment) for moment in user.preferences.times)
    done = plain(turn.lang, "onboarding.done", name=calling(user.name), times=shown)
    found = await turn.services.xrays.of(user.portfolio)
    subject = layout.own(turn.lang)
    wanted = user.preferences.charts
    picture = await turn.services.xrays.picture(found, turn.lang, subject.title) if wanted else None
    return Answer((done, layout.overview(found, turn.lang, subject, picture)))


async def _back_to_confirm(turn: Turn) -> Answer:
    return await ask_confirm(
        _remembering(turn, {h.code: str(h.weight) for h in turn.user.portfolio.holdings})
    )


def _remembering(turn: Turn, draft: Mapping[str, str]) -> Turn:
    return replace(turn, session=replace(turn.session, memo=dict(draft)))


def _draft(turn: Turn) -> Portfolio | None:
    """The holdings kept in the session, or None if there are none."""
    kept = tuple(Holding(code, Decimal(weight)) for code, weight in turn.session.memo.items())
    return balanced(kept) if kept else None


def _consent_buttons(turn: Turn) -> tuple[Button, ...]:
    return (
        Button(say(turn.lang, "onboarding.agree"), f"step/{CONSENT}?value=yes"),
        Button(say(turn.lang, "onboarding.not_now"), f"step/{CONSENT}?value=no"),
    )


def _with_lead(turn: Turn, asked: Answer, lead: str, *, instead: bool = False) -> Answer:
    """The question with a sentence before it, or with the sentence instead of its words (the buttons stay)."""
    first, *rest = asked.replies
    blocks = (Text(lead),) if instead else (Text(lead), *first.blocks)
    return replace(asked, replies=(replace(first, blocks=blocks), *rest))


def _said(text: str) -> str:
    return " ".join(text.casefold().strip(" .!۔").split())


_QUESTIONS = {
    LANGUAGE: ask_language,
    CONSENT: ask_consent,
    HOLDINGS: ask_holdings,
    CONFIRM: ask_confirm,
    TIMES: ask_times,
}
