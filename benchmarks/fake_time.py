"""Lets a process believe in another time: libfaketime answers it in the system's place, where it is installed."""

from dataclasses import dataclass
from pathlib import Path

PLACES = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/opt/homebrew/lib")
NAME = "libfaketimeMT.so.1"


@dataclass(frozen=True)
class FalseClock:
    """By how many seconds the clock of a process is ahead that runs with `environment`: as many as `file` says."""

    file: Path

    def set_ahead(self, seconds: int) -> None:
        # A reader must never see an empty file.
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}\n")
        fresh.replace(self.file)

    def environment(self) -> dict[str, str]:
        """Time that passes, and what the file system says of files, stay true (libfaketime's README)."""
        return {
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
            # Its fix for pthread_cond_timedwait keeps Python's threads from taking turns, most of all on one core.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        }


def library() -> Path | None:
    """None: it is not installed."""
    return next((path for place in PLACES for path in Path(place).rglob(NAME)), None)
