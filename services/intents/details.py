"""The details of a message for its intent: names, weights, scope, screen, rule, amounts; as text, and only what was said."""

import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from services.domain.amounts import find
from services.domain.intents import Intent
from services.domain.letters import fold
from services.domain.moments import read_until
from services.intents.figures import written
from services.intents.heard import Finder, Heard
from services.intents.lexicon import cues_of, everyday, sectors_in
from services.intents.preferring import setting

Details = dict[str, str]
INDEX = "KSE100"
_MOST_NAME_WORDS = 4
_SHORT_MESSAGE = 6


@dataclass(frozen=True, slots=True)
class Context:
    """What reading needs beside the message: its cues, a finder that trusts every ticker, the day (if known), words that are no names."""

    cues: AbstractSet[str]
    finder: Finder
    today: date | None
    ordinary: AbstractSet[str]


def read(intent: Intent, heard: Heard, context: Context) -> Details:
    """The details of PRODUCT section 3 that the message gives for this intent."""
    reader = _READERS.get(intent)
    return {key: value for key, value in reader(heard, context).items() if value} if reader else {}


def _names(heard: Heard, context: Context) -> Details:
    """Codes where sure, else as typed; a message that names nothing known may hold a name we do not know."""
    if heard.names:
        return {"names": ",".join(heard.names)}
    if context.cues & {"market", "mine", "sector", "own"} or sectors_in(heard.tokens):
        return {}
    trusted = [m for m in context.finder(heard.text) if m.score >= 1 and not cues_of(fold(m.raw))]
    if trusted:
        return {"names": ",".join(dict.fromkeys(m.name for m in trusted))}
    return {"names": _stranger(heard, context.ordinary)}


def _names_or_index(heard: Heard, context: Context) -> Details:
    found = _names(heard, context)
    if not heard.names and "market" in context.cues and not sectors_in(heard.tokens):
        found = {"names": INDEX} if any(m.code == INDEX for m in context.finder(INDEX)) else {}
    return found


def _stranger(heard: Heard, ordinary: AbstractSet[str]) -> str:
    """The longest run of words that stand in no example and no lexicon: what an unknown name would be."""
    best: list[str] = []
    run: list[str] = []
    for word in [*re.findall(r"[^\W_]+", heard.text), ""]:
        folded = fold(word)
        ticker = word.isupper() and len(word) > 2 and not heard.text.isupper() and not cues_of(folded)
        plain = not word or folded.isdigit() or (not ticker and _is_ordinary(folded, ordinary))
        if not plain:
            run.append(word)
            continue
        best, run = (run if len(run) > len(best) else best), []
    shown = len(heard.tokens) <= _SHORT_MESSAGE or any(word.isupper() for word in best)
    return " ".join(best) if shown and len(best) <= _MOST_NAME_WORDS else ""


def _is_ordinary(word: str, ordinary: AbstractSet[str]) -> bool:
    return len(word) < 3 or word in ordinary or word in everyday() or bool(cues_of(word))


def _weighted(heard: Heard, context: Context) -> Details:
    return {**_names(heard, context), "weights": _weights(heard)}


def _weights(heard: Heard) -> str:
    """Percents in the order of the names: all after (or all before) the names, or each beside its own."""
    if re.search(r"@(?:num|amt)\s+(?:shares?|units?|hisse|حصص)|@amt", heard.masked):
        return ""
    kind = "@pct" if heard.figures.percents else "@num"
    figures = heard.figures.percents or heard.figures.numbers
    if any(figure > 100 for figure in figures):
        return ""  # rupees or shares, not percents: they go no further than the reader of holdings
    values = [written(v) for v in figures]
    signs = [t for t in heard.tokens if t in {"@name", kind}]
    codes = [m.code or m.raw for m in heard.mentions]
    if not codes or not values:
        return ""
    if len(codes) == len(values) == len(set(codes)):
        return ",".join(values)
    given: dict[str, str] = {}
    name = value = 0
    before = signs[0] == kind
    for sign in signs:
        if sign == "@name":
            name += 1
        else:
            place = name if before else name - 1
            given.setdefault(codes[min(place, len(codes) - 1)], values[value])
            value += 1
    return ",".join(given.get(code, "") for code in dict.fromkeys(codes))


