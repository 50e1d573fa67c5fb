"""What can be wrong with a database, and what does a person read then?"""

from sqlalchemy.engine import URL


class DatabaseProblem(Exception):
    """One sentence for whoever runs the bot: the thing, the fault, the way out. Never a password or a stored value."""


class ScrubNotDone(Exception):
    """What was deleted may still lie in the files, since somebody still reads as of before; try again later."""


def unusable(url: URL, error: Exception) -> DatabaseProblem:
    """What to tell of a database that the driver could not open, read or migrate."""
    place = url.database if url.get_backend_name() == "sqlite" else _address(url)
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    fault = lines[0].rstrip(".:") if lines else type(error).__name__
    if url.password and str(url.password) in fault:
        fault = type(error).__name__
    return DatabaseProblem(
        f"The database {place} can't be used: {fault}. Check DATABASE_URL, and that it is there and may be written to."
    )


def _address(url: URL) -> str:
    host = url.host or url.query.get("host") or "localhost"
    return f"{url.database or 'postgres'} at {host}"
