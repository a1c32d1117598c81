"""What is said of a share or fund that is listed and not in our market data."""

SENTENCES: dict[str, tuple[str, str, str]] = {
    "listings.today": (
        "{asked} is {name} ({code}) today.",
        "{asked} اب {name} ({code}) ہے۔",
        "{asked} ab {name} ({code}) hai.",
    ),
    "listings.no_price": (
        "{name} is listed, but our data hold no price of it, so we can say nothing more.",
        "{name} لسٹڈ ہے، مگر ہمارے ڈیٹا میں اس کی کوئی قیمت نہیں، اس لیے ہم مزید کچھ نہیں بتا سکتے۔",
        "{name} listed hai, magar hamare data mein is ki koi qeemat nahin, is liye hum mazeed kuch nahin bata sakte.",
    ),
}