_LONG = re.compile(
    rf"\b(?:long|detailed|detail|full|comprehensive|lamb[aiey]+|tafse+l\w*|mukammal|10 min\w*)\b|(?:{fold('تفصیلی')}|{fold('لمبا')}|{fold('لمبی')}|{fold('مکمل')}|{fold('طویل')})(?!\w)"
)
_SHORT = re.compile(
    rf"\b(?:short|quick|brief summary|one line|chot[aiey]|mukhtasar|jaldi|tl ?dr)\b|(?:{fold('مختصر')}|{fold('چھوٹا')}|{fold('چھوٹی')})(?!\w)"
)


def _brief(heard: Heard, context: Context) -> Details:
    sectors = sectors_in(heard.tokens)
    details = {
        "length": "long" if _LONG.search(heard.folded) else "short" if _SHORT.search(heard.folded) else ""
    }
    if sectors:
        return {**details, "scope": "sector", "sector": sectors[0][0]}
    personal = bool(_MY.search(heard.folded)) or ("own" in context.cues and "market" not in context.cues)
    return {**details, "scope": "personal" if personal else "market" if "market" in context.cues else ""}


_MY = re.compile(
    rf"\b(?:my|mera|mere|meri|personal)\b|(?:{fold('میرا')}|{fold('میرے')}|{fold('میری')})(?!\w)"
)
_SCREENS: tuple[tuple[str, str], ...] = (
    ("near_high", r"52.{0,14}(?:high|bulan|uper|upar|oper|top|بلند)|باون.{0,14}بلند|near.{0,5}high|\bhighs?\b.{0,8}(?:year|saal)|saal ki bulan"),
    ("near_low", r"52.{0,14}(?:low|kam|neech|nich|past|کم|پست)|باون.{0,14}(?:کم|پست)|near.{0,5}lows?\b|saal ki kam"),
    ("dividend", r"div[ei]d\w*|yield|payout|munafa|ڈیویڈنڈ|منافع"),
    ("volume", r"volume|vol\b|most active|halchal|حجم|والیوم"),
    ("foreign", r"foreign|fipi|ghair mulki|غیر ملکی"),
    ("announcement", r"announce|elan|elaan|اعلان|board meeting"),
    ("cheap", r"cheap|under ?val|sast|low p ?e|p ?e ratio|value shares|bargain|سست"),
    ("momentum", r"momentum|gainers?|tezi|trending|movers|barhne|rising|winners|مومینٹم|تیزی|بڑھنے|گینرز"),
)  # fmt: skip
_FOLDED_SCREENS = tuple((name, re.compile(fold(pattern))) for name, pattern in _SCREENS)


def _screen(heard: Heard, _: Context) -> Details:
    sectors = sectors_in(heard.tokens)
    found = next((name for name, pattern in _FOLDED_SCREENS if pattern.search(heard.folded)), "")
    details = {"screen": found, "sector": sectors[0][0] if sectors else ""}
    return {**details, "names": ",".join(heard.names)}


_RATES: tuple[tuple[str, str], ...] = (
    ("USD", r"\b(?:dol+ars?|usd|us \$)\b|\$|ڈالر"), ("EUR", r"\b(?:euros?|eur)\b|€|یورو"), ("GBP", r"\b(?:pounds?|gbp|sterling)\b|£|پاونڈ|پونڈ"),
    ("SAR", r"\b(?:ri[yi]als?|sar|rial)\b|ریال"), ("AED", r"\b(?:dirh[aue]ms?|aed)\b|درہم"), ("CNY", r"\b(?:yuan|rmb|cny)\b|یوان"),
    ("JPY", r"\b(?:yen|jpy)\b"), ("policy_rate", r"policy|interest|discount rate|state bank|sbp|shara?h?.{0,6}s[ou]+d|sood\b|پالیسی|شرح سود|شرح.سود"),
    ("kibor", r"kib[oa]r|کایبور|کائبور"), ("cpi", r"inflation|\bcpi\b|meh[ae]?n?g[ah]*[iy]+e?\w*|mehangai|مہنگای|مہنگائی|افراط"),
    ("tbill", r"t ?bills?\b|treasury|pkrv|\bbonds?\b|yield"), ("gold", r"\b(?:gold|son[ae])\b|سون[اے]"), ("silver", r"\b(?:silver|chandi)\b|چاندی"),
)  # fmt: skip
_FOLDED_RATES = tuple((name, re.compile(fold(pattern))) for name, pattern in _RATES)


