"""What the screens say: their criteria, the facts that put a share there, the counter-fact, and what this is not."""

SENTENCES: dict[str, tuple[str, str, str]] = {
    "opportunities.comma": (", ", "، ", ", "),
    "opportunities.title": (
        "Shares that stand out, {day}",
        "نمایاں شیئر، {day}",
        "Numaya shares, {day}",
    ),
    "opportunities.fitted": (
        "Sectors outside your holdings come first.",
        "پہلے وہ شعبے جو آپ کی ہولڈنگز میں نہیں۔",
        "Pehle woh sectors jo aap ki holdings mein nahi.",
    ),
    "opportunities.shariah_only": (
        "Only names on the PSX-KMI All Share list, as you set.",
        "صرف پی ایس ایکس کے ایم آئی آل شیئر فہرست کے نام، جیسا آپ نے چنا۔",
        "Sirf PSX-KMI All Share list ke naam, jaisa aap ne chuna.",
    ),
    "opportunities.why": ("Screen: {criteria}", "معیار: {criteria}", "Screen: {criteria}"),
    "opportunities.counter": ("But: {text}", "مگر: {text}", "Magar: {text}"),
    "opportunities.also": (
        "Also found by: {screens}",
        "ان معیاروں پر بھی: {screens}",
        "In screens mein bhi: {screens}",
    ),
    "opportunities.none": (
        "No share meets this screen on this day.",
        "اس دن کوئی شیئر اس معیار پر پورا نہیں اترتا۔",
        "Is din koi share is screen par poora nahi utarta.",
    ),
    "opportunities.unfound": (
        "No screen found it on this day.",
        "اس دن یہ کسی معیار پر نہیں آیا۔",
        "Is din yeh kisi screen par nahi aaya.",
    ),
    "opportunities.count": (
        "{found} of {screened} shares meet it; the first {shown}:",
        "{screened} میں سے {found} شیئر پورے اترتے ہیں؛ پہلے {shown}:",
        "{screened} mein se {found} shares poore utarte hain; pehle {shown}:",
    ),
    "opportunities.not": (
        (
            "What this is not: a call, a verdict or a forecast. Left out: suspended names, names at their daily limit, "
            "names trading under {least} a day."
        ),
        (
            "یہ کیا نہیں: کوئی اشارہ، فیصلہ یا پیش گوئی۔ شامل نہیں: معطل نام، یومیہ حد پر بند نام، اور روزانہ {least} سے کم "
            "کاروبار والے نام۔"
        ),
        (
            "Yeh kya nahi: koi ishara, faisla ya pesh goi. Shamil nahi: suspended naam, rozana had par band naam, aur rozana "
            "{least} se kam karobar wale naam."
        ),
    ),
    "opportunities.screens": (
        "Screens: {names}",
        "معیار: {names}",
        "Screens: {names}",
    ),
    "opportunities.source": (
        "{label} · facts, not advice",
        "{label} · حقائق، مشورہ نہیں",
        "{label} · facts, mashwara nahi",
    ),
    "opportunities.button_chart": ("{symbol} chart", "{symbol} چارٹ", "{symbol} chart"),
    "opportunities.chart_title": (
        "{symbol}: close of {sessions} sessions",
        "{symbol}: {sessions} سیشن کا اختتامی بھاؤ",
        "{symbol}: {sessions} sessions ka close",
    ),
    "opportunities.chart_subtitle": (
        "Rs, splits and bonuses taken out; cash dividends not added",
        "روپے؛ سپلٹ اور بونس نکال کر، نقد منافع شامل نہیں",
        "Rs; split aur bonus nikaal kar, cash dividend shamil nahi",
    ),
    "opportunities.chart_high": ("52-week high", "52 ہفتوں کی بلندی", "52 hafton ki bulandi"),
    "opportunities.chart_low": ("52-week low", "52 ہفتوں کی پستی", "52 hafton ki pasti"),
    "opportunities.screen.volume": ("Unusual volume", "غیر معمولی حجم", "Ghair mamooli volume"),
    "opportunities.screen.momentum": ("Momentum", "مومینٹم", "Momentum"),
    "opportunities.screen.near_high": (
        "Near 52-week high",
        "52 ہفتوں کی بلندی کے قریب",
        "52-week high ke qareeb",
    ),
    "opportunities.screen.near_low": (
        "Near 52-week low",
        "52 ہفتوں کی پستی کے قریب",
        "52-week low ke qareeb",
    ),
    "opportunities.screen.dividend": ("Dividend yield", "منافع کی شرح", "Dividend yield"),
    "opportunities.screen.cheap": ("Low P/E in its sector", "شعبے میں کم P/E", "Sector mein kam P/E"),
    "opportunities.screen.foreign": (
        "Foreign inflow sector",
        "غیر ملکی آمد والا شعبہ",
        "Foreign inflow sector",
    ),
    "opportunities.screen.announcement": ("New announcement", "نیا اعلان", "Naya elaan"),
    "opportunities.criteria.volume": (
        "volume at least {ratio}× its usual (median of 20 sessions)",
        "حجم معمول سے کم از کم {ratio} گنا (20 سیشن کا وسطی عدد)",
        "volume mamool se kam az kam {ratio}× (20 sessions ka median)",
    ),
    "opportunities.criteria.momentum": (
        "up {six} or more in 6 months and not down in the last month",
        "6 ماہ میں {six} یا زیادہ اوپر اور پچھلے ماہ نیچے نہیں",
        "6 mahine mein {six} ya zyada upar aur pichhle mahine neeche nahi",
    ),
    "opportunities.criteria.near_high": (
        "close within {within} of its 52-week high",
        "اختتام 52 ہفتوں کی بلندی سے {within} کے اندر",
        "close 52-week high se {within} ke andar",
    ),
    "opportunities.criteria.near_low": (
        "close within {within} of its 52-week low",
        "اختتام 52 ہفتوں کی پستی سے {within} کے اندر",
        "close 52-week low se {within} ke andar",
    ),
    "opportunities.criteria.dividend": (
        "dividend yield {yield} or more",
        "منافع کی شرح {yield} یا زیادہ",
        "dividend yield {yield} ya zyada",
    ),
    "opportunities.criteria.cheap": (
        "P/E at most {share} of its sector's median, at least {peers} names there",
        "P/E شعبے کے وسطی عدد کا زیادہ سے زیادہ {share}، شعبے میں کم از کم {peers} نام",
        "P/E sector ke median ka zyada se zyada {share}, sector mein kam az kam {peers} naam",
    ),
    "opportunities.criteria.foreign": (
        "foreigners' net in its sector at least USD {net} mn",
        "شعبے میں غیر ملکیوں کی خالص آمد کم از کم {net} ملین ڈالر",
        "sector mein foreigners ki net aamad kam az kam USD {net} mn",
    ),
    "opportunities.criteria.announcement": (
        "an announcement in the last {days} days",
        "پچھلے {days} دن میں کوئی اعلان",
        "pichhle {days} din mein koi elaan",
    ),
    "opportunities.fact.volume": (
        "{ratio}× its usual volume, {value} traded",
        "معمول سے {ratio} گنا حجم، {value} کا کاروبار",
        "mamool se {ratio}× volume, {value} ka karobar",
    ),
    "opportunities.fact.day": (
        "{move} on the day, at {price}",
        "اس دن {move}، قیمت {price}",
        "us din {move}, price {price}",
    ),
    "opportunities.fact.momentum": (
        "{m6} in 6 months ({m1} in 1, {m3} in 3, {m12} in 12)",
        "6 ماہ میں {m6} (1 ماہ {m1}، 3 ماہ {m3}، 12 ماہ {m12})",
        "6 mahine mein {m6} (1 mahina {m1}, 3 mahine {m3}, 12 mahine {m12})",
    ),
    "opportunities.fact.index": (
        "{headline} over the same {months} months: {move}",
        "انہی {months} ماہ میں {headline}: {move}",
        "inhi {months} mahino mein {headline}: {move}",
    ),
    "opportunities.fact.near_high": (
        "{below} below its 52-week high of {high} ({day})",
        "52 ہفتوں کی بلندی {high} ({day}) سے {below} نیچے",
        "52-week high {high} ({day}) se {below} neeche",
    ),
    "opportunities.fact.near_low": (
        "{above} above its 52-week low of {low} ({day})",
        "52 ہفتوں کی پستی {low} ({day}) سے {above} اوپر",
        "52-week low {low} ({day}) se {above} upar",
    ),
    "opportunities.fact.dividend": (
        "dividend yield {yield} ({day})",
        "منافع کی شرح {yield} ({day})",
        "dividend yield {yield} ({day})",
    ),
    "opportunities.fact.policy_rate": (
        "policy rate {rate} since {day}",
        "پالیسی ریٹ {rate}، {day} سے",
        "policy rate {rate}, {day} se",
    ),
    "opportunities.fact.cheap": (
        "P/E {pe}, median of {names} names in {sector}: {median}",
        "P/E {pe}؛ {sector} کے {names} ناموں کا وسطی عدد: {median}",
        "P/E {pe}; {sector} ke {names} naamon ka median: {median}",
    ),
    "opportunities.fact.foreign": (
        "foreigners' net in {sector}: USD {net} mn on {day}",
        "{sector} میں غیر ملکیوں کا خالص: {net} ملین ڈالر، {day}",
        "{sector} mein foreigners ka net: USD {net} mn, {day}",
    ),
    "opportunities.fact.traded": (
        "usual trading {value} a day",
        "معمول کا کاروبار روزانہ {value}",
        "mamool ka karobar rozana {value}",
    ),
    "opportunities.fact.announcement": ("{day}: {title}", "{day}: {title}", "{day}: {title}"),
    "opportunities.fact.since": (
        "{move} since the close before",
        "اس سے پہلے کے اختتام سے {move}",
        "us se pehle ke close se {move}",
    ),
    "opportunities.counter.volume": (
        "its volume was at least twice the usual on {days} of the last 60 sessions, and volume has no direction",
        "پچھلے 60 میں سے {days} سیشن میں بھی حجم معمول کا دگنا تھا، اور حجم کی کوئی سمت نہیں ہوتی",
        "pichhle 60 mein se {days} sessions mein bhi volume mamool ka dugna tha, aur volume ki koi simt nahi hoti",
    ),
    "opportunities.counter.momentum": (
        "within the year it also fell {drawdown} from a peak; it swings {volatility} a year",
        "اسی سال یہ ایک بلندی سے {drawdown} گرا بھی؛ سالانہ اتار چڑھاؤ {volatility}",
        "isi saal yeh aik bulandi se {drawdown} gira bhi; saalana utaar charhao {volatility}",
    ),
    "opportunities.counter.near_high": (
        "its 52-week low, {low}, lies {fall} below",
        "52 ہفتوں کی پستی، {low}، {fall} نیچے ہے",
        "52-week low, {low}, {fall} neeche hai",
    ),
    "opportunities.counter.near_low": (
        "it is {fall} under its 52-week high; a low says nothing about the next one",
        "یہ 52 ہفتوں کی بلندی سے {fall} نیچے ہے؛ ایک پستی اگلی کے بارے میں کچھ نہیں بتاتی",
        "yeh 52-week high se {fall} neeche hai; aik low agle ke baare mein kuch nahi batata",
    ),
    "opportunities.counter.near_low_index": (
        "it is {fall} under its 52-week high; 6 months: {own}, the {headline} {index}",
        "یہ 52 ہفتوں کی بلندی سے {fall} نیچے ہے؛ 6 ماہ: {own}، {headline} {index}",
        "yeh 52-week high se {fall} neeche hai; 6 mahine: {own}, {headline} {index}",
    ),
    "opportunities.counter.dividend": (
        "the yield looks back at dividends already paid; none is promised",
        "یہ شرح ادا شدہ منافع کی ہے؛ آئندہ کا کوئی وعدہ نہیں",
        "yeh yield ada shuda dividend ki hai; aainda ka koi wada nahi",
    ),
    "opportunities.counter.dividend_move": (
        "the yield looks back at dividends already paid; the price moved {year} in 12 months, and a falling price lifts a yield",
        "یہ شرح ادا شدہ منافع کی ہے؛ 12 ماہ میں قیمت {year}، اور گرتی قیمت شرح بڑھا دیتی ہے",
        "yeh yield ada shuda dividend ki hai; 12 mahine mein price {year}, aur girti price yield barha deti hai",
    ),
    "opportunities.counter.cheap": (
        "the P/E looks back at the last four quarters; a one-off gain makes it low",
        "P/E پچھلی چار سہ ماہیوں کا ہے؛ ایک وقتی نفع اسے کم کر دیتا ہے",
        "P/E pichhli chaar quarters ka hai; aik waqti nafa ise kam kar deta hai",
    ),
    "opportunities.counter.cheap_move": (
        "the P/E looks back at the last four quarters; the price moved {half} in 6 months",
        "P/E پچھلی چار سہ ماہیوں کا ہے؛ 6 ماہ میں قیمت {half}",
        "P/E pichhli chaar quarters ka hai; 6 mahine mein price {half}",
    ),
    "opportunities.counter.foreign": (
        "flows are known by sector, not by share, and are of {day}; prices are of {prices}",
        "فلو شعبے کا معلوم ہے، شیئر کا نہیں، اور {day} کا ہے؛ قیمتیں {prices} کی ہیں",
        "flow sector ka maloom hai, share ka nahi, aur {day} ka hai; prices {prices} ki hain",
    ),
    "opportunities.counter.announcement": (
        "an announcement is news, not a verdict; everybody has read it",
        "اعلان ایک خبر ہے، فیصلہ نہیں؛ سب پڑھ چکے ہیں",
        "elaan aik khabar hai, faisla nahi; sab parh chuke hain",
    ),
}
