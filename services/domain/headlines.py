"""Other people's headlines: one address and one id a story, one story told once, and how it is quoted."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from rapidfuzz.distance import OSA

from services.domain.advice import gives_advice
from services.domain.errors import Ungrounded
from services.domain.grounding import check, days_in, facts_in
from services.domain.letters import spans, words
from services.domain.market import Announcement, Fact
from services.domain.rows import NewsRow
from services.domain.tying import is_of_the_market

KARACHI = timezone(timedelta(hours=5), "PKT")
WINDOW = timedelta(hours=48)
"""Titles alike within this time are one story."""
DAILY = timedelta(hours=12)
"""The same for a few words without a figure ("Oil prices fall"): tomorrow they are tomorrow's story."""
NEWS_PREFIX = "news:"

_TRACKING = re.compile(
    r"utm_\w*|at_\w+|mc_[ce]id|fbclid|gclid|dclid|msclkid|igshid|ocid|ncid|cmpid|ref|ref_src|ref_url|referrer"
    r"|source|src|from|share|via|amp|output|outputtype|tref|rss|ito|cid|spm|_ga|twclid|yclid",
    re.IGNORECASE,
)
_SUBDOMAIN = re.compile(r"^(?:www\d?|m|mobile|amp)\.")
_CACHE = re.compile(r"^/(?:[ciav]/)+(?:s/)?(?P<rest>[^/]+\..+)$|^/amp/(?:s/)?(?P<google>[^/]+\..+)$")
_AMP_END = re.compile(r"(?:/amp(?:\.html?)?|\.amp(?:\.html?)?|/index\.(?:html?|php))$", re.IGNORECASE)
# These publishers name an article by its number; the words behind it change with the headline.
_NUMBERED = re.compile(r"^/(?:news|story|print|latest)/(?:amp/)?(\d{4,})(?:[/-][^/]*)?$")
_BY_NUMBER = frozenset({"dawn.com", "brecorder.com", "tribune.com.pk", "thenews.com.pk", "thenews.pk"})


