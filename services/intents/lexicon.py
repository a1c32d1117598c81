"""Families of words that mean the same to us, in English, Roman Urdu and Urdu script; and what sectors are called."""

from functools import cache

from services.domain.letters import fold

# A cue is a family of words; the classifier learns from the family, so one spelling teaches the others.
CUES: dict[str, str] = {
    "price": "price prices rate rates ret cost worth quote nav level value closing trading bhao bhav bhaw qeemat qimat keemat kimat "
    "qimatein kitne kitnay kitny قیمت ریٹ بھاؤ نرخ کتنے",
    "why": "why whys kyun kyu kyon kiun kiyun kyo reason cause caused wajah waja wajha explain driving moved behind samjhao "
    "کیوں وجہ سبب وضاحت",
    "fall": "fall falls fell falling down drop drops dropped dropping crash crashed red loss losing tank tanked sliding slide plunge dip "
    "below under beneath less gira gir giri gire giray girawat girta girne neeche nichay neechay niche nuqsan mandi laal loose "
    "گرا گر گری گرے نیچے نقصان مندی کم گراوٹ کریش",
    "rise": "rise rises rising rose up jump jumped rally gain gains gainers above over cross crosses reaches hits touches exceed exceeds "
    "recover green barha barhe barhega barhay upar uper oper tezi ooper اوپر بڑھا بڑھے بڑھی تیزی اضافہ بلند پہنچے",
    "buy": "buy buying bought purchase purchased khareed kharid khareeda kharida khareedun khareedna kharidun lena lun loon lelun le "
    "khareedo خرید خریدا خریدی خریدوں خریدنا خریدنی لینا لوں",
    "sell": "sell selling sold sale bech bechun becha bechdun bechna bechi beche exit exited بیچ بیچا بیچی بیچوں فروخت",
    "advice": "should recommend suggestion suggest advise advice tip tips best target recommendation opinion chahiye chahye chahie "
    "pakka jackpot multibagger lagaun lagaon mashwara invest entry stoploss چاہیے چاہئے ٹپ ٹارگٹ سرمایہ",
    "tell": "tell notify alert alerts inform ping remind warn batana batao bata btana ittila khabardar khabar alarm "
    "بتانا بتائیں اطلاع الرٹ الرٹس خبردار",
    "when": "when once if jab agar jaise jb جب اگر",
    "add": "add added include insert put set update plus shamil daal dal dalo dalna daldo jama add likh rakh barha increase "
    "شامل ڈال ڈالیں ڈالو ایڈ",
    "remove": "remove removed delete drop erase exclude take out nikal nikalo nikaal nikalen nikaldo hata hatao hatado hatadein khatam "
    "uda cancel clear نکال نکالیں نکالو ہٹا ہٹاؤ ہٹائیں حذف ختم منسوخ ڈیلیٹ",
    "forget": "forget erase wipe forgotten delete close terminate mita mitado bhool bhul مٹا بھول حذف ڈیلیٹ",
    "own": "hold holding holdings own owned portfolio portfolios have possess investments investment paas pas pass holdings "
    "پورٹ فولیو پورٹفولیو پاس ہولڈنگز ہولڈنگ",
    "mine": "my mine i me our mera mere meri mujhe mujh main mein maine mene میرا میرے میری مجھے میں",
    "stop": "stop stops unsubscribe pause paused quit end halt mute hold optout block rok roko roken rokdo ruk ruko rukjao band bund bnd bas "
    "bandh روک روکیں روکو رک بند بس ان سبسکرائب",
    "again": "again resume restart back unpause resubscribe continue dobara dubara phir wapas chalu chaalu on دوبارہ پھر واپس چالو بحال",
    "begin": "start begin started join shuru shru شروع",
    "send": "send bhejo bhejna bheja bhej bhejein bhejdo message messages msg messaging texting text notifications updates بھیجیں بھیجو بھیج بھیجنا "
    "پیغام پیغامات میسج",
    "dont": "dont don't not no never without off nahi nhi nahin na mat mut نہیں نہ مت",
    "brief": "brief briefs briefing breif summary summarise summarize recap wrap report update updates roundup khulasa mukhtasar haal hal "
    "sarate بریف خلاصہ رپورٹ حال صورتحال احوال",
    "market": "market markets psx bazar bazaar mandi exchange index kse مارکیٹ بازار منڈی انڈیکس ایکسچینج",
    "sector": "sector sectors industry shoba سیکٹر شعبہ شعبے",
    "audio": "audio voice listen hear speak spoken read aloud play podcast sound mp3 awaz awaaz sunao suna sunna sunado sunayen sunaen bol "
    "آڈیو آواز وائس سنائیں سناؤ سنا سننا سنو",
    "chart": "chart charts graph graphs picture pictures image images tasveer tasweer چارٹ چارٹس تصویر تصاویر",
    "xray": "xray xrays exray x-ray ray analyse analyze analysis scan breakdown composition inside jaiza tajzia ander andar "
    "ایکسرے ایکس جائزہ تجزیہ اندر",
    "risk": "risk risky risks volatility beta drawdown diversified diversification concentrated concentration overlap exposure exposed "
    "khatra khatarnak رسک خطرہ خطرناک اوورلیپ",
    "fee": "fee fees expense charges ter kharcha cost فیس فیسیں خرچہ",
    "halal": "halal shariah sharia shariat islamic compliant haram شرعی شریعہ حلال حرام",
    "cheap": "cheap cheapest undervalued low sasta saste sasti sastay sastey سستے سستا سستی",
    "dividend": "dividend dividends payout yield munafa ڈیویڈنڈ منافع",
    "screen": "opportunity opportunities screen screener stands standout interesting unusual volume momentum movers active mauqa mauqe mouqe "
    "numaya khas مواقع موقع نمایاں خاص غیرمعمولی حجم",
    "stocks": "stock stocks share shares script scripts scrip company companies companys hisas شیئر شیئرز حصص کمپنی کمپنیاں",
    "which": "which what whats konsa konse kaunse kaunsa kaun kon kya kia konsi کون کیا کونسا",
    "news": "news headline headlines announcement announcements announce announced declare declared result results earnings meeting elan "
    "elanat khabar khabren khabrein surkhiyan nataij notice خبر خبریں اعلان اعلانات رزلٹ نتیجہ نتائج سرخیاں",
    "future": "tomorrow will forecast forecasts predict prediction predictions outlook expect expected expectation future next kal agle aglay "
    "peshgoi mustaqbil jayega jaega jayegi barhega girega andaza rahegi کل پیش گوئی اگلے مستقبل فورکاسٹ گا گی",
    "model": "model accurate accuracy track record correct right sahi durust theek ماڈل درست",
    "currency": "dollar dollars dolar usd euro eur pound gbp riyal sar dirham aed yen currency currencies exchange forex pkr interbank "
    "karansi ڈالر یورو پاؤنڈ ریال درہم زرمبادلہ مبادلہ",
    "interest": "kibor policy interest discount inflation cpi mehngai mehngayi mehangai mehngaai sood sud sharah shrah tbill bond yield sbp "
    "کائبور پالیسی سود مہنگائی افراط شرح",
    "gold": "gold sona sone silver chandi سونا سونے چاندی",
    "foreign": "foreign foreigner foreigners foreigners' fipi lipi institutions institutional ghair mulki mulkion bahar baahar idare idaray "
    "outsiders flows flow غیر ملکی ملکیوں بیرونی ادارے اداروں فپی",
    "lang": "language langauge english urdu roman zuban zaban angrezi اردو انگریزی انگلش رومن زبان",
    "time": "time timing timings waqt daily schedule morning evening subah sham shaam baje bajay day days weekday weekdays din monday tuesday "
    "wednesday thursday friday saturday sunday peer mangal budh jumerat jumma jumme jumay hafta itwar وقت صبح شام بجے دن پیر منگل بدھ جمعرات جمعہ ہفتہ اتوار",
    "change": "change switch setting settings preference preferences badlo badal badalni badalne tabdeel set turn move mode بدلیں تبدیل "
    "سیٹنگ سیٹنگز ترتیبات",
    "until": "till until tak for liye تک لیے",
    "data": "data info information record records details malumat maloomat export download copy ڈیٹا معلومات ریکارڈ",
    "account": "account profile subscription acount akaunt اکاؤنٹ اکاونٹ پروفائل",
    "sum": "calculate calculator zakat zakaat zkat compute worth lakh lac crore invest rupees hisab hisaab tax cgt زکوٰۃ زکات حساب ٹیکس",
    "wrong": "wrong incorrect mistake error ghalat galat ghalti bug problem issue complaint complain shikayat useless bad terrible bekar bakwas "
    "faltu غلط غلطی شکایت بیکار خراب",
    "praise": "great awesome excellent amazing love useful wonderful superb acha achi achha zabardast kamal khoob umda behtareen اچھا اچھی زبردست "
    "کمال عمدہ بہترین خوب",
    "thanks": "thanks thank thx thanx ty shukria shukriya shukran meherbani jazakallah jazak nawazish شکریہ مہربانی جزاک نوازش",
    "bye": "bye goodbye goodnight hafiz khuda allah حافظ خدا",
    "okay": "ok okay okie alright fine cool nice hmm theek thik thek acha achha haan han ji sure understood ٹھیک اچھا جی ہاں",
    "hello": "hi hello hey hiya helo salam slam assalam assalamualaikum asalam aoa adaab adab greetings سلام السلام علیکم ہیلو آداب ہائے",
    "help": "help menu menyu madad guide options commands how kaise kese features مدد مینو مینیو رہنمائی کیسے",
    "human": "human agent someone person team support insan insaan customer انسان",
    "offtopic": "poem poetry shayari shayri shair sher ghazal song songs gana gaana lyrics music movie film drama netflix recipe cook cooking biryani "
    "karahi haleem chai food khana election vote politics political minister president imran nawaz trump war government hukumat cricket match "
    "score football psl worldcup babar kohli wicket weather mausam barish rain temperature medicine dawa dawai doctor fever bukhar headache "
    "dard pain disease sick hospital python java javascript code coding program script html algorithm homework essay exam university math "
    "equation physics history geography capital joke latifa story kahani girlfriend boyfriend marry shadi love wife husband bitcoin crypto "
    "ethereum dogecoin nft forexsignal iphone mobile laptop phone flight ticket visa hotel trip job naukri cv resume letter email translate "
    "horoscope sitara wazifa istikhara namaz prayer gym diet weight hair skin stomach sleep neend instagram facebook tiktok youtube hack "
    "password wifi internet car gari plot house kiraya petrol sabzi tamatar pankha darwaza motor nalka actor actress celebrity god religion "
    "شاعری شعر نظم غزل گانا گیت فلم ڈرامہ ترکیب بریانی کھانا پکاؤں الیکشن ووٹ وزیر وزیراعظم صدر عمران نواز کرکٹ میچ اسکور موسم بارش دوا دوائی ڈاکٹر "
    "بخار درد لطیفہ کہانی شادی ہوم ورک نوکری ویزا نماز بٹ کوائن موبائل گاڑی پلاٹ مکان پنکھا دروازہ نلکا پیٹ",
    "order": "order execute place brokerage broker آرڈر",
    "who": "who whos kaun kon کس کون",
    "list": "list show display see view dikhao dikhaen fehrist لسٹ فہرست دکھائیں دکھاؤ",
    "only": "only just sirf bas faqat صرف",
    "text-word": "text written likha likh tehreer تحریر لکھا",
    "link": "link connect jorna jor jorain telegram whatsapp جوڑیں ٹیلی واٹس",
    "alert-word": "alert alerts alart alerts الرٹ الرٹس",
    "settings-word": "settings setting preferences preference badlo badal badalni badalne change switch tabdeel سیٹنگ سیٹنگز ترتیبات بدلیں تبدیل",
    "export-word": "export download copy ایکسپورٹ کاپی ڈاؤن",
    "forecast-word": "forecast forecasts predict prediction predictions outlook peshgoi فورکاسٹ پیشگوئی",
    "zakat": "zakat zakaat zkat zakah زکوٰۃ زکات زکوۃ",
    "state": "how hows haal hal kaisa kaise kaisi kese rahi raha rahe performing going did happened hua haalat position حال کیسی کیسا کیسے رہی رہا رہے صورتحال ہوا",
    "today": "today todays aaj aj now abhi current latest taza آج ابھی تازہ",
    "where": "where kahan kahaan kidhar pohancha کہاں",
    "top": "top biggest gainers gainer losers looser loosers movers active hottest ٹاپ گینرز",
    "high52": "52 week 52week hafte haftay weeks ہفتے باون highs lows high low bulandi بلند",
    "compare": "compare vs versus muqabla موازنہ مقابلہ",
    "about": "about bare tell show check batao dikhao بارے بتائیں دکھائیں",
    "keep": "or ya hold rakhun rakhoon nahi یا رکھوں",
    "everything": "everything all sab sara sari sare kuch سب سارا ساری کچھ",
    "late": "late der missed twice baar receive received دیر",
    "do-can": "can could able do sakte sakta sakti سکتے سکتا",
    "forme": "for me mere liye behalf لیے",
    "thing": "fan light door tap motor car smoking hair bleeding snoring crying habit",
    "injection": "ignore instructions instruction pretend roleplay jailbreak dan prompt system assistant unrestricted hidayat hidayaat ہدایات",
    "feedback-word": "clear saaf loading khul quality صاف",
    "polite": "please pls plz kindly bhai yaar jee zara پلیز براہ مہربانی ذرا",
}

