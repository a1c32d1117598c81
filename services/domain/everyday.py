"""Which words of ordinary talk are no names, or are names only in company; and what parts of names mean in Urdu."""

from collections.abc import Mapping

from services.domain.letters import fold, words

# Words of a name that people say in Urdu script for parts of it: with them "الفلاح فنڈ" can be asked back.
_URDU_WORDS = {
    "میزان": "meezan", "الفلاح": "alfalah", "فنڈ": "fund", "اسلامک": "islamic", "اسلامی": "islamic", "بینک": "bank",
    "بنک": "bank", "سیمنٹ": "cement", "اٹلس": "atlas", "اینگرو": "engro", "فوجی": "fauji", "حبیب": "habib",
    "فیصل": "faysal", "کیش": "cash", "انکم": "income", "اسٹاک": "stock", "انرجی": "energy", "گولڈ": "gold",
    "شیئر": "share", "شیئرز": "shares", "حصص": "shares", "لکی": "lucky", "نشاط": "nishat", "پنشن": "pension",
}  # fmt: skip
URDU_WORDS: Mapping[str, str] = {fold(word): english for word, english in _URDU_WORDS.items()}

# Tickers and names that are also words of a sentence: names only with capitals or market words beside them.
EVERYDAY: frozenset[str] = frozenset(
    words(
        """786 adams agha agp atlas bata bela bhat crescent del dol fatima faysal fem fil fim first gal gil golden
        hum ibrahim ideal image kohinoor liven loads luck mari mehmood merit millat mughal murree nina octopus
        oilfields pace packages pel pil pim pioneer pol power prema pret quet regal ruby saif sane sel select
        service services shield shifa spel suraj sym systems tariq tele thal trust unit unity waves yousaf zahid
        سازگار سرل فاطمہ ماری ملت پیل"""
    )
)

# Words so common that only capitals in an otherwise small-letter text make them tickers.
FUNCTION: frozenset[str] = frozenset(words("all and fast first for good his next one super the two"))

# Words of ordinary talk that look like a misspelt name, or begin one ("Hi" in Hi-Tech): never a name by themselves.
COMMON: frozenset[str] = frozenset(
    words(
        """aaj about after again alert alerts am an answer apple april as at august available average back bataen batao
        batayen bazaar bazar be been before behind below better between bhej bhejo bohat both brief briefs broker
        budget business by call cancel chahiye chahta change chart charts check cheez clear close come company
        compare complete could cricket daily data date delete details dikha dikhao dikhaya do dollar down during
        early easy either english evening every exact explain export falling feedback fees find first forecast
        foreign friday from gain gained general give go going good goodluck great group hai hain half hard have he
        heavy hello help here hi high hold home hour house if in index inflation is issue it join kab kaisa kaisay
        kaise kal karachi karna karo khareed kharido kitna kitne kitni know kya kyon kyun lahore language large last
        later least leather level light like line list little live local long look loss lower main make malik many
        march market matlab me meaning median member menu message middle minute monday month more morning most move
        moved movers much must my near need never night no noon normal note nothing number of offer often on
        onboarding online open or order other over paisa paisay people plain plan please points policy portfolio
        possible power present previous print private problem profile profit public question quick rate rates ready
        real really reason regular remind remove reply report result results resume right rise risk roman rozan
        rozana salam same saturday search second sector sectors sell send september service settings share shares
        should show simple since single small so some sona soon source speak special standard start state status
        step still stop story strong subha summary sunao sunday sure switch system table talk team tell text thanks
        that their them then there these they thing think this those three through thursday time times title to
        today together token told tomorrow tonight topic total trade trading trend tuesday type under unit up update
        urdu us user value very voice wait wala walay want warning watch wazahat we wealth weather wednesday week
        weekly welcome were what when where which while white whole will with within without word words work world
        would write wrong year yesterday your"""
    )
)

# Beside one of these an everyday word is a name.
MARKET_WORDS: frozenset[str] = frozenset(
    words(
        """above alert below bhaao bhao chart dividend fisad hissa hissay holdings keemat khabar news percent portfolio
        price prices qeemat quote rate scrip share shares stock stocks symbol ticker units weight xray الرٹ اوپر
        بھاؤ خبر خبریں ریٹ شیئر شیئرز فیصد قیمت نیچے"""
    )
)

# Words that many names share: alone they name nothing.
GENERIC: frozenset[str] = frozenset(
    words(
        """active air al allied allocation and asset bank board brewery capital cash cement chemical chemicals co
        company corp corporation daily dividend energy engineering equity etf exchange fertilizer first food foods
        fund funds gas general glass gold golden government group growth holding holdings hospital hospitals i ii
        iii in income index industries insurance international investment investments islamic iv ix leasing limited
        ltd market mills modaraba money motor motors mutual my national network networks new of oil old one pak
        pakistan paper pension petroleum pharma plan power refinery saving savings securities security service
        services smart sovereign standard steel steels stock sugar super textile the tobacco traded trust united v
        value vi vii viii x yield"""
    )
)

# What people say around the names in a list of holdings.
FILLER: frozenset[str] = frozenset(
    words(
        """bhai sir salam assalam assalamualaikum aoa walaikum yaar dear madam a ab about add all also am an apiece approx are around at aur baaki baaqi bacha baki balance baqi barabar
        bech becha bechi bhi bought buy change dein delete den diya diye do drop each ek equal equally for from fund
        funds h hai hain half har hata hatao have he hello hi hissa hissay hisse ho hoga hold holding holdings holds
        hue i i'm im in into invest invested investment is it its just ka kar karna karo ke kharide ki ko kr list
        liya liye mai main make me mein men mera mere meri mine money my nearly nikaal nikal nikalo now of on only
        or our own paas par pas per percent pkr please pls plz portfolio rakhe remainder remaining remove rest
        roughly rs rupee rupees sab salam se set share shares sold stock stocks the to total unit units update wala
        wali we weight weights with worth اور ایک باقی برابر بقیہ بھی حصص حصہ حصے دو روپے سب سے شامل شیئر شیئرز فنڈ
        فہرست فیصد میرا میری میرے میں نکال نکالو پاس پر کا کرو کل کو کی کے ہر ہٹا ہٹاؤ ہیں ہے"""
    )
)
