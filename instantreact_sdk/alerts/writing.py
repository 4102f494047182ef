"""Transactions that read before they write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from instantreact_sdk.alerts.database import explained
from instantreact_sdk.errors import InstantReactError

_GAVE_WAY = ("40P01", "40001")  # deadlock_detected, serialization_failure
_Takes = ParamSpec("_Takes")
_Gives = TypeVar("_Gives")


@contextmanager
def writing(engine: Engine, *, lasting: bool = False) -> Iterator[Connection]:
    """A transaction of which no other writer sees or changes the middle; all of it is kept, or nothing.

    SQLite has one writer at a time, which this is from its start. PostgreSQL has many: there, rows that are read to be changed
    are read ``with_for_update()``.

    Args:
        engine: The store's.
        lasting: Whether it has to outlive a power cut from the moment at which this ends. SQLite waits for the disk then; of what is
            written otherwise a power cut may cost the last moments. PostgreSQL always waits.

    Raises:
        InstantReactError: IR5003 to IR5006.
    """
    with explained(engine.url), engine.connect() as connection:
        embedded = engine.dialect.name == "sqlite"
        if embedded:
            connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if lasting else 'NORMAL'}")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection
        connection.commit()


def giving_way(write: Callable[_Takes, _Gives]) -> Callable[_Takes, _Gives]:
    """Do it once more where it was undone for the sake of another transaction, as PostgreSQL does where two wait for each other."""

    @wraps(write)
    def written(*args: _Takes.args, **facts: _Takes.kwargs) -> _Gives:
        try:
            return write(*args, **facts)
        except InstantReactError as error:
            cause = error.__cause__
            if not isinstance(cause, DBAPIError) or getattr(cause.orig, "sqlstate", None) not in _GAVE_WAY:
                raise
        return write(*args, **facts)

    return written
