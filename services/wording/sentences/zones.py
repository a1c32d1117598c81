"""The markets' zones by name, as people say whose clock is meant."""

SENTENCES: dict[str, tuple[str, str, str]] = {
    "zones.Asia/Karachi": ("Karachi time", "کراچی کا وقت", "Karachi ka waqt"),
    "zones.America/New_York": ("New York time", "نیویارک کا وقت", "New York ka waqt"),
    "zones.times": ("{times} ({zone})", "{times} ({zone})", "{times} ({zone})"),
}
