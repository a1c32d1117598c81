"""What is said otherwise where the market is New York's: dollars, its own examples, and a plain no to what it has not.

``key@us`` takes the place of ``key`` (see ``say_of``); the blanks are the same, for the callers are.
"""

SENTENCES: dict[str, tuple[str, str, str]] = {
    "menu.lines@us": (
        (
            "• *X-Ray*: what you really own\n• *Brief*: your day in one minute\n• *Opportunities*: shares that stand out, by "
            "published screens\n• A name (_AAPL_, _S&P 500_) for its price; “why is MSFT down?” for the reason\n• Also: news, "
            "alerts (“tell me when AAPL crosses 300”), what an amount in dollars stands in\n• *Settings*, *stop*, *export*, "
            "*delete*: any time"
        ),
        (
            "• *ایکسرے*: آپ کے پاس اصل میں کیا ہے\n• *بریف*: آپ کا دن ایک منٹ میں\n• *مواقع*: نمایاں حصص، شائع شدہ معیار پر\n"
            "• قیمت کے لیے نام لکھیں (_AAPL_، _S&P 500_)؛ وجہ کے لیے “MSFT کیوں گرا؟”\n• مزید: خبریں، الرٹ (“AAPL 300 سے اوپر "
            "جائے تو بتانا”)، ڈالر کی رقم کس کس میں ہے\n• *سیٹنگز*، *stop*، *export*، *delete*: کسی بھی وقت"
        ),
        (
            "• *X-Ray*: aap ke paas asal mein kya hai\n• *Brief*: aap ka din ek minute mein\n• *Opportunities*: numaya shares, "
            "shaya shuda miyaar par\n• Price ke liye naam likhein (_AAPL_, _S&P 500_); wajah ke liye “MSFT kyun gira?”\n• Mazeed: "
            "khabrein, alerts (“AAPL 300 se upar jaye to batana”), dollar ki raqam kis kis mein hai\n• *Settings*, *stop*, "
            "*export*, *delete*: kisi bhi waqt"
        ),
    ),
    "menu.about@us": (
        (
            "*About MarketByte*\nAn information service, run by the operator of this bot. Not a registered investment adviser or "
            "broker-dealer: it states facts with source and time, never a call to trade. Prices can be late or wrong at the "
            "source; check before you act. We keep your chat address, first name, preferences and holdings as percentages. "
            "Amounts of money you type are used for that answer only and written nowhere. Complaints: type “complaint …” here. "
            "We never ask for money, passwords or codes.\nData: {label}."
        ),
        (
            "*مارکیٹ بائٹ کے بارے میں*\nیہ معلومات کی سروس ہے، اس بوٹ کا آپریٹر اسے چلاتا ہے۔ یہ رجسٹرڈ سرمایہ کاری مشیر یا بروکر "
            "نہیں: صرف حقائق، ماخذ اور وقت کے ساتھ، کبھی خرید و فروخت کا مشورہ نہیں۔ قیمتیں ماخذ پر دیر سے یا غلط ہو سکتی ہیں۔ ہم صرف "
            "آپ کا چیٹ پتہ، پہلا نام، ترجیحات اور فیصد میں ہولڈنگز رکھتے ہیں۔ لکھی گئی رقمیں صرف اسی جواب کے لیے استعمال ہوتی ہیں اور "
            "کہیں محفوظ نہیں ہوتیں۔ شکایت: یہاں “complaint …” لکھیں۔ ہم کبھی پیسے، پاس ورڈ یا کوڈ نہیں مانگتے۔\nڈیٹا: {label}۔"
        ),
        (
            "*MarketByte ke baare mein*\nYeh maloomat ki service hai, is bot ka operator ise chalata hai. Yeh registered "
            "investment adviser ya broker nahi: sirf facts, source aur waqt ke saath, kabhi khareed o farokht ka mashwara nahi. "
            "Prices source par der se ya ghalat ho sakti hain. Hum sirf aap ka chat address, pehla naam, pasand aur holdings "
            "percent mein rakhte hain. Likhi gayi raqmein sirf usi jawab ke liye istemal hoti hain aur kahin mehfooz nahi "
            "hoteen. Shikayat: yahan “complaint …” likhein. Hum kabhi paise, password ya code nahi mangte.\nData: {label}."
        ),
    ),
    "error.unknown_name@us": (
        "I know no share or index called “{name}”. Try its ticker (AAPL) or its full name.",
        "“{name}” نام کا کوئی شیئر یا انڈیکس مجھے نہیں ملا۔ اس کا ٹکر (AAPL) یا پورا نام لکھیں۔",
        "“{name}” naam ka koi share ya index mujhe nahi mila. Us ka ticker (AAPL) ya poora naam likhein.",
    ),
    "error.nothing_held@us": (
        "I do not know your holdings yet. Tell me in one line, for example: _AAPL 40, XLK 60_.",
        "مجھے ابھی آپ کی ہولڈنگز معلوم نہیں۔ ایک سطر میں بتائیں، مثلاً: _AAPL 40, XLK 60_",
        "Mujhe abhi aap ki holdings maloom nahi. Ek line mein batayein, maslan: _AAPL 40, XLK 60_",
    ),
    "onboarding.hello@us": (
        (
            "Hello{name}! I am *MarketByte*. Tell me what you hold, and before the open and after the close you get one short "
            "brief about it: text, chart and voice. Facts with their source, never advice."
        ),
        (
            "السلام علیکم{name}! میں *مارکیٹ بائٹ* ہوں۔ مجھے بتائیں آپ کے پاس کون سے امریکی شیئر ہیں، اور مارکیٹ کھلنے سے پہلے اور "
            "بند ہونے کے بعد آپ کو ایک مختصر بریف ملے گا: تحریر، چارٹ اور آواز۔ صرف حقائق ماخذ کے ساتھ، مشورہ کبھی نہیں۔"
        ),
        (
            "Assalam-o-alaikum{name}! Main *MarketByte* hoon. Mujhe batayein aap ke paas kaun se American shares hain, aur market "
            "khulne se pehle aur band hone ke baad aap ko ek mukhtasar brief milega: text, chart aur awaaz. Sirf facts source ke "
            "saath, mashwara kabhi nahi."
        ),
    ),
    "onboarding.consent@us": (
        (
            "I keep your chat address, first name, preferences and holdings as percentages, only to write your briefs; never "
            "amounts of money. You can say *stop*, *export* or *delete* at any time. Do you agree?"
        ),
        (
            "میں صرف آپ کا چیٹ پتہ، پہلا نام، ترجیحات اور فیصد میں ہولڈنگز رکھتا ہوں تاکہ آپ کے بریف لکھ سکوں؛ رقمیں کبھی نہیں۔ آپ کسی بھی "
            "وقت *stop*، *export* یا *delete* کہہ سکتے ہیں۔ کیا آپ متفق ہیں؟"
        ),
        (
            "Main sirf aap ka chat address, pehla naam, pasand aur holdings percent mein rakhta hoon taake aap ke brief likh "
            "sakoon; raqmein kabhi nahi. Aap kisi bhi waqt *stop*, *export* ya *delete* keh sakte hain. Kya aap muttafiq hain?"
        ),
    ),
    "onboarding.declined@us": (
        (
            "That is fine; nothing of yours is kept beyond this chat. You can still ask for prices and news. Say *Hi* when you "
            "want to begin."
        ),
        "کوئی بات نہیں؛ اس چیٹ کے علاوہ آپ کا کچھ محفوظ نہیں۔ آپ قیمتیں اور خبریں پوچھ سکتے ہیں۔ شروع کرنے کے لیے *Hi* کہیں۔",
        (
            "Koi baat nahi; is chat ke ilawa aap ka kuch mehfooz nahi. Aap prices aur khabrein pooch sakte hain. Shuru karne ke "
            "liye *Hi* kahein."
        ),
    ),
    "onboarding.holdings@us": (
        (
            "What do you hold? Write it your way, shares and sector funds, with percentages if you know them:\n_Apple 60%, the "
            "rest MSFT and KO_\n_AAPL 40, XLK 60_"
        ),
        (
            "آپ کے پاس کیا ہے؟ اپنے انداز میں لکھیں، حصص اور سیکٹر فنڈ، فیصد معلوم ہوں تو وہ بھی:\n_AAPL 60%، باقی MSFT اور KO_\n"
            "_AAPL 40, XLK 60_"
        ),
        (
            "Aap ke paas kya hai? Apne andaz mein likhein, shares aur sector funds, percent maloom hon to woh bhi:\n_Apple 60%, "
            "baqi MSFT aur KO_\n_AAPL 40, XLK 60_"
        ),
    ),
    "onboarding.holdings_again@us": (
        "I found no share in that. Tickers or names both work, for example: _AAPL 40, MSFT 60_ or _Apple_.",
        "اس میں مجھے کوئی شیئر نہیں ملا۔ ٹکر یا نام دونوں چلتے ہیں، مثلاً: _AAPL 40, MSFT 60_ یا _Apple_",
        "Is mein mujhe koi share nahi mila. Ticker ya naam dono chalte hain, maslan: _AAPL 40, MSFT 60_ ya _Apple_",
    ),
    "onboarding.statement@us": (
        "That looks like an account statement. I read none and keep no amounts: just write the names of your shares, with percentages if you like, for example _AAPL 40, XLK 60_.",
        "یہ اکاؤنٹ اسٹیٹمنٹ لگتی ہے۔ میں اسٹیٹمنٹ نہیں پڑھتا اور رقمیں محفوظ نہیں رکھتا: صرف اپنے شیئرز کے نام لکھیں، چاہیں تو فیصد کے ساتھ، مثلاً _AAPL 40, XLK 60_",
        "Yeh account statement lagti hai. Main statement nahi parhta aur raqmein mehfooz nahi rakhta: sirf apne shares ke naam likhein, chahein to percent ke saath, maslan _AAPL 40, XLK 60_",
    ),
    "preferences.shown@us": (
        (
            "*Your settings*\nLanguage: {language}\nBriefs: {times}, {days}\nVoice notes: {voice} · Charts: {charts}\nScheduled "
            "messages: {state}\n\nSay it in words: _urdu_, _8 am and 5 pm_, _no voice_, _charts on_."
        ),
        (
            "*آپ کی سیٹنگز*\nزبان: {language}\nبریف: {times}، {days}\nوائس نوٹ: {voice} · چارٹ: {charts}\nمقررہ پیغامات: "
            "{state}\n\nالفاظ میں کہیں: _english_، _صبح 8 بجے_، _no voice_، _charts on_"
        ),
        (
            "*Aap ki settings*\nZubaan: {language}\nBrief: {times}, {days}\nVoice notes: {voice} · Charts: {charts}\nMuqarrar "
            "paighamaat: {state}\n\nAlfaaz mein kahein: _english_, _subah 8 baje_, _no voice_, _charts on_."
        ),
    ),
    "privacy.export@us": (
        "Everything I keep about you is in this file ({count} kinds of records). Percentages only: no amounts of money exist.",
        "آپ کے بارے میں جو کچھ میرے پاس ہے اس فائل میں ہے ({count} قسم کے ریکارڈ)۔ صرف فیصد: رقمیں موجود ہی نہیں۔",
        "Aap ke baare mein jo kuch mere paas hai is file mein hai ({count} qism ke records). Sirf percent: raqmein maujood hi nahi.",
    ),
    "portfolio.hint@us": (
        "Change it in words: “add MSFT 10%”, “remove KO”, or type the whole list again.",
        "الفاظ میں بدلیں: “MSFT 10% شامل کرو”، “KO نکال دو”، یا پوری فہرست دوبارہ لکھیں۔",
        "Alfaz mein badlein: “MSFT 10% add karo”, “KO nikal do”, ya poori list dobara likhein.",
    ),
    "portfolio.add_which@us": (
        "What shall I add? For example: _add MSFT 10%_.",
        "کیا شامل کروں؟ مثلاً: _MSFT 10% شامل کرو_",
        "Kya shamil karun? Maslan: _MSFT 10% add karo_",
    ),
    "portfolio.note.foreign_amounts@us": (
        "prices here are in dollars, and an amount in another currency cannot be weighed against them; write dollars ($500), or percents.",
        "یہاں قیمتیں ڈالر میں ہیں، کسی اور کرنسی کی رقم ان کے ساتھ نہیں تولی جا سکتی؛ ڈالر میں ($500) یا فیصد میں لکھیں۔",
        "yahan prices dollar mein hain, kisi aur currency ki raqam un ke saath nahi toli ja sakti; dollar mein ($500) ya percent mein likhein.",
    ),
    "alerts.none@us": (
        "No alert is set. For example: _AAPL above 300_ or _S&P 500 down 2%_.",
        "کوئی الرٹ نہیں۔ مثلاً: _AAPL 300 سے اوپر_ یا _S&P 500 گرے 2%_",
        "Koi alert nahi. Maslan: _AAPL 300 se upar_ ya _S&P 500 girey 2%_",
    ),
    "alerts.no_level@us": (
        "Say which level or percent to watch: _AAPL above 300_ or _S&P 500 down 2%_.",
        "بتائیں کس قیمت یا فیصد پر: _AAPL 300 سے اوپر_ یا _S&P 500 گرے 2%_",
        "Batayein kis price ya fisad par: _AAPL 300 se upar_ ya _S&P 500 girey 2%_",
    ),
    "alerts.too_big@us": (
        "A day’s move cannot be more than 100%. For example: _S&P 500 down 2%_.",
        "ایک دن کی تبدیلی 100% سے زیادہ نہیں ہو سکتی۔ مثلاً: _S&P 500 گرے 2%_",
        "Ek din ki tabdeeli 100% se zyada nahi ho sakti. Maslan: _S&P 500 girey 2%_",
    ),
    "calculate.ask@us": (
        (
            "Which amount, in dollars? For example: _what is in $5,000 of my mix_, _$500 of KO_. It is used for that answer "
            "only."
        ),
        "کتنی رقم، ڈالر میں؟ مثلاً: _$5,000 میں کیا کیا ہے_، _KO میں $500_۔ رقم صرف اسی جواب کے لیے ہے۔",
        "Kitni raqam, dollar mein? Maslan: _$5,000 mein kya kya hai_, _KO mein $500_. Raqam sirf usi jawab ke liye hai.",
    ),
    "calculate.bad_amount@us": (
        "That amount is out of range for a sum here. Please name one between $1 and $10 trillion.",
        "یہ رقم حساب کی حد سے باہر ہے۔ $1 سے $10 ٹریلین تک کی رقم لکھیں۔",
        "Yeh raqam hisaab ki had se bahar hai. $1 se $10 trillion tak ki raqam likhein.",
    ),
    "xray.blind@us": (
        "What these funds hold is not in our data, so single shares and risk are not known.",
        "ان فنڈز میں کون سے حصص ہیں، ہمارے ڈیٹا میں نہیں، اس لیے الگ الگ حصص اور رسک معلوم نہیں۔",
        "In funds mein kaun se shares hain, hamare data mein nahi, is liye alag alag shares aur risk maloom nahi.",
    ),
    "xray.no_fees@us": (
        "*Fund fees*: a share bears none; what a fund such as XLK charges is not in our data",
        "*فنڈ فیس*: حصص پر نہیں ہوتی؛ XLK جیسے فنڈ کی فیس ہمارے ڈیٹا میں نہیں",
        "*Fund fees*: shares par nahi hoti; XLK jaise fund ki fee hamare data mein nahi",
    ),
    "opportunities.not@us": (
        (
            "What this is not: a call, a verdict or a forecast. Left out: names without a trade on the day, names trading under "
            "{least} a day."
        ),
        "یہ کیا نہیں: کوئی اشارہ، فیصلہ یا پیش گوئی۔ شامل نہیں: اس دن بغیر سودے کے نام، اور روزانہ {least} سے کم کاروبار والے نام۔",
        (
            "Yeh kya nahi: koi ishara, faisla ya pesh goi. Shamil nahi: us din baghair saude wale naam, aur rozana {least} se kam "
            "karobar wale naam."
        ),
    ),
    "opportunities.chart_subtitle@us": (
        "Dollars, splits taken out; cash dividends not added",
        "ڈالر؛ سپلٹ نکال کر، نقد منافع شامل نہیں",
        "Dollar; split nikaal kar, cash dividend shamil nahi",
    ),
    "briefing.hello_name@us": ("Hello, {name}.", "السلام علیکم، {name}۔", "Assalam-o-alaikum, {name}."),
    "briefing.hello@us": ("Hello.", "السلام علیکم۔", "Assalam-o-alaikum."),
    "briefing.silent@us": (
        "• {name}: no price of that day",
        "• {name}: اس دن کی قیمت نہیں",
        "• {name}: us din ki qeemat nahin",
    ),
    "briefing.due_policy@us": (
        "Federal Reserve interest rate decision",
        "فیڈرل ریزرو کا شرحِ سود پر فیصلہ",
        "Federal Reserve ka interest rate faisla",
    ),
    "briefing.say_sectors_fund": (
        "Among the sectors' funds, that of {first} did best, {best_up}, and that of {last} did worst, {worst_up}.",
        "شعبوں کے فنڈز میں {first} کا فنڈ سب سے بہتر رہا، {best_up}، اور {last} کا سب سے کمزور، {worst_up}۔",
        "Shobon ke funds mein {first} ka fund sab se behtar raha, {best_up}, aur {last} ka sab se kamzor, {worst_up}.",
    ),
    "market.board_gainers": ("Largest gains: {names}", "سب سے بڑا اضافہ: {names}", "Sab se bara izafa: {names}"),
    "market.board_losers": ("Largest falls: {names}", "سب سے بڑی کمی: {names}", "Sab se bari kami: {names}"),
    "market.board_actives": ("Most traded: {names}", "سب سے زیادہ کاروبار: {names}", "Sab se zyada karobar: {names}"),
    "briefing.chapter_ahead": ("What comes next", "آگے کیا ہے", "Aage kya hai"),
    "holiday.closed@us": (
        "The US exchanges are closed on {day}: {name}. No brief that day. Next session: {next}.",
        "{day} کو امریکی اسٹاک ایکسچینجز بند ہیں: {name}۔ اس دن بریف نہیں ہوگی۔ اگلا سیشن: {next}۔",
        "{day} ko American stock exchanges band hain: {name}. Us din brief nahin hogi. Agla session: {next}.",
    ),
    "holiday.open@us": (
        "The US exchanges are open on {day} after all. Your brief comes at its usual time.",
        "{day} کو امریکی اسٹاک ایکسچینجز کھلی ہیں۔ آپ کی بریف معمول کے وقت پر آئے گی۔",
        "{day} ko American stock exchanges khuli hain. Aap ki brief mamool ke waqt par aaye gi.",
    ),
    "holiday.silent@us": (
        "No trade was seen at the US exchanges today, {day}: we take them as closed. Last figures: {last}. Next session: {next}.",
        "آج {day} کو امریکی اسٹاک ایکسچینجز میں کوئی سودا نظر نہیں آیا: ہم انہیں بند سمجھتے ہیں۔ آخری اعداد: {last}۔ اگلا سیشن: {next}۔",
        "Aaj {day} ko American stock exchanges mein koi sauda nazar nahin aaya: hum inhein band samajhte hain. Aakhri aadaad: {last}. Agla session: {next}.",
    ),
    "command.calculate@us": (
        "a sum in dollars: what an amount in your mix stands in",
        "ڈالر کا حساب: رقم کس کس شیئر میں ہے",
        "dollar ka hisaab: raqam kis kis share mein hai",
    ),
    # the sectors by the code of their fund, short enough for a chart's label
    "sector.XLK": ("Technology", "ٹیکنالوجی", "Technology"),
    "sector.XLV": ("Health Care", "صحت", "Health Care"),
    "sector.XLF": ("Financials", "مالیاتی ادارے", "Financials"),
    "sector.XLE": ("Energy", "توانائی", "Energy"),
    "sector.XLY": ("Consumer Discretionary", "غیر ضروری صارف اشیا", "Consumer Discretionary"),
    "sector.XLP": ("Consumer Staples", "روزمرہ صارف اشیا", "Consumer Staples"),
    "sector.XLI": ("Industrials", "صنعت", "Industrials"),
    "sector.XLB": ("Materials", "خام مال", "Materials"),
    "sector.XLU": ("Utilities", "یوٹیلٹیز", "Utilities"),
    "sector.XLRE": ("Real Estate", "رئیل اسٹیٹ", "Real Estate"),
    "sector.XLC": ("Communication Services", "مواصلات", "Communication Services"),
}  # fmt: skip
