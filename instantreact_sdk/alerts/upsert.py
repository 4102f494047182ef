"""Inserting what may be there already."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Engine, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(
    engine: Engine, table: Table, key: Sequence[str], changing: Sequence[str], newer: str = ""
) -> sqlite.Insert | postgresql.Insert:
    """An insert that, where a row with the same key is there, changes some of its columns, or none.

    Args:
        engine: Tells the dialect.
        table: Where to.
        key: Columns of a unique constraint.
        changing: Columns that take the new row's values.
        newer: A column; where it is not greater in the new row, the old one stays.
    """
    return _statement(engine.dialect.name, table, tuple(key), tuple(changing), newer)


@cache  # to put a statement together takes five times as long as to execute it
def _statement(
    dialect: str, table: Table, key: tuple[str, ...], changing: tuple[str, ...], newer: str
) -> sqlite.Insert | postgresql.Insert:
    insert = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    if not changing:
        return insert.on_conflict_do_nothing(index_elements=key)
    values = {name: insert.excluded[name] for name in changing}
    where = insert.excluded[newer] > table.c[newer] if newer else None
    return insert.on_conflict_do_update(index_elements=key, set_=values, where=where)
