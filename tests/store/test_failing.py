"""A database that fails in use: every call ends, says why in our words, and the next one works when it can."""

from __future__ import annotations

import contextlib
import resource
import select
import socket
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nobody import as_nobody

from instantreact_sdk import InstantReactError
from instantreact_sdk.alerts.store import Store
from instantreact_sdk.alerts.tables import runs
from instantreact_sdk.alerts.writing import writing


@contextlib.contextmanager
def failing(code: str, says: str = "") -> Iterator[None]:
    with pytest.raises(InstantReactError, match=rf"^{code}: .*{says}"):
        yield


# SQLite


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def small(path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{path}", busy=0.1) as store:
        yield store


def test_a_full_disk_is_told_and_what_was_begun_is_undone(small):
    run = small.begin_run()
    with small.engine.connect() as connection:  # the pool's only one, so it is what the next calls get
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 4}")
    row = {"config": "c" * 20_000, "started": small.runs()[0].started, "version": ""}
    with failing("IR5006", "full"), writing(small.engine, lasting=True) as connection:
        connection.execute(runs.insert(), {"id": "small", **row, "config": ""})
        for number in range(10):
            connection.execute(runs.insert(), {"id": f"{number}", **row})
    assert [one.id for one in small.runs()] == [run]
    with failing("IR5006", "full"):
        small.begin_run("c" * 100_000)
    small.state("messenger")["cursor"] = 1  # what fits, fits


def test_a_disk_that_is_full_beneath_sqlite_is_told(path):
    """The system refuses to let the file grow."""
    with Store.open(f"sqlite:///{path}") as store:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
        try:
            with failing("IR5006"):
                store.begin_run("c" * 400_000)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert store.runs() == []
        store.begin_run("c" * 400_000)


def test_a_file_that_may_not_be_written_is_told():
    with as_nobody() as folder:
        path = folder / "store.db"
        url = f"sqlite:///{path}"
        with Store.open(url) as store:
            store.begin_run("live.yaml")
        path.chmod(0o400)
        with Store.open(url) as store:
            assert [run.config for run in store.runs()] == ["live.yaml"]
            with failing("IR5004"):
                store.begin_run()
            with failing("IR5004"), writing(store.engine) as connection:
                connection.exec_driver_sql("DELETE FROM runs")


def test_a_folder_in_which_nothing_can_be_made_is_told():
    """SQLite keeps two more files beside it."""
    with as_nobody() as folder:
        url = f"sqlite:///{folder / 'store.db'}"
        Store.open(url).close()
        folder.chmod(0o500)
        with failing("IR5004"):
            Store.open(url)
        folder.chmod(0o700)
        Store.open(url).close()


def test_a_new_store_in_a_folder_that_may_not_be_written_is_told():
    with as_nobody() as folder:
        folder.chmod(0o500)
        with failing("IR5001", "unable to open"):
            Store.open(f"sqlite:///{folder / 'store.db'}")
        folder.chmod(0o700)


def test_a_log_that_cannot_be_made_is_told(path):
    Store.open(f"sqlite:///{path}").close()
    Path(f"{path}-wal").mkdir()
    with failing("IR5001", "unable to open"):
        Store.open(f"sqlite:///{path}")
    Path(f"{path}-wal").rmdir()
    Store.open(f"sqlite:///{path}").close()


def test_a_file_that_is_damaged_in_use_is_told(small, path):
    for number in range(200):
        small.begin_run(f"{number}" * 100)
    small.close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    with failing("IR5005"):
        small.runs()


def test_a_lock_that_stays_ends_in_time_and_the_next_call_works(small, path):
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with failing("IR5003"), writing(small.engine):
        pass
    small.runs()  # readers do not wait
    other.rollback()
    other.close()
    small.begin_run()


# PostgreSQL


@pytest.fixture
def far(postgres_url: str) -> Iterator[Store]:
    with Store.open(postgres_url, busy=0.5) as store:
        yield store


def test_a_row_that_another_one_holds_ends_in_time(far):
    far.state("messenger")["cursor"] = 1
    with far.engine.connect() as holder:
        holder.exec_driver_sql("SELECT * FROM component_state FOR UPDATE").all()
        with failing("IR5003"):
            far.state("messenger")["cursor"] = 2
    far.state("messenger")["cursor"] = 3
    assert far.state("messenger")["cursor"] == 3


