"""What is said to messages that came too late to be acted on."""

SENTENCES: dict[str, tuple[str, str, str]] = {
    "late.notice": (
        "I could not be reached for a while. Your messages came late, so nothing was done about them. Please write again.",
        "کچھ دیر مجھ تک پیغام نہیں پہنچ سکے۔ آپ کے پیغام دیر سے ملے، اس لیے ان پر عمل نہیں ہوا۔ براہِ کرم دوبارہ لکھیے۔",
        (
            "Kuch dair mujh tak paighaam nahin pohanch sake. Aap ke paighaam dair se mile, is liye un par amal nahin hua. "
            "Dobara likh dijiye."
        ),
    ),
}
