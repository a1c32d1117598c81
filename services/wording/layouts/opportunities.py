"""Lays the screens out: the three that stand out, one screen with its finds, a small price chart, the JSON document."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from services.domain.conversation import Button, Lang, MediaRef, Picture, Reply, Text
from services.domain.opportunities import Shortlist, to_json
from services.domain.pictures import PricePicture
from services.domain.profiles import profile
from services.domain.screens import (
    SCREENS,
    Candidate,
    Figure,
    Line,
    Outline,
    Screen,
    Screening,
    ScreenName,
    screen_of,
)
from services.wording.numbers import crore, day, large, money, number, percent, rupees
from services.wording.sentences import catalog, say, say_of


def shortlist(found: Shortlist, lang: Lang) -> Reply:
    """The top three, or the first finds of one screen, each with its facts and its counter-fact."""
    text = [f"*{_title(found, lang)}*", *_note(found, lang)]
    for candidate in found.candidates:
        text += ["", *_card(candidate, lang, criteria=found.screen is None)]
    if not found.candidates:
        text.append(_nothing(found, lang))
    text += ["", _not(found.screening, lang)]
    if found.screen is None:
        blank = profile(found.screening.market).blank_screens
        names = _joined((each.name for each in SCREENS if each.name not in blank), lang)
        text.append(say(lang, "opportunities.screens", names=names))
    return Reply((Text("\n".join(text)),), _buttons(found, lang), _source(found.screening.label, lang))


def chart(outline: Outline, found: Sequence[Candidate], lang: Lang, picture: MediaRef | None) -> Reply:
    """One share: its price chart and what the screens found of it."""
    title = _chart_title(outline, lang)
    text = [f"*{outline.symbol}* · {_company(outline.name)}"]
    for candidate in found:
        text += ["", *_facts(candidate, lang, criteria=True)]
    if not found:
        text.append(say(lang, "opportunities.unfound"))
    blocks = (Picture(picture, caption=title, alt=title),) if picture else ()
    return Reply((*blocks, Text("\n".join(text))), (), _source(outline.label, lang))


def price_picture(outline: Outline, lang: Lang) -> PricePicture:
    """What the small chart shows: a year of adjusted closes with volume, and the 52-week high and low."""
    marks = ((outline.high, "opportunities.chart_high"), (outline.low, "opportunities.chart_low"))
    return PricePicture(
        title=_chart_title(outline, lang),
        subtitle=say_of(profile(outline.market), lang, "opportunities.chart_subtitle"),
        days=outline.days,
        closes=outline.closes,
        volumes=outline.volumes,
        lines=tuple((say(lang, key), level) for level, key in marks if level is not None),
        footer=_source(outline.label, lang),
        lang=lang,
    )


def document(found: Shortlist, lang: Lang = "en") -> dict[str, object]:
    """What ``marketbyte screen --json`` prints: all figures, and beside them each screen's criteria in words."""
    return to_json(found.screening, found.candidates) | {
        "criteria": {each.name: criteria(each, lang) for each in SCREENS},
        "not": _not(found.screening, lang),
        "source": _source(found.screening.label, lang),
    }


def screen_name(name: ScreenName, lang: Lang) -> str:
    """A screen as it is called."""
    return say(lang, f"opportunities.screen.{name}")


def criteria(screen: Screen, lang: Lang) -> str:
    """A screen's criteria in one line."""
    values = {name: _limit(name, limit) for name, limit in screen.limits.items()}
    return say(lang, f"opportunities.criteria.{screen.name}", **values)


def line(fact: Line, lang: Lang) -> str:
    """One fact in words."""
    return say(
        lang, f"opportunities.{fact.key}", **{name: _figure(f, lang) for name, f in fact.figures.items()}
    )


def _nothing(found: Shortlist, lang: Lang) -> str:
    """No finds; of a screen whose figures the market has not, that is no finding of its own."""
    blank = profile(found.screening.market).blank_screens
    if found.screen is not None and found.screen in blank:
        return say(lang, "elsewhere.screen", screen=screen_name(found.screen, lang))
    return say(lang, "opportunities.none")


def _not(screening: Screening, lang: Lang) -> str:
    """What the screens are not, and whom they leave out."""
    market = profile(screening.market)
    least = large(market.least_value, market.currency, 0)
    return say_of(market, lang, "opportunities.not", least=least)


