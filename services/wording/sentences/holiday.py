"""What people are told of days without a session."""

SENTENCES: dict[str, tuple[str, str, str]] = {
    "holiday.closed": (
        "The exchange (PSX) is closed on {day}: {name}. No brief that day. Next session: {next}.",
        "{day} کو اسٹاک ایکسچینج (PSX) بند ہے: {name}۔ اس دن بریف نہیں ہوگی۔ اگلا سیشن: {next}۔",
        "{day} ko stock exchange (PSX) band hai: {name}. Us din brief nahin hogi. Agla session: {next}.",
    ),
    "holiday.open": (
        "The exchange (PSX) is open on {day} after all. Your brief comes at its usual time.",
        "{day} کو اسٹاک ایکسچینج (PSX) کھلا ہے۔ آپ کی بریف معمول کے وقت پر آئے گی۔",
        "{day} ko stock exchange (PSX) khula hai. Aap ki brief mamool ke waqt par aaye gi.",
    ),
    "holiday.silent": (
        "No trade was seen at the exchange (PSX) today, {day}: we take it as closed. Last figures: {last}. Next session: {next}.",
        "آج {day} کو اسٹاک ایکسچینج (PSX) میں کوئی سودا نظر نہیں آیا: ہم اسے بند سمجھتے ہیں۔ آخری اعداد: {last}۔ اگلا سیشن: {next}۔",
        "Aaj {day} ko stock exchange (PSX) mein koi sauda nazar nahin aaya: hum ise band samajhte hain. Aakhri aadaad: {last}. Agla session: {next}.",
    ),
    "holiday.tentative": (
        "{day} (tentative, it depends on the moon)",
        "{day} (عارضی، چاند پر منحصر)",
        "{day} (aarzi, chaand par munhasir)",
    ),
    "holiday.name_holiday": ("a holiday", "عام تعطیل", "aam taateel"),
    "holiday.name_eid_ul_fitr": ("Eid-ul-Fitr", "عید الفطر", "Eid-ul-Fitr"),
    "holiday.name_eid_ul_azha": ("Eid-ul-Azha", "عید الاضحیٰ", "Eid-ul-Azha"),
    "holiday.name_ashura": ("Ashura", "عاشورہ", "Ashura"),
    "holiday.name_eid_milad_un_nabi": ("Eid Milad un-Nabi", "عید میلاد النبی", "Eid Milad un-Nabi"),
}
