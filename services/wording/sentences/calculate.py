"""What is said with a sum in rupees: the result, what it rests on, and what it does not judge."""

SENTENCES: dict[str, tuple[str, str, str]] = {
    "calculate.ask": (
        (
            "Which amount? For example: _5 lakh mein kya kya hai_, _yearly fee on Rs 200,000_, _zakat on 10 lakh_. It is used for "
            "that answer only."
        ),
        "کتنی رقم؟ مثلاً: _5 لاکھ میں کیا کیا ہے_، _2 لاکھ پر سالانہ فیس_، _10 لاکھ پر زکوٰۃ_۔ رقم صرف اسی جواب کے لیے ہے۔",
        (
            "Kitni raqam? Maslan: _5 lakh mein kya kya hai_, _2 lakh par saalana fee_, _10 lakh par zakat_. Raqam sirf usi "
            "jawab ke liye hai."
        ),
    ),
    "calculate.bad_amount": (
        "That amount is out of range for a sum here. Please name one between Re 1 and Rs 10 trillion.",
        "یہ رقم حساب کی حد سے باہر ہے۔ ایک روپے سے 10 کھرب تک کی رقم لکھیں۔",
        "Yeh raqam hisaab ki had se bahar hai. Ek rupay se 10 trillion tak ki raqam likhein.",
    ),
    "calculate.exposure": (
        "*{amount} in your mix*: {result} of it in known shares",
        "*آپ کے تناسب میں {amount}*: اس میں سے {result} معلوم حصص میں",
        "*Aap ke tanasub mein {amount}*: is mein se {result} maloom shares mein",
    ),
    "calculate.exposure_of": (
        "*{amount} in {name}*: {result} of it in known shares",
        "*{name} میں {amount}*: اس میں سے {result} معلوم حصص میں",
        "*{name} mein {amount}*: is mein se {result} maloom shares mein",
    ),
    "calculate.sectors": ("By sector:", "شعبے کے لحاظ سے:", "Sector ke lihaz se:"),
    "calculate.line": (
        "• {name}: {rupees} ({fraction})",
        "• {name}: {rupees} ({fraction})",
        "• {name}: {rupees} ({fraction})",
    ),
    "calculate.more": ("• {count} more: {rupees}", "• مزید {count}: {rupees}", "• mazeed {count}: {rupees}"),
    "calculate.undisclosed": (
        "Not disclosed by the funds: {rupees} ({fraction}).",
        "فنڈز نے ظاہر نہیں کیا: {rupees} ({fraction})۔",
        "Funds ne zahir nahi kiya: {rupees} ({fraction}).",
    ),
    "calculate.fees": (
        "*{amount}*: fund charges of {result} a year ({rate})",
        "*{amount}*: فنڈز کی سالانہ فیس {result} ({rate})",
        "*{amount}*: funds ki saalana fee {result} ({rate})",
    ),
    "calculate.fees_unknown": (
        "No published charge is known to me for {fraction} of the mix, so the true figure may be higher.",
        "تناسب کے {fraction} حصے کی شائع شدہ فیس مجھے معلوم نہیں، اس لیے اصل رقم زیادہ ہو سکتی ہے۔",
        "Tanasub ke {fraction} hissay ki shaya shuda fee mujhe maloom nahi, is liye asal raqam zyada ho sakti hai.",
    ),
    "calculate.fees_none": (
        "*{amount}*: I know no fund charge in this mix; shares held directly bear none.",
        "*{amount}*: اس تناسب میں کوئی فنڈ فیس معلوم نہیں؛ براہ راست حصص پر نہیں ہوتی۔",
        "*{amount}*: is tanasub mein koi fund fee maloom nahi; seedhe shares par nahi hoti.",
    ),
    "calculate.dividend": (
        "*{amount}*: about {result} a year before tax at the published yields ({rate})",
        "*{amount}*: شائع شدہ ییلڈ پر ٹیکس سے پہلے سالانہ تقریباً {result} ({rate})",
        "*{amount}*: shaya shuda yield par tax se pehle saalana taqreeban {result} ({rate})",
    ),
    "calculate.dividend_unknown": (
        "No published yield is known to me for {fraction} of the mix; it counts as nothing here.",
        "تناسب کے {fraction} حصے کی شائع شدہ ییلڈ معلوم نہیں؛ یہاں صفر شمار ہوئی۔",
        "Tanasub ke {fraction} hissay ki shaya shuda yield maloom nahi; yahan zero shumar hui.",
    ),
    "calculate.dividend_note": (
        "A yield looks back at past payouts; it promises none.",
        "ییلڈ پچھلی ادائیگیوں کو دیکھتی ہے؛ آئندہ کا وعدہ نہیں۔",
        "Yield pichhli adaigiyon ko dekhti hai; aainda ka waada nahi.",
    ),
    "calculate.zakat": (
        "*Zakat on {amount}* at {rate}: *{result}*",
        "*{amount} پر زکوٰۃ* {rate} کے حساب سے: *{result}*",
        "*{amount} par zakat* {rate} ke hisaab se: *{result}*",
    ),
    "calculate.zakat_note": (
        (
            "Only the multiplication: whether you are above nisab, what counts and for how long you have held it I do not judge. "
            "Ask a scholar you trust."
        ),
        "یہ صرف ضرب ہے: نصاب، کیا شمار ہوتا ہے اور کتنا عرصہ گزرا، اس کا فیصلہ میں نہیں کرتا۔ اپنے معتمد عالم سے پوچھیں۔",
        (
            "Yeh sirf zarb hai: nisab, kya shumar hota hai aur kitna arsa guzra, is ka faisla main nahi karta. Apne motamad aalim "
            "se poochein."
        ),
    ),
    "calculate.gains_tax": (
        "*Capital gains tax on a gain of {amount}* at {rate} (filer): *{result}*",
        "*{amount} منافع پر کیپیٹل گین ٹیکس* {rate} (فائلر): *{result}*",
        "*{amount} munafa par capital gains tax* {rate} (filer): *{result}*",
    ),
    "calculate.dividend_tax": (
        "*Tax withheld on a dividend of {amount}* at {rate} (filer): *{result}*",
        "*{amount} ڈیویڈنڈ پر ٹیکس کٹوتی* {rate} (فائلر): *{result}*",
        "*{amount} dividend par tax katoti* {rate} (filer): *{result}*",
    ),
    "calculate.tax_note": (
        (
            "Rate for filers on listed shares acquired since {day}; non-filers pay more, and each July’s budget may change it. "
            "Check with a tax adviser."
        ),
        (
            "یہ شرح {day} سے لیے گئے حصص پر فائلرز کی ہے؛ نان فائلر زیادہ دیتے ہیں، اور جولائی کا بجٹ بدل سکتا ہے۔ ٹیکس مشیر سے "
            "تصدیق کریں۔"
        ),
        (
            "Yeh sharah {day} se liye gaye shares par filers ki hai; non-filer zyada dete hain, aur July ka budget badal sakta "
            "hai. Tax adviser se tasdeeq karein."
        ),
    ),
    "calculate.private": (
        "_Used for this answer only; I keep no amounts._",
        "_صرف اس جواب کے لیے؛ رقمیں محفوظ نہیں ہوتیں۔_",
        "_Sirf is jawab ke liye; raqmein mehfooz nahi hoteen._",
    ),
    "calculate.source": (
        "{label} · arithmetic on facts, not advice",
        "{label} · حقائق پر حساب، مشورہ نہیں",
        "{label} · facts par hisaab, mashwara nahi",
    ),
}
