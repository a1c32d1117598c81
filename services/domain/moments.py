"""Times of day, weekdays and end dates as people say them in English, Urdu and Roman Urdu."""

import re
from datetime import date, time, timedelta
from itertools import pairwise

from services.domain.letters import fold, plain, words

MOST_TIMES = 4
EARLIEST, LATEST = time(6), time(22)
_QUARTER = 15
_MORNING = frozenset(words("am subah subha savere morning صبح سویرے"))
_EVENING = frozenset(words("pm sham shaam evening afternoon dopahar dopehar raat night شام دوپہر رات سہ"))
_TIME_WORDS = _MORNING | _EVENING | frozenset(
    words(
        """baje bajey bajay bje oclock clock o at aur and or to ko time times par pe daily rozana بجے بجکر اور
        کو تا"""
    )
)  # fmt: skip
_BOTH = frozenset(words("both dono donon دونوں دونو"))
_SMALL = frozenset(words("the in and aur only sirf ko mein me please times time waqt اور صرف کو میں وقت"))
_DEFAULT = frozenset(words("default defaults usual standard معمول ڈیفالٹ"))
_WHEN = "|".join(sorted(map(re.escape, _MORNING | _EVENING), key=len, reverse=True))
_CLOCK = re.compile(
    rf"(?<![\w.:])(?<!\d,(?=\d\d\d))(?:(?P<before>{_WHEN})\s+)?(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d{{2}})(?!\d))?\s*"
    rf"(?P<half>a\.?m\.?|p\.?m\.?)?(?![\w%:]|,\d\d\d)(?:\s*(?P<oclock>baj[ae]y?|bje|o'?\s?clock|{fold('بجے')})(?!\w))?(?:\s+(?P<after>{_WHEN})(?!\w))?",
)
_HOURS = {
    fold(word): number
    for number, names in {
        1: "ek aik one ایک", 2: "do two دو", 3: "teen three تین", 4: "char chaar four چار", 5: "panch paanch five پانچ",
        6: "chay chhe che six چھ", 7: "saat sat seven سات", 8: "aath ath eight آٹھ", 9: "nau no nine نو", 10: "das dus ten دس",
        11: "gyarah gyara eleven گیارہ", 12: "barah bara twelve بارہ",
    }.items()
    for word in names.split()
}  # fmt: skip
_PARTS = {
    fold(word): minutes
    for minutes, names in {
        30: "sadhe saadhe sarhe saarhe ساڑھے", 15: "sawa سوا", -15: "paune pone ponay paunay پونے"
    }.items()
    for word in names.split()
}  # fmt: skip
_ENGLISH_PARTS = {"half past": 30, "quarter past": 15, "quarter to": -15}
_SPELT_HOUR = "|".join(sorted(map(re.escape, _HOURS), key=len, reverse=True))
_PART = "|".join(sorted(map(re.escape, (*_PARTS, *_ENGLISH_PARTS)), key=len, reverse=True))
_PARTED = re.compile(rf"(?<!\w)(?P<part>{_PART})\s+(?P<hour>\d{{1,2}}|{_SPELT_HOUR})(?![\w:.])")
_SPELT = re.compile(
    rf"(?<!\w)({_SPELT_HOUR})(?=\s*(?:baj[ae]y?|bje|o'?\s?clock|am|pm|{fold('بجے')}|{fold('بجکر')})(?!\w))"
)
_DAY_NAMES = (
    "monday mon mondays peer pir somwar پیر سوموار",
    "tuesday tue tues mangal منگل",
    "wednesday wed budh bud budhwar بدھ",
    "thursday thu thur thurs jumerat jumeraat jumayrat جمعرات",
    "friday fri juma jumma jummah jumah جمعہ جمعے",
    "saturday sat hafta sanichar ہفتہ",
    "sunday sun itwar itwaar اتوار",
)
_DAYS = {fold(word): number for number, names in enumerate(_DAY_NAMES) for word in names.split()}
_WEEKDAYS = frozenset(words("weekdays weekday trading kaarobari karobari working کاروباری"))
_EVERY_DAY = frozenset(words("daily everyday rozana rozanah روزانہ"))
_WEEKEND = frozenset({"weekend", "weekends"})
_EXCEPT = frozenset(words("except but siwaye siwae ilawa chor chhor سوائے علاوہ"))
_RANGE = frozenset(words("to till until through se سے"))
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january جنوری", "feb february فروری", "mar march مارچ", "apr april اپریل", "may مئی", "jun june جون",
         "jul july جولائی", "aug august اگست", "sep sept september ستمبر", "oct october اکتوبر", "nov november نومبر",
         "dec december دسمبر"), 1)
    for name in map(fold, names.split())
}  # fmt: skip
_COUNTS = {
    fold(word): number
    for number, names in {
        1: "a an one ek aik ایک", 2: "two do دو couple", 3: "three teen تین", 4: "four char chaar چار",
        5: "five paanch panch پانچ", 6: "six chay چھ", 7: "seven saat سات", 10: "ten das دس", 15: "pandrah پندرہ",
    }.items()
    for word in names.split()
}  # fmt: skip
_LENGTHS = {
    fold(word): days
    for days, names in {
        1: "day days din دن roz", 7: "week weeks hafta hafte haftay haftey ہفتہ ہفتے", 30: "month months mahina mahine mahinay مہینہ مہینے",
    }.items()
    for word in names.split()
}  # fmt: skip
_TOMORROW = frozenset(words("tomorrow kal کل"))
_DAY_AFTER = frozenset(words("parso parson پرسوں"))
_TODAY = frozenset(words("today aaj tonight آج"))
_LUNAR = frozenset(
    words("""eid ramadan ramazan ramzan ramadhan muharram ashura hajj عید رمضان محرم عاشورہ حج""")
)
_UNTIL = frozenset(words("till until tak tk upto تک"))
_NEXT = frozenset(words("next agle aglay agli اگلے اگلی"))


