"""From older stores to the present one, a version at a time.

The module ``to_N`` brings the tables of version N - 1 to version N. It names tables and columns itself and takes nothing from the
rest of the SDK, which goes on changing: what it does to a store stays what it was on the day of its release. A released table is changed by raising ``tables.SCHEMA`` and adding a
module, and a test compares a store that was brought up with a new one.

Importing this package loads Alembic, so it is imported only where a store is older.
"""

from __future__ import annotations

from importlib import import_module

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection


def migrate(connection: Connection, found: int, wanted: int) -> None:
    """Change the tables and what they hold; everything happens in the transaction that is open.

    Args:
        connection: To the store; nobody else may write meanwhile.
        found: The version of its tables.
        wanted: The version that they have to have.
    """
    op = Operations(MigrationContext.configure(connection))
    for version in range(found + 1, wanted + 1):
        import_module(f"{__name__}.to_{version}").upgrade(op)
