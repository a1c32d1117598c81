"""Yes and no, as people say them in three languages."""

YES = frozenset({
    "yes", "y", "ok", "okay", "agree", "i agree", "sure", "correct", "yes, correct", "right", "haan", "han", "ji", "jee",
    "ji haan", "theek", "theek hai", "thik hai", "sahi", "sahi hai", "muttafiq", "muttafiq hoon", "ji, theek", "manzoor",
    "ہاں", "جی", "جی ہاں", "متفق", "متفق ہوں", "ٹھیک", "ٹھیک ہے", "درست", "جی، درست", "👍",
})  # fmt: skip
NO = frozenset({
    "no", "n", "not now", "later", "nahi", "nahin", "abhi nahi", "baad mein", "change", "change it", "badlein", "wrong",
    "نہیں", "ابھی نہیں", "تبدیل کریں", "غلط",
})  # fmt: skip


def said(text: str) -> str:
    """What was typed, made comparable: case folded, without the marks around it, blanks single."""
    return " ".join(text.casefold().strip(" .!۔").split())