_SHORTEST_SLIP = 5

# Sector codes of the Pakistan Stock Exchange (its sector summary); longer names are tried first.
SECTORS: dict[str, str] = {
    "0801": "automobile assembler|automobile assemblers|automobile|automobiles|auto|autos|car companies|car makers|gariyon|آٹو|آٹوموبائل|گاڑیوں",
    "0802": "auto parts|automobile parts|آٹو پارٹس",
    "0803": "cable|cables|electrical goods|cable and electrical|کیبل",
    "0804": "cement|cements|simant|simint|seemint|سیمنٹ",
    "0805": "chemical|chemicals|kimiai|کیمیکل|کیمیکلز",
    "0807": "commercial banks|commercial bank|banking|banks|bank|bankon|banko|bankoun|بینکنگ|بینکوں|بینکس|بینک|بنک",
    "0808": "engineering|steel|انجینئرنگ|اسٹیل|سٹیل",
    "0809": "fertilizer|fertilizers|fertiliser|fertilisers|fert|khaad|khad|کھاد|فرٹیلائزر",
    "0810": "food and personal care|food sector|foods|food|fmcg|consumer goods|فوڈ|خوراک",
    "0811": "glass|ceramics|glass and ceramics|گلاس",
    "0812": "insurance|beema|bima|انشورنس|بیمہ",
    "0813": "investment banks|investment companies|brokerage|securities companies|brokers",
    "0814": "jute",
    "0815": "leasing",
    "0816": "leather|tanneries|chamra|چمڑا|لیدر",
    "0819": "modaraba|modarabas|mudarabah|مضاربہ",
    "0820": "oil and gas exploration|oil & gas exploration|oil and gas|oil & gas|oil gas|exploration|e&p|tel aur gas|tel gas|تیل و گیس|تیل اور گیس|تیل گیس",
    "0821": "oil marketing|oil marketing companies|omc|omcs|oil and gas marketing|oil & gas marketing|آئل مارکیٹنگ",
    "0822": "paper|packaging|paper and board|board and packaging|kaghaz|کاغذ|پیکجنگ",
    "0823": "pharmaceuticals|pharmaceutical|pharma|pharmas|dawaiyon|فارما|ادویات|فارماسیوٹیکل",
    "0824": "power generation|power sector|power|ipps|ipp|bijli|electricity|energy|بجلی|پاور|توانائی",
    "0825": "refinery|refineries|ریفائنری|ریفائنریز",
    "0826": "sugar|cheeni|chini|چینی|شوگر",
    "0827": "synthetic|rayon|سنتھیٹک",
    "0828": "technology|tech|it sector|information technology|telecom|communication|ٹیکنالوجی|ٹیک|آئی ٹی",
    "0829": "textile composite|textile|textiles|kapra|ٹیکسٹائل|کپڑا",
    "0830": "textile spinning|spinning|سپننگ|اسپننگ",
    "0831": "textile weaving|weaving",
    "0832": "tobacco|cigarette|tambaku|تمباکو|ٹوبیکو",
    "0833": "transport|shipping|ٹرانسپورٹ",
    "0834": "vanaspati|ghee|گھی",
    "0835": "woollen|woolen",
    "0836": "reit|reits|ریٹ فنڈ",
    "0837": "etf|etfs|exchange traded funds|ای ٹی ایف",
    "0838": "property|real estate|پراپرٹی",
    "0839": "apparel",
}


