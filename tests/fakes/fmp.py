"""Financial Modeling Prep's "stable" API at the wire, with its own rules: the key, the plan's endpoints, symbols and requests.

``python -m tests.fakes.fmp --port 9010`` runs it for a developer; it prints the settings to export. All figures are invented
from a seed: the same seed, symbol and day give the same figures, and a day's previous close is the close of the day before.
"""

import random
from datetime import UTC, date, datetime, timedelta

from aiohttp import web
from aiohttp.test_utils import TestServer

from services.domain import new_york
from tests.fakes.console import main

SECTORS = {
    "XLK": "Technology", "XLV": "Healthcare", "XLF": "Financial Services", "XLE": "Energy", "XLY": "Consumer Cyclical",
    "XLP": "Consumer Defensive", "XLI": "Industrials", "XLB": "Basic Materials", "XLU": "Utilities", "XLRE": "Real Estate",
    "XLC": "Communication Services",
}  # fmt: skip
SHARES = {
    "AAPL": ("Apple Inc.", "NASDAQ", "Technology", 240.0), "MSFT": ("Microsoft Corporation", "NASDAQ", "Technology", 510.0),
    "JPM": ("JPMorgan Chase & Co.", "NYSE", "Financial Services", 300.0), "XOM": ("Exxon Mobil Corporation", "NYSE", "Energy", 115.0),
    "BRK-B": ("Berkshire Hathaway Inc.", "NYSE", "Financial Services", 480.0), "DOW": ("Dow Inc.", "NYSE", "Basic Materials", 25.0),
    "KO": ("The Coca-Cola Company", "NYSE", "Consumer Defensive", 70.0), "AMZN": ("Amazon.com, Inc.", "NASDAQ", "Consumer Cyclical", 220.0),
    "PFE": ("Pfizer Inc.", "NYSE", "Healthcare", 25.0), "CAT": ("Caterpillar Inc.", "NYSE", "Industrials", 470.0),
}  # fmt: skip
INDICES = {
    "^GSPC": ("S&P 500", 6600.0), "^IXIC": ("NASDAQ Composite", 22000.0), "^DJI": ("Dow Jones Industrial Average", 46000.0),
    "^RUT": ("Russell 2000", 2400.0), "^VIX": ("CBOE Volatility Index", 17.0),
}  # fmt: skip
PAID = {"/batch-quote", "/economic-calendar", "/stock-list"}
LIMIT = {
    "Error Message": "Limit Reach . Please upgrade your plan or visit our documentation for more details"
}
NO_KEY = {"Error Message": "Invalid API KEY. Feel free to create a Free API Key or visit our documentation"}
NO_ENDPOINT = "Restricted Endpoint: This endpoint is not available under your current subscription"
NO_SYMBOL = (
    "Premium Query Parameter: 'Special Endpoint : This value set for 'symbol' is not available under your "
    "current subscription"
)
RELEASES = (
    ("CPI YoY", "High"),
    ("Initial Jobless Claims", "Medium"),
    ("Fed Interest Rate Decision", "High"),
    ("ISM Services PMI", "Low"),
)
FIRST = date(2024, 1, 2)
SPLIT = ("AAPL", date(2026, 6, 10), 4)
"""Who was split when, into how many: prices as traded before it are that many times higher."""


