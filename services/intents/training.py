"""Makes weights.npz from the examples: ``python -m services.intents.training``; run it whenever examples, cues or hints change."""

import hashlib
import random
from collections import Counter
from dataclasses import dataclass
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from services.domain.intents import INTENTS, Intent
from services.intents.classifier import WEIGHTS, Weights
from services.intents.features import LOUDNESS, features, length
from services.intents.heard import sample
from services.intents.lexicon import CUES, SECTORS
from services.intents.patterns import rules

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]

LANGUAGE_FILES = ("en", "roman", "ur")
COPIES = 7
EPOCHS = 14
RATE = 0.03
DECAY = 0.004
BATCH = 256
SEED = 20260820
_POLITE = {
    "en": ("please", "pls", "can you", "i want", "hey", "bro", "kindly", "hi,", "sir", "just", "now"),
    "roman": ("bhai", "yaar", "plz", "zara", "mujhe", "sir", "g", "ji", "salam,", "aaj", "please"),
    "ur": ("پلیز", "ذرا", "بھائی", "مجھے", "جی", "آج", "سلام،"),
}
_NO_POLITE: frozenset[Intent] = frozenset({"start", "thanks"})
_STRANGE_NAMES = {
    "en": [
        "abcd",
        "zxyl",
        "kashf",
        "tplp",
        "fauji",
        "national",
        "sui",
        "engro",
        "attock",
        "habib",
        "pakistan",
        "united",
        "first",
        "golden",
        "crescent",
    ],
    "roman": [
        "abcd",
        "gulf",
        "kashf",
        "tpl",
        "fauji",
        "qaumi",
        "sui",
        "engro",
        "attock",
        "habib",
        "pakistan",
        "meezan",
        "hilal",
        "noor",
    ],
    "ur": ["ماری", "سرل", "پیل", "غنی", "ویوز", "سورج", "فوجی", "نور", "ہلال", "حبیب", "اینگرو"],
}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Example:
    """What somebody may type, and what it wants."""

    lang: str
    intent: Intent
    text: str


def examples() -> list[Example]:
    """All labelled examples of the project."""
    found: list[Example] = []
    for lang in LANGUAGE_FILES:
        text = (resources.files("services.intents.examples") / f"{lang}.tsv").read_text(encoding="utf-8")
        for line in text.splitlines():
            intent, typed = line.split("\t")
            found.append(Example(lang, INTENTS[INTENTS.index(intent)], typed))
    return found


def digest() -> str:
    """A fingerprint of all that the weights are made from, apart from code."""
    material = repr([(e.lang, e.intent, e.text) for e in examples()]) + repr(
        (CUES, SECTORS, LOUDNESS, [name for name, *_ in rules()])
    )
    return hashlib.sha256(material.encode()).hexdigest()


def spoken(example: Example, chance: random.Random, *, as_written: bool = False) -> str:
    """An example as somebody may really type it: slots filled, and mostly a slip, a politeness or a word left out."""
    text = _filled(example, chance, strange=not as_written)
    if as_written:
        return text
    words = text.split()
    if len(words) > 3 and chance.random() < 0.25:
        loose = [i for i, word in enumerate(words) if not word.startswith("@")]
        if loose:
            del words[chance.choice(loose)]
    if chance.random() < 0.35:
        words = _slip(words, chance)
    if example.intent not in _NO_POLITE and chance.random() < 0.25:
        words.insert(chance.choice((0, len(words))), chance.choice(_POLITE[example.lang]))
    return " ".join(words)


def _filled(example: Example, chance: random.Random, *, strange: bool) -> str:
    text = example.text
    while "{name}" in text:
        name = chance.choice(_STRANGE_NAMES[example.lang]) if strange and chance.random() < 0.12 else "@name"
        text = text.replace("{name}", name, 1)
    if "{sector}" in text:
        names = [
            n for group in SECTORS.values() for n in group.split("|") if n.isascii() != (example.lang == "ur")
        ]
        text = text.replace("{sector}", chance.choice(names))
    while "{pct}" in text:
        text = text.replace("{pct}", chance.choice(("10%", "25%", "30 percent", "40%", "15 fisad", "50%")), 1)
    text = text.replace(
        "{amt}", chance.choice(("5 lakh", "200,000 rupees", "2 crore", "Rs 50000", "10 lac", "ek lakh"))
    )
    text = text.replace("{time}", chance.choice(("8am", "6 pm", "9:30", "7 baje")))
    while "{num}" in text:
        text = text.replace("{num}", str(chance.choice((40, 60, 150, 300, 500, 25))), 1)
    return text


def _slip(words: list[str], chance: random.Random) -> list[str]:
    long = [i for i, word in enumerate(words) if len(word) > 3 and word.isalpha()]
    if not long:
        return words
    at = chance.choice(long)
    word, place = words[at], chance.randrange(1, len(words[at]) - 1)
    slips = (
        word[:place] + word[place + 1 :],
        word[:place] + word[place] + word[place:],
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        word[:place] + (chance.choice(_LETTERS) if word.isascii() else word[place]) + word[place + 1 :],
    )
    return [*words[:at], chance.choice(slips), *words[at + 1 :]]