# Everyday words that belong to no family: never taken for the name of an unknown share.
_EVERYDAY = """
the a an of to in on at for from with about and or but is are was were be been do does did has had will
would can could this that these those it its you your they them he she we our there here then than so if
any some more most very much many also too again ever please who whom whose thing things way day year
month week good bad new old big small right left high low yes no give get got want need know see look
say said go come hai hain tha thi the ho hoga hogi hua hui hue kar karo karna karein kiya ki ka ke ko se
mein me par pe ne to bhi hi na nahi aur ya yeh ye wo woh is us jo jis kuch koi sab bohat bahut boht
zyada kam ab tab kab aaj kal din raat bhai yaar sir ji apna apni apne mujhe tum aap hum wala wali wale
raha rahi rahe gaya gayi gaye de do dein den diya dena lo le liya lena aa aao aaya aye jao jaye jana
jata chal chalo hun hoon ہے ہیں تھا تھی تھے ہو گا گی گے ہوا ہوئی کر کرو کریں کرنا کیا کی کا کے کو سے میں
پر نے تو بھی ہی نہ اور یا یہ وہ جو جس کچھ کوئی سب بہت اب آج کل دن آپ ہم والا والی والے رہا رہی رہے گیا
گئی گئے دے دو دیں دیا لو لے لیا بتائیں بتا دینا
"""


