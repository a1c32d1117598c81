"""Why something moved: the facts beside a move, and what our data does not explain."""

SENTENCES: dict[str, tuple[str, str, str]] = {
    "explain.title": ("*Why {name} moved* · {day}", "*{name} کیوں ہلا* · {day}", "*{name} kyun hila* · {day}"),
    "explain.nothing_moved": (
        "*{name}* stood still · {day}",
        "*{name}* وہیں رہا · {day}",
        "*{name}* wahin raha · {day}",
    ),
    "explain.market": ("• Market: {headline} {move}", "• مارکیٹ: {headline} {move}", "• Market: {headline} {move}"),
    "explain.market_beta": (
        "• Market: {headline} {move}; at its beta of {beta} that makes {part}",
        "• مارکیٹ: {headline} {move}؛ بیٹا {beta} کے حساب سے {part}",
        "• Market: {headline} {move}; beta {beta} ke hisaab se {part}",
    ),
    "explain.own": (
        "• The rest, its own: {part}",
        "• باقی، اس کا اپنا: {part}",
        "• Baqi, is ka apna: {part}",
    ),
    "explain.sector": (
        "• Sector: {sector} {move} (middle of {count} others)",
        "• شعبہ: {sector} {move} ({count} دیگر کا وسط)",
        "• Sector: {sector} {move} ({count} deegar ka wast)",
    ),
    "explain.volume": ("• Volume: {times}× its usual", "• حجم: معمول کا {times} گنا", "• Volume: mamool ka {times} guna"),
    "explain.ex": (
        "• Ex-date that day: {text}",
        "• اسی دن ایکس ڈیٹ: {text}",
        "• Usi din ex-date: {text}",
    ),
    "explain.told": ("• {day}: {title}", "• {day}: {title}", "• {day}: {title}"),
    "explain.no_news": (
        "No announcement in our data explains it.",
        "ہمارے ڈیٹا کا کوئی اعلان اس کی وجہ نہیں بتاتا۔",
        "Hamare data ka koi elaan is ki wajah nahi batata.",
    ),
    "explain.beside": (
        "These stand beside the move; none is proved to be its cause.",
        "یہ باتیں ساتھ ساتھ ہیں؛ کوئی ثابت شدہ وجہ نہیں۔",
        "Yeh baatein saath saath hain; koi sabit shuda wajah nahi.",
    ),
    "explain.risers": ("▲ Pulled up by: {parts}", "▲ اوپر لے جانے والے: {parts}", "▲ Upar le jane wale: {parts}"),
    "explain.fallers": ("▼ Pulled down by: {parts}", "▼ نیچے لانے والے: {parts}", "▼ Neeche lane wale: {parts}"),
    "explain.rose": ("▲ Rose most: {parts}", "▲ سب سے زیادہ بڑھے: {parts}", "▲ Sab se zyada barhe: {parts}"),
    "explain.fell": ("▼ Fell most: {parts}", "▼ سب سے زیادہ گرے: {parts}", "▼ Sab se zyada gire: {parts}"),
    "explain.part": ("{code} {move} (effect {effect})", "{code} {move} (اثر {effect})", "{code} {move} (asar {effect})"),
    "explain.part_points": ("{code} {move} ({points} pts)", "{code} {move} ({points} پوائنٹس)", "{code} {move} ({points} pts)"),
    "explain.weights": (
        "Weights of {day}: together they explain {explained} ({covered} of the weight has a price).",
        "وزن {day} کے: مل کر {explained} کی وضاحت ({covered} وزن کی قیمت موجود ہے)۔",
        "Wazan {day} ke: mil kar {explained} ki wazahat ({covered} wazan ki price mojood hai).",
    ),
    "explain.nav_other_day": (
        "Its published NAV change, {move}, is of {day}, not of our prices.",
        "اس کی شائع شدہ این اے وی تبدیلی {move}، {day} کی ہے، ہماری قیمتوں کے دن کی نہیں۔",
        "Is ki shaya shuda NAV tabdeeli {move}, {day} ki hai, hamari prices ke din ki nahi.",
    ),
    "explain.nav_day": ("Its NAV moved {move}.", "اس کی این اے وی میں تبدیلی {move}۔", "Is ki NAV mein tabdeeli {move}."),
    "explain.hidden": (
        "Its holdings are not disclosed to us, so we cannot say which share moved it.",
        "اس کی ہولڈنگز ہمارے پاس ظاہر نہیں، اس لیے نہیں کہہ سکتے کہ کس شیئر سے ہلا۔",
        "Is ki holdings hamare paas zahir nahi, is liye nahi keh sakte ke kis share se hila.",
    ),
    "explain.mine": (
        "*Your holdings* · {day}: {move} against {headline} {index}",
        "*آپ کی ہولڈنگز* · {day}: {move}، {headline} {index} کے مقابلے",
        "*Aap ki holdings* · {day}: {move}, {headline} {index} ke muqable",
    ),
    "explain.mine_alone": (
        "*Your holdings* · {day}: {move}",
        "*آپ کی ہولڈنگز* · {day}: {move}",
        "*Aap ki holdings* · {day}: {move}",
    ),
    "explain.mine_part": (
        "• {code} {move}: {effect} of your total",
        "• {code} {move}: آپ کے کل پر {effect}",
        "• {code} {move}: aap ke kul par {effect}",
    ),
    "explain.mine_known": (
        "Known for {known} of your holdings.",
        "آپ کی {known} ہولڈنگز کے لیے معلوم۔",
        "Aap ki {known} holdings ke liye maloom.",
    ),
    "explain.mine_none": (
        "None of your holdings has a price for {day} in our data.",
        "ہمارے ڈیٹا میں آپ کی کسی ہولڈنگ کی {day} کی قیمت نہیں۔",
        "Hamare data mein aap ki kisi holding ki {day} ki price nahi.",
    ),
    "explain.why_one": ("Why {code}?", "{code} کیوں؟", "{code} kyun?"),
}  # fmt: skip
