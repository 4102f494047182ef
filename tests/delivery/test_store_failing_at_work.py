"""The store fails while cameras are watched: people are told all the same, and the store knows of it afterwards."""

from __future__ import annotations

import json
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from deadline import until
from gatehouse import PATIENCE, Gatehouse, gate, porter, running

WATCHED = {
    "rules": {"trouble": {"when": {"health": "plugin_failed"}, "cooldown": "0s", "notify": ["watchman"]}},
    "notifiers": {"watchman": porter()},
}
"""Somebody else is told of what is wrong with the run."""
FROM_MEMORY = "plugin_failed system store: Alerts are told from memory"
AGAIN = "online system store: The store works again."


@contextmanager
def locked(house: Gatehouse) -> Iterator[None]:
    """Another program writes, and does not come to an end."""
    other = sqlite3.connect(house.folder / "instantreact.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    yield
    other.execute("ROLLBACK")
    other.close()


@contextmanager
def full(house: Gatehouse) -> Iterator[None]:
    """The system lets no file grow beyond the size that the store's log has."""
    pids = [house.pid("worker"), house.pid("deliverer")]
    size = (house.folder / "instantreact.db-wal").stat().st_size
    before = [resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY)) for pid in pids]
    yield
    for pid, limits in zip(pids, before, strict=True):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


@contextmanager
def refusing(house: Gatehouse) -> Iterator[None]:
    """It takes nothing, though it may be written to."""
    triggers = [(table, what) for table in ("deliveries", "notifiers") for what in ("INSERT", "UPDATE")]
    _change(
        house, *(f"CREATE TRIGGER {t}_{w} BEFORE {w} ON {t} BEGIN SELECT RAISE(ABORT, 'no'); END" for t, w in triggers)
    )
    yield
    _change(house, *(f"DROP TRIGGER {t}_{w}" for t, w in triggers))


def _change(house: Gatehouse, *statements: str) -> None:
    connection = sqlite3.connect(house.folder / "instantreact.db", timeout=PATIENCE)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def survives(
    house: Gatehouse, failing: Callable[[Gatehouse], AbstractContextManager[None]], *, readable: bool = True
) -> None:
    """Somebody rings before, during and after; one alert waits for its porter when the store fails."""
    house.ring()
    house.wait_rows("sent")
    house.mood("porter", "transient")
    house.ring()
    until(lambda: len(house.asked()) > 1, PATIENCE)  # tried in vain, and tried again in half a second at the earliest
    with failing(house):
        house.said(FROM_MEMORY)
        house.mood("porter")
        house.ring()
        house.wait_told(2)
        if readable:
            house.wait_told(3)  # what waits in the store is told after `places.RESCUE`
        house.wait_told(1, "watchman")
    house.said(AGAIN)
    house.ring()
    rows = house.wait_rows("sent", "sent", "sent", "sent")
    rows = sorted(rows, key=lambda row: row.created)
    assert [row.durable for row in rows[:3]] == [
        True,
        True,
        False,
    ]  # the pipeline leaves a store that failed alone for a while
    assert [*house.told().values()] == [1, 1, 1, 1]
    (shown,) = json.loads(house.cli("outbox", "show", rows[2].key, "--store", house.store, "--json").stdout)
    assert shown["durable"] is False


@pytest.mark.parametrize("failing", [locked, full, refusing])
def test_whatever_is_wrong_with_the_store_everybody_is_told_once(tmp_path: Path, failing) -> None:
    with running(tmp_path, gate(**WATCHED)) as house:
        survives(house, failing)


def test_a_run_that_is_ended_while_the_store_fails_tells_of_the_last_event_before_it_ends(tmp_path: Path) -> None:
    with running(tmp_path, gate()) as house:
        house.ring()
        house.wait_rows("sent")
        with locked(house):
            house.said(FROM_MEMORY)
            house.ring()
            house.said("ring at gate", times=2)
            assert house.interrupt() == 130
            assert [*house.told().values()] == [1, 1]
        assert len(house.rows()) == 1  # there was nobody left to write it down


def test_a_postgresql_server_that_is_stopped_and_started_again_costs_nothing(
    tmp_path: Path, postgres_server, postgres_url: str
) -> None:
    @contextmanager
    def stopped(_house: Gatehouse) -> Iterator[None]:
        postgres_server.stop()
        yield
        postgres_server.start()

    with running(tmp_path, gate(store=postgres_url, **WATCHED)) as house:
        survives(house, stopped, readable=False)


def test_a_postgresql_database_that_may_only_be_read_costs_nothing(
    tmp_path: Path, postgres: str, postgres_url: str
) -> None:
    """As a replica is, once the server has failed over."""
    import psycopg

    name = postgres_url.rpartition("/")[2]

    @contextmanager
    def read_only(_house: Gatehouse) -> Iterator[None]:
        with psycopg.connect(f"{postgres}/postgres", autocommit=True) as admin:
            for mode in ("on", "off"):
                admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {mode}")
                admin.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
                if mode == "on":
                    yield

    with running(tmp_path, gate(store=postgres_url, **WATCHED)) as house:
        survives(house, read_only)
