"""Inserting what may be there already."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(
    engine: Engine, table: Table, key: Sequence[str], changing: Sequence[str]
) -> sqlite.Insert | postgresql.Insert:
    """An insert that, where a row with the same key is there, changes some of its columns, or none.

    Args:
        engine: Tells the dialect.
        table: Where to.
        key: Columns of a unique constraint.
        changing: Columns that take the new row's values.
    """
    insert = sqlite.insert(table) if engine.dialect.name == "sqlite" else postgresql.insert(table)
    if not changing:
        return insert.on_conflict_do_nothing(index_elements=key)
    return insert.on_conflict_do_update(index_elements=key, set_={name: insert.excluded[name] for name in changing})
