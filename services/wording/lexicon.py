"""What English speech needs to know of words: abbreviations, letters-only names, units, currencies, company names."""

import re

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
WEEKDAYS = {
    "Mon": "Monday", "Tue": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday", "Fri": "Friday", "Sat": "Saturday",
    "Sun": "Sunday", "Tues": "Tuesday", "Thur": "Thursday", "Thurs": "Thursday",
}  # fmt: skip

MAGNITUDES = {
    "k": "thousand", "m": "million", "mn": "million", "mln": "million", "b": "billion", "bn": "billion",
    "bln": "billion", "tn": "trillion", "trn": "trillion", "lac": "lakh", "lacs": "lakh", "lakhs": "lakh",
    "cr": "crore", "crores": "crore",
}  # fmt: skip

CURRENCIES = {
    "rs": ("rupee", "rupees", "paisa"), "pkr": ("rupee", "rupees", "paisa"),
    "inr": ("Indian rupee", "Indian rupees", "paisa"), "₹": ("Indian rupee", "Indian rupees", "paisa"),
    "$": ("dollar", "dollars", "cents"), "us$": ("dollar", "dollars", "cents"), "usd": ("dollar", "dollars", "cents"),
    "€": ("euro", "euros", "cents"), "eur": ("euro", "euros", "cents"), "£": ("pound", "pounds", "pence"),
    "gbp": ("pound", "pounds", "pence"), "¥": ("yen", "yen", ""), "jpy": ("yen", "yen", ""),
    "cny": ("yuan", "yuan", ""), "aed": ("dirham", "dirhams", "fils"), "sar": ("riyal", "riyals", "halalas"),
}  # fmt: skip
"""Code or sign in lower case -> one, many, the hundredth part ("" where there is none)."""

UNITS = {
    "%": ("percent", "percent"), "pp": ("percentage point", "percentage points"),
    "ppt": ("percentage point", "percentage points"), "ppts": ("percentage point", "percentage points"),
    "bp": ("basis point", "basis points"), "bps": ("basis point", "basis points"), "x": ("times", "times"),
    "×": ("times", "times"), "pts": ("point", "points"), "pt": ("point", "points"), "kg": ("kilogram", "kilograms"),
    "km": ("kilometre", "kilometres"), "MW": ("megawatt", "megawatts"), "bbl": ("barrel", "barrels"),
    "yrs": ("year", "years"), "yr": ("year", "years"), "hrs": ("hour", "hours"), "hr": ("hour", "hours"),
    "mins": ("minute", "minutes"), "min": ("minute", "minutes"), "mmcfd": ("million cubic feet a day",) * 2,
}  # fmt: skip

ABBREVIATIONS = {
    "Ltd": "Limited", "Pvt": "Private", "Co": "Company", "Inc": "Incorporated", "Corp": "Corporation",
    "approx": "approximately", "vs": "versus", "etc": "et cetera", "avg": "average", "mkt": "market",
    "vol": "volume", "Mr": "Mister", "Mrs": "Missus", "Dr": "Doctor", "Prof": "Professor", "govt": "government",
    "Govt": "Government", "dept": "department", "qtr": "quarter", "e.g": "for example", "i.e": "that is",
    "p.a": "a year", "YoY": "year on year", "yoy": "year on year", "QoQ": "quarter on quarter",
    "qoq": "quarter on quarter", "MoM": "month on month", "mom": "month on month", "y/y": "year on year",
    "q/q": "quarter on quarter", "m/m": "month on month", "YTD": "year to date", "MTD": "month to date",
    "FYTD": "fiscal year to date", "P/E": "P E", "P/B": "P B", "n/a": "not available", "N/A": "not available",
    "w/o": "without", "w/": "with", "bps": "basis points", "mn": "million", "bn": "billion", "tn": "trillion",
    "Rs": "rupees", "PKT": "Pakistan time", "M&A": "M and A", "S&P": "S and P", "R&D": "R and D", "P&L": "P and L",
    "O&G": "oil and gas", "E&P": "E and P", "ALLSHR": "all share", "T-bill": "T bill", "T-bills": "T bills", "D/E": "D E", "P/S": "P S", "EV/EBITDA": "E V to Ebitda", "EBITDA": "Ebitda", "and/or": "and or",
}  # fmt: skip
"""Read where they stand as whole words, with or without their dot; longer ones win."""

TITLES = frozenset({"Mr", "Mrs", "Dr", "Prof", "vs", "e.g", "i.e", "approx", "avg", "w/", "w/o"})
"""Abbreviations whose dot never ends a sentence."""

