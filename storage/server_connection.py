"""A thread's connection to a PostgreSQL server, which any other thread can interrupt.

A server that no byte comes from can't be asked to stop, and TCP's own timeouts don't help where a proxy in between still
acknowledges. So the socket is shut down, and the driver, which waits for it, raises at once.
"""

import os
import socket
import threading
import time
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, ExceptionContext, NullPool, RootTransaction, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

TCP = {
    # https://www.postgresql.org/docs/current/libpq-connect.html; two seconds are psycopg's least
    "connect_timeout": 2,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 5000,
}

LIMITS = "SET statement_timeout = '30s'; SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'"
"""What was given up, or what a process left that died, goes on in the server until it ends there by itself.

As statements, since connection poolers may refuse the startup parameter `options` (https://www.pgbouncer.org/config.html).
"""

BEGIN, BEGIN_READ_ONLY = "BEGIN", "BEGIN READ ONLY"

_connecting = threading.local()


class ServerConnection:
    """Connects when it is first used, and once again where the server has gone since then and nothing was sent yet."""

    def __init__(self, engine: Engine) -> None:
        """`engine` is one of `engine_of`."""
        self._engine = engine
        self._connection: Connection | None = None
        self._used_at = 0.0
        self._driver: psycopg.Connection[Any] | None = None
        self._lock = threading.Lock()
        self._descriptor: int | None = None
        """The socket's, and our own: libpq may close its at any moment, and the number is then another file's."""
        self._is_interrupted = False

    def begin(self) -> RootTransaction:
        """A transaction, open at the server. Raises SQLAlchemy's errors."""
        return self._begun(BEGIN)

    def begin_reading(self) -> RootTransaction:
        """A transaction that cannot write."""
        return self._begun(BEGIN_READ_ONLY)

    def _begun(self, how: str) -> RootTransaction:
        fresh = self._connection is None
        connection = self.connection
        connection.info["begin"] = how
        try:
            return connection.begin()
        except DBAPIError as error:
            if fresh or self._is_interrupted or not error.connection_invalidated:
                raise
        self.close()
        return self._begun(how)

    @property
    def connection(self) -> Connection:
        """The connection, made where there is none. Raises SQLAlchemy's errors."""
        if self._connection is None:
            _connecting.waits = self
            try:
                self._connection = self._engine.connect()
            except BaseException:
                self.close()
                raise
            finally:
                del _connecting.waits
        self._used_at = time.monotonic()
        return self._connection

    @property
    def driver(self) -> "psycopg.Connection[Any]":
        """The driver's connection, outside any transaction."""
        driver: psycopg.Connection[Any] = self.connection.connection.driver_connection  # type: ignore[assignment]
        return driver

    def is_worn(self, since: float) -> bool:
        if self._connection is None:
            return self._is_interrupted
        return self._is_interrupted or self._connection.invalidated or self._used_at < since

    def connected(self, driver: "psycopg.Connection[Any]") -> None:
        """Takes the driver's connection as soon as it has a socket, and before a server could leave it without an answer."""
        self._driver = driver
        with self._lock:
            self._descriptor = os.dup(driver.fileno())
            if self._is_interrupted:
                self._shut()

    def interrupt(self) -> None:
        with self._lock:
            self._is_interrupted = True
            self._shut()

    def close(self) -> None:
        with self._lock:
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None
        if self._driver is not None:
            self._driver.close()
            self._driver = None
        if self._connection is not None:
            # Without the rollback that closing would send, and wait for.
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _shut(self) -> None:
        if self._descriptor is None:
            return
        with socket.socket(fileno=self._descriptor) as ours:
            self._descriptor = None
            try:
                ours.shutdown(socket.SHUT_RDWR)
            except OSError:
                # It is not connected any more.
                return


def engine_of(url: URL) -> Engine:
    """Makes the connections of ServerConnection, and keeps none."""
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=TCP | {"autocommit": True})

    @event.listens_for(engine, "do_connect")
    def on_connect(dialect: Any, _: Any, arguments: Any, parameters: Any) -> "psycopg.Connection[Any]":
        driver: psycopg.Connection[Any] = dialect.connect(*arguments, **parameters)
        _connecting.waits.connected(driver)
        driver.execute(LIMITS)
        return driver

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        # psycopg would begin by itself with the first statement, and we would not know whether that was sent.
        connection.exec_driver_sql(connection.info.get("begin", BEGIN))

    @event.listens_for(engine, "handle_error")
    def on_error(context: ExceptionContext) -> None:
        """PostgreSQL's DETAIL quotes the row that it refuses, answers included; no log may have it (REVIEW, 9)."""
        original = context.original_exception
        told = getattr(getattr(original, "diag", None), "message_primary", None)
        if told is None:
            return
        original.args = (told,)
        if context.sqlalchemy_exception is not None:
            context.sqlalchemy_exception.args = (f"({type(original).__name__}) {told}",)

    return engine
