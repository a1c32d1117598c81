"""What an X-Ray says: findings first, then exposures, risk, fees, Shariah share and the day."""

SENTENCES: dict[str, tuple[str, str, str]] = {
    "xray.comma": (", ", "، ", ", "),
    "xray.title": ("X-Ray of your holdings", "آپ کی ہولڈنگز کا ایکسرے", "Aap ki holdings ka X-Ray"),
    "xray.title_one": ("X-Ray of {name}", "{name} کا ایکسرے", "{name} ka X-Ray"),
    "xray.title_list": (
        "X-Ray of the list you typed",
        "آپ کی لکھی فہرست کا ایکسرے",
        "Aap ki likhi list ka X-Ray",
    ),
    "xray.equal": (
        "No weights given, so each counts the same.",
        "وزن نہیں بتائے گئے، اس لیے سب کو برابر گنا گیا۔",
        "Weights nahi bataye gaye, is liye sab barabar gine gaye.",
    ),
    "xray.blind": (
        "None of these funds discloses its holdings to me, so shares, sectors, risk and Shariah share are not known.",
        "ان میں سے کسی فنڈ کی ہولڈنگز مجھے دستیاب نہیں، اس لیے حصص، شعبے، رسک اور شرعی حصہ معلوم نہیں۔",
        "In mein se kisi fund ki holdings mujhe dastyab nahi, is liye shares, sectors, risk aur Shariah hissa maloom nahi.",
    ),
    "xray.matters": ("What matters most", "سب سے اہم باتیں", "Sab se ahem baatein"),
    "xray.inside": ("What you really own", "اصل میں کیا ہے", "Asal mein kya hai"),
    "xray.sectors": ("Sectors", "شعبے", "Sectors"),
    "xray.positions": ("Biggest positions", "سب سے بڑی پوزیشنیں", "Sab se bari positions"),
    "xray.more": ("+{count} more", "+{count} مزید", "+{count} mazeed"),
    "xray.position": ("{symbol} {weight} ({via})", "{symbol} {weight} ({via})", "{symbol} {weight} ({via})"),
    "xray.via_direct": ("direct", "براہِ راست", "direct"),
    "xray.via_fund": ("via 1 fund", "1 فنڈ کے ذریعے", "1 fund ke zariye"),
    "xray.via_funds": ("via {count} funds", "{count} فنڈز کے ذریعے", "{count} funds ke zariye"),
    "xray.via_fund_direct": ("via 1 fund + direct", "1 فنڈ + براہِ راست", "1 fund + direct"),
    "xray.via_funds_direct": (
        "via {count} funds + direct",
        "{count} فنڈز + براہِ راست",
        "{count} funds + direct",
    ),
    "xray.undisclosed": ("Not disclosed", "ظاہر نہیں", "Zahir nahi"),
    "xray.undisclosed_line": (
        "Not disclosed: {weight} ({names})",
        "ظاہر نہیں: {weight} ({names})",
        "Zahir nahi: {weight} ({names})",
    ),
    "xray.labelled": (
        "Not disclosed, but classed Shariah-compliant: {names}",
        "ظاہر نہیں، مگر شرعی فنڈ کے طور پر درج: {names}",
        "Zahir nahi, magar Shariah-compliant darj: {names}",
    ),
    "xray.spread": (
        "*Spread*: like {number} equal positions; five biggest {top5} of the disclosed part",
        "*پھیلاؤ*: جیسے {number} برابر پوزیشنیں؛ پانچ سب سے بڑی: ظاہر حصے کا {top5}",
        "*Phailao*: jaise {number} barabar positions; paanch sab se bari: zahir hissay ka {top5}",
    ),
    "xray.overlap": (
        "*Overlap*: {a} and {b} share {overlap}",
        "*مشترک*: {a} اور {b} میں {overlap} ایک جیسا",
        "*Mushtarak*: {a} aur {b} mein {overlap} aik jaisa",
    ),
    "xray.risk": (
        "*Risk* ({sessions} sessions): swings {volatility} a year, deepest fall {drawdown}{against}",
        "*رسک* ({sessions} سیشن): سالانہ اتار چڑھاؤ {volatility}، سب سے گہری گراوٹ {drawdown}{against}",
        "*Risk* ({sessions} sessions): saalana utaar charhao {volatility}, sab se gehri girawat {drawdown}{against}",
    ),
    "xray.against": (
        "; to the KSE-100 (total return): beta {beta}, correlation {correlation}",
        "؛ KSE-100 (ٹوٹل ریٹرن) کے مقابل: بیٹا {beta}، کورریلیشن {correlation}",
        "; KSE-100 (total return) ke muqabil: beta {beta}, correlation {correlation}",
    ),
    "xray.against_index": (
        "; to the {headline}: beta {beta}, correlation {correlation}",
        "؛ {headline} کے مقابل: بیٹا {beta}، کورریلیشن {correlation}",
        "; {headline} ke muqabil: beta {beta}, correlation {correlation}",
    ),
    "xray.risk_missing": (
        " Left out, too little history: {names}.",
        " تاریخ کم، شامل نہیں: {names}۔",
        " History kam, shamil nahi: {names}.",
    ),
    "xray.no_risk": (
        "*Risk*: not known, no price history for what is disclosed",
        "*رسک*: معلوم نہیں، ظاہر حصے کی قیمتوں کی تاریخ نہیں",
        "*Risk*: maloom nahi, zahir hissay ki price history nahi",
    ),
    "xray.fees": (
        "*Fund fees*: {fees} a year; Rs 100,000 pays {rupees}",
        "*فنڈ فیس*: سالانہ {fees}؛ Rs 100,000 پر {rupees}",
        "*Fund fees*: saalana {fees}; Rs 100,000 par {rupees}",
    ),
    "xray.no_fees": (
        "*Fund fees*: none, these are shares",
        "*فنڈ فیس*: کوئی نہیں، یہ حصص ہیں",
        "*Fund fees*: koi nahi, yeh shares hain",
    ),
    "xray.fees_unknown": (
        "Fee not known: {names}",
        "فیس معلوم نہیں: {names}",
        "Fee maloom nahi: {names}",
    ),
    "xray.shariah": (
        "*Shariah*: {share} is in the PSX-KMI All Share list (as of {day})",
        "*شرعی*: {share} پی ایس ایکس کے ایم آئی آل شیئر فہرست میں ہے ({day})",
        "*Shariah*: {share} PSX-KMI All Share list mein hai ({day})",
    ),
    "xray.today": ("*{day}*: {total}", "*{day}*: {total}", "*{day}*: {total}"),
    "xray.today_part": (
        "*{day}*: {total} from the {known} whose day is known",
        "*{day}*: {total}، اُس {known} سے جس کا دن معلوم ہے",
        "*{day}*: {total}, us {known} se jis ka din maloom hai",
    ),
    "xray.no_today": ("*{day}*: not known", "*{day}*: معلوم نہیں", "*{day}*: maloom nahi"),
    "xray.effects": ("Most: {names}", "زیادہ اثر: {names}", "Zyada asar: {names}"),
    "xray.residual": (
        "{fund}: {move}; its shares explain {explained}, the rest is {residual} (holdings of {day})",
        "{fund}: {move}؛ اس کے حصص {explained} سمجھاتے ہیں، باقی {residual} (ہولڈنگز {day} کی)",
        "{fund}: {move}; us ke shares {explained} samjhate hain, baqi {residual} (holdings {day} ki)",
    ),
    "xray.explained": (
        "{fund}: its shares explain {explained} (holdings of {day}); its own move is not out yet",
        "{fund}: اس کے حصص {explained} سمجھاتے ہیں (ہولڈنگز {day} کی)؛ فنڈ کی اپنی حرکت ابھی نہیں آئی",
        "{fund}: us ke shares {explained} samjhate hain (holdings {day} ki); fund ki apni harkat abhi nahi aayi",
    ),
    "xray.source": (
        "{label} · facts, not advice",
        "{label} · حقائق، مشورہ نہیں",
        "{label} · facts, mashwara nahi",
    ),
    "xray.subtitle": (
        "{label} · disclosed: {coverage}",
        "{label} · ظاہر: {coverage}",
        "{label} · zahir: {coverage}",
    ),
    "xray.alt": (
        "Bars. Sectors: {sectors}. Biggest positions: {positions}. Findings: {findings}.",
        "پٹیاں۔ شعبے: {sectors}۔ بڑی پوزیشنیں: {positions}۔ نتائج: {findings}۔",
        "Bars. Sectors: {sectors}. Bari positions: {positions}. Nataij: {findings}.",
    ),
    "xray.button_rules": ("All the checks", "تمام جانچ", "Tamam checks"),
    "xray.button_opportunities": ("Opportunities", "مواقع", "Opportunities"),
    "xray.button_brief": ("My brief", "میرا بریف", "Mera brief"),
    "xray.rules_title": (
        "Every check, with its rule of thumb",
        "ہر جانچ، اپنے عمومی اصول کے ساتھ",
        "Har check, apne aam usool ke saath",
    ),
    "xray.rules_about": (
        (
            "🟢 inside · 🟡 past the first line · 🔴 past the second · ⚪ not known. Published rules of thumb, the same for "
            "everybody; they say where a figure stands, not what to do."
        ),
        (
            "🟢 حد کے اندر · 🟡 پہلی حد سے آگے · 🔴 دوسری حد سے آگے · ⚪ معلوم نہیں۔ یہ شائع شدہ عمومی اصول سب کے لیے ایک ہیں؛ "
            "یہ بتاتے ہیں کہ عدد کہاں ہے، یہ نہیں کہ کیا کریں۔"
        ),
        (
            "🟢 had ke andar · 🟡 pehli had se aage · 🔴 doosri had se aage · ⚪ maloom nahi. Yeh shaya shuda aam usool sab ke "
            "liye aik hain; batate hain ke figure kahan hai, yeh nahi ke kya karein."
        ),
    ),
    "xray.at_most": ("lines at {watch} and {fail}", "حدیں {watch} اور {fail}", "hadein {watch} aur {fail}"),
    "xray.at_least": (
        "lines at {watch} and {fail}, more is inside",
        "حدیں {watch} اور {fail}، زیادہ ہو تو اندر",
        "hadein {watch} aur {fail}, zyada ho to andar",
    ),
    "xray.up_to": ("rule of thumb: up to {limit}", "عمومی حد: {limit} تک", "aam had: {limit} tak"),
    "xray.from": (
        "rule of thumb: {limit} or more",
        "عمومی حد: کم از کم {limit}",
        "aam had: kam az kam {limit}",
    ),
    "xray.not_known": ("not known", "معلوم نہیں", "maloom nahi"),
    "xray.no_pair": (
        "no two disclosed funds here",
        "یہاں دو ظاہر فنڈ نہیں",
        "yahan do zahir funds nahi",
    ),
    "xray.rule.single_position": ("Biggest share", "سب سے بڑا شیئر", "Sab se bara share"),
    "xray.rule.sector": ("Biggest sector", "سب سے بڑا شعبہ", "Sab se bara sector"),
    "xray.rule.coverage": ("Disclosed part", "ظاہر حصہ", "Zahir hissa"),
    "xray.rule.overlap": ("Overlap of funds", "فنڈز کا مشترک حصہ", "Funds ka mushtarak hissa"),
    "xray.rule.effective_number": (
        "Spread, in equal positions",
        "پھیلاؤ، برابر پوزیشنوں میں",
        "Phailao, barabar positions mein",
    ),
    "xray.rule.top_five": ("Five biggest shares", "پانچ سب سے بڑے شیئر", "Paanch sab se bare shares"),
    "xray.rule.drawdown": (
        "Deepest fall in a year",
        "ایک سال کی گہری ترین گراوٹ",
        "Aik saal ki gehri tareen girawat",
    ),
    "xray.rule.volatility": ("Swings a year", "سالانہ اتار چڑھاؤ", "Saalana utaar charhao"),
    "xray.rule.fees": ("Known fund fees a year", "معلوم سالانہ فنڈ فیس", "Maloom saalana fund fees"),
}
