"""Lays an X-Ray out: the message with the findings first, the list of all checks, and what its picture shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from services.domain.contribution import Residual, Today
from services.domain.conversation import Button, Lang, MediaRef, Picture, Reply, Text
from services.domain.exposure import Position, SectorWeight
from services.domain.pictures import Bar, ExposurePicture, Finding
from services.domain.portfolio import Portfolio
from services.domain.profiles import profile
from services.domain.xray import XRay
from services.domain.xray_rules import findings
from services.wording.layouts.xray_alt import picture_alt
from services.wording.layouts.xray_verdicts import (
    check_line,
    finding_line,
    names_of,
    sector_label,
    short_name,
)
from services.wording.numbers import day, number, percent, rupees
from services.wording.sentences import say, say_of

MARKS = {"pass": "🟢", "watch": "🟡", "fail": "🔴", None: "⚪"}
LAKH = Decimal(100_000)
MOST_PRESS = 64
"""Bytes that a button may carry on every channel."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked at: the ``title`` to say, ``typed`` for a list that is not the user's own, ``equal`` weights."""

    title: str
    typed: Portfolio | None = None
    equal: bool = False


def own(lang: Lang) -> Subject:
    """The user's own holdings."""
    return Subject(say(lang, "xray.title"))


def typed(lang: Lang, portfolio: Portfolio, name: str, *, equal: bool) -> Subject:
    """A fund or a list typed on the spot; ``name`` is the full name where it is one thing."""
    if len(portfolio.holdings) == 1:
        return Subject(say(lang, "xray.title_one", name=name), portfolio)
    return Subject(say(lang, "xray.title_list"), portfolio, equal)


def overview(xray: XRay, lang: Lang, subject: Subject, picture: MediaRef | None = None) -> Reply:
    """The X-Ray as one message for a phone: three findings, exposures, risk, fees, Shariah share, the day."""
    parts = [f"*{subject.title}*"]
    if subject.equal:
        parts.append(say(lang, "xray.equal"))
    parts.append(f"\n*{say(lang, 'xray.matters')}*")
    parts += [f"{MARKS[v.state]} {finding_line(v, xray, lang)}" for v in findings(xray.rules)]
    parts += [
        "",
        *(_exposure(xray, lang) if xray.positions else [say_of(profile(xray.market), lang, "xray.blind")]),
        "",
    ]
    parts += [*_risk(xray, lang), *_fees(xray, lang), *_shariah(xray, lang), *_today(xray, lang)]
    text = Text("\n".join(parts))
    alt = picture_alt(exposure_picture(xray, lang, subject.title))
    blocks = (Picture(picture, caption=subject.title, alt=alt), text) if picture else (text,)
    return Reply(blocks, _buttons(lang, subject), source(xray, lang))


def checks(xray: XRay, lang: Lang, subject: Subject) -> Reply:
    """Every rule with its state, value and thresholds, for those who ask."""
    lines = [f"{MARKS[v.state]} {check_line(v, xray, lang)}" for v in xray.rules]
    head = f"*{subject.title}*\n{say(lang, 'xray.rules_title')}"
    text = "\n".join([head, "", *lines, "", say(lang, "xray.rules_about")])
    return Reply((Text(text),), _buttons(lang, subject)[1:], source(xray, lang))


def exposure_picture(xray: XRay, lang: Lang, title: str) -> ExposurePicture:
    """What the picture shows: at most six sectors, six positions, the undisclosed rest and three findings."""
    rest = 1 - sum((sector.weight for sector in xray.sectors), Decimal(0))
    return ExposurePicture(
        title=title,
        subtitle=say(lang, "xray.subtitle", label=xray.label, coverage=percent(xray.coverage, 0)),
        sectors_title=say(lang, "xray.sectors"),
        sectors=tuple(
            Bar(sector_label(s.code, "", lang) or s.name, float(s.weight)) for s in xray.sectors[:6]
        ),
        positions_title=say(lang, "xray.positions"),
        positions=tuple(Bar(p.symbol, float(p.weight), via(p, lang)) for p in xray.positions[:6]),
        undisclosed=Bar(say(lang, "xray.undisclosed"), float(rest)) if _shown(rest) else None,
        findings=tuple(Finding(v.state or "", finding_line(v, xray, lang)) for v in findings(xray.rules)),
        footer=source(xray, lang),
        lang=lang,
    )


def source(xray: XRay, lang: Lang) -> str:
    """The line under every X-Ray: where the figures come from, of when, and what they are not."""
    return say(lang, "xray.source", label=xray.label)


def via(position: Position, lang: Lang) -> str:
    """How a share is reached, in words: "via 2 funds + direct"."""
    if not position.funds:
        return say(lang, "xray.via_direct")
    many = "s" if len(position.funds) > 1 else ""
    key = f"xray.via_fund{many}" + ("_direct" if position.direct else "")
    return say(lang, key, count=str(len(position.funds)))


def sector_name(sector: SectorWeight, lang: Lang) -> str:
    """A sector as people call it; in English as the book has it."""
    return sector_label(sector.code, sector.name, lang)