def noise(chance: random.Random, count: int) -> list[Example]:
    """Gibberish, so that the model has seen some: strings of letters that mean nothing."""
    made = []
    for _ in range(count):
        size = chance.randint(1, 5)
        words = ["".join(chance.choice(_LETTERS) for _ in range(chance.randint(3, 9))) for _ in range(size)]
        made.append(Example("en", "unknown", " ".join(words)))
    return made


def train(given: list[Example], *, seed: int = SEED) -> Weights:
    """Multinomial logistic regression with weight decay (Adam), on the examples and their slips."""
    import numpy as np

    chance = random.Random(seed)  # noqa: S311  # slips, not secrets
    rows: list[tuple[Intent, list[str]]] = []
    seen: Counter[str] = Counter()
    for example in [*given, *noise(chance, len(given) // 30)]:
        for copy in range(COPIES):
            names = features(sample(spoken(example, chance, as_written=copy == 0)))
            rows.append((example.intent, names))
            if copy == 0:
                seen.update(names)
    kept = sorted(name for name, count in seen.items() if count > 1 or name[0] in "wcfrv")
    index = {name: row for row, name in enumerate(kept)}
    labels = np.array([INTENTS.index(intent) for intent, _ in rows])
    matrix, bias = _fit([names for _, names in rows], labels, index, seed)
    matrix *= np.array([LOUDNESS[name[0]] for name in kept], np.float32)[:, None]
    scale = np.maximum(np.abs(matrix).max(axis=0), 1e-6) / 127
    return Weights(index, np.rint(matrix / scale).astype(np.int8), scale.astype(np.float32), bias, digest())


def _fit(
    rows: list[list[str]], labels: "Ints", index: dict[str, int], seed: int
) -> tuple["Floats", "Floats"]:
    import numpy as np

    width = len(INTENTS)
    weight = np.zeros((len(index) + 1, width), np.float32)
    moments = [np.zeros_like(weight), np.zeros_like(weight)]
    share = np.bincount(labels, minlength=width) / len(labels)
    balance = (1 / np.maximum(share * width, 0.2)) ** 0.5
    generator = np.random.default_rng(seed)
    step = 0
    for epoch in range(EPOCHS):
        order = generator.permutation(len(rows))
        for start in range(0, len(order), BATCH):
            step += 1
            part = order[start : start + BATCH]
            batch = _dense([rows[i] for i in part], index)
            chances = _softmax(batch @ weight)
            chances[np.arange(len(part)), labels[part]] -= 1
            chances *= balance[labels[part]][:, None].astype(np.float32)
            gradient = (batch.T @ chances / len(part)).astype(np.float32)
            rate = RATE * (1 - epoch / EPOCHS)
            _adam(weight, gradient, moments, step, rate)
    return weight[:-1], weight[-1]


def _adam(weight: "Floats", gradient: "Floats", moments: "list[Floats]", step: int, rate: float) -> None:
    """One step of AdamW (Loshchilov and Hutter, 2019), in place."""
    first, second = moments
    first += 0.1 * (gradient - first)
    second += 0.001 * (gradient * gradient - second)
    corrected = (first / (1 - 0.9**step)) / ((second / (1 - 0.999**step)) ** 0.5 + 1e-8)
    weight -= rate * (corrected + DECAY * 10 * weight)


def _dense(rows: list[list[str]], index: dict[str, int]) -> "Floats":
    import numpy as np

    batch = np.zeros((len(rows), len(index) + 1), np.float32)
    for at, names in enumerate(rows):
        known = [name for name in names if name in index]
        size = length(names)
        batch[at, [index[name] for name in known]] = [LOUDNESS[name[0]] / size for name in known]
    batch[:, -1] = 1
    return batch


def _softmax(scores: "Floats") -> "Floats":
    import numpy as np

    chances: Floats = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    return chances


def dump(weights: Weights) -> bytes:
    """The weights as bytes that ``classifier.load`` reads."""
    import numpy as np

    buffer = BytesIO()
    np.savez_compressed(
        buffer,
        names=np.frombuffer("\n".join(weights.index).encode(), np.uint8),
        matrix=weights.matrix,
        scale=weights.scale,
        bias=weights.bias,
        digest=np.frombuffer(weights.digest.encode(), np.uint8),
    )
    return buffer.getvalue()


def main() -> None:
    """Train on all examples and write the file beside the code."""
    weights = train(examples())
    data = dump(weights)
    Path(__file__).with_name(WEIGHTS).write_bytes(data)
    print(f"{len(weights.index)} features, {len(data):,} bytes")  # noqa: T201  # a script's report


if __name__ == "__main__":
    main()
