"""What is said about watches: set, listed, cancelled and come true."""

SENTENCES: dict[str, tuple[str, str, str]] = {
    "alerts.rule.above": ("{name} at {value} or above", "{name} {value} یا اوپر", "{name} {value} ya upar"),
    "alerts.rule.below": ("{name} at {value} or below", "{name} {value} یا نیچے", "{name} {value} ya neeche"),
    "alerts.rule.up": ("{name} up {value} or more in a day", "{name} ایک دن میں {value} یا زیادہ اوپر", "{name} ek din mein {value} ya zyada upar"),
    "alerts.rule.down": ("{name} down {value} or more in a day", "{name} ایک دن میں {value} یا زیادہ نیچے", "{name} ek din mein {value} ya zyada neeche"),
    "alerts.rule.moves": ("{name} moves {value} or more in a day", "{name} ایک دن میں {value} یا زیادہ ہلے", "{name} ek din mein {value} ya zyada hile"),
    "alerts.set": (
        "I will tell you once: *{rule}*.\nNow: {level}.",
        "ایک بار بتاؤں گا: *{rule}*۔\nابھی: {level}۔",
        "Ek baar bataunga: *{rule}*.\nAbhi: {level}.",
    ),
    "alerts.already": (
        "That is so already: {level} ({change} on the day). I kept no alert.",
        "یہ پہلے ہی ہو چکا ہے: {level} (دن میں {change})۔ الرٹ نہیں رکھا۔",
        "Yeh pehle hi ho chuka hai: {level} (din mein {change}). Alert nahi rakha.",
    ),
    "alerts.fired": (
        "*Alert:* {rule}.\nNow: {level} ({change} on the day).",
        "*الرٹ:* {rule}۔\nابھی: {level} (دن میں {change})۔",
        "*Alert:* {rule}.\nAbhi: {level} (din mein {change}).",
    ),
    "alerts.list": ("*Your alerts*", "*آپ کے الرٹ*", "*Aap ke alerts*"),
    "alerts.none": (
        "No alert is set. For example: _LUCK above 500_ or _KSE100 down 2%_.",
        "کوئی الرٹ نہیں۔ مثلاً: _LUCK 500 سے اوپر_ یا _KSE100 گرے 2%_",
        "Koi alert nahi. Maslan: _LUCK 500 se upar_ ya _KSE100 girey 2%_",
    ),
    "alerts.cancel": ("Cancel {name}", "{name} منسوخ", "{name} cancel"),
    "alerts.cancelled": ("Cancelled.", "منسوخ کر دیا۔", "Cancel kar diya."),
    "alerts.gone": ("That alert is no longer there.", "وہ الرٹ اب موجود نہیں۔", "Woh alert ab mojood nahi."),
    "alerts.more": ("and {count} more", "اور {count} مزید", "aur {count} mazeed"),
    "alerts.no_level": (
        "Say which level or percent to watch: _LUCK above 500_ or _KSE100 down 2%_.",
        "بتائیں کس قیمت یا فیصد پر: _LUCK 500 سے اوپر_ یا _KSE100 گرے 2%_",
        "Batayein kis price ya fisad par: _LUCK 500 se upar_ ya _KSE100 girey 2%_",
    ),
    "alerts.too_big": (
        "A day’s move cannot be more than 100%. For example: _KSE100 down 2%_.",
        "ایک دن کی تبدیلی 100% سے زیادہ نہیں ہو سکتی۔ مثلاً: _KSE100 گرے 2%_",
        "Ek din ki tabdeeli 100% se zyada nahi ho sakti. Maslan: _KSE100 girey 2%_",
    ),
    "alerts.no_price": (
        "I have no daily price to watch for that one. Name a share, an ETF or an index.",
        "اس کی روزانہ قیمت میرے پاس نہیں۔ کسی شیئر، ای ٹی ایف یا انڈیکس کا نام لکھیں۔",
        "Is ki rozana price mere paas nahi. Kisi share, ETF ya index ka naam likhein.",
    ),
    "alerts.too_many": (
        "You have as many alerts as I keep. Cancel one first.",
        "الرٹ کی حد پوری ہو گئی۔ پہلے کوئی ایک منسوخ کریں۔",
        "Alerts ki had poori ho gayi. Pehle koi ek cancel karein.",
    ),
    "alerts.points": ("{level} points", "{level} پوائنٹس", "{level} points"),
    "alerts.source": (
        "{label} · facts, not advice",
        "{label} · حقائق، مشورہ نہیں",
        "{label} · facts, mashwara nahi",
    ),
}  # fmt: skip
