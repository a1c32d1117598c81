"""What no guess may do alone: believe an injected order, give advice its own meaning, or destroy on a thin hint."""

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet

from services.domain.intents import Intent
from services.domain.letters import fold
from services.intents.heard import Heard
from services.intents.lexicon import cues_of

_INJECTION = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instruction|instructions|prompt|prompts|rules|guidelines|above|previous|prior)\b"
    r"|\byou are (?:now|no longer)\b|\bact (?:as|like)\b|\bpretend\b|\brole ?play|\bsystem prompt|\bjailbreak|\bdeveloper mode|\bdan mode"
    r"|\b(?:reveal|print|show|repeat|leak)\b.{0,25}\b(?:prompt|instructions|api key|secret|token|password)\b"
    r"|\b(?:pichli|purani|pichle|sab|apni)\b.{0,15}\bhidaya?at?\b.{0,20}\b(?:bhool|bhul|ignore|nazar)|\bab (?:se )?tum (?:ek|mere)\b"
    rf"|{fold('ہدایات')}.{{0,25}}(?:{fold('بھول')}|{fold('نظرانداز')}|{fold('نظر انداز')})|<\s*/?\s*(?:system|script|assistant)\b|\[/?inst\]"
)
_ADVICE = re.compile(
    r"\bshould i\b|\bshall i\b|\bwould you (?:buy|sell|hold|recommend)|\bdo you (?:recommend|suggest|advise)|\b(?:recommend|suggest|advise|advice|recommendation)\w*\b"
    r"|\b(?:good|right|best|bad) (?:time|buy|stock|share|script|entry|investment|pick)\b|\bbuy (?:or|and|/) ?(?:sell|hold)|\b(?:hold|sell|buy) or (?:sell|hold|buy|not)\b"
    r"|\btargets?\b|\bprice target|\bstop ?loss|\bentry\b|\bhot tip|\btips?\b|\bcalls?\b(?= ?(?:do|de|please|for|$))|\bbuy call|\bsure ?shot|\bmultibagger|\bjackpot|\bpakka\b"
    r"|\bwh(?:ich|at)\b.{0,30}\b(?:buy|sell|invest|purchase)\b|\bwhere (?:to|should|can|do) .{0,10}\b(?:invest|put)\b|\bis @name .{0,12}\b(?:buy|sell|overvalued|undervalued)\b|\bfair value\b"
    r"|\bcan i (?:buy|sell)\b|\bworth buying\b|\bwhat to buy\b|\bopinion on\b|\bmake money\b|\bstock picks?\b|\bbest @?\w* ?(?:stock|share)s?\b"
    r"|\b(?:le+n[aei]|bech\w*|kharee?d\w*|kharid\w*|rakh\w*|lagan[aei]|buy|sell|invest)\b.{0,14}\bcha?h[iy]\w*|\bworth it\b"
    r"|\b(?:kharee?du+n|kharidu+n|kharee?d lu+n|kharid lu+n|kharid lo+n|kharee?d lo+n|kharee?du|kharidu|lelu+n|le lu+n|le lo+n|lelo+n|bechdu+n|bech du+n|bech do+n|bechu+n|beche+n|rakhu+n|rakho+n|hold karu+n)\b"
    r"|\bkons[aei] (?:share|stock|script|scrip|fund)?s? ?(?:lu+n|lo+n|lena|kharee?d\w*|kharid\w*|best|acha)|\b(?:kahan|kidhar|kis mei?n|kis me|konse) .{0,12}\b(?:lagau+n|lagao+n|invest)"
    r"|@name .{0,4}\b(?:lu+n|lo+n|leni|khareed lein)\b|\btheek (?:hai|rahe?ga)\b(?=.*@name)|@name .{0,6}\bach[ah]+ (?:share|stock)\b|\blena (?:theek|sahi|kaisa)\b"
    rf"|(?:{'|'.join(map(fold, ('چاہیے', 'چاہئے', 'خریدوں', 'بیچوں', 'بیچ دوں', 'لے لوں', 'ٹپ', 'ٹارگٹ', 'مشورہ')))})(?!\w)"
    rf"|(?:{'|'.join(map(fold, ('کہاں', 'میں', 'شیئر', 'حصص')))}) .{{0,12}}(?:{'|'.join(map(fold, ('لگاؤں', 'کروں', 'لوں')))})(?!\w)|{fold('اچھا شیئر')}|{fold('کال دیں')}"
)
_ADVISABLE: frozenset[Intent] = frozenset(
    {"quote", "explain", "opportunities", "forecast", "xray", "news", "unknown", "add_holding", "remove_holding", "help", "portfolio"}
)  # fmt: skip
_SLASH = re.compile(r"\s*[/／\\]\s*\w+")


