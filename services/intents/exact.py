"""Words and phrases that can mean one thing only; above all the ones that must always work: stop, start, menu."""

import unicodedata
from functools import cache

from services.domain.intents import Intent, Understanding
from services.domain.letters import fold
from services.intents.heard import Heard, cleaned
from services.intents.lexicon import CUES

_PHRASES: dict[Intent, str] = {
    "start": "hi|hello|hey|hiya|hi there|hello there|start|begin|get started|good morning|good afternoon|good evening|salam|salaam|aoa|assalam o alaikum|"
    "assalamualaikum|assalam u alaikum|asalam o alaikum|shuru|shuru karo|shuru karein|shuru karen|adaab|السلام علیکم|سلام|ہیلو|آداب|شروع|شروع کریں|شروع کرو",
    "help": "help|menu|main menu|madad|options|commands|back|go back|home|cancel|مدد|مینو|?|what can you do|who are you|tum kon ho|aap kaun hain|"
    "kya kar sakte ho|help me|show menu|menu dikhao|مینو دکھائیں|آپ کون ہیں|about",
    "xray": "xray|x ray|my xray|mera xray|xray karo|ایکسرے|ایکس رے|میرا ایکسرے|risk",
    "opportunities": "opportunities|opportunity|ideas|screens|screener|screen|mauqe|مواقع",
    "brief": "brief|briefing|my brief|mera brief|brief bhejo|today's brief|aaj ka brief|بریف|میرا بریف|آج کا بریف|khulasa|خلاصہ",
    "audio": "audio|سنیں|sunen|listen|sunao|suna do|audio bhejo|voice note|سنائیں|سناؤ|آڈیو",
    "portfolio": "portfolio|undo|واپس کریں|wapas karein|ہولڈنگز|میری ہولڈنگز|my portfolio|holdings|my holdings|mera portfolio|what do i hold|what do i own|meri holdings|پورٹ فولیو|میرا پورٹ فولیو",
    "news": "news|headlines|khabrein|khabren|khabar|خبریں|خبر",
    "forecast": "forecast|prediction|peshgoi|پیش گوئی|track record",
    "rates": "rates|dollar|usd|dollar rate|kibor|policy rate|inflation|mehngai|currency|exchange rate|ڈالر|مہنگائی|شرح سود|کائبور",
    "flows": "flows|فلو|fipi|lipi|fipi lipi|foreign flows",
    "alerts": "alerts|my alerts|mere alerts|الرٹس|میرے الرٹس",
    "alert": "set alert|alert lagayein|alert|new alert|alert lagao|الرٹ لگائیں",
    "settings": "settings|setting|preferences|language|time|سیٹنگز|ترتیبات",
    "stop": "stop|stopall|stop all|unsubscribe|unsub|end|quit|opt out|optout|stop it|stop this|stop messages|stop sending|no more messages|band karo|"
    "band kro|band kardo|band kar do|bnd kro|ye band karo|sab band karo|ruko|ruk jao|rok do|roko|bas karo|bas kar do|stop karo|stop kardo|mat bhejo|message mat bhejo|"
    "messages band karo|roken|pause|روکیں|روکو|روک دو|روک دیں|بند کرو|بند کریں|بند کر دو|بند کر دیں|بس کریں|بس کرو|ان سبسکرائب|پیغام مت بھیجیں|اسٹاپ",
    "resume": "resume|unpause|unstop|subscribe|start again|restart|opt in|optin|dobara shuru karo|phir se shuru karo|phir shuru karo|chalu karo|wapas shuru karo|"
    "دوبارہ شروع کریں|دوبارہ شروع کرو|پھر سے شروع کریں|چالو کریں|بحال کریں",
    "export": "export|ایکسپورٹ|export my data|my data|download my data|give me my data|mera data|mera data do|mera data bhejo|میرا ڈیٹا|میرا ڈیٹا دیں|میرا ڈیٹا بھیجیں",
    "delete": "delete|delete me|ڈیلیٹ|forget me|delete my account|delete my data|delete everything|erase me|erase my data|mujhe bhool jao|mera data delete karo|"
    "mera account delete karo|mera account khatam karo|mera data mita do|مجھے بھول جائیں|میرا اکاؤنٹ ختم کریں|میرا ڈیٹا حذف کریں|میرا ڈیٹا مٹا دیں|میرا اکاؤنٹ حذف کریں",
    "calculate": "zakat|calculate|calculator|zakat calculator|hisab|زکوٰۃ|حساب",
    "feedback": "feedback|complaint|complain|shikayat|شکایت|bohat acha|bohat khoob|very good|excellent|wrong|ghalat|بہت اچھا|غلط|awesome|great job|well done",
    "thanks": "thanks|thank you|thank u|thankyou|thx|tnx|ty|shukria|shukriya|bohat shukria|meherbani|jazakallah|jazak allah|ok|okay|okie|k|kk|ok thanks|fine|"
    "theek hai|thik hai|theek|acha|achha|ji|haan|han|yes|no|nahi|nope|yep|sure|got it|nice|cool|great|good|bye|goodbye|good night|allah hafiz|khuda hafiz|"
    "شکریہ|بہت شکریہ|مہربانی|ٹھیک ہے|ٹھیک|اچھا|جی|ہاں|نہیں|اللہ حافظ|خدا حافظ|جزاک اللہ|how are you|kya haal hai|kaise ho|کیا حال ہے|آپ کیسے ہیں",
}  # fmt: skip
_DETAILED: dict[str, tuple[Intent, dict[str, str]]] = {
    "full text": ("brief", {"scope": "market", "length": "long"}),
    "poora text": ("brief", {"scope": "market", "length": "long"}),
    "مکمل متن": ("brief", {"scope": "market", "length": "long"}),
    "yes remove all": ("remove_holding", {"all": "yes"}),
    "ji sab nikal dein": ("remove_holding", {"all": "yes"}),
    "جی سب نکال دیں": ("remove_holding", {"all": "yes"}),
    "قیمت": ("quote", {}),
    "quote": ("quote", {}),
    "price": ("quote", {}),
    "add": ("add_holding", {}),
    "remove": ("remove_holding", {}),
    "english": ("settings", {"setting": "lang", "value": "en"}),
    "urdu": ("settings", {"setting": "lang", "value": "ur"}),
    "roman urdu": ("settings", {"setting": "lang", "value": "roman"}),
    "اردو": ("settings", {"setting": "lang", "value": "ur"}),
    "انگریزی": ("settings", {"setting": "lang", "value": "en"}),
    "رومن اردو": ("settings", {"setting": "lang", "value": "roman"}),
    "market brief": ("brief", {"scope": "market"}),
    "مارکیٹ بریف": ("brief", {"scope": "market"}),
    "language": ("settings", {"setting": "lang"}),
    "time": ("settings", {"setting": "times"}),
    "dollar": ("rates", {"names": "USD"}),
    "usd": ("rates", {"names": "USD"}),
    "dollar rate": ("rates", {"names": "USD"}),
    "ڈالر": ("rates", {"names": "USD"}),
    "kibor": ("rates", {"names": "kibor"}),
    "کائبور": ("rates", {"names": "kibor"}),
    "policy rate": ("rates", {"names": "policy_rate"}),
    "شرح سود": ("rates", {"names": "policy_rate"}),
    "inflation": ("rates", {"names": "cpi"}),
    "mehngai": ("rates", {"names": "cpi"}),
    "مہنگائی": ("rates", {"names": "cpi"}),
    "zakat": ("calculate", {"sum": "zakat"}),
    "zakat calculator": ("calculate", {"sum": "zakat"}),
    "زکوٰۃ": ("calculate", {"sum": "zakat"}),
}
_KIND_SIGNS = frozenset("👍🙏❤👌😊🙂😀😃😄👏💯✅🤝🌹💐🥰😍🫡☺♥💚")
_BARE = frozenset("\ufe0e\ufe0f\u200d")


