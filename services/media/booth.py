"""The program in which speech is made: a child process that is told sentences on stdin and answers with Opus packets.

It is a process of its own because loading hibari's dictionaries holds Python's lock for more than 200 ms at a time,
which would freeze every conversation, and because all of its memory is given back when it ends. ``studio`` is its
other end. Both sides send one line of JSON, then the bytes it announces:

    {"voice": "hibari", "text": …, "gain": 10.0, "speed": 1.1}  ->  {"sizes": [61, 70, …]} and the packets
    {"mp3": 224000} and the Ogg file                            ->  {"sizes": [480000]} and the MP3 file
    anything that fails                                         ->  {"error": "…"}
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import BinaryIO

from services.domain.errors import Unavailable
from services.media.encoding import mp3, opus_packets
from services.media.levels import levelled
from services.media.voices import VOICES, Voice

Work = Callable[[], Sequence[bytes]]


def main() -> None:
    """Answer requests until stdin ends; the parent's death ends it too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business; it closes our stdin
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the answers
    serve(sys.stdin.buffer, answers)


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Speak in this thread while another one levels, encodes and answers, in the order of the requests."""
    voices: dict[str, Voice] = {}
    with ThreadPoolExecutor(1) as press:
        for line in requests:
            request = json.loads(line)
            if "mp3" in request:
                work: Work = partial(_mp3, requests.read(request["mp3"]))
            else:
                work = _spoken(voices, request)
            press.submit(_answer, answers, work)


def _spoken(voices: dict[str, Voice], request: dict[str, str]) -> Work:
    name = request["voice"]
    try:
        if name not in voices:
            voices[name] = VOICES[name]()
        speech = voices[name].say(request["text"], float(request["speed"]))
    except Unavailable as failed:
        return partial(_fail, failed)
    gain = float(request["gain"])
    return lambda: opus_packets(levelled(speech, gain))


def _mp3(sound: bytes) -> Sequence[bytes]:
    return (mp3(sound),)


def _fail(failed: Unavailable) -> Sequence[bytes]:
    raise failed


def _answer(answers: BinaryIO, work: Work) -> None:
    head: dict[str, str | list[int]]
    try:
        parts = work()
    except Unavailable as failed:
        head, parts = {"error": failed.detail}, ()
    except Exception as error:  # noqa: BLE001  # whatever a codec raises must become an answer, or the parent waits for ever
        head, parts = {"error": f"encoding failed: {error!r:.200}"}, ()
    else:
        head = {"sizes": [len(part) for part in parts]}
    answers.write(json.dumps(head).encode() + b"\n" + b"".join(parts))
    answers.flush()


if __name__ == "__main__":
    main()
