"""A share or fund that is listed and that the market book does not hold by the name asked."""

from urllib.parse import urlencode

from services.domain.conversation import Button, Lang, Reply, Text
from services.domain.letters import short
from services.wording.sentences import say


def listed_reply(lang: Lang, asked: str, code: str, name: str, *, priced: bool) -> Reply:
    """Under which code it goes today, with a button to its price; or that we have none."""
    if priced:
        said = say(lang, "listings.today", asked=short(asked), name=name, code=code)
        return Reply((Text(said),), (Button(code, f"quote?{urlencode({'names': code})}"),))
    shown = name if name == code else f"{name} ({code})"
    return Reply((Text(say(lang, "listings.no_price", name=shown)),))
