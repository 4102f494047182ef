"""A store in memory, for alerts while the real one cannot be written."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, func, select

from instantreact_sdk import InstantReactError
from instantreact_sdk.alerts import database
from instantreact_sdk.alerts.database import memory_engine
from instantreact_sdk.alerts.tables import metadata, quiet, runs
from instantreact_sdk.alerts.writing import writing


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = memory_engine()
    yield made
    made.dispose()


def line(number: int) -> dict[str, object]:
    return {"rule": f"{number}", "source": "gate", "recipient": "anna", "since": 0.0, "until": 1.0, "told_until": 0.0}


def counted(engine: Engine) -> int | None:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(quiet))


def test_it_has_all_tables(engine):
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            assert connection.execute(select(table)).all() == []


def test_transactions_of_several_threads_do_not_mix(engine):
    """Each counts, and writes what it counted: any two that mixed would write the same number."""

    def count_up() -> None:
        for _ in range(50):
            with writing(engine) as connection:
                number = connection.scalar(select(func.count()).select_from(quiet))
                connection.execute(quiet.insert(), line(number))

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted(engine) == 200


def test_what_failed_leaves_nothing(engine):
    def fail(error: type[BaseException]) -> None:
        with writing(engine) as connection:
            connection.execute(quiet.insert(), line(1))
            raise error

    for error in (ValueError, KeyboardInterrupt):
        with pytest.raises(error):
            fail(error)
    assert counted(engine) == 0


def test_it_outlives_an_interruption_in_the_middle_of_a_statement(engine):
    """SQLAlchemy gives such a connection up."""
    with writing(engine) as connection:
        connection.execute(quiet.insert(), line(1))

    def interrupted() -> None:
        with writing(engine) as connection:
            connection.execute(quiet.insert(), line(2))
            connection.invalidate()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert counted(engine) == 1


def test_a_delivery_needs_no_run(engine):
    """Of a run that began before the store went away, memory knows nothing."""
    assert not runs.foreign_keys
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 0


def test_whoever_has_to_wait_too_long_for_it_is_told_so(monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    engine = memory_engine()
    with engine.connect(), pytest.raises(InstantReactError, match=r"IR5006: .*in use"), writing(engine):
        pass
    engine.dispose()


def test_two_of_them_are_apart():
    one, other = memory_engine(), memory_engine()
    with writing(one) as connection:
        connection.execute(quiet.insert(), line(1))
    assert (counted(one), counted(other)) == (1, 0)
    one.dispose()
    other.dispose()
