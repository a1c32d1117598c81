"""What somebody holds, asked for and read: unclear names are asked back one after another, and nothing else is lost."""

from dataclasses import replace

from handlers.registry import STEPS, step
from handlers.turn import Turn
from services.domain.assent import NO, said
from services.domain.conversation import Answer, Button, Reply, Text
from services.domain.holdings import HoldingsReading, choose, is_statement, read_holdings, read_list
from services.domain.instruments import Directory
from services.domain.intents import Understanding
from services.domain.letters import words
from services.domain.portfolio import Portfolio, balanced
from services.wording import say, say_of
from services.wording.layouts.menu import did_you_mean, plain, with_lead
from services.wording.layouts.portfolio import holding_lines, portfolio_reply, reading_notes

CONSENT, HOLDINGS, CONFIRM = "onboarding.consent", "onboarding.holdings", "onboarding.confirm"
REPLACE = "portfolio.replace"

# What turns a name into a question, in three languages.
_ASKING = frozenset({
    "?", "price", "rate", "quote", "why", "what", "how", "news", "explain", "qeemat", "bhao", "kyun", "kyu", "kya",
    "kitna", "kitne", "khabar", "khabrein", "x-ray", "xray", "brief", "قیمت", "بھاؤ", "کیوں", "کیا", "کتنا", "کتنے", "خبر",
})  # fmt: skip
# A bare list of names is understood as one of these when nothing was asked before.
_LISTS = frozenset({"quote", "portfolio", "add_holding"})
# With figures in it, a list may pass for one of these; what is surely something else interrupts.
_WITH_FIGURES = _LISTS | {"xray", "calculate", "remove_holding", "unknown", "thanks", "start", "help"}
_NONE = frozenset(
    {"none", "neither", "skip", "none of them", "koi nahi", "in mein se koi nahi", "کوئی نہیں", "چھوڑ دیں"}
)
_LEAST_NAME = 4
_REPLACING = frozenset(words("yes y ok okay haan han ji jee replace badal ہاں جی"))
_KEEPING = frozenset(words("no n nahi nahin cancel rehne نہیں رہنے"))
_SHORT_ANSWER = 3


async def ask_holdings(turn: Turn) -> Answer:
    """What they hold, in their own words; a list with an unclear name goes on with that name."""
    pending = turn.session.memo.get("list", "")
    if pending:
        directory = await turn.services.directory()
        reading = read_holdings(pending, directory)
        if reading.ambiguous:
            return _which(turn, reading, directory, turn.session.memo.get("notes", ""))
    return Answer((plain(turn.lang, "onboarding.holdings", market=turn.profile),), HOLDINGS)


def is_holdings(turn: Turn, meaning: Understanding | None) -> bool:
    """A list answers ("MEBL 40", "LUCK aur OGDC"); "MEBL price" or "LUCK above 500" is something else in between."""
    spoken = set(said(turn.text).replace("?", " ? ").replace("؟", " ? ").split())
    if meaning is None or spoken & _ASKING:
        return False
    if any(character.isdigit() for character in turn.text):
        return meaning.intent in _WITH_FIGURES and not meaning.details.get("sum")
    return meaning.intent in _LISTS


@step(HOLDINGS, fits=is_holdings, again=ask_holdings, lasting=True)
async def holdings(turn: Turn) -> Answer:
    """Reads the list; a name that fits several is asked back, one that fits nothing is left out and said."""
    pending = turn.session.memo.get("list", "")
    if "back" in turn.details:
        return await (ask_holdings(turn.remembering({})) if pending else STEPS[CONSENT].again(turn))
    directory = await turn.services.directory()
    typed = turn.details.get("value", turn.text)
    if is_statement(typed):
        return Answer((plain(turn.lang, "onboarding.statement", market=turn.profile),), HOLDINGS)
    reading = _picked(turn, pending, typed, directory) if pending else read_list(typed, directory)
    notes = turn.session.memo.get("notes", "") if pending else ""
    if reading.ambiguous:
        return _which(turn, reading, directory, notes or _notes(turn, replace(reading, unknown=())))
    if not reading.holdings:
        return _nothing_found(turn, reading, directory)
    return await _ask_confirmation(turn, reading, notes)


