"""Debian's redis-server for tests: a child process on a socket in a folder of its own."""

import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import redis

REDIS = shutil.which("redis-server")


class RedisServer:
    """``url`` is where it answers. It can be stopped and started again, and has forgotten everything then."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "redis.sock"
        self._folder = folder
        self._child: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{self._socket}"

    def start(self) -> None:
        options = ["--port", "0", "--unixsocket", str(self._socket), "--save", "", "--appendonly", "no"]
        self._child = subprocess.Popen(
            [REDIS or "redis-server", *options, "--dir", str(self._folder)], stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 10
        while not self._answers():
            assert time.monotonic() < deadline, "redis-server does not answer"
            time.sleep(0.02)

    def stop(self) -> None:
        if self._child is not None:
            self._child.terminate()
            self._child.wait()
            self._child = None

    def freeze(self) -> None:
        """It does not answer, and remembers everything."""
        assert self._child is not None
        self._child.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._child is not None
        self._child.send_signal(signal.SIGCONT)

    def connections(self) -> int:
        """How many it holds, beside the one that asks."""
        with redis.Redis(unix_socket_path=str(self._socket)) as asking:
            return len(asking.client_list()) - 1

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self._socket))
                probe.sendall(b"PING\r\n")
                return probe.recv(7) == b"+PONG\r\n"
            except OSError:
                return False