def read_times(text: str, default: tuple[time, ...] = (time(9), time(17))) -> tuple[time, ...]:
    """The times of day in a text, each once, in order of the clock; () if there is none or one is impossible.

    A bare number is a time only where nothing but times is said ("9 aur 5"); 1 to 6 is then the afternoon.
    ``default`` answers "default".
    """
    spoken = words(text[:200])
    if spoken and set(spoken) <= _DEFAULT | _TIME_WORDS and set(spoken) & _DEFAULT:
        return default
    only_times = all(w.isdigit() or w in _TIME_WORDS for w in spoken)
    found: list[time] = []
    for match in _CLOCK.finditer(_in_digits(" ".join(plain(fold(text[:200])).split()))):
        if not (
            only_times
            or match["minute"]
            or match["half"]
            or match["oclock"]
            or match["before"]
            or match["after"]
        ):
            continue
        moment = _moment(match)
        if moment is None:
            return ()
        found.append(moment)
    return tuple(sorted(set(found))[:MOST_TIMES])


def rounded(times: tuple[time, ...]) -> tuple[time, ...]:
    """The nearest quarter hours, at which a brief can really go out, each once; () if one lies outside 06:00 to 22:00."""
    nearest = [_nearest(moment) for moment in times]
    return () if None in nearest else tuple(sorted({moment for moment in nearest if moment is not None}))


def _nearest(moment: time) -> time | None:
    minutes = round((moment.hour * 60 + moment.minute) / _QUARTER) * _QUARTER
    if not EARLIEST.hour * 60 <= minutes <= LATEST.hour * 60:
        return None
    return time(*divmod(minutes, 60))


def _in_digits(text: str) -> str:
    """Spoken times in digits: "sadhe aath baje" is 8:30, "paune 9" 8:45, "half past eight" 8:30, "nau baje" 9."""
    early = bool(set(words(text)) & _MORNING)
    parted = _PARTED.sub(lambda match: _parted(match, early=early), text)
    return _SPELT.sub(lambda match: str(_HOURS[match[1]]), parted)


def _parted(match: re.Match[str], *, early: bool) -> str:
    hour = int(match["hour"]) if match["hour"].isdigit() else _HOURS[match["hour"]]
    minutes = hour * 60 + {**_PARTS, **_ENGLISH_PARTS}[match["part"]]
    if not 0 <= minutes < 24 * 60:
        return match[0]
    if minutes < 7 * 60 and not early:
        minutes += (
            12 * 60
        )  # like a bare 1 to 6: nobody asks for a brief at half past five in the morning without saying so
    return f"{minutes // 60}:{minutes % 60:02d}"


def read_halves(text: str) -> tuple[time, ...]:
    """The usual times where only a part of the day is named: "subah" 09:00, "evening" 17:00, "both" the two; () otherwise."""
    said = set(words(text[:60])) - _SMALL
    if not said or not said <= _MORNING | _EVENING | _BOTH:
        return ()
    both = bool(said & _BOTH)
    chosen = ((time(9), bool(said & _MORNING)), (time(17), bool(said & _EVENING)))
    return tuple(moment for moment, named in chosen if named or both)