def injected(heard: Heard) -> bool:
    """Whether a text tries to give orders to a model, or poses as a command; neither goes any further."""
    return bool(_INJECTION.search(heard.folded)) or bool(_SLASH.match(heard.text))


def cues(heard: Heard) -> frozenset[str]:
    """The families of words in a message, and "@name" and the like for what was masked."""
    found: set[str] = {token for token in heard.tokens if token.startswith("@")}
    for token in heard.tokens:
        if not token.startswith("@"):
            found.update(cues_of(token))
    return frozenset(found)


def advice(heard: Heard) -> bool:
    """Whether somebody asks what to do with their money; they get facts, and hear that it is no advice."""
    return bool(_ADVICE.search(heard.masked))


def advised(intent: Intent, heard: Heard, found: AbstractSet[str]) -> Intent | None:
    """The intent whose facts answer a request for advice best; None if it is no matter of ours."""
    if intent not in _ADVISABLE or ("offtopic" in found and not heard.mentions):
        return None
    if heard.mentions:
        return intent if intent in {"explain", "forecast", "xray"} else "quote"
    money = found & {"stocks", "buy", "sell", "advice", "market", "sector", "screen", "dividend", "sum"}
    return "opportunities" if intent != "unknown" or money else None


_NOT_DONE = re.compile(
    r"\b(?:do not|dont|never|not)\s+(?:ever\s+)?(?:stop|delete|remove|erase|forget|pause|drop|unsubscribe)\b"
    r"|\b(?:stop|band|delete|remove|khatam)\s+(?:mat|na|nahi)\b|\bmat\s+(?:band|hata\w*|nikal\w*|roko|mita\w*)\b"
    r"|\bwhat (?:happens|if)\b|^(?:does|did|do they|who|why|when|kab|kaun)\b"
    rf"|(?:{fold('بند')}|{fold('حذف')}|{fold('ختم')})\s+(?:{fold('نہ')}|{fold('مت')})(?!\w)"
)
_UNDOING: frozenset[Intent] = frozenset({"delete", "stop", "remove_holding"})


def unmeant(heard: Heard) -> frozenset[Intent]:
    """The destructive intents, where their words are denied or only asked about ("do not stop", "what if I delete")."""
    return _UNDOING if _NOT_DONE.search(heard.masked) else frozenset()


def _deletes(found: AbstractSet[str]) -> bool:
    what = found & {"data", "account", "everything"} or {"mine", "forget"} <= found
    return (
        bool(found & {"forget", "remove", "stop"}) and bool(what) and not found & {"offtopic", "alert-word"}
    )


def _stops(found: AbstractSet[str]) -> bool:
    said = "stop" in found or {"dont", "send"} <= found or {"dont", "brief"} <= found
    return said and not found & {"offtopic", "thing", "alert-word", "account"}


def _removes(found: AbstractSet[str]) -> bool:
    said = found & {"remove", "sell"} or {"own", "dont"} <= found
    return bool(said) and bool(found & {"@name", "stocks", "own"}) and not found & {"offtopic", "alert-word"}


def _adds(found: AbstractSet[str]) -> bool:
    said = found & {"add", "buy", "own", "change", "settings-word", "rise", "@pct"}
    return bool(said) and bool(found & {"@name", "stocks", "own"}) and not found & {"order", "offtopic"}


# Intent: the least confidence, and the words without which it is not believed, whoever guesses it.
_NEEDS: dict[Intent, tuple[float, Callable[[AbstractSet[str]], bool]]] = {
    "delete": (0.6, _deletes),
    "stop": (0.45, _stops),
    "remove_holding": (0.5, _removes),
    "add_holding": (0.4, _adds),
    "resume": (0.4, lambda found: bool(found & {"again", "begin", "stop"})),
    "export": (0.4, lambda found: bool(found & {"data", "export-word", "everything", "about", "mine"})),
    "alerts": (0.3, lambda found: bool(found & {"alert-word", "tell"})),
}


def believable(intent: Intent, confidence: float, found: AbstractSet[str]) -> bool:
    """Whether an intent that changes or reveals something has the words and the certainty it needs."""
    least, named = _NEEDS.get(intent, (0.0, None))
    return confidence >= least and (named is None or named(found))
