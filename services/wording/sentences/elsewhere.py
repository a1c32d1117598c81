"""What is said of things that a market has not: what is missing there, and what can be asked instead."""

SENTENCES: dict[str, tuple[str, str, str]] = {
    "elsewhere.economy": (
        "Exchange rates, policy rate, investors’ flows and funds’ NAVs are not part of this bot’s data: it follows {market_name}. Ask for a share (_AAPL_), a sector fund (_XLK_), an index (_S&P 500_), the news or a brief.",
        "ڈالر ریٹ، شرح سود، سرمایہ کاروں کے فلو اور فنڈز کی این اے وی اس بوٹ کے ڈیٹا میں نہیں: یہ {market_name} پر نظر رکھتا ہے۔ کوئی شیئر (_AAPL_)، سیکٹر فنڈ (_XLK_)، انڈیکس (_S&P 500_)، خبریں یا بریف پوچھیں۔",
        "Exchange rate, policy rate, investors ke flows aur funds ki NAV is bot ke data mein nahi: yeh {market_name} par nazar rakhta hai. Koi share (_AAPL_), sector fund (_XLK_), index (_S&P 500_), khabrein ya brief poochein.",
    ),
    "elsewhere.sum": (
        "I do not work out zakat, capital gains tax or tax withheld for this market: I know none of its rates. What an amount of dollars would be spread over I can say; ask for example _what is in $5,000 of my mix_.",
        "زکوٰۃ، کیپیٹل گین ٹیکس اور ٹیکس کٹوتی کا حساب اس مارکیٹ کے لیے نہیں کرتا: اس کی شرحیں مجھے معلوم نہیں۔ یہ بتا سکتا ہوں کہ ڈالر کی رقم کس کس میں ہے، مثلاً پوچھیں: _$5,000 میں کیا کیا ہے_۔",
        "Zakat, capital gains tax aur tax katoti ka hisaab is market ke liye nahi karta: is ki sharahein mujhe maloom nahi. Yeh bata sakta hoon ke dollar ki raqam kis kis mein hai, maslan poochein: _$5,000 mein kya kya hai_.",
    ),
    "elsewhere.currency": (
        "Prices here are in {currency}, so an amount in another currency cannot be set against them. Write the amount in {currency} ({example}), or percentages.",
        "یہاں قیمتیں {currency} میں ہیں، اس لیے کسی اور کرنسی کی رقم ان سے نہیں ملائی جا سکتی۔ رقم {currency} میں لکھیں ({example})، یا فیصد میں۔",
        "Yahan prices {currency} mein hain, is liye kisi aur currency ki raqam un se nahi milayi ja sakti. Raqam {currency} mein likhein ({example}), ya percent mein.",
    ),
    "elsewhere.in_PKR": ("rupees", "روپے", "rupay"),
    "elsewhere.in_USD": ("dollars", "ڈالر", "dollar"),
    "elsewhere.example_PKR": ("Rs 50,000", "Rs 50,000", "Rs 50,000"),
    "elsewhere.example_USD": ("$500", "$500", "$500"),
    "elsewhere.market_US": ("the US stock exchanges", "امریکی اسٹاک ایکسچینجز", "American stock exchanges"),
    "elsewhere.shariah": (
        "“Shariah names only” is not applied: this market has no Shariah list in our data.",
        "“صرف شرعی نام” یہاں لاگو نہیں: اس مارکیٹ کی کوئی شرعی فہرست ہمارے ڈیٹا میں نہیں۔",
        "“Sirf Shariah naam” yahan lagu nahi: is market ki koi Shariah list hamare data mein nahi.",
    ),
    "elsewhere.screen": (
        "This screen needs figures that are not in our data for this market: {screen}.",
        "اس معیار کے لیے جو اعداد چاہیے وہ اس مارکیٹ کے ہمارے ڈیٹا میں نہیں: {screen}۔",
        "Is screen ke liye jo figures chahiye woh is market ke hamare data mein nahi: {screen}.",
    ),
    "elsewhere.dividend": (
        "No published dividend yield is known to me in this mix, so there is no sum to give.",
        "اس تناسب میں کسی کی شائع شدہ ڈیویڈنڈ ییلڈ مجھے معلوم نہیں، اس لیے حساب ممکن نہیں۔",
        "Is tanasub mein kisi ki shaya shuda dividend yield mujhe maloom nahi, is liye hisaab mumkin nahi.",
    ),
}  # fmt: skip
