"""How does a server run beside a benchmark? As a process of its own, on a core of its own; /proc tells what it costs."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
LONG = 20.0
"""Seconds after which a process counts as hanging."""
POLL = 0.002
"""Seconds between two looks at a server that starts."""
NOWHERE = Path(os.devnull)
CORES = sorted(os.sched_getaffinity(0))


@dataclass(frozen=True)
class Server:
    """A server that was started, and may not be up yet."""

    process: asyncio.subprocess.Process
    port: int

    @property
    def processor_seconds(self) -> float:
        """User and system time of all its threads so far, as finely as the scheduler counts (stat has hundredths)."""
        threads = Path(f"/proc/{self.process.pid}/task").iterdir()
        return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9

    @property
    def megabytes(self) -> float:
        """The memory that it holds."""
        return self._megabytes("VmRSS")

    @property
    def peak_megabytes(self) -> float:
        """The most memory that it has held so far."""
        return self._megabytes("VmHWM")

    def _megabytes(self, name: str) -> float:
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        kibibytes = next(line.split()[1] for line in lines if line.startswith(name))
        return int(kibibytes) * 1024 / 1e6

    async def is_up(self) -> None:
        """Waits until it takes connections. Raises RuntimeError where it ends instead, TimeoutError where it hangs."""
        async with asyncio.timeout(LONG):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                except OSError:
                    if self.process.returncode is not None:
                        raise RuntimeError(f"a server ended with {self.process.returncode} before it was up") from None
                    await asyncio.sleep(POLL)
                else:
                    writer.close()
                    return

    async def end(self, how: signal.Signals) -> None:
        """Sends it the signal, and waits until it is gone. Harmless where it has ended."""
        if self.process.returncode is None:
            self.process.send_signal(how)
            await self.process.wait()


async def started(
    words: Sequence[str], folder: Path, environment: Mapping[str, str], port: int, log: Path = NOWHERE
) -> Server:
    """Starts `python words...` in `folder`. Nothing of the machine's own settings reaches it, nor an .env of ours.

    What it writes to standard error is added to the file `log`.
    """
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *words,
            cwd=folder,
            # The tree that the benchmark belongs to, whatever is installed.
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
            stdin=asyncio.subprocess.DEVNULL,
            stderr=errors,
        )
    os.sched_setaffinity(process.pid, CORES[:1])
    return Server(process, port)


@asynccontextmanager
async def running(
    words: Sequence[str], folder: Path, environment: Mapping[str, str], port: int
) -> AsyncIterator[Server]:
    """The server, up while the context lasts."""
    server = await started(words, folder, environment, port)
    try:
        await server.is_up()
        yield server
    finally:
        await server.end(signal.SIGTERM)


def keep_apart() -> None:
    """Leaves the first core to the servers, where there are two or more."""
    os.sched_setaffinity(0, CORES[1:] or CORES)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
