"""Prices, index levels and NAVs laid out for a phone, and the source line under every market message."""

from collections.abc import Sequence
from decimal import Decimal
from urllib.parse import urlencode

from services.domain.conversation import Button, Lang, Reply, Text
from services.domain.market import Fact, MarketBook, Share
from services.domain.quotation import Breadth, FundLook, IndexLook, Look, ShareLook
from services.wording.numbers import day, index_level, number, percent, price
from services.wording.sentences import catalog, say

_RETURNS = ("1D", "30D", "YTD", "365D")
_MOST_LINES = 8
JOINT: dict[Lang, str] = {"en": ", ", "ur": "، ", "roman": ", "}
"""What stands between the names of a list."""


def source_line(lang: Lang, book: MarketBook, origin: str = "close") -> str:
    """The line under every market message: which data, where from, and that it is no advice.

    ``origin`` is the end of a "market.origin_…" sentence, or a source's own name.
    """
    label = say(lang, "market.sample", day=day(book.day)) if book.sample else book.label
    if book.market != "psx" and origin in {"close", "nav", "records"}:
        origin = next(level.level.source for level in book.indices.values())
    known = book.market == "psx" and origin in {"close", "nav", "records"}
    return say(
        lang, "market.source", label=label, origin=say(lang, f"market.origin_{origin}") if known else origin
    )


def arrow(move: Decimal) -> str:
    """▲, ▼ or ● for a rise, a fall and no change."""
    return "▲" if move > 0 else "▼" if move < 0 else "●"


def press(intent: str, code: str) -> str:
    """What a button of one instrument sends back."""
    return f"{intent}?{urlencode({'names': code})}"


def headline_button(intent: str, book: MarketBook) -> Button:
    """The button of the market's headline index."""
    return Button(book.profile.headline_name, press(intent, book.profile.headline))


def ask_which(lang: Lang, intent: str, choices: Sequence[tuple[str, str]]) -> Reply:
    """Asks for a name; ``choices`` are (code, title), at most three are shown."""
    buttons = tuple(Button(title[:20], press(intent, code)) for code, title in choices[:3])
    return Reply((Text(say(lang, "market.ask")),), buttons)


def quote_reply(lang: Lang, seen: Look, book: MarketBook) -> Reply:
    """One instrument in full."""
    if isinstance(seen, IndexLook):
        code, lines, origin = seen.level.code, index_lines(lang, seen, book), "close"
    elif isinstance(seen, FundLook):
        code, lines = seen.fund.code, fund_lines(lang, seen, book)
        origin = "nav" if seen.fund.nav else "records"
    else:
        code, lines, origin = seen.share.symbol, share_lines(lang, seen, book), "close"
    return Reply((Text("\n".join(lines)),), _buttons(lang, code, seen, book), source_line(lang, book, origin))


def quotes_reply(lang: Lang, seen: Sequence[Look], book: MarketBook) -> Reply:
    """Several instruments, one line each."""
    lines = [short_line(lang, each, book) for each in seen[:_MOST_LINES]]
    return Reply(
        (Text("\n".join(lines)),), (Button(say(lang, "market.mine"), "portfolio"),), source_line(lang, book)
    )


def short_line(lang: Lang, seen: Look, book: MarketBook) -> str:
    """An instrument on one line: code, price or level, day's move."""
    if isinstance(seen, IndexLook):
        code, shown, move = seen.name, index_level(seen.level.level.value), seen.move.value
    elif isinstance(seen, FundLook):
        nav = seen.fund.nav
        if nav is None:
            return f"*{seen.fund.code}* {say(lang, 'market.nav_none')}"
        return f"*{seen.fund.code}* {say(lang, 'market.nav', nav=price(nav), day=day(nav.as_of.date()))}"
    elif seen.price is None or seen.move is None:
        return say(lang, "market.no_price", name=seen.share.symbol, day=day(book.day))
    else:
        code, shown, move = seen.share.symbol, price(seen.price), seen.move.value
    return say(
        lang, "market.line", code=code, price=shown, arrow=arrow(move), move=percent(move, 2, signed=True)
    )


def share_lines(lang: Lang, seen: ShareLook, book: MarketBook) -> list[str]:
    """Price, change against LDCP, ranges, volume, ratios, Shariah list."""
    lines = [f"*{seen.share.symbol}* · {seen.share.name}" if seen.share.name else f"*{seen.share.symbol}*"]
    if seen.price is None or seen.move is None:
        return [*lines, say(lang, "market.no_price", name=seen.share.symbol, day=day(book.day))]
    move = {
        "price": price(seen.price),
        "arrow": arrow(seen.move.value),
        "move": percent(seen.move.value, 2, signed=True),
    }
    if seen.change is None or seen.ldcp is None or seen.day_range is None:
        lines += [say(lang, "market.price_only", **move), say(lang, "market.screener_only")]
    else:
        low, high = (number(each) for each in seen.day_range)
        lines.append(say(lang, "market.price", change=number(seen.change, signed=True), **move))
        key = "market.range" if book.profile.reference == "LDCP" else "market.range_close"
        lines.append(say(lang, key, low=low, high=high, ldcp=number(seen.ldcp.value)))
    lines += [each for each in (_volume(lang, seen), _year(lang, seen), _ratios(lang, seen)) if each]
    return [
        *lines,
        " · ".join(part for part in (sector_name(lang, seen.share), _listed(lang, seen, book)) if part),
    ]


