"""A store of each kind that the SDK supports."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from needs import need

from instantreact_sdk.alerts.store import Store


def programs() -> Path | None:
    """The folder of PostgreSQL's programs: Debian keeps them off the path."""
    on_path = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin")) + ([Path(on_path).parent] if on_path else [])
    return folders[-1] if folders else None


def as_whom() -> dict[str, object]:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return {}
    user = pwd.getpwnam("nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A URL without a database of a server that ends with the tests; its password is ``sesame``."""
    folder = programs()
    need(folder is not None, "PostgreSQL is not installed: apt-get install postgresql")
    assert folder
    # Not tmp_path: nobody may not enter what pytest makes for root; and a socket's path has to be short.
    home = Path(tempfile.mkdtemp(prefix="ir-pg-"))
    who = as_whom()
    if who:
        os.chown(home, who["user"], who["group"])
    (home / "password").write_text("sesame")
    (home / "password").chmod(0o644)
    quiet = {"cwd": home, "stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, **who}
    port = free_port()
    initdb = [
        folder / "initdb", "-D", home / "data", "-U", "guard", "--auth=scram-sha-256", "--pwfile", home / "password",
        "--encoding=UTF8", "--no-locale", "--no-sync",
    ]  # fmt: skip
    server = None
    try:
        made = subprocess.run(initdb, check=False, text=True, timeout=120, **quiet)
        assert made.returncode == 0, made.stdout
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off"
        with (home / "log").open("w") as log:
            server = subprocess.Popen(
                [folder / "postgres", "-D", home / "data", *options.split()], **(quiet | {"stdout": log})
            )
        wait_for(server, port, home / "log")
        yield f"postgresql://guard:sesame@127.0.0.1:{port}"
    finally:
        if server:
            server.terminate()
            server.wait(30)
        shutil.rmtree(home)


def wait_for(server: subprocess.Popen, port: int, log: Path) -> None:
    import psycopg

    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(f"postgresql://guard:sesame@127.0.0.1:{port}/postgres").close()
        except psycopg.OperationalError:
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        else:
            return


@pytest.fixture
def postgres_url(postgres: str, tmp_path: Path) -> str:
    """A new, empty database."""
    import psycopg

    name = f"store_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(f"{postgres}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{postgres}/{name}"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store can be made, of each kind."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An open, empty store."""
    with Store.open(url) as opened:
        yield opened
