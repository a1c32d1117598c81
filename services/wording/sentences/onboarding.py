"""The first conversation: language, consent, holdings, confirmation, times."""

SENTENCES: dict[str, tuple[str, str, str]] = {
    "onboarding.hello": (
        (
            "Assalam-o-alaikum{name}! I am *MarketByte*. Tell me what you hold, and before the open and after the close you get "
            "one short brief about it: text, chart and voice. Facts with their source, never advice."
        ),
        (
            "السلام علیکم{name}! میں *مارکیٹ بائٹ* ہوں۔ مجھے بتائیں آپ کے پاس کیا ہے، اور مارکیٹ کھلنے سے پہلے اور بند ہونے کے بعد آپ کو "
            "ایک مختصر بریف ملے گا: تحریر، چارٹ اور آواز۔ صرف حقائق ماخذ کے ساتھ، مشورہ کبھی نہیں۔"
        ),
        (
            "Assalam-o-alaikum{name}! Main *MarketByte* hoon. Mujhe batayein aap ke paas kya hai, aur market khulne se pehle aur "
            "band hone ke baad aap ko ek mukhtasar brief milega: text, chart aur awaaz. Sirf facts source ke saath, mashwara "
            "kabhi nahi."
        ),
    ),
    "onboarding.language": (
        "Which language? · کون سی زبان؟ · Kaun si zubaan?",
        "کون سی زبان؟ · Which language? · Kaun si zubaan?",
        "Kaun si zubaan? · Which language? · کون سی زبان؟",
    ),
    "onboarding.language_again": (
        "Please pick a language: English, اردو or Roman Urdu.",
        "براہ کرم زبان چنیں: English، اردو یا Roman Urdu۔",
        "Zubaan chunein: English, اردو ya Roman Urdu.",
    ),
    "onboarding.consent": (
        (
            "I keep your chat address, first name, preferences and holdings as percentages, only to write your briefs; never "
            "rupee amounts. You can say *stop*, *export* or *delete* at any time. Do you agree?"
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
    "onboarding.agree": ("I agree", "متفق ہوں", "Muttafiq hoon"),
    "onboarding.not_now": ("Not now", "ابھی نہیں", "Abhi nahi"),
    "onboarding.declined": (
        (
            "That is fine; nothing of yours is kept beyond this chat. You can still ask for prices, news and rates. Say *Hi* when "
            "you want to begin."
        ),
        "کوئی بات نہیں؛ اس چیٹ کے علاوہ آپ کا کچھ محفوظ نہیں۔ آپ قیمتیں، خبریں اور ریٹ پوچھ سکتے ہیں۔ شروع کرنے کے لیے *Hi* کہیں۔",
        (
            "Koi baat nahi; is chat ke ilawa aap ka kuch mehfooz nahi. Aap prices, khabrein aur rates pooch sakte hain. Shuru "
            "karne ke liye *Hi* kahein."
        ),
    ),
    "onboarding.consent_again": (
        "I need a yes or a no before I keep anything: *I agree* or *not now*?",
        "کچھ محفوظ کرنے سے پہلے ہاں یا نہیں چاہیے: *متفق ہوں* یا *ابھی نہیں*؟",
        "Kuch mehfooz karne se pehle haan ya nahi chahiye: *haan* ya *abhi nahi*?",
    ),
    "onboarding.holdings": (
        (
            "What do you hold? Write it your way, shares and funds, with percentages if you know them:\n_Meezan Islamic Fund 60%, "
            "baqi LUCK aur OGDC_\n_MEBL 40, MZNPETF 60_"
        ),
        (
            "آپ کے پاس کیا ہے؟ اپنے انداز میں لکھیں، حصص اور فنڈ، فیصد معلوم ہوں تو وہ بھی:\n_میزان اسلامک فنڈ 60%، باقی LUCK اور OGDC_\n"
            "_MEBL 40, MZNPETF 60_"
        ),
        (
            "Aap ke paas kya hai? Apne andaz mein likhein, shares aur funds, percent maloom hon to woh bhi:\n_Meezan Islamic Fund "
            "60%, baqi LUCK aur OGDC_\n_MEBL 40, MZNPETF 60_"
        ),
    ),
    "onboarding.holdings_again": (
        (
            "I found no share or fund in that. Tickers or names both work, for example: _MEBL 40, LUCK 60_ or _Meezan Islamic "
            "Fund_."
        ),
        "اس میں مجھے کوئی شیئر یا فنڈ نہیں ملا۔ ٹکر یا نام دونوں چلتے ہیں، مثلاً: _MEBL 40, LUCK 60_ یا _Meezan Islamic Fund_",
        (
            "Is mein mujhe koi share ya fund nahi mila. Ticker ya naam dono chalte hain, maslan: _MEBL 40, LUCK 60_ ya _Meezan "
            "Islamic Fund_"
        ),
    ),
    "onboarding.unknown_part": (
        "I do not know “{name}”, so I left it out.",
        "“{name}” مجھے نہیں ملا، اس لیے چھوڑ دیا۔",
        "“{name}” mujhe nahi mila, is liye chhor diya.",
    ),
    "onboarding.near": ("Close to it: {names}.", "ملتے جلتے: {names}۔", "Milte julte: {names}."),
    "onboarding.confirm": (
        "This is what I understood:\n{lines}\n\nIs that right?",
        "میں یہ سمجھا ہوں:\n{lines}\n\nکیا یہ درست ہے؟",
        "Main yeh samjha hoon:\n{lines}\n\nKya yeh theek hai?",
    ),
    "onboarding.yes": ("Yes, correct", "جی، درست", "Ji, theek"),
    "onboarding.change": ("Change it", "تبدیل کریں", "Badlein"),
    "onboarding.confirm_again": (
        "Say *yes* if the list is right, or write the holdings anew.",
        "فہرست درست ہو تو *جی* کہیں، ورنہ ہولڈنگز دوبارہ لکھیں۔",
        "List theek ho to *ji* kahein, warna holdings dobara likhein.",
    ),
    "onboarding.times": (
        "When should the brief come? Trading days, {zone}.",
        "بریف کب آئے؟ کاروباری دن، {zone}۔",
        "Brief kab aaye? Trading days, {zone}.",
    ),
    "onboarding.times_both": ("09:00 and 17:00", "09:00 اور 17:00", "09:00 aur 17:00"),
    "onboarding.times_morning": ("Only 09:00", "صرف 09:00", "Sirf 09:00"),
    "onboarding.times_evening": ("Only 17:00", "صرف 17:00", "Sirf 17:00"),
    "onboarding.times_again": (
        (
            "I could not read a time in that. For example: _09:00 and 17:00_, _8 am_, _subah 8 baje_. Between 06:00 and 22:00, to "
            "the quarter hour."
        ),
        "اس میں وقت سمجھ نہیں آیا۔ مثلاً: _09:00 اور 17:00_، _صبح 8 بجے_۔ 06:00 سے 22:00 کے درمیان، پندرہ منٹ کے حساب سے۔",
        (
            "Is mein waqt samajh nahi aaya. Maslan: _09:00 aur 17:00_, _subah 8 baje_. 06:00 se 22:00 ke darmiyan, pandrah minute "
            "ke hisaab se."
        ),
    ),
    "onboarding.times_outside": (
        "Briefs go out between 06:00 and 22:00 only. At which times within that? For example _09:00 and 17:00_.",
        "بریف صرف 06:00 سے 22:00 کے درمیان جاتے ہیں۔ اس میں کن اوقات پر؟ مثلاً _09:00 اور 17:00_۔",
        "Brief sirf 06:00 se 22:00 ke darmiyan jaate hain. Is mein kin auqaat par? Maslan _09:00 aur 17:00_.",
    ),
    "onboarding.statement": (
        "That looks like an account statement. I read none and keep no amounts: just write the names of your shares and funds, with percentages if you like, for example _MEBL 40, MZNPETF 60_.",
        "یہ اکاؤنٹ اسٹیٹمنٹ لگتی ہے۔ میں اسٹیٹمنٹ نہیں پڑھتا اور رقمیں محفوظ نہیں رکھتا: صرف اپنے شیئرز اور فنڈز کے نام لکھیں، چاہیں تو فیصد کے ساتھ، مثلاً _MEBL 40, MZNPETF 60_",
        "Yeh account statement lagti hai. Main statement nahi parhta aur raqmein mehfooz nahi rakhta: sirf apne shares aur funds ke naam likhein, chahein to percent ke saath, maslan _MEBL 40, MZNPETF 60_",
    ),
    "onboarding.done": (
        "All set{name}: your brief comes at {times} on trading days. Here is your first X-Ray:",
        "سب تیار{name}: آپ کا بریف کاروباری دنوں میں {times} پر آئے گا۔ یہ رہا آپ کا پہلا ایکسرے:",
        "Sab tayyar{name}: aap ka brief trading days par {times} par aayega. Yeh raha aap ka pehla X-Ray:",
    ),
    "onboarding.first": (
        "I keep nothing before you agree; first this:",
        "آپ کی رضامندی سے پہلے میں کچھ محفوظ نہیں کرتا؛ پہلے یہ:",
        "Aap ki razamandi se pehle main kuch mehfooz nahi karta; pehle yeh:",
    ),
    "onboarding.resumed": (
        "We were in the middle of setting up; let us go on.",
        "ہم سیٹ اپ کے درمیان تھے؛ آگے چلتے ہیں۔",
        "Hum setup ke darmiyan thay; aage chalte hain.",
    ),
}
