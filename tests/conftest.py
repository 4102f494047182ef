"""A PostgreSQL server for the tests that need one."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from needs import need
from postgres_server import PostgresServer, programs


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A server that ends with the tests; whoever stops it starts it again."""
    folder = programs()
    need(folder is not None, "PostgreSQL is not installed: apt-get install postgresql")
    assert folder
    # Not tmp_path: nobody may not enter what pytest makes for root; and a socket's path has to be short.
    home = Path(tempfile.mkdtemp(prefix="ir-pg-"))
    server = None
    try:
        server = PostgresServer(folder, home)
        server.start()
        yield server
    finally:
        if server:
            server.stop()
        shutil.rmtree(home)


@pytest.fixture(scope="session")
def postgres(postgres_server: PostgresServer) -> str:
    """A URL without a database."""
    return postgres_server.url


@pytest.fixture
def postgres_url(postgres: str, tmp_path: Path) -> str:
    """A new, empty database."""
    import psycopg

    name = f"store_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(f"{postgres}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{postgres}/{name}"
