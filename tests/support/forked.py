"""How does a process of the bot start at once? It is forked from one that has imported the bot already.

Some forty are started in a test run, and each would spend half a second importing. What runs is the command line's own
`main`, in a process of its own that can be killed.
"""

import asyncio
import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.__main__ import main

IMPORTED = ["bot.__main__", "bot.serving", "bot.try_out", "slack_bolt.adapter.socket_mode.websockets", "sqlite3"]
OPEN_FILES = "OPEN_FILES"
"""A setting that is not the bot's: how many files its process may have open, and no more."""
SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(IMPORTED)


class Forked:
    """One process of the bot, started with these words, settings and folder; what it says is added to `out` and `err`."""

    def __init__(self, words: Sequence[str], folder: Path, settings: Mapping[str, str], out: Path, err: Path) -> None:
        self._process = SERVER.Process(target=_run, args=(words, folder, dict(settings), out, err), daemon=True)
        self._process.start()

    @property
    def status(self) -> int | None:
        """How it ended; None: it has not. Negative: by that signal."""
        return self._process.exitcode

    @property
    def peak_megabytes(self) -> float:
        """The most memory that it has held so far."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / 1e6

    def send_signal(self, which: signal.Signals) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, which)

    async def wait(self) -> int:
        """Until it has ended; how. Any number may wait."""
        over, loop = asyncio.Event(), asyncio.get_running_loop()
        sentinel = os.dup(self._process.sentinel)
        loop.add_reader(sentinel, over.set)
        try:
            await over.wait()
        finally:
            loop.remove_reader(sentinel)
            os.close(sentinel)
        self._process.join()
        assert self._process.exitcode is not None
        return self._process.exitcode


def _run(words: Sequence[str], folder: Path, settings: dict[str, str], out: Path, err: Path) -> None:
    if open_files := settings.pop(OPEN_FILES, None):
        resource.setrlimit(resource.RLIMIT_NOFILE, (int(open_files), int(open_files)))
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(settings)
    for number, path in ((1, out), (2, err)):
        with path.open("ab") as said:
            os.dup2(said.fileno(), number)
    sys.exit(main(words))