def _exposure(xray: XRay, lang: Lang) -> list[str]:
    lines = [f"*{say(lang, 'xray.inside')}*"]
    lines += [
        say(lang, "xray.position", symbol=p.symbol, weight=percent(p.weight), via=via(p, lang))
        for p in xray.positions[:5]
    ]
    if len(xray.positions) > 5:
        lines.append(say(lang, "xray.more", count=str(len(xray.positions) - 5)))
    rest = 1 - xray.coverage
    if _shown(rest):
        hidden = [short_name(line.name) for line in xray.held if _shown(1 - line.disclosed)]
        lines.append(say(lang, "xray.undisclosed_line", weight=percent(rest), names=_few(hidden, lang, 2)))
    sectors = _joined((f"{sector_name(s, lang)} {percent(s.weight)}" for s in xray.sectors[:4]), lang)
    lines.append(f"*{say(lang, 'xray.sectors')}*: {sectors}")
    if xray.effective_number is not None and xray.top5 is not None:
        spread = number(xray.effective_number, 1)
        lines.append(say(lang, "xray.spread", number=spread, top5=percent(xray.top5, 0)))
    names = names_of(xray)
    for pair in xray.overlaps[:1]:
        a, b = names[pair.a], names[pair.b]
        lines.append(say(lang, "xray.overlap", a=a, b=b, overlap=percent(pair.overlap, 0)))
    return lines


def _risk(xray: XRay, lang: Lang) -> list[str]:
    spread = xray.risk
    if not xray.positions:
        return []
    if spread.volatility is None or spread.max_drawdown is None:
        return [say(lang, "xray.no_risk")]
    against = ""
    if spread.beta is not None and spread.correlation is not None:
        beta, correlation = number(spread.beta), number(spread.correlation)
        known = {"beta": beta, "correlation": correlation}
        against = (
            say(lang, "xray.against", **known)
            if xray.market == "psx"  # whose headline counts dividends in
            else say(lang, "xray.against_index", **known, headline=profile(xray.market).headline_name)
        )
    text = say(
        lang,
        "xray.risk",
        sessions=str(spread.sessions),
        volatility=percent(spread.volatility),
        drawdown=percent(spread.max_drawdown),
        against=against,
    )
    missing = say(lang, "xray.risk_missing", names=_few(spread.missing, lang, 4)) if spread.missing else ""
    return [text + ("." if missing else "") + missing]


def _fees(xray: XRay, lang: Lang) -> list[str]:
    fees, lines = xray.fees, list[str]()
    if fees.total is not None and fees.known:
        lines.append(say(lang, "xray.fees", fees=percent(fees.total, 2), rupees=rupees(fees.total * LAKH, 0)))
    elif fees.total is not None:
        lines.append(say_of(profile(xray.market), lang, "xray.no_fees"))
    if fees.unknown:
        names = names_of(xray)
        lines.append(say(lang, "xray.fees_unknown", names=_few([names[c] for c in fees.unknown], lang, 3)))
    return lines


def _shariah(xray: XRay, lang: Lang) -> list[str]:
    lines = []
    if xray.shariah is not None:
        listed = day(xray.shariah_list_date)
        lines.append(say(lang, "xray.shariah", share=percent(xray.shariah.share), day=listed))
    labelled = [short_name(line.name) for line in xray.held if line.shariah and not line.disclosed]
    if labelled:
        lines.append(say(lang, "xray.labelled", names=_few(labelled, lang, 2)))
    return lines


def _today(xray: XRay, lang: Lang) -> list[str]:
    today = xray.today
    if today is None:
        return [say(lang, "xray.no_today", day=day(xray.day))]
    total = percent(today.total, 2, signed=True)
    if _shown(1 - today.known):
        lines = [say(lang, "xray.today_part", day=day(xray.day), total=total, known=percent(today.known))]
    else:
        lines = [say(lang, "xray.today", day=day(xray.day), total=total)]
    effects = [f"{c.symbol} {percent(c.contribution, 2, signed=True)}" for c in today.contributions[:3]]
    if len(today.contributions) > 1:
        lines.append(say(lang, "xray.effects", names=_joined(effects, lang)))
    return lines + _residuals(today, xray, lang)


def _residuals(today: Today, xray: XRay, lang: Lang) -> list[str]:
    told = sorted((r for r in today.residuals if r.explained is not None), key=lambda r: -r.weight)[:1]
    return [_residual(line, names_of(xray)[line.fund], lang) for line in told]


def _residual(line: Residual, fund: str, lang: Lang) -> str:
    values = {
        "fund": fund,
        "explained": percent(line.explained or 0, 2, signed=True),
        "day": day(line.disclosed_on) if line.disclosed_on else "",
    }
    if line.move is None or line.residual is None:
        return say(lang, "xray.explained", **values)
    move, rest = percent(line.move, 2, signed=True), percent(line.residual, 2, signed=True)
    return say(lang, "xray.residual", move=move, residual=rest, **values)


def _few(names: Sequence[str], lang: Lang, most: int) -> str:
    """The first names, and how many more there are: nobody reads a list of ninety."""
    shown: Iterable[str] = names[:most]
    more = [say(lang, "xray.more", count=str(len(names) - most))] if len(names) > most else []
    return _joined([*shown, *more], lang)


def _joined(parts: Iterable[str], lang: Lang) -> str:
    return say(lang, "xray.comma").join(parts)


def _shown(part: Decimal) -> bool:
    """Whether a rest is worth a line: what rounds to 0.0 % is not."""
    return part >= Decimal("0.0005")


def _buttons(lang: Lang, subject: Subject) -> tuple[Button, ...]:
    others = (
        Button(say(lang, "xray.button_opportunities"), "opportunities"),
        Button(say(lang, "xray.button_brief"), "brief"),
    )
    details = {"part": "rules"}
    if subject.typed is not None:
        details["names"] = ",".join(subject.typed.codes)
        if len({h.weight for h in subject.typed.holdings}) > 1:
            details["weights"] = ",".join(
                number(h.weight * 100, 2).rstrip("0").rstrip(".") for h in subject.typed.holdings
            )
    press = f"xray?{urlencode(details, safe=',')}"
    fits = len(press.encode()) <= MOST_PRESS
    return ((Button(say(lang, "xray.button_rules"), press),) if fits else ()) + others
