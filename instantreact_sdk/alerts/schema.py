"""Which version a store's tables have, and bringing them to the present one."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, select, update
from sqlalchemy.schema import CreateIndex, CreateTable

from instantreact_sdk.alerts.tables import SCHEMA, metadata, schema_version
from instantreact_sdk.errors import InstantReactError

_OUR_LOCK = 4_971_206_331  # any number: those who make or change the tables at once wait for each other by it


def bring_up(connection: Connection, where: str, *, create: bool) -> None:
    """Make the tables where there are none, and change those of an older SDK, with what they hold.

    It is one transaction: a process that ends in the middle leaves all as it was. Of several that begin at once, one does it, and
    the others wait, and find it done.

    Args:
        connection: To the store; no transaction is open.
        where: What the store is called in errors.
        create: Whether to make what is not there; what is there is changed in any case.

    Raises:
        InstantReactError: IR5001, the database is another program's, or has no tables; IR5002, they are of a newer SDK.
    """
    found = _version(connection)
    connection.rollback()
    if (found is None and create) or (found is not None and found < SCHEMA):
        _lock(connection)
        found = _version(connection)
        if found is None:
            found = _make(connection, where)
        elif found < SCHEMA:
            found = _migrate(connection, found)
        connection.commit()
    if found is None:
        raise InstantReactError("IR5001", url=where, problem="it holds no events of this SDK")
    if found > SCHEMA:
        raise InstantReactError("IR5002", url=where, found=found, known=SCHEMA)


def _version(connection: Connection) -> int | None:
    if not inspect(connection).has_table(schema_version.name):
        return None
    return connection.scalar(select(schema_version.c.version))


def _lock(connection: Connection) -> None:
    """Until the transaction ends, nobody else gets beyond this."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_OUR_LOCK})")


def _make(connection: Connection, where: str) -> int:
    there = {*inspect(connection).get_table_names()} & {*metadata.tables}
    if there:
        raise InstantReactError("IR5001", url=where, problem=f"it has a table {min(there)} of another program")
    for table in metadata.sorted_tables:
        connection.execute(CreateTable(table))
        for index in table.indexes:
            connection.execute(CreateIndex(index))
    connection.execute(schema_version.insert().values(version=SCHEMA))
    return SCHEMA


def _migrate(connection: Connection, found: int) -> int:
    from instantreact_sdk.alerts.migrations import migrate  # loads Alembic, which a present store does not need

    migrate(connection, found, SCHEMA)
    connection.execute(update(schema_version).values(version=SCHEMA))
    return SCHEMA
