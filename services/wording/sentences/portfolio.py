"""What is said about somebody's own list of holdings: how it was read, shown and changed."""

SENTENCES: dict[str, tuple[str, str, str]] = {
    "portfolio.title": ("*Your holdings*", "*آپ کی ہولڈنگز*", "*Aap ki holdings*"),
    "portfolio.line": (
        "• {name} ({code}): {weight}",
        "• {name} ({code}): {weight}",
        "• {name} ({code}): {weight}",
    ),
    "portfolio.hint": (
        "Change it in words: “add LUCK 10%”, “remove OGDC”, or type the whole list again.",
        "الفاظ میں بدلیں: “LUCK 10% شامل کرو”، “OGDC نکال دو”، یا پوری فہرست دوبارہ لکھیں۔",
        "Alfaz mein badlein: “LUCK 10% add karo”, “OGDC nikal do”, ya poori list dobara likhein.",
    ),
    "portfolio.equal_part": (
        "No percentage was given, so it stands at an equal part. To change it, say for example {code} 10%.",
        "فیصد نہیں بتایا گیا، اس لیے برابر کا حصہ رکھا ہے۔ بدلنا ہو تو لکھیں مثلاً {code} 10%۔",
        "Fisad nahi bataya gaya, is liye barabar ka hissa rakha hai. Badalna ho to likhein maslan {code} 10%.",
    ),
    "portfolio.unweighed": (
        (
            "I keep no amounts, so I cannot tell what part of your whole that is: it stands at an equal part. To change it, say "
            "for example {code} 10%."
        ),
        "میں رقمیں نہیں رکھتا، اس لیے معلوم نہیں یہ آپ کے کل کا کتنا حصہ ہے: برابر کا حصہ رکھا ہے۔ بدلنا ہو تو لکھیں مثلاً {code} 10%۔",
        (
            "Main raqmein nahi rakhta, is liye maloom nahi yeh aap ke kul ka kitna hissa hai: barabar ka hissa rakha hai. Badalna "
            "ho to likhein maslan {code} 10%."
        ),
    ),
    "portfolio.added": ("Added: {names}.", "شامل کیا: {names}۔", "Shamil kiya: {names}."),
    "portfolio.updated": ("Changed: {names}.", "تبدیل کیا: {names}۔", "Tabdeel kiya: {names}."),
    "portfolio.unchanged": (
        "{names}: already in your list, nothing changed. To change a weight, say for example _{code} 20%_.",
        "{names}: پہلے سے فہرست میں ہے، کچھ نہیں بدلا۔ وزن بدلنے کے لیے مثلاً لکھیں _{code} 20%_۔",
        "{names}: pehle se list mein hai, kuch nahi badla. Wazan badalne ke liye maslan likhein _{code} 20%_.",
    ),
    "portfolio.removed": (
        "Removed: {names}. The rest keeps its proportions.",
        "نکال دیا: {names}۔ باقی اپنے تناسب میں ہیں۔",
        "Nikal diya: {names}. Baqi apne tanasub mein hain.",
    ),
    "portfolio.removed_last": (
        "Removed: {names}. Your list is empty now. Tell me what you hold whenever you like.",
        "نکال دیا: {names}۔ اب آپ کی فہرست خالی ہے۔ جب چاہیں بتائیں کہ آپ کے پاس کیا ہے۔",
        "Nikal diya: {names}. Ab aap ki list khali hai. Jab chahein batayein ke aap ke paas kya hai.",
    ),
    "portfolio.not_held": (
        "{names}: not in your list, so nothing changed.",
        "{names}: آپ کی فہرست میں نہیں، اس لیے کچھ نہیں بدلا۔",
        "{names}: aap ki list mein nahi, is liye kuch nahi badla.",
    ),
    "portfolio.undo": ("Undo", "واپس کریں", "Wapas karein"),
    "portfolio.add_which": (
        "What shall I add? For example: _add LUCK 10%_.",
        "کیا شامل کروں؟ مثلاً: _LUCK 10% شامل کرو_",
        "Kya shamil karun? Maslan: _LUCK 10% add karo_",
    ),
    "portfolio.near": (
        "I know no “{name}”. Is it one of these?",
        "“{name}” مجھے نہیں ملا۔ کیا ان میں سے کوئی ہے؟",
        "“{name}” mujhe nahi mila. Kya in mein se koi hai?",
    ),
    "portfolio.remove_which": ("Which one shall I remove?", "کون سا نکالوں؟", "Kaun sa nikalun?"),
    "portfolio.clear_sure": (
        "Remove all {count} holdings from your list?",
        "فہرست سے تمام {count} ہولڈنگز نکال دوں؟",
        "List se tamam {count} holdings nikal dun?",
    ),
    "portfolio.clear_yes": ("Yes, remove all", "جی، سب نکال دیں", "Ji, sab nikal dein"),
    "portfolio.keep": ("No, keep them", "نہیں، رہنے دیں", "Nahi, rehne dein"),
    "portfolio.cleared": (
        "Your list is empty now. Tell me what you hold whenever you like.",
        "اب آپ کی فہرست خالی ہے۔ جب چاہیں بتائیں کہ آپ کے پاس کیا ہے۔",
        "Ab aap ki list khali hai. Jab chahein batayein ke aap ke paas kya hai.",
    ),
    "portfolio.replace_sure": (
        "Shall this be your new list?\n{lines}",
        "کیا یہ آپ کی نئی فہرست ہو؟\n{lines}",
        "Kya yeh aap ki nayi list ho?\n{lines}",
    ),
    "portfolio.replace_yes": ("Yes, replace", "جی، بدل دیں", "Ji, badal dein"),
    "portfolio.replaced": (
        "Your new list is kept.",
        "آپ کی نئی فہرست محفوظ ہے۔",
        "Aap ki nayi list mehfooz hai.",
    ),
    "portfolio.kept": ("Nothing was changed.", "کچھ نہیں بدلا۔", "Kuch nahi badla."),
    "portfolio.weight_bad": (
        "a weight must be more than 0 %.",
        "وزن 0 فیصد سے زیادہ ہونا چاہیے۔",
        "wazan 0 fisad se zyada hona chahiye.",
    ),
    "portfolio.no_room": (
        "that leaves no room for what you hold; the new weights must stay below 100 % together.",
        "اس سے باقی ہولڈنگز کے لیے جگہ نہیں بچتی؛ نئے وزن مل کر 100 فیصد سے کم ہوں۔",
        "is se baqi holdings ke liye jagah nahi bachti; naye wazan mil kar 100 fisad se kam hon.",
    ),
    "portfolio.note.unknown": (
        "I found no share or fund called {names}; it is left out.",
        "{names} نام کا کوئی شیئر یا فنڈ نہیں ملا؛ اسے چھوڑ دیا۔",
        "{names} naam ka koi share ya fund nahi mila; usay chhor diya.",
    ),
    "portfolio.note.equal_weights": (
        "No weights were named, so each counts the same.",
        "وزن نہیں بتائے گئے، اس لیے سب برابر ہیں۔",
        "Wazan nahi bataye gaye, is liye sab barabar hain.",
    ),
    "portfolio.note.amounts_used": (
        "I worked out the percents from your amounts; the amounts themselves are not kept.",
        "آپ کی رقموں سے فیصد نکالے؛ رقمیں محفوظ نہیں کی گئیں۔",
        "Aap ki raqmon se fisad nikale; raqmein mehfooz nahi ki gayin.",
    ),
    "portfolio.note.counts_used": (
        "I worked out the percents from your numbers of shares at the prices in my data; the numbers are not kept.",
        "حصص کی تعداد اور میرے ڈیٹا کی قیمتوں سے فیصد نکالے؛ تعداد محفوظ نہیں کی گئی۔",
        "Shares ki tadaad aur mere data ki prices se fisad nikale; tadaad mehfooz nahi ki gayi.",
    ),
    "portfolio.note.merged": (
        "A name stood twice; I added its weights up.",
        "ایک نام دو بار تھا؛ اس کے وزن جمع کر دیے۔",
        "Ek naam do baar tha; us ke wazan jama kar diye.",
    ),
    "portfolio.note.weights_sum": (
        "The percents add up to {total}, not 100%; I scaled them.",
        "فیصد مل کر {total} بنتے ہیں، 100% نہیں؛ میں نے تناسب سے ٹھیک کیا۔",
        "Fisad mil kar {total} bante hain, 100% nahi; main ne tanasub se theek kiya.",
    ),
    "portfolio.note.weight_too_big": (
        "One weight is above 100%, which cannot be.",
        "ایک وزن 100% سے زیادہ ہے، یہ ممکن نہیں۔",
        "Ek wazan 100% se zyada hai, yeh mumkin nahi.",
    ),
    "portfolio.note.weight_negative": (
        "A weight below zero cannot be; I gave that name what the others leave.",
        "منفی وزن ممکن نہیں؛ اس نام کو باقی ماندہ حصہ دیا۔",
        "Manfi wazan mumkin nahi; us naam ko baqi hissa diya.",
    ),
    "portfolio.note.weight_zero": (
        "A name at 0% is left out.",
        "0% والا نام چھوڑ دیا۔",
        "0% wala naam chhor diya.",
    ),
    "portfolio.note.no_room": (
        "The percents left nothing for the names without one, so I scaled them all.",
        "فیصدوں نے بغیر وزن کے ناموں کے لیے کچھ نہ چھوڑا، اس لیے سب کو تناسب سے کم کیا۔",
        "Fisadon ne baghair wazan ke naamon ke liye kuch na chhora, is liye sab ko tanasub se kam kiya.",
    ),
    "portfolio.note.foreign_amounts": (
        "prices here are in rupees, and an amount in another currency cannot be weighed against them; write rupees (Rs 50,000), or percents.",
        "یہاں قیمتیں روپے میں ہیں، کسی اور کرنسی کی رقم ان کے ساتھ نہیں تولی جا سکتی؛ روپے میں (Rs 50,000) یا فیصد میں لکھیں۔",
        "yahan prices rupay mein hain, kisi aur currency ki raqam un ke saath nahi toli ja sakti; rupay mein (Rs 50,000) ya percent mein likhein.",
    ),
    "portfolio.note.mixed_units": (
        "Percents and amounts were mixed; I used the percents and shared out the rest.",
        "فیصد اور رقمیں ملی ہوئی تھیں؛ فیصد استعمال کیے اور باقی بانٹ دیا۔",
        "Fisad aur raqmein mili hui thin; fisad istemal kiye aur baqi baant diya.",
    ),
    "portfolio.note.some_without": (
        "A name had no figure, so I gave it the average of the others.",
        "ایک نام کے ساتھ عدد نہ تھا، اسے باقیوں کی اوسط دی۔",
        "Ek naam ke saath adad na tha, usay baqiyon ki ausat di.",
    ),
    "portfolio.note.price_missing": (
        "I have no price for one of them, so its number of shares could not be used.",
        "ان میں سے ایک کی قیمت میرے پاس نہیں، اس لیے اس کی تعداد استعمال نہ ہو سکی۔",
        "In mein se ek ki price mere paas nahi, is liye us ki tadaad istemal na ho saki.",
    ),
    "portfolio.note.index_not_held": (
        "An index cannot be held itself; name the fund that follows it.",
        "انڈیکس خود نہیں رکھا جا سکتا؛ اس پر چلنے والے فنڈ کا نام لکھیں۔",
        "Index khud nahi rakha ja sakta; us par chalne wale fund ka naam likhein.",
    ),
    "portfolio.note.too_long": (
        "That was long; I read its beginning only.",
        "پیغام لمبا تھا؛ صرف ابتدا پڑھی گئی۔",
        "Paigham lamba tha; sirf shuru ka hissa parha gaya.",
    ),
    "portfolio.note.too_many": (
        "That is more than {most} holdings; I took the first {most}.",
        "یہ {most} سے زیادہ ہولڈنگز ہیں؛ پہلی {most} لی گئیں۔",
        "Yeh {most} se zyada holdings hain; pehli {most} li gayin.",
    ),
}