def _moment(match: re.Match[str]) -> time | None:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    cue = match["before"] or match["after"] or ""
    half = (match["half"] or "").replace(".", "")
    evening, morning = half == "pm" or cue in _EVENING, half == "am" or cue in _MORNING
    if hour > 23 or minute > 59:
        return None
    if evening and hour < 12 and not (hour < 4 and cue in {"raat", "night", fold("رات")}):
        hour += 12
    elif morning and hour == 12:
        hour = 0
    elif not morning and not evening and not match["minute"] and 1 <= hour <= 6:
        hour += 12  # nobody asks for a market brief at five in the morning without saying so
    return time(hour, minute)


def read_days(text: str) -> tuple[int, ...]:
    """The weekdays in a text (Monday 0): "Mon Wed Fri", "Mon-Fri", "rozana", "all but Friday"; () if none."""
    spoken = words(text[:200])
    named = [(at, _DAYS[word]) for at, word in enumerate(spoken) if word in _DAYS]
    days = _ranged(plain(text[:200]), spoken, named)
    if set(spoken) & _EXCEPT and named:
        whole = range(7) if set(spoken) & _EVERY_DAY else range(5)
        return tuple(day for day in whole if day not in days)
    if days:
        return tuple(sorted(days))
    if set(spoken) & _WEEKEND:
        return (5, 6)
    if set(spoken) & _EVERY_DAY or _says_every_day(spoken):
        return tuple(range(7))
    return tuple(range(5)) if set(spoken) & _WEEKDAYS else ()


def _ranged(text: str, spoken: tuple[str, ...], named: list[tuple[int, int]]) -> set[int]:
    """The days named one by one, or all between two that a dash or "to" joins."""
    if len(named) == 2:
        (at, first), (other, last) = named
        dashed = re.search(r"[^\W\d_]\s*-\s*[^\W\d_]", text) is not None
        if (dashed and other == at + 1) or (other == at + 2 and spoken[at + 1] in _RANGE):
            return {(first + step) % 7 for step in range((last - first) % 7 + 1)}
    return {day for _, day in named}


def _says_every_day(spoken: tuple[str, ...]) -> bool:
    pairs = set(pairwise(spoken))
    return bool(
        pairs & {("every", "day"), ("har", "roz"), ("har", "din"), ("all", "days"), (fold("ہر"), fold("روز"))}
    )


def read_until(text: str, today: date) -> date | None:
    """The last day of a pause: "till Monday" is that Monday, "2 hafte" a fortnight from today; None if none is said.

    A day of the moon (Eid, Ramadan) is None too, see ``until_problem``: it is not fixed until the moon is sighted.
    """
    spoken = words(text[:200])
    found = _named_date(plain(fold(text[:200])), today) or _relative(spoken, today)
    if found is None:
        weekday = next((_DAYS[word] for word in spoken if word in _DAYS), None)
        if weekday is not None:
            found = today + timedelta((weekday - today.weekday() - 1) % 7 + 1)
    return found if found is not None and today <= found <= today + timedelta(days=366) else None


def until_problem(text: str) -> str:
    """Why ``read_until`` gave None: "until_lunar" for Eid and the like, "until_unread" for another end, "" where none was meant."""
    said = set(words(text[:200]))
    if said & _LUNAR:
        return "until_lunar"
    return "until_unread" if said & _UNTIL else ""


def _named_date(text: str, today: date) -> date | None:
    iso = re.search(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)", text)
    if iso:
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    slashed = re.search(r"(?<!\d)(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?(?!\d)", text)
    if slashed:
        return _coming(int(slashed[1]), int(slashed[2]), today, slashed[3])
    parts = re.search(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?\s+([^\W\d_]+)", text)
    other = re.search(r"([^\W\d_]+)\s+(\d{1,2})(?:st|nd|rd|th)?(?!\d)", text)
    if parts and parts[2] in _MONTHS:
        return _coming(int(parts[1]), _MONTHS[parts[2]], today, None)
    if other and other[1] in _MONTHS:
        return _coming(int(other[2]), _MONTHS[other[1]], today, None)
    return None


def _coming(day: int, month: int, today: date, year: str | None) -> date | None:
    """That day of this year, or of the next if it has passed."""
    found = _date(int(year or today.year), month, day)
    return _date(today.year + 1, month, day) if found and found < today and year is None else found


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _relative(spoken: tuple[str, ...], today: date) -> date | None:
    if {"end", "month"} <= set(spoken):
        return (today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    near = ((_TODAY, 0), (_TOMORROW, 1), (_DAY_AFTER, 2))
    for first, second in zip(("", *spoken), spoken, strict=False):
        count = (
            int(first)
            if first.isdigit() and len(first) <= 3
            else _COUNTS.get(first, 1 if first in _NEXT else 0)
        )
        if second in _LENGTHS and count:
            return today + timedelta(days=count * _LENGTHS[second])
    return next((today + timedelta(days=n) for names, n in near if names & set(spoken)), None)