def canonical(link: str) -> str:
    """A story's address without what differs between ways to it: ``dawn.com/news/2018392``.

    Scheme, ``www.`` and other doors, AMP, tracking, fragment, trailing slash and the order of parameters are left out.
    """
    parts = urlsplit(link.strip())
    host = (parts.hostname or "").rstrip(".")
    inner = _CACHE.match(parts.path) if _is_cache(host) else None
    if inner is not None:
        rest = inner["rest"] or inner["google"]
        return canonical(f"https://{rest}?{parts.query}" if parts.query else f"https://{rest}")
    while (bare := _SUBDOMAIN.sub("", host)) != host and "." in bare:
        host = bare
    if parts.port not in {None, 80, 443}:
        host = f"{host}:{parts.port}"
    asked = sorted(
        (k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(k)
    )
    query = f"?{urlencode(asked)}" if asked else ""
    return f"{host}{_path(host, parts.path)}{query}"


def _is_cache(host: str) -> bool:
    return host.endswith(".ampproject.org") or host in {"google.com", "www.google.com"}


def _path(host: str, path: str) -> str:
    """A path as it is compared; letters keep their case, for servers may heed it."""
    path = re.sub(r"/{2,}", "/", unquote(path)).rstrip("/")
    if path.startswith("/amp/"):
        path = path.removeprefix("/amp")
    while (shorter := _AMP_END.sub("", path)) != path:
        path = shorter.rstrip("/")
    numbered = _NUMBERED.match(path) if host in _BY_NUMBER else None
    return f"/news/{numbered[1]}" if numbered else quote(path, safe="/-._~!$&'()*+,;=:@")


def story_id(link: str) -> str:
    """What names a story for ever: a hash of its canonical address."""
    return hashlib.sha256(canonical(link).encode()).hexdigest()[:20]


def settled(fresh: Iterable[NewsRow], known: Iterable[NewsRow]) -> tuple[NewsRow, ...]:
    """Fresh rows with the earliest time at which each was seen: a feed without dates does not make a story new again."""
    first: dict[str, datetime] = {}
    for row in known:
        first[row.id] = min(row.at, first.get(row.id, row.at))
    return tuple(replace(row, at=min(row.at, first.get(row.id, row.at))) for row in fresh)


# --- one story, told once -----------------------------------------------------------------------------------------

_SUFFIX = re.compile(
    r"\s*(?:[|–—]|\s-)\s*(?:business\s+recorder|brecorder|dawn(?:\.com)?|dawn\s+business|the\s+express\s+tribune|express\s+tribune"
    r"|the\s+news(?:\s+international)?|profit(?:\s+by\s+pakistan\s+today)?|pakistan\s+today|ary\s+news|geo(?:\.tv|\s+news)?"
    r"|mettis(?:\s+global)?(?:\s+news)?|reuters|bloomberg|markets?|business|pakistan)\s*$",
    re.IGNORECASE,
)
_IDLE = frozenset(
    words("""a an the of in on to at as by for and with from its his her their is are be has have had will this that it amid
    after over into under says said say pakistan pakistans pakistani""")
)
# Words that turn a headline round: one title may not have them where the other has not.
_TURNING = frozenset(
    words("""not no non never without denies denied rejects rejected refutes delays delayed defers deferred postpones cancels
    cancelled suspends suspended halts resumes fails failed unlikely may might could former ex again second third
    another revised corrects clarifies withdraws""")
)
_SAME = {
    **dict.fromkeys(("pc", "percent", "pct"), "%"),
    **dict.fromkeys(("billion", "bln"), "bn"),
    **dict.fromkeys(("million", "mln", "m"), "mn"),
    **dict.fromkeys(("trillion", "trn"), "tn"),
    **dict.fromkeys(("rupees", "pkr", "re"), "rs"),
    **dict.fromkeys(("dollars", "usd"), "dollar"),
    **dict.fromkeys(("government", "govts"), "govt"),
    **dict.fromkeys(("points", "pts", "point"), "points"),
    **dict.fromkeys(("gains", "gain", "rises", "rise", "climbs", "climb", "adds", "add", "jumps", "jump", "up", "surges", "soars", "advances"), "+up"),
    **dict.fromkeys(("falls", "fall", "loses", "lose", "sheds", "shed", "drops", "drop", "down", "slips", "dips", "declines", "decline", "plunges"), "-down"),
}  # fmt: skip
_FIGURE = re.compile(r"(?<![\w.])(?:rs|us\$|\$|€|£)?\.?\s?(\d+(?:,\d{2,3})*(?:\.\d+)?)", re.IGNORECASE)
_NAMES_WITH_DIGITS = re.compile(r"\b(kse|kmi|mii|psxdiv|upp)[-\s]?(\d{1,3})\b", re.IGNORECASE)
_GLUED = re.compile(
    r"(?<=\d)(?=(?:pc|bn|mn|tn|m|million|billion|trillion|percent|%)\b)|(?<=\d)(?=%)", re.IGNORECASE
)
_LETTERS = str.maketrans("0123456789", "abcdefghij")
_LEAST = 4


@dataclass(frozen=True, slots=True)
class _Title:
    """A title as it is compared: its figures in order of size, and its other words."""

    figures: tuple[str, ...]
    words: frozenset[str]


def _titled(title: str) -> _Title:
    text = _SUFFIX.sub("", title)
    text = _NAMES_WITH_DIGITS.sub(lambda m: f"{m[2].translate(_LETTERS)}{m[1]}", text)
    text = _GLUED.sub(" ", text.replace("per cent", "%").replace("%", " pct "))
    figures = tuple(
        sorted(str(Decimal(found.replace(",", "")).normalize()) for found in _FIGURE.findall(text))
    )
    plain = text.replace("'s ", " ").replace("’s ", " ").replace("s' ", "s ")
    words = (_SAME.get(word, word) for word, _, _ in spans(re.sub(r"\d[\d,.]*", " ", plain)))
    return _Title(figures, frozenset(word for word in words if word not in _IDLE))


def same_story(one: str, other: str) -> bool:
    """Whether two titles tell one story in nearly the same words.

    Figures must be the same ones; a word that has no like in the other title speaks against it, a denial always does.
    """
    return _alike(_titled(one), _titled(other))


def _alike(one: _Title, other: _Title) -> bool:
    if one.figures != other.figures:
        return False
    common = one.words & other.words
    left, right = one.words - common, other.words - common
    if not left and not right:
        return bool(common)
    if len(common) < _LEAST or (left | right) & _TURNING:
        return False
    left, right = _respelt(left, right)
    if left and right:
        return False
    return len(left | right) <= max(1, len(common) // 3)


def _respelt(left: frozenset[str], right: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """What remains of both when words that are spellings or numbers of one another are taken off."""
    gone: set[str] = set()
    for word in sorted(left):
        like = next((w for w in sorted(right - gone) if _spelling(word, w)), None)
        if like is not None:
            gone |= {word, like}
    return left - gone, right - gone


def _spelling(one: str, other: str) -> bool:
    if min(len(one), len(other)) < 5 or one[:3] != other[:3]:
        return False
    return OSA.distance(one, other) <= (1 if min(len(one), len(other)) < 7 else 2)


class _Told:
    """Titles already told, found again by their figures and four words in common."""

    def __init__(self) -> None:
        self._titles: list[tuple[datetime, _Title]] = []
        self._same: dict[_Title, list[int]] = defaultdict(list)
        self._with: dict[tuple[tuple[str, ...], str], list[int]] = defaultdict(list)

    def knows(self, title: _Title, at: datetime) -> bool:
        """Whether such a title was told within the time in which it is the same story."""
        common: Counter[int] = Counter()
        for word in title.words:
            common.update(self._with.get((title.figures, word), ()))
        near = (place for place, count in common.items() if count >= _LEAST)
        return any(self._one(place, title, at) for place in (*self._same.get(title, ()), *near))

    def _one(self, place: int, title: _Title, at: datetime) -> bool:
        told_at, told = self._titles[place]
        return at - told_at <= (WINDOW if _tells_much(title) else DAILY) and _alike(told, title)

    def add(self, title: _Title, at: datetime) -> None:
        place = len(self._titles)
        self._titles.append((at, title))
        self._same[title].append(place)
        for word in title.words:
            self._with[title.figures, word].append(place)


def _tells_much(title: _Title) -> bool:
    return bool(title.figures) or len(title.words) >= _LEAST


def unique(rows: Iterable[NewsRow]) -> tuple[NewsRow, ...]:
    """Each story once, by its earliest source, oldest first; the same whatever the order of arrival.

    Hand in all rows of the time wanted, as they were published: what is left out here is not lost to a later call.
    """
    kept: list[NewsRow] = []
    links: set[str] = set()
    told = _Told()
    for row in sorted(rows, key=lambda r: (r.at, r.publisher, r.id, r.link, r.title)):
        title = _titled(row.title)
        if row.id in links or told.knows(title, row.at):
            continue
        links.add(row.id)
        told.add(title, row.at)
        kept.append(row)
    return tuple(kept)


# --- as the market book tells it ----------------------------------------------------------------------------------


_PAIR = re.compile(r'"([^"]*)"')


def quoted(row: NewsRow) -> str:
    """A headline as somebody else's words: in quotation marks, with its publisher."""
    title = _PAIR.sub(r"‘\1’", row.title).replace("“", "‘").replace("”", "’").replace('"', "’")
    return f"“{title}” ({row.publisher})"


def may_be_quoted(row: NewsRow) -> bool:
    """Whether a brief may carry it: every figure of it can be made a fact of the publisher's, and it advises nothing."""
    text = quoted(row)
    stem = Fact(f"record:{NEWS_PREFIX}{row.id}", Decimal(0), "count", "PK", row.at, row.publisher)
    day = row.at.astimezone(KARACHI).date()
    try:
        check(text, facts_in(text, stem), (day, *days_in(text, day.year)))
    except Ungrounded:
        return False
    return not gives_advice(text)


def as_announcements(rows: Sequence[NewsRow], day: date) -> tuple[Announcement, ...]:
    """Headlines up to a day (Karachi's) as entries of the market book, newest first.

    Each is a quotation with its publisher as the source. A story about several shares is one entry a share under one id;
    one without a share is told only if it is about the market. What cannot be quoted safely is left out.
    """
    told = (row for row in unique(rows) if row.at.astimezone(KARACHI).date() <= day)
    worth = [row for row in told if (row.symbols or is_of_the_market(row.title)) and may_be_quoted(row)]
    return tuple(entry for row in reversed(worth) for entry in _entries(row))


def _entries(row: NewsRow) -> Iterator[Announcement]:
    when = row.at.astimezone(KARACHI).date()
    for symbol in row.symbols or ("",):
        yield Announcement(f"{NEWS_PREFIX}{row.id}", when, symbol, quoted(row), row.publisher, "notice")
