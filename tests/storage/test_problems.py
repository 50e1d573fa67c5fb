"""What is said of a database's faults: the kinds and the codes of their causes, and never a value."""

import errno
import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from storage.problems import DatabaseSilent, GroupLost, cause_of, is_locked, is_outside, reason_of

VALUE = "value-to-hide"


def caused(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error


def sqlite(name: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(VALUE)
    error.sqlite_errorname = name
    error.sqlite_errorcode = getattr(sqlite3, name)
    return error


def wrapped(driver: Exception) -> BaseException:
    """As SQLAlchemy raises it."""
    return caused(OperationalError(f"INSERT {VALUE}", {"value": VALUE}, driver), driver)


def silent(cause: BaseException | None = None) -> BaseException:
    error = DatabaseSilent(may_be_stored=False)
    error.__cause__ = cause
    return error


def in_the_middle_of(first: Exception) -> BaseException:
    """Another, that was raised while the first was handled."""
    try:
        try:
            raise first
        except type(first):
            raise LookupError(VALUE)  # noqa: B904
    except LookupError as error:
        return error


def instead_of(first: Exception) -> BaseException:
    try:
        try:
            raise first
        except type(first):
            raise LookupError(VALUE) from None
    except LookupError as error:
        return error


def round_about() -> BaseException:
    error = LookupError(VALUE)
    return caused(error, caused(KeyError(VALUE), error))


@pytest.mark.parametrize(
    ("error", "cause", "reason"),
    [
        (wrapped(sqlite("SQLITE_BUSY")), "OperationalError SQLITE_BUSY", "locked"),
        (wrapped(sqlite("SQLITE_BUSY_SNAPSHOT")), "OperationalError SQLITE_BUSY_SNAPSHOT", "locked"),
        (
            caused(GroupLost(VALUE), wrapped(sqlite("SQLITE_FULL"))),
            "GroupLost: OperationalError SQLITE_FULL",
            "full",
        ),
        (wrapped(sqlite("SQLITE_READONLY")), "OperationalError SQLITE_READONLY", "read_only"),
        (wrapped(sqlite("SQLITE_READONLY_DBMOVED")), "OperationalError SQLITE_READONLY_DBMOVED", "gone"),
        (
            caused(GroupLost(VALUE), wrapped(sqlite("SQLITE_IOERR_WRITE"))),
            "GroupLost: OperationalError SQLITE_IOERR_WRITE",
            "failed",
        ),
        (
            wrapped(psycopg.errors.AdminShutdown(VALUE)),
            "OperationalError: AdminShutdown 57P01",
            "unreachable",
        ),
        (
            wrapped(psycopg.errors.ConnectionFailure(VALUE)),
            "OperationalError: ConnectionFailure 08006",
            "unreachable",
        ),
        (wrapped(psycopg.errors.DiskFull(VALUE)), "OperationalError: DiskFull 53100", "full"),
        (
            wrapped(psycopg.errors.ReadOnlySqlTransaction(VALUE)),
            "OperationalError: ReadOnlySqlTransaction 25006",
            "read_only",
        ),
        (wrapped(psycopg.errors.InvalidCatalogName(VALUE)), "OperationalError: InvalidCatalogName 3D000", "gone"),
        (wrapped(psycopg.OperationalError(VALUE)), "OperationalError", "unreachable"),
        (wrapped(psycopg.errors.UndefinedTable(VALUE)), "OperationalError: UndefinedTable 42P01", "failed"),
        (silent(), "DatabaseSilent", "silent"),
        (
            silent(wrapped(sqlite("SQLITE_BUSY"))),
            "DatabaseSilent: OperationalError SQLITE_BUSY",
            "locked",
        ),
        (
            silent(wrapped(psycopg.errors.LockNotAvailable(VALUE))),
            "DatabaseSilent: OperationalError: LockNotAvailable 55P03",
            "locked",
        ),
        (
            silent(wrapped(psycopg.errors.QueryCanceled(VALUE))),
            "DatabaseSilent: OperationalError: QueryCanceled 57014",
            "silent",
        ),
        (
            silent(wrapped(psycopg.errors.ConnectionTimeout(VALUE))),
            "DatabaseSilent: OperationalError: ConnectionTimeout",
            "silent",
        ),
        (OSError(errno.ENOSPC, VALUE), "OSError ENOSPC", "full"),
        (OSError(errno.EROFS, VALUE), "OSError EROFS", "read_only"),
        (FileNotFoundError(errno.ENOENT, VALUE), "FileNotFoundError ENOENT", "gone"),
        (
            ConnectionRefusedError(errno.ECONNREFUSED, VALUE),
            "ConnectionRefusedError ECONNREFUSED",
            "unreachable",
        ),
        (TimeoutError(VALUE), "TimeoutError", "failed"),
        (in_the_middle_of(OSError(errno.ENOSPC, VALUE)), "LookupError: OSError ENOSPC", "full"),
        (instead_of(OSError(errno.ENOSPC, VALUE)), "LookupError", "failed"),
        (round_about(), "LookupError: KeyError", "failed"),
        (caused(LookupError(VALUE), LookupError(VALUE)), "LookupError", "failed"),
    ],
)
def test_the_kinds_and_codes_of_all_causes_are_said_and_no_value(error: BaseException, cause: str, reason: str) -> None:
    assert (cause_of(error), reason_of(error)) == (cause, reason)


@pytest.mark.parametrize(
    ("error", "is_a_lock"),
    [
        (sqlite("SQLITE_BUSY"), True),
        (wrapped(sqlite("SQLITE_BUSY")), True),
        (wrapped(sqlite("SQLITE_BUSY_RECOVERY")), True),
        (wrapped(sqlite("SQLITE_FULL")), False),
        (wrapped(psycopg.errors.LockNotAvailable()), False),
        (ValueError(), False),
    ],
)
def test_a_lock_of_the_file_is_told_from_other_faults(error: BaseException, is_a_lock: bool) -> None:
    assert is_locked(error) == is_a_lock


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (wrapped(sqlite("SQLITE_FULL")), True),
        (caused(GroupLost(VALUE), wrapped(sqlite("SQLITE_IOERR_WRITE"))), True),
        (silent(), True),
        (wrapped(psycopg.errors.AdminShutdown(VALUE)), True),
        (DBAPIError.instance(VALUE, None, psycopg.errors.ReadOnlySqlTransaction(VALUE), psycopg.Error), True),
        (DBAPIError.instance(VALUE, None, psycopg.errors.UniqueViolation(VALUE), psycopg.Error), False),
        (FileNotFoundError(errno.ENOENT, VALUE), False),
        (LookupError(VALUE), False),
    ],
)
def test_what_the_database_could_not_do_is_told_from_what_was_wrong_with_the_work(
    error: BaseException, passes: bool
) -> None:
    assert is_outside(error) is passes