def _listed(lang: Lang, seen: ShareLook, book: MarketBook) -> str:
    """Whether the share is on the market's Shariah list; "" where there is no such list."""
    if not book.profile.shariah_list:
        return ""
    listed = "market.shariah_yes" if seen.share.shariah else "market.shariah_no"
    return say(lang, listed, day=day(book.shariah_list_date))


def _volume(lang: Lang, seen: ShareLook) -> str:
    if seen.volume is None:
        return ""
    if seen.usual_volume is None or seen.volume_times is None:
        return say(lang, "market.volume", volume=number(seen.volume.value, 0))
    usual, times = number(seen.usual_volume.value, 0), number(seen.volume_times, 1)
    return say(lang, "market.volume_usual", volume=number(seen.volume.value, 0), times=times, usual=usual)


def _year(lang: Lang, seen: ShareLook) -> str:
    if seen.year is None:
        return ""
    return say(lang, "market.year", low=number(seen.year.low.value), high=number(seen.year.high.value))


def _ratios(lang: Lang, seen: ShareLook) -> str:
    ratios = seen.fundamentals
    parts = [say(lang, "market.pe", pe=number(ratios.pe.value))] if ratios.pe else []
    if ratios.dividend_yield:
        parts.append(say(lang, "market.yield", yield_=percent(ratios.dividend_yield.value / 100, 2)))
    return " · ".join(parts)


def index_lines(lang: Lang, seen: IndexLook, book: MarketBook) -> list[str]:
    """Level, change, range of closes, breadth; the headline index with its price-only sister, if it has one."""
    change, move = seen.level.change.value, seen.move.value
    values = {
        "price": index_level(seen.level.level.value),
        "arrow": arrow(change),
        "move": percent(move, 2, signed=True),
    }
    lines = [f"*{seen.name}*", say(lang, "market.price", change=number(change, signed=True), **values)]
    if seen.year:
        low, high = index_level(seen.year.low.value), index_level(seen.year.high.value)
        lines.append(say(lang, "market.year_closes", low=low, high=high))
    if seen.breadth:
        lines.append(breadth_line(lang, seen.breadth))
    plain = book.indices.get(book.profile.price_index)
    if seen.level.code == book.profile.headline and plain:
        level, other = index_level(plain.level.value), percent(plain.change_fraction, 2, signed=True)
        lines.append(say(lang, "market.total_return", level=level, move=other))
    return lines


def breadth_line(lang: Lang, breadth: Breadth) -> str:
    """How many members rose, fell and stood still."""
    known = {"up": breadth.up, "down": breadth.down, "flat": breadth.flat, "total": breadth.total}
    return say(lang, "market.breadth", **{name: str(count) for name, count in known.items()})


def sector_name(lang: Lang, share: Share) -> str:
    """A share's sector as people call it; the exchange's own word for a sector without a sentence."""
    key = f"sector.{share.sector_code}"
    return say(lang, key) if key in catalog() else share.sector


def fund_lines(lang: Lang, seen: FundLook, book: MarketBook) -> list[str]:
    """NAV with its date, published returns, what is known of its holdings and its fee."""
    fund = seen.fund
    lines = [f"*{fund.name}* ({fund.code})"]
    if fund.nav is None:
        lines.append(say(lang, "market.nav_none"))
    else:
        nav = say(lang, "market.nav", nav=price(fund.nav, 4), day=day(fund.nav.as_of.date()))
        lines.append(". ".join(part for part in (nav, nav_age(lang, fund.nav, book)) if part))
    if seen.price:
        last = price(seen.price)
        lines.append(say(lang, "market.unit_price", price=last, day=day(seen.price.as_of.date())))
    returns = [
        say(lang, f"market.return_{period}", value=percent(fund.returns[period].value / 100, 2, signed=True))
        for period in _RETURNS
        if period in fund.returns
    ]
    if returns:
        lines.append(" · ".join(returns) + (f" {say(lang, 'market.annualised')}" if fund.annualised else ""))
    lines += [fund.category, _holdings(lang, seen)]
    if fund.fee:
        lines.append(say(lang, "market.fee", fee=percent(fund.fee.value, 2)))
    return lines


def nav_age(lang: Lang, nav: Fact, book: MarketBook) -> str:
    """Says so when a NAV is of another day than the prices by more than a few days, or later than they."""
    days = (book.day - nav.as_of.date()).days
    if days < 0:
        return say(lang, "market.nav_after", day=day(book.day))
    return say(lang, "market.nav_old", days=str(days)) if days > 4 else ""


def _holdings(lang: Lang, seen: FundLook) -> str:
    basket = seen.fund.basket
    if basket is None:
        return say(lang, "market.holdings_unknown")
    covered = percent(sum(basket.weights.values(), Decimal(0)))
    count, when = str(len(basket.weights)), day(basket.as_of.date())
    return say(lang, "market.holdings_known", count=count, covered=covered, day=when)


def _buttons(lang: Lang, code: str, seen: Look, book: MarketBook) -> tuple[Button, ...]:
    why = Button(say(lang, "market.why"), press("explain", code))
    if isinstance(seen, IndexLook):
        flows = (Button(say(lang, "market.flows"), "flows"),) if book.profile.economy else ()
        return (why, *flows, Button(say(lang, "market.alert"), press("alert", code)))
    xray = Button(say(lang, "market.xray"), press("xray", code))
    if isinstance(seen, FundLook):
        return (why, xray, Button(say(lang, "market.news"), press("news", code)))
    return (why, xray, Button(say(lang, "market.alert"), press("alert", code)))