class FakeFmp:
    """``async with FakeFmp() as fake``: ``fake.base`` is its address up to "/stable"; ``asked`` what came, without keys.

    Args:
        key: The one it knows.
        plan: "basic" (no batch, no calendar, ``covered`` symbols only) or "premium".
        per_day: Requests of a day; from then on 429.
        now: Its time, aware; quotes are of the newest session that had begun by then.
        seed: Of all figures.
        bare: Refusals come as a bare sentence with status 200, as they sometimes do.

    ``next`` are planned answers: (status, body as text or JSON value).
    """

    def __init__(  # noqa: PLR0913  # each is a rule of the service that a test may choose
        self, key="fmp-key", plan="premium", per_day=None, *, now=datetime(2026, 11, 20, 22, tzinfo=UTC),
        seed=1, covered=(*SECTORS, *INDICES, "AAPL", "MSFT", "JPM"), bare=False,
    ):  # fmt: skip
        self.key, self.plan, self.per_day, self.now, self.seed = key, plan, per_day, now, seed
        self.covered, self.bare = set(covered), bare
        self.asked, self.keys_in_urls, self.next = [], 0, []

    async def __aenter__(self, port=None):
        app = web.Application()
        app.router.add_get("/stable/{path:.*}", self._asked)
        app.router.add_get("/_fake/asked", self._told)
        self._server = TestServer(app, port=port)
        await self._server.start_server()
        self.base = str(self._server.make_url("/stable"))
        return self

    async def __aexit__(self, *_):
        await self._server.close()

    async def _told(self, _request):
        return web.json_response({"asked": self.asked, "keys_in_urls": self.keys_in_urls})

    async def _asked(self, request):
        path, query = "/" + request.match_info["path"], dict(request.query)
        self.keys_in_urls += "apikey" in query
        key = query.pop("apikey", request.headers.get("apikey", ""))
        self.asked.append((path, query))
        if self.next:
            status, body = self.next.pop(0)
            return (
                web.json_response(body, status=status)
                if not isinstance(body, str)
                else self._said(status, body)
            )
        if key != self.key:
            return self._refused(401, NO_KEY)
        if self.per_day is not None and len(self.asked) > self.per_day:
            return self._refused(429, LIMIT)
        answer = self._answer(path, query)
        return self._refused(402, answer) if isinstance(answer, str) else web.json_response(answer)

    def _refused(self, status, what):
        if self.bare:
            return self._said(200, what if isinstance(what, str) else what["Error Message"])
        return self._said(status, what) if isinstance(what, str) else web.json_response(what, status=status)

    @staticmethod
    def _said(status, text):
        return web.Response(status=status, text=text, content_type="application/json")

    def _answer(self, path, query):
        """A JSON value, or the sentence with which the plan refuses."""
        if self.plan == "basic":
            if path in PAID:
                return NO_ENDPOINT
            if query.get("symbol", "AAPL") not in self.covered:
                return NO_SYMBOL
        symbol = query.get("symbol", "")
        return {
            "/quote": lambda: self._quotes([symbol]),
            "/batch-quote": lambda: self._quotes(query["symbols"].split(",")),
            "/batch-index-quotes": lambda: self._quotes(INDICES),
            "/biggest-gainers": lambda: self._movers(lambda move, _: -move),
            "/biggest-losers": lambda: self._movers(lambda move, _: move),
            "/most-actives": lambda: self._movers(lambda _, volume: -volume),
            "/sector-performance-snapshot": lambda: self._sectors(query),
            "/historical-price-eod/full": lambda: self._history(query, ""),
            "/historical-price-eod/non-split-adjusted": lambda: self._history(query, "adj"),
            "/splits": lambda: self._splits(symbol),
            "/economic-calendar": lambda: self._calendar(query),
            "/profile": lambda: self._profiles([symbol]),
            "/stock-list": lambda: [{"symbol": s, "companyName": n[0]} for s, n in SHARES.items()],
        }.get(path, list)()

    def known(self, symbol):
        """(name, exchange, first price) of a symbol; None if it has never heard of it."""
        if symbol in INDICES:
            return INDICES[symbol][0], "INDEX", INDICES[symbol][1]
        if symbol in SECTORS:
            return f"{SECTORS[symbol]} Select Sector SPDR Fund", "AMEX", 80.0
        return (SHARES[symbol][0], SHARES[symbol][1], SHARES[symbol][3]) if symbol in SHARES else None

    def bar(self, symbol, day):
        """(open, high, low, close, volume) of a session, the same for ever."""
        first = self.known(symbol)[2]
        # A price that wanders around its first one: each day's own step from the seed, and no sum over years to be made.
        close, before = (
            round(first * (1 + self._noise(symbol, at)), 2) for at in (day, new_york.previous_session(day))
        )
        chance = random.Random(f"{self.seed}/{symbol}/{day}/range")
        high, low = (
            max(close, before) * (1 + chance.random() / 100),
            min(close, before) * (1 - chance.random() / 100),
        )
        return before, round(high, 2), round(low, 2), close, chance.randrange(1_000_000, 90_000_000)

    def _noise(self, symbol, day):
        return random.Random(f"{self.seed}/{symbol}/{day}").uniform(-0.03, 0.03)

    def day(self):
        """The newest session that had begun."""
        local = self.now.astimezone(new_york.NEW_YORK)
        today = local.date()
        begun = new_york.is_session(today) and local.time() >= new_york.session_hours(today).opens
        return today if begun else new_york.previous_session(today)

    def stamp(self):
        """The time of the newest trade: now, or the close of the day."""
        close = datetime.combine(self.day(), new_york.session_hours(self.day()).closes, new_york.NEW_YORK)
        return int(min(close, self.now).timestamp())

    def _quotes(self, symbols):
        return [self._quote(symbol) for symbol in symbols if self.known(symbol)]

    def _quote(self, symbol):
        name, exchange, first = self.known(symbol)
        day = self.day()
        _, high, low, close, volume = self.bar(symbol, day)
        before = self.bar(symbol, new_york.previous_session(day))[3]
        return {
            "symbol": symbol, "name": name, "price": close, "changePercentage": round((close / before - 1) * 100, 5),
            "change": round(close - before, 2), "volume": volume, "dayLow": low, "dayHigh": high, "yearHigh": first * 1.04,
            "yearLow": first * 0.96, "marketCap": volume * 1000, "priceAvg50": first, "priceAvg200": first,
            "exchange": exchange, "open": before, "previousClose": before, "timestamp": self.stamp(),
        }  # fmt: skip

    def _movers(self, order):
        quotes = sorted(self._quotes(SHARES), key=lambda q: order(q["changePercentage"], q["volume"]))
        return [
            {"symbol": q["symbol"], "price": q["price"], "name": q["name"], "change": q["change"],
             "changesPercentage": q["changePercentage"], "exchange": q["exchange"]} for q in quotes
        ]  # fmt: skip

    def _sectors(self, query):
        day = date.fromisoformat(query["date"])
        if not new_york.is_session(day) or day > self.day():
            return []
        exchange = query.get("exchange", "NASDAQ")
        return [
            {
                "date": str(day),
                "sector": name,
                "exchange": exchange,
                "averageChange": self._noise(name + exchange, day) * 50,
            }
            for name in SECTORS.values()
        ]

    def _history(self, query, prefix):
        symbol = query["symbol"]
        if not self.known(symbol):
            return []
        day, last = (
            max(date.fromisoformat(query["from"]), FIRST),
            min(date.fromisoformat(query["to"]), self.day()),
        )
        bars = []
        while day <= last:
            if new_york.is_session(day):
                *prices, volume = self.bar(symbol, day)
                times = SPLIT[2] if prefix and symbol == SPLIT[0] and day < SPLIT[1] else 1
                figures = dict(
                    zip(("open", "high", "low", "close"), (round(p * times, 2) for p in prices), strict=True)
                )
                named = {f"adj{k.capitalize()}" if prefix else k: v for k, v in figures.items()}
                bars.append({"symbol": symbol, "date": str(day), **named, "volume": volume // times})
            day += timedelta(days=1)
        return bars[::-1]

    def _splits(self, symbol):
        known = {"symbol": symbol, "date": str(SPLIT[1]), "numerator": SPLIT[2], "denominator": 1}
        return [known] if symbol == SPLIT[0] else []

    def _calendar(self, query):
        day, last = date.fromisoformat(query["from"]), date.fromisoformat(query["to"])
        events = []
        while day <= last:
            if day.weekday() < 5:
                title, impact = RELEASES[day.toordinal() % len(RELEASES)]
                chance = random.Random(f"{self.seed}/{day}")
                figures = [round(chance.uniform(1, 5), 1) for _ in range(3)]
                known = day <= self.now.date()
                events.append(
                    {"date": f"{day} 13:30:00", "country": "US" if day.weekday() < 4 else "JP", "event": title, "currency": "USD",
                     "previous": figures[0], "estimate": figures[1], "actual": figures[2] if known else None,
                     "change": None, "impact": impact, "changePercentage": 0}
                )  # fmt: skip
            day += timedelta(days=1)
        return events

    def _profiles(self, symbols):
        return [
            {"symbol": s, "companyName": self.known(s)[0], "sector": SHARES[s][2] if s in SHARES else "Financial Services",
             "exchange": self.known(s)[1], "currency": "USD", "isEtf": s in SECTORS, "isActivelyTrading": True}
            for s in symbols if self.known(s) and s not in INDICES
        ]  # fmt: skip


async def _serve(options, _faults):
    fake = FakeFmp(key=options.key, plan=options.plan, now=datetime.fromisoformat(options.now))
    await fake.__aenter__(options.port or None)
    return [
        "export MARKETBYTE_MARKET=us", f"export FMP_BASE={fake.base}", f"export FMP_API_KEY={fake.key}",
        f"export FMP_PLAN={fake.plan}", f"export MARKETBYTE_US_SYMBOLS={','.join(SHARES)}", f"export MARKETBYTE_NOW={options.now}",
    ]  # fmt: skip


if __name__ == "__main__":
    main(
        "fmp",
        _serve,
        (
            ("--key", "fmp-key", "the key it knows"),
            ("--plan", "premium", "basic or premium"),
            ("--now", "2026-11-20T22:00:00+00:00", "its time"),
        ),
    )
