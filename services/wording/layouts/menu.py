"""The menu, greetings and "did you mean", laid out."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from services.domain.conversation import Answer, Button, Lang, Reply, Text
from services.domain.intents import Intent
from services.domain.profiles import PSX, Profile
from services.wording.sentences import say, say_of


def plain(
    lang: Lang, key: str, /, *, buttons: tuple[Button, ...] = (), market: Profile = PSX, **values: str
) -> Reply:
    """One sentence as a reply; in the words of a market where it has its own."""
    return Reply((Text(say_of(market, lang, key, **values)),), buttons)


def menu_buttons(lang: Lang) -> tuple[Button, ...]:
    """The three most useful things."""
    return (
        Button(say(lang, "menu.xray"), "xray"),
        Button(say(lang, "menu.brief"), "brief"),
        Button(say(lang, "menu.opportunities"), "opportunities"),
    )


def menu(lang: Lang, lead: str = "", market: Profile = PSX) -> Reply:
    """The menu of a market, with an optional sentence before it."""
    text = f"{say(lang, 'menu.title')}\n{say_of(market, lang, 'menu.lines')}"
    return Reply((Text(f"{lead}\n\n{text}" if lead else text),), menu_buttons(lang))


def did_you_mean(lang: Lang, name: str, named: Sequence[tuple[str, str]], intent: Intent) -> Reply:
    """Asks back with a button for each instrument; ``named`` are (code, full name), at most six are shown."""
    buttons = tuple(Button(title, f"{intent}?{urlencode({'names': code})}") for code, title in named[:6])
    return Reply((Text(say(lang, "menu.did_you_mean", name=name[:40])),), buttons)


def calling(name: str, lang: Lang = "en") -> str:
    """A first name as it is put into a greeting: ", Ayesha", or nothing."""
    return f"{'،' if lang == 'ur' else ','} {name}" if name else ""


def with_lead(asked: Answer, lead: str, *, instead: bool = False) -> Answer:
    """A question with a sentence before it, or with the sentence instead of its words (the buttons stay)."""
    first, *rest = asked.replies
    blocks = (Text(lead),) if instead else (Text(lead), *first.blocks)
    return replace(asked, replies=(replace(first, blocks=blocks), *rest))