SAID_AS_WORDS = {
    "KIBOR": "Kibor", "KONIA": "Konia", "OPEC": "Opec", "NASDAQ": "Nasdaq", "Nasdaq": "Nasdaq", "SPDR": "Spider", "NEPRA": "Nepra", "OGRA": "Ogra",
    "ROSHAN": "Roshan", "SWIFT": "Swift", "NIFTY": "Nifty", "SENSEX": "Sensex", "FTSE": "Footsie",
    "WAPDA": "Wapda", "NADRA": "Nadra", "PKR": "rupees", "USD": "dollars", "LIBOR": "Libor", "SOFR": "Sofer",
}  # fmt: skip

SPELLED = frozenset({"US", "IT", "UK", "UN", "AM", "PM", "TV", "AI", "EU", "UAE", "ID"})
"""Spelled in ordinary text although they are, or look like, words."""

COMMON = frozenset(
    re.findall(
        r"\w+",
        """A ABOUT ABOVE ACT ADD ADVICE AFTER AGAIN AGE AGO AHEAD AIM AIR AL ALERT ALL ALSO AM AN AND ANY ARE AS ASK AT BACK BAD
    BAN BANK BANKS BE BEAR BEFORE BELOW BEST BETTER BIG BOND BONUS BRIEF BULL BUT BUY BY CALL CAN CAP CASH CLOSE COAL
    CUT DAY DAYS DEAL DEBT DID DO DOWN DROP DUE END EVEN EVERY FALL FALLS FAR FEE FELL FEW FIRST FIT FLAT FLOW FOOD FOR
    FREE FROM FUEL FULL FUND FUNDS GAIN GAINS GAP GAS GET GO GOLD GOOD GOT GREAT GREEN GROW HAD HALF HALT HAS HAVE HE
    HER HERE HIGH HIM HIS HIT HOLD HOME HOT HOW I IF IN INDEX INTO IS IT ITS JOB JUST KEEP KEY LAST LATE LAW LED LESS
    LET LIVE LONG LOSS LOT LOW LUCK MADE MAIN MAN MANY MARKET MAY ME MEN MENU MET MIX MOST MOVE MUCH MUST MY NEAR NET
    NEW NEWS NEXT NO NOR NOT NOTE NOW OF OFF OIL OLD ON ONE ONLY OPEN OR OUR OUT OVER OWN PAID PAY PER PLUS PRICE
    PUT RATE RATES RAW READ RED REST RICH RISE RISK ROSE RUN SAID SALE SAME SAW SAY SEE SELL SET SHARE SHARES SHE SHORT
    SIX SO SOLD SOME SOON STAY STOCK STOCKS STOP SUCH SUM TAX TEN THAN THAT THE THEIR THEM THEN THERE THEY THIS TIME TIP
    TO TODAY TOO TOP TOTAL TRADE TRY TWO UP US USE VERY WAR WAS WATCH WAY WE WEEK WELL WERE WHAT WHEN WHO WHY WILL WIN
    WITH YEAR YES YET YOU YOUR ZERO""",
    )
)
"""Words that are read as words when they are shouted; never spelled."""

SYMBOLS = {
    "&": "and", "@": "at", "+": "plus", "=": "equals", "%": "percent", "<": "less than", ">": "more than",
    "≤": "at most", "≥": "at least", "≈": "about", "~": "about", "▲": "up", "↑": "up", "▼": "down", "↓": "down",
    "±": "plus or minus", "€": "euro", "£": "pound", "$": "dollar", "₹": "rupee", "°": "degrees", "÷": "divided by",
}  # fmt: skip

_CODA = r"(?:[bcdfghjklmnprstvwxz]|ck|ct|ft|ld|lf|lk|lp|lt|mp|nd|ng|nk|nt|pt|rd|rk|rl|rm|rn|rp|rt|sh|sk|sp|st|th|ch|ss|ll|ff|rs|ns|ts|ds|ks|ls|ms|gs|nts|nds|rts|nks|rks)"
_ONSET = r"(?:[bcdfghjklmnprstvwyz]|bl|br|ch|cl|cr|dr|fl|fr|gh|gl|gr|kh|ph|pl|pr|qu|sc|sh|sk|sl|sm|sn|sp|st|str|sw|th|tr|tw|wh|kn)"
_MIDDLE = rf"(?:{_ONSET}|[bcdfgklmnprstvz]{_ONSET})"
_WORD = re.compile(rf"{_ONSET}?[aeiou]{{1,2}}(?:{_MIDDLE}[aeiouy]{{1,2}})*{_CODA}?e?")


def pronounceable(word: str) -> bool:
    """Whether a word of unknown capitals can be said as a word ("CEMENT") and need not be spelled ("NCCPL")."""
    return bool(_WORD.fullmatch(word.lower()))
