"""What the commands do, as a chat's own command menu shows them: one short line each."""

SENTENCES: dict[str, tuple[str, str, str]] = {
    "command.brief": ("your market brief, now", "آپ کی مارکیٹ بریف، ابھی", "aap ki market brief, abhi"),
    "command.xray": (
        "what is really in your list",
        "آپ کی فہرست میں اصل میں کیا ہے",
        "aap ki list mein asal mein kya hai",
    ),
    "command.portfolio": (
        "the list of what you hold",
        "جو آپ کے پاس ہے اس کی فہرست",
        "jo aap ke paas hai us ki list",
    ),
    "command.add": (
        "add a share or fund, or change its weight",
        "شیئر یا فنڈ شامل کریں یا اس کا وزن بدلیں",
        "share ya fund shamil karein ya us ka wazan badlein",
    ),
    "command.remove": (
        "take a share or fund out of your list",
        "شیئر یا فنڈ فہرست سے نکالیں",
        "share ya fund list se nikaalein",
    ),
    "command.quote": ("the price of a share or fund", "شیئر یا فنڈ کی قیمت", "share ya fund ki qeemat"),
    "command.news": (
        "news of a company or the market",
        "کمپنی یا مارکیٹ کی خبریں",
        "company ya market ki khabrein",
    ),
    "command.explain": ("why something moved", "کیا وجہ تھی", "kya wajah thi"),
    "command.opportunities": (
        "the screens: shares by figures",
        "اعداد کے حساب سے شیئرز",
        "aadaad ke hisaab se shares",
    ),
    "command.forecast": (
        "what lies ahead, as a range",
        "آگے کیا ہو سکتا ہے، حد کے طور پر",
        "aage kya ho sakta hai, hadd ke taur par",
    ),
    "command.rates": (
        "dollar, policy rate, inflation",
        "ڈالر، پالیسی ریٹ، مہنگائی",
        "dollar, policy rate, mehngai",
    ),
    "command.alert": (
        "tell me when a price or index gets there",
        "قیمت یا انڈیکس وہاں پہنچے تو بتائیں",
        "qeemat ya index wahan pohanche to batayein",
    ),
    "command.alerts": (
        "your alerts; cancel one",
        "آپ کے الرٹ؛ کوئی ختم کریں",
        "aap ke alert; koi khatam karein",
    ),
    "command.calculate": (
        "a sum with rupees: exposure, fees, dividend, zakat, tax",
        "روپوں کا حساب: حصہ، فیس، منافع، زکوٰۃ، ٹیکس",
        "rupay ka hisaab: hissa, fees, munafa, zakat, tax",
    ),
    "command.settings": (
        "language, times, days, voice, charts",
        "زبان، اوقات، دن، آواز، چارٹ",
        "zabaan, auqaat, din, awaaz, chart",
    ),
    "command.link": (
        "join a second channel to this one",
        "دوسرا چینل اس سے جوڑیں",
        "doosra channel is se jorein",
    ),
    "command.feedback": (
        "praise, a complaint, a wrong number",
        "تعریف، شکایت، غلط عدد",
        "tareef, shikayat, ghalat adad",
    ),
    "command.about": (
        "who runs this, what it is not, where to complain",
        "یہ کون چلاتا ہے، یہ کیا نہیں، شکایت کہاں کریں",
        "yeh kaun chalata hai, yeh kya nahin, shikayat kahan karein",
    ),
    "command.stop": (
        "no more scheduled messages, or a pause: /stop till Monday",
        "مزید مقررہ پیغام نہیں، یا وقفہ: /stop till Monday",
        "mazeed muqarrar paighaam nahin, ya waqfa: /stop till Monday",
    ),
    "command.export": (
        "all we keep of you, as a file",
        "جو کچھ ہمارے پاس ہے، فائل میں",
        "jo kuch hamare paas hai, file mein",
    ),
    "command.delete": ("be forgotten", "میرا سب کچھ مٹا دیں", "mera sab kuch mita dein"),
    "command.help": ("the menu", "مینو", "menu"),
}
