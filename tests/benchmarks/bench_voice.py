"""How long a voice note of about 75 seconds takes: cold, with the engine loaded, and from known parts; what memory it costs.

Run: ``python tests/benchmarks/bench_voice.py``
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from services.media.speech import OfflineSpeech
from services.wording.spoken import spoken_sentences

NAMES = {"OGDC": "Oil & Gas Development", "MEBL": "Meezan Bank"}
NOTE = [
    "Good morning, Ayesha.",
    "The KSE-100 closed at 176,591.76 on 20 Aug 2026, down 0.68%.",
    "Your holdings lost 0.4%, a little less than the market.",
    "MEBL took away 0.2 percentage points; it closed at Rs 415.20, down 1.9%.",
    "Lucky Cement gave back 0.1 percentage points on volume 1.4 times its 20-day median.",
    "OGDC rose 2.3% to Rs 245.60 after the board announced a dividend of Rs 2.50 a share.",
    "Banks fell 0.9%; oil and gas explorers gained 1.1%.",
    "Foreigners sold shares worth USD 0.29 mn, mostly in banks.",
    "The dollar closed at Rs 281.55; six-month KIBOR stood at 11.25%.",
    "Consumer prices rose 4.1% y/y in July, against 3.2% in June.",
    "The policy meeting is due on 15 September 2026.",
    "Nothing else crossed your thresholds.",
]


def _rss(pid: int | str = "self") -> str:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return "?"
    line = next(row for row in status.read_text().splitlines() if row.startswith("VmRSS"))
    return f"{int(line.split()[1]) // 1024} MB"


async def _worst_lag(lags: list[float]) -> None:
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.002)
        lags.append(time.perf_counter() - before - 0.002)


def _show(title: str, times: list[float]) -> None:
    ordered = sorted(times)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    print(
        f"{title:44} p50 {ordered[len(ordered) // 2] * 1000:8.1f} ms   p99 {p99 * 1000:8.1f} ms   n {len(ordered)}"
    )


async def _timed(speech: OfflineSpeech, note: list[str]) -> float:
    before = time.perf_counter()
    await speech.speak(note, "en")
    return time.perf_counter() - before


async def main(folder: Path) -> None:
    print("memory before:", _rss())
    lags: list[float] = []
    watch = asyncio.create_task(_worst_lag(lags))
    cold, loaded, warm, from_disk = [], [], [], []
    for turn in range(3):
        speech = OfflineSpeech(folder / str(turn), names=lambda: NAMES)
        cold.append(await _timed(speech, NOTE))
        notes = [[f"{line[:-1]}, {'again ' * again}{turn}." for line in NOTE] for again in (1, 2, 3)]
        loaded += [await _timed(speech, note) for note in notes]
        if turn == 0:
            studio = speech._studios.get()
            print("memory while loaded:", _rss(), "and the voice process", _rss(studio.pid or "self"))
            speech._studios.put(studio)
        warm += [await _timed(speech, NOTE) for _ in range(100)]
        await speech.release()
        fresh = OfflineSpeech(folder / str(turn), names=lambda: NAMES)
        from_disk.append(await _timed(fresh, NOTE))
        if turn == 0:
            print("memory after release:", _rss(), "and no voice process")
            note = await fresh.speak(NOTE, "en")
            print(f"note: {note.seconds:.1f} s, {len(note.data):,} bytes")
            before = time.perf_counter()
            await fresh.speak_mp3([NOTE], "en")
            print(f"MP3 of it, starting the process: {time.perf_counter() - before:.2f} s")
        await speech.close()
        await fresh.close()
    watch.cancel()
    _show("cold, engine loaded on the way", cold)
    _show("new sentences, engine loaded", loaded)
    _show("parts in memory", warm)
    _show("parts on disk", from_disk)
    _show("event loop lag", lags)
    print(f"worst lag {max(lags) * 1000:.1f} ms")
    text = " ".join(NOTE)
    before = time.perf_counter()
    for _ in range(50):
        spoken_sentences(text, NAMES)
    print(f"normaliser: {(time.perf_counter() - before) / 50 * 1000:.2f} ms for {len(text.split())} words")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        asyncio.run(main(Path(place)))