def _picked(turn: Turn, pending: str, typed: str, directory: Directory) -> HoldingsReading:
    """The pending list with the unclear name put right; a new list takes its place, other words leave it as it is."""
    raw, pick = turn.session.memo.get("name", ""), turn.details.get("pick", "")
    choices = turn.session.memo.get("choices", "").split(",")
    if pick:
        return read_holdings(choose(pending, raw, pick), directory)
    if said(typed) in NO | _NONE:
        return read_holdings(choose(pending, raw, ""), directory)
    meant = [code for code in directory.candidates(typed) if code in choices]
    if len(meant) == 1:
        return read_holdings(choose(pending, raw, meant[0]), directory)
    fresh = read_list(typed, directory)
    return fresh if fresh.holdings or fresh.ambiguous else read_holdings(pending, directory)


def _which(turn: Turn, reading: HoldingsReading, directory: Directory, notes: str) -> Answer:
    """Asks which one is meant. ``restated`` holds percents only, so it may be kept while we ask."""
    name, choices = reading.ambiguous[0]
    named = [(code, directory.name_of(code)) for code in choices]
    asked = did_you_mean(turn.lang, name, named, "quote")
    buttons = tuple(Button(title, f"step/{HOLDINGS}?pick={code}") for code, title in named[:6])
    memo = {"list": reading.restated, "name": name, "choices": ",".join(choices), "notes": notes}
    return Answer((replace(asked, buttons=buttons),), HOLDINGS, memo)


def _nothing_found(turn: Turn, reading: HoldingsReading, directory: Directory) -> Answer:
    """Nothing certain: what comes near the first unknown name as buttons, that put it into the list."""
    name = next(iter(reading.unknown), "")
    codes = _near(name, directory)
    text = say_of(turn.profile, turn.lang, "onboarding.holdings_again")
    if not codes:
        return Answer((Reply((Text(text),)),), HOLDINGS)
    near = say(turn.lang, "onboarding.near", names=", ".join(map(directory.name_of, codes)))
    buttons = tuple(Button(directory.name_of(code), f"step/{HOLDINGS}?pick={code}") for code in codes)
    memo = {"list": reading.restated, "name": name, "choices": ",".join(codes)}
    return Answer((Reply((Text(f"{text}\n{near}"),), buttons),), HOLDINGS, memo)


def _near(name: str, directory: Directory) -> list[str]:
    """What may be meant by an unknown name; nothing for short words and signs, which come near to anything."""
    if len(name) < _LEAST_NAME or not name.replace(" ", "").isalpha():
        return []
    return [code for code in directory.suggest(name) if directory.holdable(code)]


def _notes(turn: Turn, reading: HoldingsReading) -> str:
    return reading_notes(turn.lang, reading)


async def _ask_confirmation(turn: Turn, reading: HoldingsReading, earlier: str = "") -> Answer:
    draft = ",".join(f"{h.code}={h.weight}" for h in balanced(reading.holdings).holdings)
    notes = "\n".join(dict.fromkeys(filter(None, (earlier, _notes(turn, reading)))))
    asked = await STEPS[CONFIRM].again(turn.remembering({"draft": draft}))
    return with_lead(asked, notes) if notes else asked


async def ask_replace(turn: Turn) -> Answer:
    """Whether the list that the session holds shall take the place of the old one."""
    lang, memo = turn.lang, turn.session.memo
    directory = await turn.services.directory()
    listed = Portfolio(read_holdings(memo.get("list", ""), directory).holdings)
    lines = "\n".join(filter(None, (*holding_lines(listed, directory, lang), memo.get("notes", ""))))
    buttons = (
        Button(say(lang, "portfolio.replace_yes"), f"step/{REPLACE}?value=yes"),
        Button(say(lang, "portfolio.keep"), f"step/{REPLACE}?value=no"),
    )
    return Answer((plain(lang, "portfolio.replace_sure", buttons=buttons, lines=lines),), REPLACE, memo)


def _is_yes_or_no(turn: Turn, _meaning: Understanding | None) -> bool:
    spoken = words(turn.text)
    return 0 < len(spoken) <= _SHORT_ANSWER and bool(set(spoken) & (_REPLACING | _KEEPING))


@step(REPLACE, fits=_is_yes_or_no, again=ask_replace)
async def replace_list(turn: Turn) -> Answer:
    """Yes keeps the new list; anything else leaves the old one as it is."""
    directory = await turn.services.directory()
    reading = read_holdings(turn.session.memo.get("list", ""), directory)
    spoken = set(words(turn.details.get("value", turn.text)))
    if not spoken & _REPLACING or spoken & _KEEPING or not reading.holdings:
        return Answer((plain(turn.lang, "portfolio.kept"),))
    user = await turn.services.portfolios.set(turn.user, Portfolio(reading.holdings))
    lead = say(turn.lang, "portfolio.replaced")
    return Answer((portfolio_reply(turn.lang, user.portfolio, directory, lead),))