def _rates(heard: Heard, _: Context) -> Details:
    return {"names": ",".join(name for name, pattern in _FOLDED_RATES if pattern.search(heard.folded))}


_ABOVE = re.compile(
    rf"\b(?:above|over|cross\w*|exceeds?|breaks?|ups?|upar|uper|ooper|oper|zy?ada|ziada|rises?|goes up|barh\w*|more than|higher|greater)\b|>|(?:{fold('اوپر')}|{fold('زیادہ')}|{fold('بڑھ')}\w*)"
)
_BELOW = re.compile(
    rf"\b(?:below|under|beneath|down|falls?|drops?|dips?|less|lower|loses?|ne+ch[ae]y?|nich[ae]y?|kam|gir\w*)\b|<|(?:{fold('نیچے')}|{fold('کم')}|{fold('گر')}\w*)"
)


def _alert(heard: Heard, context: Context) -> Details:
    """``rule`` is "above:500", "below:300", "reaches:400" (Rs or points), or "up:0.05", "down:0.05", "moves:0.05"."""
    above, below = bool(_ABOVE.search(heard.masked)), bool(_BELOW.search(heard.masked))
    figures = heard.figures
    levels = figures.numbers or find(heard.text)
    rule = ""
    if figures.percents:
        rule = f"{'down' if below else 'up' if above else 'moves'}:{_fraction(written(figures.percents[0]))}"
    elif levels:
        rule = f"{'below' if below else 'above' if above else 'reaches'}:{written(levels[0])}"
    return {**_names_or_index(heard, context), "rule": rule}


def _fraction(percent: str) -> str:
    whole, _, rest = percent.partition(".")
    return f"0.{whole.zfill(2)}{rest}" if len(whole) <= 2 else f"{whole[:-2]}.{whole[-2:]}{rest}"


def _alerts(heard: Heard, context: Context) -> Details:
    cancel = bool(context.cues & {"remove", "stop"})
    return {"names": ",".join(heard.names), "rule": "cancel" if cancel else ""}


_SUMS: tuple[tuple[str, str], ...] = (
    ("zakat", r"zaka*[ht]+|زکو|زکات"), ("dividend", r"div[ei]d|munafa|ڈیویڈنڈ|منافع"),
    ("tax", r"\btax|\bcgt\b|ٹیکس"), ("fee", r"\bfees?\b|expense|charges|kharch|cost|فیس|خرچ"), ("exposure", r"exposure|how much is in|kitn[eai] hue?|حصہ"),
)  # fmt: skip
_FOLDED_SUMS = tuple((name, re.compile(fold(pattern))) for name, pattern in _SUMS)


def _calculate(heard: Heard, _: Context) -> Details:
    amounts = ",".join(written(amount) for amount in find(heard.text))
    found = next((name for name, pattern in _FOLDED_SUMS if pattern.search(heard.folded)), "")
    sectors = sectors_in(heard.tokens)
    code = sectors[0][0] if sectors else ""
    return {"names": ",".join(heard.names), "amounts": amounts, "sum": found, "sector": code}


def _stop(heard: Heard, context: Context) -> Details:
    """``until``: an ISO date. ``value``: the words, where an end is named; Eid has no date before the moon is seen."""
    timed = context.cues & {"until", "time"} or re.search(
        r"\b(?:for|eid|days?|din|weeks?|kal)\b|عید|دن", heard.folded
    )
    if not timed:
        return {}
    until = read_until(heard.text, context.today) if context.today else None
    return {"until": until.isoformat() if until else "", "value": heard.text[:80]}


def _sector_only(heard: Heard, _: Context) -> Details:
    sectors = sectors_in(heard.tokens)
    return {"sector": sectors[0][0] if sectors else ""}


def _explain(heard: Heard, context: Context) -> Details:
    return {**_names_or_index(heard, context), **_sector_only(heard, context)}


def _settings(heard: Heard, _: Context) -> Details:
    return setting(heard)


_READERS: Mapping[Intent, Callable[[Heard, Context], Details]] = {
    "xray": _weighted, "add_holding": _weighted, "remove_holding": _names, "quote": _names_or_index, "explain": _explain,
    "news": _names, "forecast": _names_or_index, "brief": _brief, "audio": _brief, "opportunities": _screen, "rates": _rates,
    "flows": _sector_only, "alert": _alert, "alerts": _alerts, "settings": _settings, "stop": _stop, "calculate": _calculate,
}  # fmt: skip
