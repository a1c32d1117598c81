"""The engines that speak: hibari for English, inside the process; Debian's espeak-ng for Urdu, where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Protocol

from services.domain.errors import Unavailable
from services.media.levels import RATE
from services.media.pace import Pace

if TYPE_CHECKING:
    import numpy as np
    from hibari import Hibari
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

_LETTERS = re.compile(r"\b[A-Z](?: [A-Z]\b)+(?: [A-Z](?=s\b))?|\b[A-Z] [A-Z](?=s\b)")
_SAID: dict[str, str] = {
    "Adamjee": "ˈɑdəmʤi", "Ahmed": "ˈɑmɛd", "Alfalah": "ælfəlˈɑ", "Avanceon": "əvˈænsiɑn", "Bestway": "bˈɛstwA",
    "Bilal": "bɪlˈɑl", "Cherat": "ʧəɹˈɑt", "Cnergyico": "sˈinəɹʤikO", "Dawood": "dɑwˈud", "Fatimah": "fˈɑtɪmə",
    "Ghani": "ɡˈɑni", "Habib": "həbˈib", "Hassan": "həsˈɑn", "Ijarah": "ɪʤˈɑɹə", "Interloop": "ˈɪntəɹlup",
    "Khairpur": "kˈæɹpʊɹ", "Kibor": "kˈIbɔɹ", "Meezan": "mizˈɑn", "Millat": "mˈɪlət", "Mughal": "mˈuɡᵊl",
    "Nishat": "nɪʃˈɑt", "Pakistan": "pɑkɪstˈɑn", "paisa": "pˈAsə", "Sazgar": "sˈɑzɡɑɹ", "Searle": "sˈɜɹl",
    "Soneri": "sOnˈɛɹi", "Sui": "sˈui", "sukuk": "sʊkˈuk", "Thal": "tˈɑl", "Usman": "ʊsmˈɑn",
}  # fmt: skip
"""Names that hibari's dictionary lacks or says in an American way, in its own alphabet (misaki)."""

_NAMES = re.compile(rf"\b(?:{'|'.join(_SAID)})\b")
_NAMES_HASH = sha256(repr(sorted(_SAID.items())).encode()).hexdigest()[:12]
_ESPEAK = "espeak-ng"
_WORDS_A_MINUTE = 150
_SEED = 7
_SLOWEST = 0.25
_PAUSE = 1.5
_QUIETEST = 0.003


class Voice(Protocol):
    """One engine with one voice. ``say`` runs in the voice process; the rest is asked for in ours and loads nothing."""

    name: str
    gain_db: float
    """What brings this voice to about -16.5 LUFS; measured once on long speech."""

    pace: Pace

    def ident(self, speed: float) -> str:
        """All that shapes the sound apart from the text: engine, version, voice, speed."""
        ...

    def say(self, text: str, speed: float) -> Samples:
        """Mono at ``RATE``. Raises ``Unavailable`` if the engine is missing, fails or gives no usable sound."""
        ...


class HibariVoice:
    """hibari-tts with its bundled American voice "heart"; 24 kHz, more than 100 times faster than speech."""

    name = "hibari"
    gain_db = 10.0
    pace = Pace(((1.1, 0.0560), (1.2, 0.0522), (1.25, 0.0499), (1.33, 0.0471)), piece=0.36)
    """Measured on 174 pieces of briefs. hibari rounds every sound to whole frames: 1.22 to 1.3 are nearly the same,
    1.33 is 1.21 times its natural pace, and at 1.36 it falls to 1.5 times at once, so 1.33 is the end."""

    def __init__(self) -> None:
        self._engine: Hibari | None = None

    def ident(self, speed: float) -> str:
        try:
            return f"hibari {version('hibari-tts')} heart speed {speed:g} seed {_SEED} names {_NAMES_HASH}"
        except PackageNotFoundError as missing:
            raise Unavailable(_MISSING, what="voice") from missing

    def say(self, text: str, speed: float) -> Samples:
        engine = self._loaded()
        try:
            speech: Samples = engine(_annotated(text), speed=speed, seed=_SEED)
        except Exception as error:  # a young engine (0.2) that is known to raise bare IndexErrors
            raise Unavailable(
                f"hibari failed on a text of {len(text)} characters: {error!r:.200}", what="voice"
            ) from error
        return checked(speech, text)

    def _loaded(self) -> Hibari:
        if self._engine is None:
            try:
                from hibari import Hibari
                from hibari.g2p import G2P
            except ImportError as missing:
                raise Unavailable(_MISSING, what="voice") from missing
            # Dictionaries (0.7 s) and model (0.5 s) load side by side.
            with ThreadPoolExecutor(1, "speech-load") as aside:
                pronouncing = aside.submit(G2P)
                self._engine = Hibari(threads=1, g2p=partial(_once_loaded, pronouncing))
        return self._engine


def _once_loaded(pronouncing: Future[Callable[[str], str]], text: str) -> str:
    return pronouncing.result()(text)


_MISSING = "the offline voice is not installed; run: pip install hibari-tts==0.2.1"


class EspeakVoice:
    """espeak-ng's Urdu voice, as a process a sentence (about 20 ms). It is GPL, so it is used only if it is there."""

    name = "espeak"
    gain_db = 4.5
    pace = Pace(((1.0, 0.0),))
    """One pace: its Urdu is hard enough to follow, and Urdu briefs are short."""

    @staticmethod
    def installed() -> bool:
        """Whether ``espeak-ng`` is on the path."""
        return shutil.which(_ESPEAK) is not None

    def ident(self, speed: float) -> str:
        return f"espeak-ng ur {_WORDS_A_MINUTE * speed:.0f}"

    def say(self, text: str, speed: float) -> Samples:
        from services.media.encoding import decode

        pace = f"{_WORDS_A_MINUTE * speed:.0f}"
        order = [_ESPEAK, "-v", "ur", "-s", pace, "-b", "1", "--stdin", "--stdout"]
        try:
            done = subprocess.run(order, input=text.encode(), capture_output=True, timeout=20, check=True)  # noqa: S603  # fixed words; the text goes in by stdin
        except (OSError, subprocess.SubprocessError) as error:
            raise Unavailable(
                f"espeak-ng failed on a text of {len(text)} characters: {error!r:.200}", what="voice"
            ) from error
        return checked(decode(done.stdout), text)


def checked(speech: Samples, text: str) -> Samples:
    """The speech, if it can be the text: finite, audible, neither empty nor absurdly long. Else ``Unavailable``."""
    import numpy as np

    seconds = speech.size / RATE
    fault = ""
    if not speech.size:
        fault = "gave no sound at all"
    elif not np.isfinite(speech).all():
        fault = "gave broken samples"
    elif np.abs(speech).max() < _QUIETEST:
        fault = "gave silence"
    elif seconds > _PAUSE + _SLOWEST * len(text):
        fault = f"gave {seconds:.0f} s of sound"
    if fault:
        raise Unavailable(f"the voice {fault} for a text of {len(text)} characters", what="voice")
    return speech


def _annotated(text: str) -> str:
    """The text in the forms hibari reads best: letters with dots ("nine A M" would be "nine uh em"), names by sound."""
    dotted = _LETTERS.sub(lambda m: m[0].replace(" ", "."), text)
    return _NAMES.sub(lambda m: f"[{m[0]}](/{_SAID[m[0]]}/)", dotted)


VOICES: dict[str, Callable[[], Voice]] = {"hibari": HibariVoice, "espeak": EspeakVoice}
"""What a voice process can speak with, by the name in the order."""
