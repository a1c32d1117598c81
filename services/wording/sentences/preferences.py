"""Settings, stop and resume, export and delete, feedback."""

SENTENCES: dict[str, tuple[str, str, str]] = {
    "preferences.shown": (
        (
            "*Your settings*\nLanguage: {language}\nBriefs: {times}, {days}\nVoice notes: {voice} · Charts: {charts} · Shariah "
            "names only in screens: {shariah}\nScheduled messages: {state}\n\nSay it in words: _urdu_, _8 am and 5 pm_, _no voice_, "
            "_charts on_, _shariah on_."
        ),
        (
            "*آپ کی سیٹنگز*\nزبان: {language}\nبریف: {times}، {days}\nوائس نوٹ: {voice} · چارٹ: {charts} · معیاروں میں صرف شرعی نام: "
            "{shariah}\nمقررہ پیغامات: {state}\n\nالفاظ میں کہیں: _english_، _صبح 8 بجے_، _no voice_، _charts on_، _shariah on_"
        ),
        (
            "*Aap ki settings*\nZubaan: {language}\nBrief: {times}, {days}\nVoice notes: {voice} · Charts: {charts} · Screens mein "
            "sirf Shariah naam: {shariah}\nMuqarrar paighamaat: {state}\n\nAlfaaz mein kahein: _english_, _subah 8 baje_, _no "
            "voice_, _charts on_, _shariah on_."
        ),
    ),
    "preferences.on": ("on", "آن", "on"),
    "preferences.off": ("off", "آف", "off"),
    "preferences.active": ("on", "جاری", "jaari"),
    "preferences.stopped": ("stopped", "بند", "band"),
    "preferences.paused": ("paused until {day}", "{day} تک وقفہ", "{day} tak waqfa"),
    "preferences.daily": ("trading days", "کاروباری دن", "trading days"),
    "preferences.none_set": ("no time set", "کوئی وقت مقرر نہیں", "koi waqt muqarrar nahi"),
    "preferences.monday": ("Mon", "پیر", "Peer"),
    "preferences.tuesday": ("Tue", "منگل", "Mangal"),
    "preferences.wednesday": ("Wed", "بدھ", "Budh"),
    "preferences.thursday": ("Thu", "جمعرات", "Jumerat"),
    "preferences.friday": ("Fri", "جمعہ", "Juma"),
    "preferences.changed": ("Done. {what}", "ہو گیا۔ {what}", "Ho gaya. {what}"),
    "preferences.lang_now": (
        "I will write in English.",
        "اب میں اردو میں لکھوں گا۔",
        "Ab main Roman Urdu mein likhunga.",
    ),
    "preferences.times_now": (
        "Your briefs come at {times} on {days}.",
        "آپ کے بریف {days} {times} پر آئیں گے۔",
        "Aap ke brief {days} {times} par aayenge.",
    ),
    "preferences.rounded": (
        "Briefs go out every quarter hour from 06:00 to 22:00, so I took the nearest.",
        "بریف 06:00 سے 22:00 تک ہر پندرہ منٹ پر جاتے ہیں، اس لیے قریب ترین وقت لیا۔",
        "Brief 06:00 se 22:00 tak har pandrah minute par jaate hain, is liye qareeb tareen waqt liya.",
    ),
    "preferences.flag_now": ("{name}: {state}.", "{name}: {state}۔", "{name}: {state}."),
    "preferences.voice": ("Voice notes", "وائس نوٹ", "Voice notes"),
    "preferences.charts": ("Charts", "چارٹ", "Charts"),
    "preferences.shariah": (
        "Shariah names only in screens",
        "معیاروں میں صرف شرعی نام",
        "Screens mein sirf Shariah naam",
    ),
    "preferences.voice_off": ("No voice notes", "وائس نوٹ بند", "Voice notes band"),
    "preferences.voice_on": ("Voice notes on", "وائس نوٹ آن", "Voice notes on"),
    "preferences.charts_off": ("No charts", "چارٹ بند", "Charts band"),
    "preferences.charts_on": ("Charts on", "چارٹ آن", "Charts on"),
    "preferences.shariah_off": ("All names in screens", "معیاروں میں سب نام", "Sab naam dikhao"),
    "preferences.shariah_on": ("Shariah names only", "صرف شرعی نام", "Sirf Shariah naam"),
    "preferences.change_times": ("Change the times", "وقت بدلیں", "Waqt badlein"),
    "preferences.change_days": ("Change the days", "دن بدلیں", "Din badlein"),
    "preferences.days_all": ("All trading days", "تمام کاروباری دن", "Tamam trading days"),
    "preferences.times_ask": (
        "At which times? For example _8 am and 5 pm_ or _subah 8:30 baje_; between 06:00 and 22:00, {zone}.",
        "کن اوقات پر؟ مثلاً _صبح 8 بجے اور شام 5 بجے_؛ 06:00 سے 22:00 کے درمیان، {zone}۔",
        "Kin auqaat par? Maslan _subah 8 baje aur shaam 5 baje_; 06:00 se 22:00 ke darmiyan, {zone}.",
    ),
    "preferences.times_range": (
        "Briefs go out between 06:00 and 22:00 only, so nothing was changed.",
        "بریف صرف 06:00 سے 22:00 کے درمیان جاتے ہیں، اس لیے کچھ نہیں بدلا۔",
        "Brief sirf 06:00 se 22:00 ke darmiyan jaate hain, is liye kuch nahi badla.",
    ),
    "preferences.days_ask": (
        "On which days? For example _Monday and Friday_, _Mon-Wed_ or _weekdays_.",
        "کن دنوں میں؟ مثلاً _پیر اور جمعہ_ یا _پیر سے بدھ_۔",
        "Kin dinon mein? Maslan _peer aur juma_ ya _peer se budh_.",
    ),
    "preferences.days_none": (
        "The exchange is shut on Saturday and Sunday, so a day from Monday to Friday is needed; nothing was changed. For no briefs at all say *stop*.",
        "ہفتہ اور اتوار کو ایکسچینج بند ہوتی ہے، اس لیے پیر سے جمعہ تک کا کوئی دن چاہیے؛ کچھ نہیں بدلا۔ بریف بالکل نہ چاہیے ہو تو *stop* کہیں۔",
        "Hafta aur itwar ko exchange band hoti hai, is liye peer se juma tak ka koi din chahiye; kuch nahi badla. Brief bilkul na chahiye ho to *stop* kahein.",
    ),
    "preferences.but_stopped": (
        "They are stopped at the moment; *resume* starts them.",
        "فی الحال یہ بند ہیں؛ *resume* سے شروع ہوں گے۔",
        "Filhaal yeh band hain; *resume* se shuru honge.",
    ),
    "preferences.not_begun": (
        "not begun; they start once setting up is done",
        "ابھی شروع نہیں؛ سیٹ اپ مکمل ہونے پر شروع ہوں گے",
        "abhi shuru nahi; setup mukammal hone par shuru honge",
    ),
    "preferences.until_lunar": (
        "Stopped: nothing scheduled comes. That day hangs on the moon and is not fixed yet, so I cannot end the pause by it. Tell me a date, for example _till 1 September_, or say *resume* when you want to go on.",
        "بند کر دیا: کوئی مقررہ پیغام نہیں آئے گا۔ وہ دن چاند پر ہے اور ابھی طے نہیں، اس لیے وقفہ اس پر ختم نہیں کر سکتا۔ کوئی تاریخ بتائیں، مثلاً _1 September تک_، یا جب چاہیں *resume* کہیں۔",
        "Band kar diya: koi muqarrar paigham nahi aayega. Woh din chaand par hai aur abhi tay nahi, is liye waqfa us par khatam nahi kar sakta. Koi tareekh batayein, maslan _1 September tak_, ya jab chahein *resume* kahein.",
    ),
    "preferences.until_unread": (
        "Stopped: nothing scheduled comes. I could not read until when; tell me a day within the next year, for example _till Monday_ or _till 1 September_, or say *resume* when you want to go on.",
        "بند کر دیا: کوئی مقررہ پیغام نہیں آئے گا۔ کب تک، یہ سمجھ نہیں آیا؛ اگلے ایک سال کا کوئی دن بتائیں، مثلاً _پیر تک_ یا _1 September تک_، یا جب چاہیں *resume* کہیں۔",
        "Band kar diya: koi muqarrar paigham nahi aayega. Kab tak, yeh samajh nahi aaya; agle ek saal ka koi din batayein, maslan _peer tak_ ya _1 September tak_, ya jab chahein *resume* kahein.",
    ),
    "preferences.stopped_now": (
        (
            "Stopped. No scheduled message will come any more. You can still ask me anything; *resume* starts them again, "
            "*delete* forgets you."
        ),
        "بند کر دیا۔ اب کوئی مقررہ پیغام نہیں آئے گا۔ آپ پھر بھی پوچھ سکتے ہیں؛ *resume* سے دوبارہ شروع، *delete* سے سب ختم۔",
        (
            "Band kar diya. Ab koi muqarrar paigham nahi aayega. Aap phir bhi pooch sakte hain; *resume* se dobara shuru, "
            "*delete* se sab khatam."
        ),
    ),
    "preferences.paused_now": (
        "Paused: nothing scheduled up to and including {day}. *resume* ends the pause at once.",
        "وقفہ: {day} تک (اس دن سمیت) کوئی مقررہ پیغام نہیں۔ *resume* سے وقفہ ختم۔",
        "Waqfa: {day} tak (us din samait) koi muqarrar paigham nahi. *resume* se waqfa khatam.",
    ),
    "preferences.resumed_now": (
        "Welcome back: your briefs come at {times} on {days}.",
        "خوش آمدید: آپ کے بریف {days} {times} پر آئیں گے۔",
        "Khush aamdeed: aap ke brief {days} {times} par aayenge.",
    ),
    "privacy.export": (
        "Everything I keep about you is in this file ({count} kinds of records). Percentages only: no rupee amounts exist.",
        "آپ کے بارے میں جو کچھ میرے پاس ہے اس فائل میں ہے ({count} قسم کے ریکارڈ)۔ صرف فیصد: رقمیں موجود ہی نہیں۔",
        (
            "Aap ke baare mein jo kuch mere paas hai is file mein hai ({count} qism ke records). Sirf percent: raqmein maujood hi "
            "nahi."
        ),
    ),
    "privacy.delete_sure": (
        "This forgets you wholly: holdings, settings, alerts, messages. It cannot be undone. Shall I?",
        "یہ آپ کو مکمل بھلا دے گا: ہولڈنگز، سیٹنگز، الرٹ، پیغامات۔ واپس نہیں ہو سکتا۔ کر دوں؟",
        "Yeh aap ko mukammal bhula dega: holdings, settings, alerts, paighamaat. Wapas nahi ho sakta. Kar doon?",
    ),
    "privacy.delete_yes": ("Yes, forget me", "جی، بھلا دیں", "Ji, bhula dein"),
    "privacy.delete_no": ("No, keep it", "نہیں، رہنے دیں", "Nahi, rehne dein"),
    "privacy.deleted": (
        "Done: everything about you is deleted. If you write again, we meet as strangers. Khuda hafiz.",
        "ہو گیا: آپ سے متعلق سب کچھ مٹا دیا۔ دوبارہ لکھیں گے تو ہم اجنبی کی طرح ملیں گے۔ خدا حافظ۔",
        "Ho gaya: aap se mutaliq sab kuch mita diya. Dobara likhenge to hum ajnabi ki tarah milenge. Khuda hafiz.",
    ),
    "privacy.kept": ("Nothing was deleted.", "کچھ نہیں مٹایا گیا۔", "Kuch nahi mitaya gaya."),
    "privacy.feedback": (
        "Thank you; it is ticket {ticket} and a person will read it.",
        "شکریہ؛ یہ ٹکٹ {ticket} ہے اور ایک انسان اسے پڑھے گا۔",
        "Shukria; yeh ticket {ticket} hai aur ek insaan isay parhega.",
    ),
    "privacy.link_code": (
        "Your code: *{code}*, good for {minutes} minutes. On your other channel send: _/link {code}_",
        "آپ کا کوڈ: *{code}*، {minutes} منٹ تک۔ دوسرے چینل پر بھیجیں: _/link {code}_",
        "Aap ka code: *{code}*, {minutes} minute tak. Doosre channel par bhejein: _/link {code}_",
    ),
    "privacy.linked": (
        "Linked: both channels are now the same person, {name}.",
        "جڑ گیا: دونوں چینل اب ایک ہی شخص ہیں، {name}۔",
        "Jur gaya: dono channel ab ek hi shakhs hain, {name}.",
    ),
    "privacy.link_bad": (
        "That code is wrong or too old. Send */link* on the first channel for a new one.",
        "وہ کوڈ غلط یا پرانا ہے۔ نیا کوڈ لینے کے لیے پہلے چینل پر */link* بھیجیں۔",
        "Woh code ghalat ya purana hai. Naya code lene ke liye pehle channel par */link* bhejein.",
    ),
}
