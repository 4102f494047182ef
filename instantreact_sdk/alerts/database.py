"""Opening the store's database, and its errors in our words."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, inspect, make_url, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.schema import CreateIndex, CreateTable

from instantreact_sdk.alerts.tables import SCHEMA, metadata, schema_version
from instantreact_sdk.errors import InstantReactError

BUSY_SECONDS = 10.0
"""How long a writer waits for another one before it gives up."""
_OUR_LOCK = 4_971_206_331  # any number: those who make the tables at once wait for each other by it

_SQLITE_CODES = {
    sqlite3.SQLITE_BUSY: "IR5003",
    sqlite3.SQLITE_LOCKED: "IR5003",
    sqlite3.SQLITE_READONLY: "IR5004",
    sqlite3.SQLITE_NOTADB: "IR5005",
    sqlite3.SQLITE_CORRUPT: "IR5005",
}


def open_engine(address: str, *, create: bool) -> Engine:
    """Connect, and make the tables where they are missing.

    Args:
        address: ``sqlite:///path/to/file.db`` or ``postgresql://...``.
        create: Whether to make the file and the tables; otherwise they have to be there.

    Raises:
        InstantReactError: IR5001 to IR5007; IR6001, the driver is not installed.
    """
    url = understood(address)
    engine = _engine(url)
    if url.drivername == "sqlite":
        _check_file(url, create=create)
        event.listen(engine, "connect", _prepare_sqlite)
    try:
        with explained(url, opening=True), engine.connect() as connection:
            _check_version(connection, url, create=create)
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
    _engine(understood(address)).dispose()


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


def _engine(url: URL) -> Engine:
    try:
        return create_engine(url, connect_args=_arguments(url), pool_pre_ping=url.drivername != "sqlite")
    except ModuleNotFoundError:
        raise InstantReactError(
            "IR6001", package="psycopg", command="pip install 'instantreact-sdk[postgres]'"
        ) from None


def _arguments(url: URL) -> dict[str, Any]:
    return {"timeout": BUSY_SECONDS} if url.drivername == "sqlite" else {"connect_timeout": int(BUSY_SECONDS)}


def _check_file(url: URL, *, create: bool) -> None:
    """SQLite says `unable to open database file` for all of these."""
    path = Path(str(url.database))
    if path.is_dir():
        raise InstantReactError("IR5001", url=shown(url), problem=f"{path} is a folder")
    if not create and not path.exists():
        raise InstantReactError("IR5007", path=path, near="")
    if not path.parent.is_dir():
        raise InstantReactError("IR5001", url=shown(url), problem=f"there is no folder {path.parent}")


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    cursor = connection.cursor()
    _write_ahead(cursor)
    # With a write-ahead log a power cut may cost the last moments, never the file; see `writing` for what it must not cost.
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Let readers and the writer not wait for each other. SQLite itself does not wait for those who do the same."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _check_version(connection: Connection, url: URL, *, create: bool) -> None:
    found = _version(connection)
    connection.rollback()
    if found is None and create:
        _make_tables(connection, url)
        found = SCHEMA
    if found is None:
        raise InstantReactError("IR5001", url=shown(url), problem="it holds no events of this SDK")
    if found > SCHEMA:
        raise InstantReactError("IR5002", url=shown(url), found=found, known=SCHEMA)


def _version(connection: Connection) -> int | None:
    if not inspect(connection).has_table(schema_version.name):
        return None
    return connection.scalar(select(schema_version.c.version))


def _make_tables(connection: Connection, url: URL) -> None:
    """In one transaction; of several processes that begin at once, one makes them and the others find them."""
    if url.drivername == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_OUR_LOCK})")
    if _version(connection) is None:
        there = {*inspect(connection).get_table_names()} & {*metadata.tables}
        if there:
            problem = f"it has a table {min(there)} of another program"
            raise InstantReactError("IR5001", url=shown(url), problem=problem)
        for table in metadata.sorted_tables:
            connection.execute(CreateTable(table))
            for index in table.indexes:
                connection.execute(CreateIndex(index))
        connection.execute(schema_version.insert().values(version=SCHEMA))
    connection.commit()
