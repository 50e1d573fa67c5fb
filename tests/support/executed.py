"""A process of the bot that starts from nothing, as an operator starts it: slower than a fork, and its libraries are its own."""

import asyncio
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path


class Executed:
    """One process of the bot; what it says is added to `out` and `err`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def started(
        cls, words: Sequence[str], folder: Path, settings: Mapping[str, str], out: Path, err: Path
    ) -> "Executed":
        with out.open("ab") as to_out, err.open("ab") as to_err:
            process = await asyncio.create_subprocess_exec(
                *(str(Path(sys.executable).with_name("hta-bot")), *words),
                cwd=folder,
                env=dict(settings),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=to_out,
                stderr=to_err,
            )
        return cls(process)

    @property
    def status(self) -> int | None:
        """How it ended; None: it has not. Negative: by that signal."""
        return self._process.returncode

    def send_signal(self, which: signal.Signals) -> None:
        self._process.send_signal(which)

    async def wait(self) -> int:
        """Until it has ended; how. Any number may wait."""
        return await self._process.wait()
