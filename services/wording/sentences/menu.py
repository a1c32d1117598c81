"""The menu, greetings, small talk and what is said when something does not work."""

SENTENCES: dict[str, tuple[str, str, str]] = {
    "menu.title": (
        "*MarketByte* — what would you like?",
        "*مارکیٹ بائٹ* — آپ کیا دیکھنا چاہیں گے؟",
        "*MarketByte* — aap kya dekhna chahenge?",
    ),
    "menu.lines": (
        (
            "• *X-Ray*: what you really own\n• *Brief*: your day in one minute\n• *Opportunities*: shares that stand out, by "
            "published screens\n• A name (_MEBL_, _KSE100_) for its price; “why is OGDC down?” for the reason\n• Also: news, "
            "dollar rate, flows, alerts (“tell me when LUCK crosses 500”), zakat and fee sums\n• *Settings*, *stop*, "
            "*export*, *delete*: any time"
        ),
        (
            "• *ایکسرے*: آپ کے پاس اصل میں کیا ہے\n• *بریف*: آپ کا دن ایک منٹ میں\n• *مواقع*: نمایاں حصص، شائع شدہ معیار پر\n"
            "• قیمت کے لیے نام لکھیں (_MEBL_، _KSE100_)؛ وجہ کے لیے “OGDC کیوں گرا؟”\n• مزید: خبریں، ڈالر ریٹ، فلو، الرٹ "
            "(“LUCK 500 سے اوپر جائے تو بتانا”)، زکوٰۃ اور فیس کا حساب\n• *سیٹنگز*، *stop*، *export*، *delete*: کسی بھی وقت"
        ),
        (
            "• *X-Ray*: aap ke paas asal mein kya hai\n• *Brief*: aap ka din ek minute mein\n• *Opportunities*: numaya shares, "
            "shaya shuda miyaar par\n• Price ke liye naam likhein (_MEBL_, _KSE100_); wajah ke liye “OGDC kyun gira?”\n• Mazeed: "
            "khabrein, dollar rate, flows, alerts (“LUCK 500 se upar jaye to batana”), zakat aur fees ka hisaab\n• *Settings*, "
            "*stop*, *export*, *delete*: kisi bhi waqt"
        ),
    ),
    "menu.xray": ("X-Ray", "ایکسرے", "X-Ray"),
    "menu.brief": ("My brief", "میرا بریف", "Mera brief"),
    "menu.opportunities": ("Opportunities", "مواقع", "Opportunities"),
    "menu.stale": (
        "That button belongs to an earlier step, so I left it alone.",
        "وہ بٹن پچھلے مرحلے کا تھا، اس لیے کچھ نہیں بدلا۔",
        "Woh button pichhle marhale ka tha, is liye kuch nahi badla.",
    ),
    "menu.welcome_back": (
        "Welcome back{name}! What shall we look at?",
        "خوش آمدید{name}! کیا دیکھیں؟",
        "Khush aamdeed{name}! Kya dekhein?",
    ),
    "menu.thanks": ("You are welcome.", "خوشی ہوئی۔", "Khushi hui."),
    "menu.unknown": (
        "I only do markets and your holdings, so that one is beyond me. Here is what I can do:",
        "میں صرف مارکیٹ اور آپ کی سرمایہ کاری پر بات کرتا ہوں، یہ میرے بس میں نہیں۔ میں یہ کر سکتا ہوں:",
        "Main sirf market aur aap ki holdings par baat karta hoon, yeh mere bas mein nahi. Main yeh kar sakta hoon:",
    ),
    "menu.did_you_mean": (
        "“{name}” fits more than one. Which did you mean?",
        "“{name}” ایک سے زیادہ ناموں سے ملتا ہے۔ آپ کی مراد کون سا ہے؟",
        "“{name}” ek se zyada naamon se milta hai. Aap ki murad kaun sa hai?",
    ),
    "menu.no_call": (
        "I never say buy, sell or hold; these are the facts:",
        "میں کبھی خریدنے، بیچنے یا رکھنے کا نہیں کہتا؛ یہ حقائق ہیں:",
        "Main kabhi khareedne, bechne ya rakhne ka nahi kehta; yeh facts hain:",
    ),
    "menu.about": (
        (
            "*About MarketByte*\nAn information service, run by the operator of this bot. Not an adviser licensed by the SECP: "
            "it states facts with source and time, never a call to trade. Prices can be late or wrong at the source; "
            "check before you act. We keep your chat address, first name, preferences and holdings as percentages. Rupee "
            "amounts you type are used for that answer only and written nowhere. Complaints: type “complaint …” here, or the "
            "SECP Service Desk, sdms.secp.gov.pk. We never ask for money, passwords or codes.\nData: {label}."
        ),
        (
            "*مارکیٹ بائٹ کے بارے میں*\nیہ معلومات کی سروس ہے، اس بوٹ کا آپریٹر اسے چلاتا ہے۔ یہ ایس ای سی پی کا لائسنس یافتہ مشیر "
            "نہیں: صرف حقائق، ماخذ اور وقت کے ساتھ، کبھی خرید و فروخت کا مشورہ نہیں۔ قیمتیں ماخذ پر دیر سے یا غلط ہو سکتی ہیں۔ ہم صرف "
            "آپ کا چیٹ پتہ، پہلا نام، ترجیحات اور فیصد میں ہولڈنگز رکھتے ہیں۔ لکھی گئی رقمیں صرف اسی جواب کے لیے استعمال ہوتی ہیں اور "
            "کہیں محفوظ نہیں ہوتیں۔ شکایت: یہاں “complaint …” لکھیں یا ایس ای سی پی سروس ڈیسک، sdms.secp.gov.pk۔ ہم کبھی پیسے، پاس ورڈ "
            "یا کوڈ نہیں مانگتے۔\nڈیٹا: {label}۔"
        ),
        (
            "*MarketByte ke baare mein*\nYeh maloomat ki service hai, is bot ka operator ise chalata hai. Yeh SECP ka licensed "
            "adviser nahi: sirf facts, source aur waqt ke saath, kabhi khareed o farokht ka mashwara nahi. Prices source par der "
            "se ya ghalat ho sakti hain. Hum sirf aap ka chat address, pehla naam, pasand aur holdings percent mein rakhte hain. "
            "Likhi gayi raqmein sirf usi jawab ke liye istemal hoti hain aur kahin mehfooz nahi hoteen. Shikayat: yahan "
            "“complaint …” likhein ya SECP Service Desk, sdms.secp.gov.pk. Hum kabhi paise, password ya code nahi mangte.\n"
            "Data: {label}."
        ),
    ),
    "menu.forecast": (
        (
            "There is no forecast model in this release, and I do not guess. What I can give you are facts: price, reason, "
            "X-Ray."
        ),
        "اس ریلیز میں پیش گوئی کا ماڈل نہیں، اور میں اندازہ نہیں لگاتا۔ میں حقائق دے سکتا ہوں: قیمت، وجہ، ایکسرے۔",
        "Is release mein forecast ka model nahi, aur main andaza nahi lagata. Main facts de sakta hoon: price, wajah, X-Ray.",
    ),
    "broadcast.you": ("friend", "دوست", "dost"),
    "broadcast.announcement": ("From MarketByte", "مارکیٹ بائٹ کی طرف سے", "MarketByte ki taraf se"),
    "broadcast.news": (
        "there is a new message for you",
        "آپ کے لیے ایک نیا پیغام ہے",
        "aap ke liye ek naya paigham hai",
    ),
    "error.generic": (
        "That did not work. Please try again in a moment.",
        "یہ نہیں ہو سکا۔ تھوڑی دیر بعد پھر کوشش کریں۔",
        "Yeh nahi ho saka. Thori der baad phir koshish karein.",
    ),
    "error.broke": (
        "Something broke on my side; it is logged and nothing of yours was changed. Please try again, or pick from the menu.",
        "میری طرف کچھ خراب ہوا؛ درج ہو گیا ہے اور آپ کا کچھ نہیں بدلا۔ دوبارہ کوشش کریں یا مینو سے چنیں۔",
        "Meri taraf kuch kharab hua; darj ho gaya hai aur aap ka kuch nahi badla. Dobara koshish karein ya menu se chunein.",
    ),
    "error.interrupted": (
        "I was interrupted while answering, and amounts you type are never stored. Please ask again.",
        "جواب کے دوران رکاوٹ آئی، اور آپ کی لکھی رقمیں محفوظ نہیں کی جاتیں۔ براہ کرم دوبارہ پوچھیں۔",
        "Jawab ke dauran rukawat aayi, aur aap ki likhi raqmein mehfooz nahi ki jaatin. Dobara poochein.",
    ),
    "error.bad_input": (
        "I could not use that: {reason}",
        "میں اسے استعمال نہیں کر سکا: {reason}",
        "Main isay istemal nahi kar saka: {reason}",
    ),
    "error.no_reason": (
        "please say it in another way, or pick from the menu.",
        "براہ کرم دوسرے الفاظ میں کہیں، یا مینو سے چنیں۔",
        "doosre alfaaz mein kahein, ya menu se chunein.",
    ),
    "error.unknown_name": (
        "I know no share, fund or index called “{name}”. Try its ticker (MEBL) or its full name.",
        "“{name}” نام کا کوئی شیئر، فنڈ یا انڈیکس مجھے نہیں ملا۔ اس کا ٹکر (MEBL) یا پورا نام لکھیں۔",
        "“{name}” naam ka koi share, fund ya index mujhe nahi mila. Us ka ticker (MEBL) ya poora naam likhein.",
    ),
    "error.ambiguous_name": (
        "“{name}” fits more than one. Please type the full name.",
        "“{name}” ایک سے زیادہ ناموں سے ملتا ہے۔ پورا نام لکھیں۔",
        "“{name}” ek se zyada naamon se milta hai. Poora naam likhein.",
    ),
    "error.nothing_held": (
        "I do not know your holdings yet. Tell me in one line, for example: _MEBL 40, MZNPETF 60_.",
        "مجھے ابھی آپ کی ہولڈنگز معلوم نہیں۔ ایک سطر میں بتائیں، مثلاً: _MEBL 40, MZNPETF 60_",
        "Mujhe abhi aap ki holdings maloom nahi. Ek line mein batayein, maslan: _MEBL 40, MZNPETF 60_",
    ),
    "error.not_available": (
        "That is not available: {what}",
        "یہ دستیاب نہیں: {what}",
        "Yeh dastyab nahi: {what}",
    ),
    "error.no_market": (
        "I have no market data yet: it is being fetched for the first time. Please ask again in a few minutes.",
        "ابھی میرے پاس مارکیٹ کا ڈیٹا نہیں: پہلی بار لایا جا رہا ہے۔ چند منٹ بعد پھر پوچھیں۔",
        "Abhi mere paas market ka data nahi: pehli baar laya ja raha hai. Chand minute baad phir poochein.",
    ),
    "error.unavailable": (
        "Something I need is not answering right now. Please try again in a few minutes.",
        "ایک ضروری سروس ابھی جواب نہیں دے رہی۔ چند منٹ بعد پھر کوشش کریں۔",
        "Ek zaroori service abhi jawab nahi de rahi. Chand minute baad phir koshish karein.",
    ),
}