def _title(found: Shortlist, lang: Lang) -> str:
    title = (
        say(lang, "opportunities.title", day=day(found.screening.day))
        if found.screen is None
        else screen_name(found.screen, lang)
    )
    names = {share.sector_code: share.sector for finds in found.screening.found.values() for share in finds}
    return f"{title} · {_sector(found.sector, names.get(found.sector, ''), lang)}" if found.sector else title


def _note(found: Shortlist, lang: Lang) -> list[str]:
    notes = []
    if found.screen is not None:
        notes.append(say(lang, "opportunities.why", criteria=criteria(screen_of(found.screen), lang)))
        counts = {"found": str(found.total), "screened": str(found.screening.screened)}
        if found.candidates:
            notes.append(say(lang, "opportunities.count", shown=str(len(found.candidates)), **counts))
    if found.fitted:
        notes.append(say(lang, "opportunities.fitted"))
    if found.shariah:
        notes.append(say(lang, "opportunities.shariah_only"))
    if found.no_list:
        notes.append(say(lang, "elsewhere.shariah"))
    return notes


def _card(candidate: Candidate, lang: Lang, *, criteria: bool) -> list[str]:
    sector = _sector(candidate.sector_code, candidate.sector, lang)
    lines = [f"*{candidate.symbol}* · {_company(candidate.name)} · {sector}"]
    lines += _facts(candidate, lang, criteria=criteria)
    if criteria and candidate.also:
        lines.append(say(lang, "opportunities.also", screens=_joined(candidate.also, lang)))
    return lines


def _facts(candidate: Candidate, lang: Lang, *, criteria: bool) -> list[str]:
    lines = [f"_{_screen_line(candidate.screen, lang)}_"] if criteria else []
    lines += [f"• {line(fact, lang)}" for fact in candidate.facts]
    lines.append(say(lang, "opportunities.counter", text=line(candidate.counter, lang)))
    return lines


def _joined(names: Iterable[ScreenName], lang: Lang) -> str:
    return say(lang, "opportunities.comma").join(screen_name(name, lang) for name in names)


def _company(name: str) -> str:
    """A company as people say it: what every second name ends in is left out."""
    plain = name.removesuffix(".").removesuffix(" Limited").removesuffix(" Ltd")
    return plain.removesuffix(" Inc").removesuffix(",")


def _screen_line(name: ScreenName, lang: Lang) -> str:
    return f"{screen_name(name, lang)}: {criteria(screen_of(name), lang)}"


def _buttons(found: Shortlist, lang: Lang) -> tuple[Button, ...]:
    charts: Iterable[Candidate] = found.candidates[:3]
    return tuple(
        Button(say(lang, "opportunities.button_chart", symbol=c.symbol), f"opportunities?names={c.symbol}")
        for c in charts
    )


def _chart_title(outline: Outline, lang: Lang) -> str:
    return say(lang, "opportunities.chart_title", symbol=outline.symbol, sessions=str(len(outline.days)))


def _source(label: str, lang: Lang) -> str:
    return say(lang, "opportunities.source", label=label)


def _sector(code: str, name: str, lang: Lang) -> str:
    key = f"sector.{code}"
    return say(lang, key) if (lang != "en" or not name) and key in catalog() else name


def _limit(name: str, limit: Decimal) -> str:
    """A criterion's limit: counted things as numbers, all others are fractions."""
    if name in {"ratio", "days", "peers", "net"}:
        return number(limit, 2 if name == "net" else 0)
    return percent(limit, 0)


def _figure(figure: Figure, lang: Lang) -> str:
    if figure.day is not None:
        return day(figure.day)
    if figure.value is None:
        return _sector(figure.text, "", lang) if figure.unit == "sector" else figure.text
    return _SHOWN[figure.unit](figure.value)


_SHOWN: Mapping[str, Callable[[Decimal], str]] = {
    "fraction": percent,
    "move": lambda value: percent(value, signed=True),
    "PKR": rupees,
    "crore": crore,
    "USD": lambda value: money(value, "USD"),
    "large USD": lambda value: large(value, "USD"),
    "x": lambda value: number(value, 1),
    "USD mn": lambda value: number(value, signed=True),
    "count": lambda value: number(value, 0),
}
