"""Every fixed sentence in its three languages, side by side; one file a subject."""

import importlib
import pkgutil
from functools import cache

from services.domain.conversation import LANGUAGES, Lang
from services.domain.profiles import Profile

Sentences = dict[str, tuple[str, str, str]]


@cache
def catalog() -> Sentences:
    """All subjects merged.

    Raises:
        ValueError: If two subjects claim the same key.
    """
    merged: Sentences = {}
    for module in pkgutil.iter_modules(__path__):
        subject: Sentences = importlib.import_module(f"{__name__}.{module.name}").SENTENCES
        twice = merged.keys() & subject.keys()
        if twice:
            raise ValueError(f"sentences said twice: {sorted(twice)}")
        merged.update(subject)
    return merged


def say(lang: Lang, key: str, **values: str) -> str:
    """The sentence ``key`` in ``lang``, filled.

    Raises:
        KeyError: If the key is unknown or a placeholder has no value: a bug, never the user's doing.
    """
    return catalog()[key][LANGUAGES.index(lang)].format(**values)


def say_of(market: Profile, lang: Lang, key: str, **values: str) -> str:
    """The sentence in a market's own words where it has any (``key@us``), else in those of all. Raises as ``say`` does."""
    own = f"{key}@{market.market}"
    return say(lang, own if own in catalog() else key, **values)