def test_a_statement_that_takes_too_long_is_ended(far):
    with failing("IR5006", "statement timeout"), writing(far.engine) as connection:
        connection.exec_driver_sql("SET statement_timeout = 100")
        connection.exec_driver_sql("SELECT pg_sleep(60)")
    far.begin_run()
    with far.engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "5500ms"
        assert connection.exec_driver_sql("SHOW lock_timeout").scalar() == "500ms"


def test_a_database_that_became_read_only_is_told(far):
    with far.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {far.engine.url.database} SET default_transaction_read_only = on")
    far.close()
    with failing("IR5004"):
        far.begin_run()
    assert far.runs() == []


def test_a_server_that_was_started_anew_between_calls_is_found_again(far, postgres_server):
    run = far.begin_run()
    postgres_server.stop()
    postgres_server.start()
    far.end_run(run)


def test_a_server_that_is_away_is_told_and_when_it_is_back_all_goes_on(far, postgres_server):
    run = far.begin_run()
    with failing("IR5006"), writing(far.engine) as connection:
        connection.exec_driver_sql("UPDATE runs SET config = 'lost'")
        postgres_server.stop()
        try:
            with failing("IR5006", "refused"):
                far.runs()
            with failing("IR5006", "refused"):
                far.state("messenger")["cursor"] = 1
        finally:
            postgres_server.start()
        connection.exec_driver_sql("UPDATE runs SET config = 'lost'")
    assert [(one.id, one.config) for one in far.runs()] == [(run, "")]
    far.state("messenger")["cursor"] = 1


def test_a_connection_that_is_cut_in_a_transaction_is_told(far):
    with failing("IR5006", "terminating connection"), writing(far.engine) as connection:
        connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
    with failing("IR5006", "lost"), writing(far.engine) as connection:
        with contextlib.suppress(Exception):
            connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
        connection.exec_driver_sql("SELECT 1")
    far.begin_run()


def test_when_all_connections_are_in_use_it_is_told_after_a_while(far):
    with contextlib.ExitStack() as held:
        for _ in range(15):
            held.enter_context(far.engine.connect())
        with failing("IR5006", "in use"):
            far.begin_run()
    far.begin_run()


class Wire:
    """Between a store and its server; takes all and passes nothing on while it is `silent`."""

    def __init__(self, port: int) -> None:
        self._server = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.silent = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._carry)
        self._thread.start()

    def _carry(self) -> None:
        ends: dict[socket.socket, socket.socket] = {}
        while not self._over.is_set():
            for ready in select.select([self._listener, *ends], [], [], 0.02)[0]:
                if ready is self._listener:
                    near = ready.accept()[0]
                    far = socket.create_connection(("127.0.0.1", self._server))
                    ends |= {near: far, far: near}
                elif ready in ends:
                    with contextlib.suppress(OSError):
                        if data := ready.recv(65536):
                            if not self.silent.is_set():
                                ends[ready].sendall(data)
                            continue
                    for end in (ready, ends.pop(ready)):
                        ends.pop(end, None)
                        end.close()
        for end in [self._listener, *ends]:
            end.close()

    def close(self) -> None:
        self._over.set()
        self._thread.join()


@pytest.fixture
def wired(postgres_url: str) -> Iterator[tuple[Wire, str]]:
    address, _, name = postgres_url.rpartition("/")
    server, _, port = address.rpartition(":")
    wire = Wire(int(port))
    yield wire, f"{server}:{wire.port}/{name}"
    wire.close()


def test_a_network_that_swallows_everything_ends_every_call(wired, monkeypatch):
    from instantreact_sdk.alerts import postgres

    monkeypatch.setattr(postgres, "WORK_SECONDS", 0.25)
    wire, url = wired
    with Store.open(url, busy=0.5) as store:
        with failing("IR5006", "has not answered for 1 s"), writing(store.engine) as connection:
            connection.exec_driver_sql("SELECT 1")
            wire.silent.set()
            row = {"config": "", "started": datetime.now(UTC), "version": ""}
            connection.execute(runs.insert(), [{"id": f"{number}", **row} for number in range(9)])
        with failing("IR5006", "timeout"):
            store.begin_run()
        wire.silent.clear()
        store.begin_run()
        assert len(store.runs()) == 1


def test_an_idle_connection_that_goes_nowhere_is_replaced(wired, monkeypatch):
    from instantreact_sdk.alerts import postgres

    monkeypatch.setattr(postgres, "WORK_SECONDS", 0.25)
    wire, url = wired
    with Store.open(url, busy=0.5) as store:
        wire.silent.set()
        later = threading.Timer(0.5, wire.silent.clear)
        later.start()
        store.begin_run()
        later.join()
