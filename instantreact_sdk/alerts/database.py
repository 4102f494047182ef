"""Opening the store's database, and its errors in our words."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from instantreact_sdk.alerts.schema import bring_up
from instantreact_sdk.alerts.tables import metadata
from instantreact_sdk.errors import InstantReactError

BUSY_SECONDS = 10.0
"""How long a writer waits for another one before it gives up."""

_SQLITE_CODES = {
    sqlite3.SQLITE_BUSY: "IR5003",
    sqlite3.SQLITE_LOCKED: "IR5003",
    sqlite3.SQLITE_READONLY: "IR5004",
    sqlite3.SQLITE_NOTADB: "IR5005",
    sqlite3.SQLITE_CORRUPT: "IR5005",
}
_POSTGRES_CODES = {
    "55P03": "IR5003",  # lock_not_available
    "25006": "IR5004",  # read_only_sql_transaction
    "XX001": "IR5005",  # data_corrupted
    "XX002": "IR5005",  # index_corrupted
}


def open_engine(address: str, *, create: bool, busy: float = BUSY_SECONDS) -> Engine:
    """Connect, make the tables where they are missing, and change those of an older SDK, with what they hold.

    Args:
        address: ``sqlite:///path/to/file.db`` or ``postgresql://...``.
        create: Whether to make the file and the tables; otherwise they have to be there.
        busy: How many seconds a writer waits for another one before it gives up. PostgreSQL has 5 s more for the work itself, and
            a server that says nothing at all is given up after 10 s more.

    Raises:
        InstantReactError: IR5001 to IR5007; IR6001, the driver is not installed.
    """
    url = understood(address)
    engine = _engine(url, busy)
    if url.drivername == "sqlite":
        _check_file(url, create=create)
        event.listen(engine, "connect", partial(_prepare_sqlite, busy))
    try:
        with explained(url, opening=True), engine.connect() as connection:
            bring_up(connection, shown(url), create=create)
    except BaseException:
        engine.dispose()
        raise
    return engine


def memory_engine() -> Engine:
    """A database in memory with all tables, and without foreign keys; it ends with ``dispose()``.

    It may be used from several threads: there is one connection, which one has at a time. Whoever has it must not ask for
    another.
    """
    connection = sqlite3.connect(":memory:", check_same_thread=False, factory=_Lasting)
    engine = create_engine(
        "sqlite://",
        creator=lambda: connection,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS,
    )
    event.listen(engine, "engine_disposed", lambda _engine: connection.end())
    metadata.create_all(engine)
    return engine


class _Lasting(sqlite3.Connection):
    """What it holds goes with it, so a pool that gives it up (after Ctrl-C, for one) gets it back."""

    def close(self) -> None:
        self.rollback()

    def end(self) -> None:
        super().close()


def check_address(address: str) -> None:
    """See that there is a way to such a database, without taking it.

    Raises:
        InstantReactError: IR5001, it is no address of a database that can be used; IR6001, the driver is not installed.
    """
    _engine(understood(address), BUSY_SECONDS).dispose()


@contextmanager
def explained(url: URL, *, opening: bool = False) -> Iterator[None]:
    """What the database reports, as an error of the catalogue; never with the password."""
    try:
        yield
    except DBAPIError as error:
        cause = error.orig
        problem = (str(cause).strip() or type(cause).__name__).splitlines()[0].rstrip(".")
        for secret in filter(None, (url.password, url.query.get("password"))):
            problem = problem.replace(str(secret), "***")
        code = _SQLITE_CODES.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
        code = code or _POSTGRES_CODES.get(getattr(cause, "sqlstate", None) or "")
        if code:
            raise InstantReactError(code, url=shown(url)) from error
        raise InstantReactError("IR5001" if opening else "IR5006", url=shown(url), problem=problem) from error
    except NoConnectionLeft as error:
        problem = "all its connections have been in use for too long"
        raise InstantReactError("IR5006", url=shown(url), problem=problem) from error
    except PendingRollbackError as error:
        raise InstantReactError("IR5006", url=shown(url), problem="its connection was lost") from error


def shown(url: URL) -> str:
    """The address without its password, and without its query, which may hold one."""
    return url.set(query={}).render_as_string(hide_password=True)


def understood(address: str) -> URL:
    """The parts of an address, with the driver that is used for it.

    Raises:
        InstantReactError: IR5001, it is none of a database that can be used.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):  # the latter for a port that is no number
        # The address is not quoted: nobody knows where in it the password is.
        raise InstantReactError("IR5001", url="that `store` names", problem="this is no URL of a database") from None
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise InstantReactError("IR5001", url=shown(url), problem="it is neither SQLite nor PostgreSQL")
    if url.database in (None, "", ":memory:"):
        raise InstantReactError("IR5001", url=shown(url), problem="a store in memory would be lost at the end")
    return url.set(drivername="sqlite")


def _engine(url: URL, busy: float) -> Engine:
    if url.drivername == "sqlite":
        return create_engine(url, connect_args={"timeout": busy}, pool_timeout=busy)
    try:
        engine = create_engine(url, pool_pre_ping=True, pool_timeout=busy)
    except ModuleNotFoundError:
        raise InstantReactError(
            "IR6001", package="psycopg", command="pip install 'instantreact-sdk[postgres]'"
        ) from None
    event.listen(engine, "do_connect", partial(_connect_postgres, busy))
    return engine


def _connect_postgres(busy: float, _dialect: object, _record: object, _unnamed: object, facts: dict[str, Any]) -> Any:
    from instantreact_sdk.alerts import postgres  # needs its driver

    return postgres.connect(busy, **facts)


def _check_file(url: URL, *, create: bool) -> None:
    """SQLite says `unable to open database file` for all of these."""
    path = Path(str(url.database))
    if path.is_dir():
        raise InstantReactError("IR5001", url=shown(url), problem=f"{path} is a folder")
    if not create and not path.exists():
        raise InstantReactError("IR5007", path=path, near="")
    if not path.parent.is_dir():
        raise InstantReactError("IR5001", url=shown(url), problem=f"there is no folder {path.parent}")


def _prepare_sqlite(busy: float, connection: sqlite3.Connection, _record: object) -> None:
    cursor = connection.cursor()
    _write_ahead(cursor, busy)
    # With a write-ahead log a power cut may cost the last moments, never the file; see `writing` for what it must not cost.
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor, busy: float) -> None:
    """Let readers and the writer not wait for each other. SQLite itself does not wait for those who do the same."""
    deadline = time.monotonic() + busy
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return
