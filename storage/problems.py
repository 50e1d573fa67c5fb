"""What can be wrong with a database, and the words for it."""

import errno
import sqlite3
from collections.abc import Iterator

from sqlalchemy.engine import URL
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError

LOCKED, FULL, GONE, READ_ONLY = "locked", "full", "gone", "read_only"
SILENT, UNREACHABLE, FAILED = "silent", "unreachable", "failed"

REASONS = {
    # https://www.sqlite.org/rescode.html
    "SQLITE_BUSY": LOCKED,
    "SQLITE_LOCKED": LOCKED,
    "SQLITE_FULL": FULL,
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_READONLY_DBMOVED": GONE,
    # https://www.postgresql.org/docs/current/errcodes-appendix.html
    "55P03": LOCKED,
    "53100": FULL,
    "25006": READ_ONLY,
    "3D000": GONE,
    "ENOSPC": FULL,
    "EDQUOT": FULL,
    "EROFS": READ_ONLY,
    "EACCES": READ_ONLY,
    "EPERM": READ_ONLY,
    "ENOENT": GONE,
}
"""Why a database can't be written to, by the code of the error."""
SERVER_GOES = ("08", "57P")
"""How the codes of PostgreSQL begin where the connection is lost, or the server stops or starts."""


class DatabaseProblem(Exception):
    """One sentence for whoever runs the bot: the thing, the fault, the way out. Never a password or a stored value."""


class DatabaseSilent(Exception):
    """The database did not do it within the time that somebody waits.

    `may_be_stored`: the commit was under way, so it may be stored or not. Otherwise nothing of it is stored, nor will be.
    """

    def __init__(self, *, may_be_stored: bool) -> None:
        super().__init__(
            "the database did not confirm the commit in time; it may or may not be stored"
            if may_be_stored
            else "the database did not answer in time; nothing was stored"
        )
        self.may_be_stored = may_be_stored


class GroupLost(Exception):
    """The group's commit failed, on a full disk say (the cause tells), and nothing of this transaction is stored."""


class ScrubNotDone(Exception):
    """What was deleted may still be in the files, since somebody still reads as of before; try again later."""


def unusable(url: URL, error: Exception) -> DatabaseProblem:
    """What to say of a database that the driver could not open, read or migrate."""
    place = url.database if url.get_backend_name() == "sqlite" else _address(url)
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    fault = lines[0].rstrip(".:") if lines else type(error).__name__
    if url.password and str(url.password) in fault:
        fault = type(error).__name__
    return DatabaseProblem(
        f"The database {place} can't be used: {fault}. Check DATABASE_URL, and that it is there and may be written to."
    )


def cause_of(error: BaseException) -> str:
    """The kinds of `error` and of what caused it, each with its code where it has one, and no value.

    "GroupLost: OperationalError SQLITE_FULL". The code is SQLite's name, PostgreSQL's SQLSTATE or the name of the errno.
    """
    kinds: list[tuple[str, str | None]] = []
    for cause in _causes(error):
        kind = type(cause).__name__
        if kinds and kinds[-1] == (kind, None):
            # SQLAlchemy's errors wrap the driver's, which have the same names and the codes.
            kinds.pop()
        kinds.append((kind, _code(cause)))
    return ": ".join(kind if code is None else f"{kind} {code}" for kind, code in kinds)


def reason_of(error: BaseException) -> str:
    """Why the database can't be written to, in a word of this module's."""
    causes = list(_causes(error))
    for code in filter(None, map(_code, causes)):
        base = "_".join(code.split("_")[:2])  # SQLITE_BUSY of SQLITE_BUSY_SNAPSHOT
        if reason := REASONS.get(code) or REASONS.get(base):
            return reason
        if code.startswith(SERVER_GOES):
            return UNREACHABLE
    if isinstance(error, DatabaseSilent):
        return SILENT
    return UNREACHABLE if any(map(_is_lost_connection, causes)) else FAILED


def is_outside(error: BaseException) -> bool:
    """Whether the database could not do it, being full, locked or gone, say, and the same may succeed later."""
    return isinstance(error, DatabaseSilent | GroupLost | InterfaceError | InternalError | OperationalError)


def is_locked(error: BaseException) -> bool:
    """Whether SQLite says that another program holds a lock of the file."""
    code = getattr(getattr(error, "orig", error), "sqlite_errorcode", None)
    # The low byte is the primary code: https://www.sqlite.org/rescode.html#pve
    return code is not None and code & 0xFF == sqlite3.SQLITE_BUSY


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what caused it, and so on."""
    seen = set[int]()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        hidden = None if cause.__suppress_context__ else cause.__context__
        cause = getattr(cause, "orig", None) or cause.__cause__ or hidden


def _code(error: BaseException) -> str | None:
    """SQLite's name of it, PostgreSQL's SQLSTATE, or the name of the errno."""
    if name := getattr(error, "sqlite_errorname", None):
        return str(name)
    if state := getattr(error, "sqlstate", None):
        return str(state)
    if isinstance(error, OSError) and error.errno is not None:
        return errno.errorcode.get(error.errno)
    return None


def _is_lost_connection(error: BaseException) -> bool:
    """psycopg has no code for a connection that it could not make, or that broke."""
    kind = type(error)
    is_drivers = kind.__module__.startswith("psycopg") and kind.__name__ == "OperationalError"
    return (is_drivers and _code(error) is None) or isinstance(error, ConnectionError)


def _address(url: URL) -> str:
    host = url.host or url.query.get("host") or "localhost"
    return f"{url.database or 'postgres'} at {host}"
