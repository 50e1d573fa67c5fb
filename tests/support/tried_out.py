"""`hta-bot sandbox` as a process, for tests that try it as a visitor does: its page and its bot, over HTTP alone."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot_process import free_port

LONG = 60.0
"""Seconds after which a process counts as hanging."""
NURSE, ALL_STAFF = "U02AMARA", "C01ALLSTAFF"


@dataclass(frozen=True)
class TriedOut:
    """A sandbox that is up. `log` is what it says."""

    port: int
    log: Path
    process: "subprocess.Popen[bytes]"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def status(self, path: str, *, of_bot: bool = False) -> int:
        """The status of one of the page's addresses, or of the bot's."""
        return status(f"http://127.0.0.1:{self.port + of_bot}{path}")

    def ask(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        asked = urllib.request.Request(self.address + path, data, headers)  # noqa: S310
        with urllib.request.urlopen(asked, timeout=LONG) as answer:  # noqa: S310
            return json.load(answer)

    def says_to(self, command: str) -> str:
        """A nurse types the command in a channel; what she reads there then."""
        channel = {"channel": ALL_STAFF, "command": command}
        assert self.ask(f"/act/{NURSE}/command", channel)["ok"]
        until(self._said_to_nurse)
        return str(self._said_to_nurse()[-1]["text"])

    def _said_to_nurse(self) -> Any:
        conversations = self.ask(f"/view/{NURSE}")["conversations"]
        return next(one for one in conversations if one["id"] == ALL_STAFF)["messages"]

    def stop(self) -> int:
        """As Ctrl-C does it, which all processes of the group hear; the exit status."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(LONG)


def status(address: str) -> int:
    """0: nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=LONG) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0


def until(condition: Callable[[], object]) -> None:
    """Returns once it is true of another process. Raises TimeoutError."""
    ends_at = time.monotonic() + LONG
    while not condition():
        if time.monotonic() > ends_at:
            raise TimeoutError("it does not come true")
        time.sleep(0.02)  # nothing tells of what another process does


def two_free_ports() -> int:
    """A port that is free, as is the one after it."""
    while True:
        port = free_port()
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port + 1)):
                return port


@contextmanager
def tried_out(
    words: Sequence[str], folder: Path, environment: Mapping[str, str], port: int | None = None
) -> Iterator[TriedOut]:
    """Starts it with these words, and waits until it says where it is."""
    port = port or two_free_ports()
    log = folder / "said.log"
    with log.open("wb") as said:
        process = subprocess.Popen(  # noqa: S603
            [*words, "--port", str(port)],
            cwd=folder,
            env=dict(environment),
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        until(lambda: "The sandbox is at" in log.read_text() or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        yield TriedOut(port, log, process)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