@cache
def everyday() -> frozenset[str]:
    """The everyday words, folded."""
    return frozenset(map(fold, _EVERYDAY.split()))


@cache
def sector_words() -> frozenset[str]:
    """Every single word of a sector's name."""
    return frozenset(word for name in sector_names() for word in name)


@cache
def cue_words() -> dict[str, tuple[str, ...]]:
    """The families each folded word belongs to."""
    families: dict[str, list[str]] = {}
    for cue, text in CUES.items():
        for word in {fold(w).replace("'", "").replace("-", "") for w in text.split()}:
            families.setdefault(word, []).append(cue)
    return {word: tuple(names) for word, names in families.items()}


def cues_of(word: str) -> tuple[str, ...]:
    """The families of a folded word; of a longer word also with one slip of the finger in it."""
    known = cue_words()
    if word in known or len(word) < _SHORTEST_SLIP or not word.isalpha():
        return known.get(word, ())
    near = {right for typed in (word, *_shortened(word)) for right in _slips().get(typed, ())}
    return known[min(near)] if len({known[right] for right in near}) == 1 else ()


def _shortened(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(len(word))]


def learn_words() -> None:
    """Make the tables of cues and slips now (about 0.1 s), before somebody waits for them."""
    cue_words()
    _slips()
    sector_names()


@cache
def _slips() -> dict[str, tuple[str, ...]]:
    """The longer words by each form with one letter missing: two words one slip apart share such a form."""
    found: dict[str, set[str]] = {}
    for word in cue_words():
        if len(word) >= _SHORTEST_SLIP:
            for short in (word, *_shortened(word)):
                found.setdefault(short, set()).add(word)
    return {short: tuple(words) for short, words in found.items()}


@cache
def sector_names() -> dict[tuple[str, ...], str]:
    """The code of each sector name, the name as its folded words."""
    return {
        tuple(fold(name).replace("&", " and ").split()): code
        for code, names in SECTORS.items()
        for name in names.split("|")
    }


def sectors_in(tokens: tuple[str, ...]) -> tuple[tuple[str, int, int], ...]:
    """The sectors named among the words, longest name first at each place: (code, first word, after the last)."""
    known = sector_names()
    found: list[tuple[str, int, int]] = []
    at = 0
    while at < len(tokens):
        for size in (4, 3, 2, 1):
            code = known.get(tokens[at : at + size])
            if code and at + size <= len(tokens):
                found.append((code, at, at + size))
                at += size
                break
        else:
            at += 1
    return tuple(found)