def exact(heard: Heard) -> Understanding | None:
    """What the words mean if they are one of the fixed phrases, politeness around them aside."""
    words = heard.tokens
    if not words:
        return _of_signs(heard.text)
    known, polite = _known(), _polite()
    while words:
        found = known.get(" ".join(words))
        if found is not None:
            return Understanding(found[0], dict(found[1]), 1.0, "exact")
        if words[0] in polite:
            words = words[1:]
        elif words[-1] in polite:
            words = words[:-1]
        else:
            return None
    return None


def _of_signs(text: str) -> Understanding | None:
    signs = {c for c in text if unicodedata.category(c) in {"So", "Sm"} or c == "?"} - _BARE
    if signs and signs <= _KIND_SIGNS:
        return Understanding("thanks", {}, 1.0, "exact")
    return Understanding("help", {}, 1.0, "exact") if text.strip() in {"?", "??", "؟"} else None


@cache
def _known() -> dict[str, tuple[Intent, dict[str, str]]]:
    plain: dict[str, tuple[Intent, dict[str, str]]] = {
        _key(phrase): (intent, {}) for intent, phrases in _PHRASES.items() for phrase in phrases.split("|")
    }
    return {**plain, **{_key(phrase): meaning for phrase, meaning in _DETAILED.items()}}


def _key(phrase: str) -> str:
    return " ".join(fold(cleaned(phrase)).replace("'", "").replace("-", "").split())


@cache
def _polite() -> frozenset[str]:
    return frozenset(map(fold, CUES["polite"].split()))
