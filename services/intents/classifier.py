"""The local classifier: a small linear model over words and parts of words, that knows when it does not know."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING

from services.domain.intents import INTENTS, Intent
from services.intents.features import features, length
from services.intents.heard import Heard

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

WEIGHTS = "weights.npz"
_LONGEST_LOGIT = 30.0


@dataclass(frozen=True, slots=True)
class Guess:
    """An intent and how likely it is, 0 to 1."""

    intent: Intent
    confidence: float


@dataclass(frozen=True)
class Weights:
    """What training leaves behind: a row of int8 for each feature, a scale and a bias for each intent."""

    index: dict[str, int]
    matrix: "NDArray[np.int8]"
    scale: "Floats"
    bias: "Floats"
    digest: str

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word that stood in an example."""
        return frozenset(name[2:] for name in self.index if name.startswith("w:"))


class Classifier:
    """Ranks the intents of a message. Loading costs some 20 ms and 1 MB, once; a message well under 1 ms."""

    @cached_property
    def weights(self) -> Weights:
        """The trained weights, read at first use."""
        return load((resources.files("services.intents") / WEIGHTS).read_bytes())

    def rank(self, heard: Heard) -> tuple[Guess, ...]:
        """All intents, the likeliest first."""
        import numpy as np

        scores = logits(self.weights, features(heard))
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        order = np.argsort(-chances)
        return tuple(Guess(INTENTS[int(i)], float(chances[i])) for i in order)

    def known_share(self, heard: Heard) -> float:
        """How much of a message's words stood in some example, 0 to 1; names and figures count as known."""
        tokens = heard.tokens
        if not tokens:
            return 0.0
        known = sum(1 for t in tokens if t.startswith("@") or t in self.weights.words)
        return known / len(tokens)


def logits(weights: Weights, names: Iterable[str]) -> "Floats":
    """Calibrated log-odds of each intent; a feature never seen in training only lowers the certainty."""
    import numpy as np

    listed = list(names)
    rows = [weights.index[name] for name in listed if name in weights.index]
    summed = weights.matrix[rows].sum(axis=0, dtype=np.int32) if rows else np.zeros_like(weights.bias)
    scores: Floats = summed * weights.scale / np.float32(length(listed)) + weights.bias
    return np.clip(scores, -_LONGEST_LOGIT, _LONGEST_LOGIT)


def load(data: bytes) -> Weights:
    """Read what ``dump`` wrote."""
    import numpy as np

    with np.load(BytesIO(data), allow_pickle=False) as stored:
        names = stored["names"].tobytes().decode().split("\n")
        return Weights(
            {name: row for row, name in enumerate(names)},
            stored["matrix"],
            stored["scale"],
            stored["bias"],
            stored["digest"].tobytes().decode(),
        )
