"""A store of an older SDK is brought to the present tables when it is opened, with what it holds."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime
from hashlib import blake2s
from importlib import import_module

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from nobody import as_nobody
from sqlalchemy import Engine, create_engine, inspect, text

from instantreact_sdk import InstantReactError
from instantreact_sdk.alerts.database import understood
from instantreact_sdk.alerts.ledger import Ledger
from instantreact_sdk.alerts.store import Store
from instantreact_sdk.alerts.tables import metadata

# What version 1 made, as SQLite and PostgreSQL say it.
VERSION_1 = """
CREATE TABLE schema_version (version INTEGER NOT NULL, PRIMARY KEY (version));
CREATE TABLE runs (
    id VARCHAR(12) NOT NULL, config TEXT NOT NULL, started {moment} NOT NULL, ended {moment}, version VARCHAR(64) NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE events (
    position {counted} NOT NULL, run VARCHAR(12) NOT NULL, id VARCHAR(12) NOT NULL, kind VARCHAR(16) NOT NULL,
    rule VARCHAR(64) NOT NULL, source VARCHAR(64) NOT NULL, start FLOAT NOT NULL, "end" FLOAT NOT NULL, wall {moment},
    evidence JSON NOT NULL, trace JSON NOT NULL, outcome VARCHAR(16), alert VARCHAR(64) NOT NULL, until FLOAT,
    PRIMARY KEY (position), CONSTRAINT events_once UNIQUE (run, id), FOREIGN KEY(run) REFERENCES runs (id)
);
CREATE INDEX events_by_id ON events (id);
CREATE TABLE alerts (
    position {counted} NOT NULL, run VARCHAR(12) NOT NULL, id VARCHAR(64) NOT NULL, rule VARCHAR(64) NOT NULL,
    source VARCHAR(64) NOT NULL, recipient VARCHAR(64) NOT NULL, text TEXT NOT NULL, events JSON NOT NULL,
    delivered BOOLEAN NOT NULL, error TEXT NOT NULL, time FLOAT NOT NULL, wall {moment},
    PRIMARY KEY (position), CONSTRAINT alerts_once UNIQUE (run, id, recipient), FOREIGN KEY(run) REFERENCES runs (id)
);
CREATE TABLE component_state (
    component VARCHAR(64) NOT NULL, key VARCHAR(255) NOT NULL, value JSON NOT NULL, PRIMARY KEY (component, key)
);
INSERT INTO schema_version VALUES (1);
INSERT INTO runs VALUES ('0000000000aa', 'live.yaml', '2026-03-01 08:00:00.000000', NULL, '0.4.0');
INSERT INTO runs VALUES ('0000000000bb', '', '2026-03-02 09:30:00.000000', '2026-03-02 09:31:00.000000', '0.4.0');
INSERT INTO events (run, id, kind, rule, source, start, "end", wall, evidence, trace, outcome, alert, until) VALUES
    ('0000000000aa', 'e00000000001', 'event', 'intruder', 'gate', 1.5, 2.5, '2026-03-01 08:00:02.500000', '["o1"]',
    '{{"because": "motion"}}', 'alerted', 'a00000000001', NULL);
INSERT INTO alerts (run, id, rule, source, recipient, text, events, delivered, error, time, wall) VALUES
    ('0000000000aa', 'a00000000001', 'intruder', 'gate', 'anna', 'Jemand ist am Südtor.', '["e00000000001"]', {true}, '',
    2.5, '2026-03-01 08:00:02.500000'),
    ('0000000000aa', 'a00000000001', 'intruder', 'gate', 'log', 'Somebody.', '["e00000000001"]', {false},
    'IR2101: refused', 2.5, '2026-03-01 08:00:02.500000'),
    ('0000000000bb', 'a00000000002', 'intruder', 'film', 'log', 'Two.', '["e00000000002", "e00000000003"]', {false}, '',
    7.25, NULL);
INSERT INTO component_state VALUES ('messenger', 'cursor', '17');
"""
WORDS = {
    "sqlite": {"moment": "DATETIME", "counted": "INTEGER", "true": "1", "false": "0"},
    "postgresql": {
        "moment": "TIMESTAMP WITH TIME ZONE", "counted": "SERIAL", "true": "true", "false": "false",
    },
}  # fmt: skip


@pytest.fixture
def old(url: str) -> str:
    """A store of version 1."""
    make_old(url)
    return url


def make_old(url: str) -> None:
    engine = plain(url)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        else:
            connection.exec_driver_sql("SET TIME ZONE 'UTC'")
        for statement in VERSION_1.format(**WORDS[engine.dialect.name]).split(";\n"):
            connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture
def fresh(url: str, request: pytest.FixtureRequest, tmp_path) -> str:
    """A new store of the same kind."""
    if url.startswith("sqlite"):
        made = f"sqlite:///{tmp_path / 'fresh.db'}"
    else:
        import psycopg

        server, _, name = url.rpartition("/")
        made = f"{server}/{name}_fresh"
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}_fresh")
    Store.open(made).close()
    return made


def plain(url: str) -> Engine:
    return create_engine(understood(url))


def dumped(url: str) -> dict[str, list[tuple[object, ...]]]:
    """All that the database holds, by table."""
    engine = plain(url)
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        rows = {name: sorted(map(tuple, connection.execute(text(f"SELECT * FROM {name}"))), key=repr) for name in names}
    engine.dispose()
    return rows


def moment(*parts: int) -> float:
    return datetime(*parts, tzinfo=UTC).timestamp()


def key(*parts: str) -> str:
    return blake2s("\0".join([*parts, "first"]).encode(), digest_size=12).hexdigest()


def test_each_alert_becomes_a_delivery(old):
    with Store.open(old) as store:
        film, log, anna = Ledger(store.engine).deliveries()
    assert [row.status for row in (anna, log, film)] == ["sent", "failed", "noted"]
    assert [row.error for row in (anna, log, film)] == ["", "IR2101: refused", ""]
    assert anna.key == key("0000000000aa", "a00000000001", "anna")
    assert film.key == key("0000000000bb", "a00000000002", "log")
    assert anna.text == "Jemand ist am Südtor."
    assert anna.routes == (("anna", ""),)
    assert anna.wall == datetime(2026, 3, 1, 8, 0, 2, 500000, UTC)
    assert anna.created == anna.settled == log.settled == moment(2026, 3, 1, 8, 0, 2) + 0.5
    assert film.created == moment(2026, 3, 2, 9, 30)  # its run's start: a file has no time of day
    assert film.settled is None
    assert film.events == ("e00000000002", "e00000000003")
    assert (film.rule, film.source, film.recipient, film.time, film.wall) == ("intruder", "film", "log", 7.25, None)


def test_what_is_nothing_of_alerts_stays(old):
    before = dumped(old)
    Store.open(old).close()
    after = dumped(old)
    for table in ("runs", "events", "component_state"):
        assert after[table] == before[table]
    assert after["schema_version"] == [(2,)]
    assert "alerts" not in after


def test_reading_brings_it_up_too(old):
    with Store.open(old, create=False) as store:
        assert store.event("e0").outcome.alert == "a00000000001"


def test_what_was_given_up_can_be_tried_again(old):
    with Store.open(old) as store:
        ledger = Ledger(store.engine)
        ledger.retry()
        assert [row.recipient for row in ledger.deliveries(status=["pending"])] == ["log"]


def test_many_alerts_keep_their_order(old):
    engine = plain(old)
    row = "INSERT INTO alerts (run, id, rule, source, recipient, text, events, delivered, error, time) VALUES"
    with engine.begin() as connection:
        for number in range(1500):
            values = f"('0000000000bb', 'b{number}', 'r', 's', 'log', '', '[]', {number % 2 == 0}, 'late', {number})"
            connection.exec_driver_sql(f"{row} {values}")
    engine.dispose()
    with Store.open(old) as store:
        rows = Ledger(store.engine).deliveries(limit=1500)
    assert [row.alert for row in rows] == [f"b{number}" for number in reversed(range(1500))]
    assert [row.status for row in rows] == ["failed", "sent"] * 750


def test_a_new_store_and_one_brought_up_are_the_same(old, fresh):
    Store.open(old).close()
    assert structure(old) == structure(fresh)
    for url in (old, fresh):
        engine = plain(url)
        with engine.connect() as connection:
            facts = {"compare_type": True, "compare_server_default": True}
            assert compare_metadata(MigrationContext.configure(connection, opts=facts), metadata) == []
        engine.dispose()


def structure(url: str) -> object:
    """Tables, columns, keys, constraints and indices, as the database reports them; of SQLite also the words that made them."""
    engine = plain(url)
    with engine.connect() as connection:
        found = inspect(connection)
        tables = {}
        for name in sorted(found.get_table_names()):
            columns = [column | {"type": repr(column["type"])} for column in found.get_columns(name)]
            for column in columns:
                assert not column["default"] or column["default"].startswith("nextval("), column
            tables[name] = (
                columns,
                found.get_pk_constraint(name),
                found.get_foreign_keys(name),
                sorted(found.get_unique_constraints(name), key=repr),
                sorted(found.get_check_constraints(name), key=repr),
                sorted(found.get_indexes(name), key=repr),
            )
        words = connection.scalars(text("SELECT sql FROM sqlite_master")) if engine.dialect.name == "sqlite" else ()
        texts = sorted(re.sub(r"([(),])", r" \1 ", word.replace('"', "")).split() for word in words if word)
    engine.dispose()
    return tables, texts


OPENING = """
import sys
from instantreact_sdk.alerts.store import Store
Store.open(sys.argv[1], busy=60).close()
"""


def test_of_several_who_open_it_at_once_one_brings_it_up(old):
    started = [
        subprocess.Popen(
            [sys.executable, "-c", OPENING, old], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for _ in range(3)
    ]
    for process in started:
        said = process.communicate(timeout=120)[0]
        assert (process.returncode, said) == (0, "")
    with Store.open(old) as store:
        assert len(Ledger(store.engine).deliveries()) == 3


KILLED = """
import os, signal, sys
from sqlalchemy import Engine, event
from instantreact_sdk.alerts.store import Store
at, count = int(sys.argv[2]), 0

@event.listens_for(Engine, "before_cursor_execute")
def before(connection, cursor, statement, *others):
    global count
    count += 1
    print(count, statement.split()[0], flush=True)
    if count == at:
        os.kill(os.getpid(), signal.SIGKILL)

@event.listens_for(Engine, "commit")
def commit(connection):
    if at == 0:
        os.kill(os.getpid(), signal.SIGKILL)

Store.open(sys.argv[1])
"""


def killed(url: str, at: int) -> list[tuple[int, str]]:
    """Numbers and first words of the statements that it got to; 0 stands for the moment before it is all made to last."""
    command = [sys.executable, "-c", KILLED, url, str(at)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    return [(int(number), word) for number, word in (line.split() for line in done.stdout.splitlines())]


def test_killed_in_the_middle_it_is_as_it_was_and_the_next_one_brings_it_up(old):
    before = dumped(old)
    did = killed(old, 0)
    assert dumped(old) == before
    assert [word for _, word in did][-2:] == ["DROP", "UPDATE"]
    filling = next(number for number, word in did if word == "INSERT")
    for at in (filling, did[-1][0]):
        killed(old, at)
        assert dumped(old) == before
    with Store.open(old) as store:
        assert len(Ledger(store.engine).deliveries()) == 3


def test_what_cannot_be_changed_is_told_and_left_as_it_was(old):
    """A table of another program is in the way."""
    engine = plain(old)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE notifiers (day INTEGER)")
    engine.dispose()
    before = dumped(old)
    with pytest.raises(InstantReactError, match=r"IR5001: .*notifiers.* already exists"):
        Store.open(old)
    assert dumped(old) == before


def test_one_that_may_not_be_written_is_told():
    """Not even reading it is possible: its tables are not those that are read now."""
    import_module("instantreact_sdk.alerts.migrations.to_2")
    with as_nobody() as folder:
        path = folder / "store.db"
        make_old(f"sqlite:///{path}")
        path.chmod(0o400)
        with pytest.raises(InstantReactError, match="IR5004"):
            Store.open(f"sqlite:///{path}", create=False)
        for file in folder.iterdir():  # SQLite makes what it keeps beside it no more writable than the store
            file.chmod(0o600)
        Store.open(f"sqlite:///{path}", create=False).close()


def test_a_present_store_needs_no_alembic(url):
    Store.open(url).close()
    code = f"{OPENING}\nassert not [name for name in sys.modules if name.startswith(('alembic', 'mako'))]"
    done = subprocess.run(
        [sys.executable, "-c", code, url], check=False, capture_output=True, text=True, timeout=60, env=os.environ
    )
    assert done.returncode == 0, done.stderr
