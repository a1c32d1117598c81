"""The loudness of speech: trim, one fixed gain, a limiter that never lets a peak through, and a meter."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

RATE = 24_000
"""All speech in this room is mono float32 at 24 kHz, full scale 1.0: hibari's own rate, and one that Opus takes as it is."""

CEILING_DB = -2.5
"""Opus overshoots by about 1 dB; this leaves room for it."""

_LEAD = int(0.040 * RATE)
_TAIL = int(0.220 * RATE)
_FADE = int(0.005 * RATE)
_STEP = RATE // 1000
_REACH = 20


def levelled(speech: Samples, gain_db: float) -> Samples:
    """Speech ready for the encoder: pauses cut to 40 ms before and 220 ms after, faded, louder by the gain, limited.

    Args:
        speech: Mono at ``RATE``.
        gain_db: The voice's one gain. Per sentence it would pump: short ones measure 1-2 LU off.
    """
    import numpy as np

    cut = _trimmed(speech).astype(np.float32) * np.float32(10 ** (gain_db / 20))
    ramp = np.linspace(0.0, 1.0, _FADE, dtype=np.float32)
    cut[:_FADE] *= ramp
    cut[-_FADE:] *= ramp[::-1]
    return limited(cut)


def _trimmed(speech: Samples) -> Samples:
    """Exactly ``_LEAD`` before the first and ``_TAIL`` after the last audible millisecond; silence is added if needed."""
    import numpy as np

    loud = np.flatnonzero(np.abs(speech) > 0.01 * np.max(np.abs(speech), initial=1e-9))
    if not loud.size:
        return np.zeros(_LEAD + _TAIL, np.float32)
    padded = np.pad(speech, (_LEAD, _TAIL))
    return padded[loud[0] : loud[-1] + 1 + _LEAD + _TAIL]


def limited(speech: Samples, ceiling_db: float = CEILING_DB) -> Samples:
    """The same with no sample above the ceiling (dBFS), by a gain that moves smoothly over 40 ms.

    Per millisecond the needed gain is taken, then the least of the neighbourhood, then its mean over a slightly
    narrower one: the mean at a peak, and one step beside it, can then not exceed what the peak needs.
    """
    import numpy as np

    ceiling = 10 ** (ceiling_db / 20)
    peaks = np.abs(np.pad(speech, (0, -speech.size % _STEP))).reshape(-1, _STEP).max(axis=1)
    if not peaks.size or peaks.max() <= ceiling:
        return speech
    needed = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9))
    view = np.lib.stride_tricks.sliding_window_view
    least = view(np.pad(needed, _REACH, constant_values=1.0), 2 * _REACH + 1).min(axis=1)
    smooth = view(np.pad(least, _REACH - 1, mode="edge"), 2 * _REACH - 1).mean(axis=1)
    centres = (np.arange(peaks.size) + 0.5) * _STEP - 0.5
    gain = np.interp(np.arange(speech.size), centres, smooth)
    return np.asarray(speech * gain, np.float32)


def loudness(speech: Samples) -> float:
    """Integrated loudness in LUFS by ITU-R BS.1770-4 (K-weighting, 400 ms blocks, gates at -70 LUFS and -10 LU).

    -inf for silence or less than 400 ms.
    """
    import numpy as np

    weighted = _k_weighted(speech)
    block, hop = int(0.4 * RATE), int(0.1 * RATE)
    if weighted.size < block:
        return float("-inf")
    energy = np.concatenate(([0.0], np.cumsum(weighted**2)))
    starts = np.arange(0, weighted.size - block + 1, hop)
    power = (energy[starts + block] - energy[starts]) / block
    heard = power[power > 10 ** ((-70 + 0.691) / 10)]
    if not heard.size:
        return float("-inf")
    kept = heard[heard > heard.mean() / 10]
    return float(-0.691 + 10 * np.log10(kept.mean()))


def _k_weighted(speech: Samples) -> NDArray[np.float64]:
    """The standard's shelf and high-pass (given there for 48 kHz), applied as one response in the frequency domain."""
    import numpy as np

    size = 1 << (speech.size + RATE // 2).bit_length()
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(size, 1 / RATE) / 48_000)
    shelf = (
        (1.53512485958697, -2.69169618940638, 1.19839281085285),
        (1.0, -1.69065929318241, 0.73248077421585),
    )
    high_pass = (1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)
    response = np.ones_like(turn)
    for over, under in (shelf, high_pass):
        response *= np.polyval(over[::-1], turn) / np.polyval(under[::-1], turn)
    return np.fft.irfft(np.fft.rfft(speech, size) * response, size)[: speech.size]
