"""Writes beside the clock's file when the bot next has something to do, for whoever moves the clock."""

import os
from datetime import datetime
from pathlib import Path


class NextDueFile:
    """The file `<clock file>.next`: an instant as ISO text in UTC, on the moved clock, or empty where nothing is due."""

    def __init__(self, clock_file: Path) -> None:
        self._path = clock_file.with_name(f"{clock_file.name}.next")

    def write(self, at: datetime | None) -> None:
        """Says so, unless the file says so already. A reader sees the old text or the new one, never half of it."""
        text = at.isoformat() if at else ""
        if self._path.exists() and self._path.read_text() == text:
            return
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        fresh.write_text(text)
        fresh.replace(self._path)

    def remove(self) -> None:
        """Nobody says any more what is due: the bot stops."""
        self._path.unlink(missing_ok=True)
