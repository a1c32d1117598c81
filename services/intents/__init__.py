"""What a message wants, in English, Urdu and Roman Urdu: exact words, then the local classifier, then a model if there is one."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from services.domain.amounts import mask
from services.domain.conversation import Lang
from services.domain.errors import MarketByteError
from services.domain.instruments import Directory, Mention
from services.domain.intents import INTENTS, Intent, Understanding
from services.intents.classifier import Classifier, Guess
from services.intents.details import Context, read
from services.intents.exact import exact
from services.intents.guard import advice, advised, believable, cues, injected, unmeant
from services.intents.heard import Finder, Heard, hear
from services.intents.lexicon import cues_of
from services.ports import Clock, Model

SURE = 0.5
"""From here on the local classifier is believed without asking a model."""
LIKELY = 0.28
"""Under this, and without a model that helps, the answer is a friendly menu."""
_LEAST_KNOWN = 0.34
_MOST_WORDLIKE = 3
_BARE_NAME = 0.97
_TYPED_LIST = 0.93
_ASKED_ADVICE = 0.8
_DECLINED = 0.95
_SHORT = 60
_LATELY = 2000
_JOINERS = frozenset({"and", "aur", "or", "vs", "اور", "@name"})


class _Lately:
    """What was understood lately by our own classifier: half of what people type was typed before ("price LUCK").

    In memory only, and nothing that bears a figure; dropped with the day and with the names of the market book, which a
    meaning may depend on. What a model helped with is asked anew.
    """

    def __init__(self) -> None:
        self._under: object = None
        self._meanings: dict[str, Understanding] = {}

    def get(self, text: str, under: object) -> Understanding | None:
        if under != self._under:
            self._under, self._meanings = under, {}
        known = self._meanings.get(text)
        return replace(known, details=dict(known.details)) if known else None

    def keep(self, text: str, under: object, meaning: Understanding) -> None:
        if (
            under != self._under
            or meaning.by != "local"
            or len(text) > _SHORT
            or any(map(str.isnumeric, text))
        ):
            return
        if len(self._meanings) >= _LATELY:
            self._meanings.pop(next(iter(self._meanings)))
        self._meanings[text] = replace(meaning, details=dict(meaning.details))


class Intents:
    """Understands messages.

    Args:
        model: The optional language model; asked only where we are not sure ourselves.
        directory: Gives the names of the newest market book; without one, names stay as typed.
        clock: Turns "till Monday" into a date; without one, the words are handed on.
    """

    def __init__(
        self, model: Model, directory: Callable[[], Awaitable[Directory]], clock: Clock | None = None
    ) -> None:
        self._model = model
        self._directory = directory
        self._clock = clock
        self._classifier = Classifier()
        self._lately = _Lately()

    async def understand(self, text: str, lang: Lang) -> Understanding:
        """The intent of a message with its details. Never raises for anything a user can type."""
        certain = exact(hear(text, _nameless))
        if certain is not None:
            return certain
        directory = await self._names()
        today = self._clock.now().date() if self._clock else None
        under = (directory, today)
        known = self._lately.get(text, under)
        if known is not None:
            return known
        heard = _hear(text, directory)
        if not heard.tokens:
            return Understanding("unknown", {}, 0.0, "fallback")
        meaning = await self._understood(heard, lang, self._context(heard, _trusting(directory)))
        self._lately.keep(text, under, meaning)
        return meaning

    async def _understood(self, heard: Heard, lang: Lang, context: Context) -> Understanding:
        guess = self._judge(heard, context)
        if guess.confidence >= SURE:
            return self._told(guess, heard, context)
        helped = await self._ask(heard, lang, context)
        if helped is not None:
            return helped
        if guess.confidence >= LIKELY:
            return self._told(guess, heard, context)
        return Understanding("unknown", {}, 0.0, "fallback")

    async def _names(self) -> Directory | None:
        try:
            return await self._directory()
        except MarketByteError:
            return None

    def _context(self, heard: Heard, finder: Finder) -> Context:
        today = self._clock.now().date() if self._clock else None
        return Context(cues(heard), finder, today, self._classifier.weights.words)

    def _judge(self, heard: Heard, context: Context) -> Guess:
        if injected(heard):
            return Guess("unknown", _DECLINED)
        bare = _bare(heard)
        if bare is not None:
            return bare
        ranked = self._classifier.rank(heard)
        if advice(heard):
            intent = advised(ranked[0].intent, heard, context.cues)
            if intent is not None:
                return Guess(intent, max(_ASKED_ADVICE, ranked[0].confidence))
        if not heard.mentions and self._classifier.known_share(heard) < _LEAST_KNOWN and not context.cues:
            return Guess("unknown", 0.0)
        refused = unmeant(heard)
        credible = (
            g for g in ranked if g.intent not in refused and believable(g.intent, g.confidence, context.cues)
        )
        return next(credible, Guess("unknown", 0.0))

    def _told(self, guess: Guess, heard: Heard, context: Context) -> Understanding:
        return Understanding(
            guess.intent, _details(guess.intent, heard, context), round(guess.confidence, 4), "local"
        )

    async def _ask(self, heard: Heard, lang: Lang, context: Context) -> Understanding | None:
        """The model's reading; amounts are masked before it sees them, and it may not destroy on its own word."""
        try:
            said = await self._model.understand(mask(heard.text), lang)
        except MarketByteError:
            return None
        if (
            said.intent not in INTENTS
            or said.intent in unmeant(heard)
            or not believable(said.intent, said.confidence, context.cues)
        ):
            return None
        details = {key: value for key, value in said.details.items() if key not in _OURS}
        return Understanding(
            said.intent, {**details, **_details(said.intent, heard, context)}, said.confidence, "model"
        )


# Read by us from the text itself: the model saw no amounts, and its codes are hearsay.
_OURS = frozenset({"amounts", "weights", "until", "rule", "advice"})


def _nameless(_: str) -> tuple[Mention, ...]:
    """Stands in for the directory while there is no market book."""
    return ()


def _hear(text: str, directory: Directory | None) -> Heard:
    """Lay the message out. "LUCK AND HBL" is a list of names although "luck" is a word: one more, trusting, look tells."""
    if directory is None:
        return hear(text, _nameless)
    heard = hear(text, directory.mentions, directory.currency)
    rest = [t for t in heard.tokens if t not in _JOINERS and not t.startswith("@")]
    if not heard.mentions or not 0 < len(rest) <= _MOST_WORDLIKE or any(map(cues_of, rest)):
        return heard
    trusting = hear(text, _trusting(directory), directory.currency)
    return trusting if _bare(trusting) else heard


def _trusting(directory: Directory | None) -> Finder:
    """Finds also tickers that are everyday words: for where a name must be meant."""
    return (lambda text: directory.mentions(text, asked=True)) if directory else _nameless


def _bare(heard: Heard) -> Guess | None:
    """Nothing but names is a question for their prices; names with weights are a list to look through."""
    if not heard.mentions:
        return None
    rest = set(heard.tokens) - _JOINERS
    if not rest:
        return Guess("quote", _BARE_NAME)
    weighed = rest <= {"@num", "@pct"} and len(heard.mentions) > 1
    return Guess("xray", _TYPED_LIST) if weighed else None


def _details(intent: Intent, heard: Heard, context: Context) -> dict[str, str]:
    details = read(intent, heard, context)
    asks = intent in {"quote", "explain", "opportunities", "forecast", "xray"} and advice(heard)
    return {**details, "advice": "1"} if asks else details
