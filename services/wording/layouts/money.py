"""Rates and flows laid out for a phone: currencies, policy rate, inflation; who bought and who sold."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from services.domain.buying import Buying
from services.domain.conversation import Button, Lang, Reply, Text
from services.domain.market import MarketBook
from services.domain.profiles import Currency
from services.domain.rates import Rate, Rates
from services.wording.layouts.market import headline_button, source_line
from services.wording.numbers import day, number, percent, rupees
from services.wording.sentences import catalog, say


def rates_reply(lang: Lang, rates: Rates, book: MarketBook) -> Reply:
    """Currencies with their common date, policy rate, inflation, a yield; what is missing by name."""
    lines = [] if rates.asked else [say(lang, "market.rates_title")]
    lines += _currencies(lang, rates.currencies)
    lines += [each for each in (_policy(lang, rates), _inflation(lang, rates), _yield(lang, rates)) if each]
    for name in rates.missing:
        lines.append(
            say(lang, "market.no_kibor") if name == "kibor_6m" else say(lang, "market.no_rate", name=name)
        )
    buttons = (headline_button("quote", book), Button(say(lang, "market.flows"), "flows"))
    return Reply((Text("\n".join(lines)),), buttons, source_line(lang, book, "SBP, PBS, MUFAP"))


def other_currency(lang: Lang, currency: Currency) -> Reply:
    """No exchange rate is applied behind anybody's back: the amount is asked for in the ``currency`` of the prices."""
    named, example = (say(lang, f"elsewhere.{key}_{currency}") for key in ("in", "example"))
    return Reply((Text(say(lang, "elsewhere.currency", currency=named, example=example)),))


def _currencies(lang: Lang, currencies: Sequence[Rate]) -> list[str]:
    if not currencies:
        return []
    lines = [
        say(lang, "market.rate_line", name=rate.name, value=rupees(rate.fact.value)) for rate in currencies
    ]
    first = currencies[0]
    dated = say(lang, "market.rate_dated", source=say(lang, "market.m2m"), day=day(first.fact.as_of.date()))
    return [*lines, f"_{dated}{_old(lang, first)}_"]


def _old(lang: Lang, rate: Rate) -> str:
    return f" ({say(lang, 'market.old', days=str(rate.age))})" if rate.stale else ""


def _policy(lang: Lang, rates: Rates) -> str:
    rate = rates.economy.get("policy_rate")
    if rate is None:
        return ""
    text = say(lang, "market.policy", value=percent(rate.fact.value / 100), day=day(rate.fact.as_of.date()))
    return (
        f"{text} · {say(lang, 'market.policy_next', day=day(rates.meeting.day))}" if rates.meeting else text
    )


def _inflation(lang: Lang, rates: Rates) -> str:
    rate = rates.economy.get("cpi_yoy")
    if rate is None:
        return ""
    month = day(rate.fact.as_of.date()).split(" ", 1)[1]
    return say(lang, "market.inflation", value=percent(rate.fact.value / 100), month=month)


def _yield(lang: Lang, rates: Rates) -> str:
    rate = rates.economy.get("pkrv_6M")
    if rate is None:
        return ""
    dated = f"{day(rate.fact.as_of.date())}{_old(lang, rate)}"
    return f"{say(lang, 'market.pkrv', value=percent(rate.fact.value / 100, 2))} · _{dated}_"


def flows_reply(lang: Lang, buying: Buying, book: MarketBook) -> Reply:
    """Foreigners and locals of one day, sectors, running totals; its date against the prices' date."""
    lines = [say(lang, "market.flows_title", day=day(buying.day))]
    if buying.day != book.day:
        lines.append(
            "_"
            + say(
                lang,
                "market.flows_after" if buying.after_prices else "market.flows_before",
                day=day(book.day),
            )
            + "_"
        )
    lines.append(say(lang, "market.foreigners", value=_million(buying.foreign_net)))
    lines += _flow_lines(lang, ((flow.investor, flow.net.value) for flow in buying.foreigners))
    lines.append(say(lang, "market.locals"))
    lines += _flow_lines(lang, ((flow.investor, flow.net.value) for flow in buying.locals[:4]))
    lines.append(say(lang, "market.by_sector"))
    lines += _flow_lines(lang, (*buying.sectors[:3], *buying.sectors[-3:]))
    totals = buying.totals
    if {"fipi_net_mtd", "fipi_net_fytd", "fipi_net_cytd"} <= totals.keys():
        values = {name: _million(totals[f"fipi_net_{name}"].value) for name in ("mtd", "fytd", "cytd")}
        lines.append(say(lang, "market.running", **values))
    buttons = (headline_button("quote", book), Button(say(lang, "market.rates"), "rates"))
    return Reply((Text("\n".join(lines)),), buttons, source_line(lang, book, buying.source))


def _flow_lines(lang: Lang, rows: Iterable[tuple[str, Decimal]]) -> list[str]:
    return [
        say(lang, "market.flow_line", name=_called(lang, name), value=_million(value)) for name, value in rows
    ]


def _called(lang: Lang, name: str) -> str:
    """An investor class or a sector of the flow report in the user's language; its own word if we have none."""
    if lang == "en":
        return name
    known = catalog()
    for key, words in known.items():
        if words[0] == name and key.startswith(("sector.", "market.investor_", "market.sector_")):
            return say(lang, key)
    return name


def _million(value: Decimal) -> str:
    return number(value, 2, signed=True)
