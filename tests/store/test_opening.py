"""A store that cannot be used says why, and never shows a password."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys

import pytest

from instantreact_sdk import InstantReactError
from instantreact_sdk.alerts.store import Store


def refused(url: str, **facts) -> str:
    with pytest.raises(InstantReactError) as caught:
        Store.open(url, **facts)
    return str(caught.value)


def test_a_newer_store_is_refused(url):
    from sqlalchemy import text

    with Store.open(url) as store, store._engine.begin() as connection:
        connection.execute(text("UPDATE schema_version SET version = 7"))
    message = refused(url)
    assert message.startswith("IR5002")
    assert "version 7, this SDK knows 2" in message


def test_a_folder_that_is_not_there_is_named(tmp_path):
    message = refused(f"sqlite:///{tmp_path}/nowhere/store.db")
    assert message.startswith("IR5001")
    assert f"there is no folder {tmp_path}/nowhere" in message


def test_a_folder_instead_of_a_file_is_named(tmp_path):
    assert f"{tmp_path} is a folder" in refused(f"sqlite:///{tmp_path}")


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "store.db").write_text("these are my notes, no database at all" * 50)
    assert refused(f"sqlite:///{tmp_path}/store.db").startswith("IR5005")


def test_a_database_of_another_program_is_left_alone(tmp_path):
    path = tmp_path / "calendar.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE events (day TEXT)")
    connection.close()
    assert "a table events of another program" in refused(f"sqlite:///{path}")
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("events",)]
    connection.close()


def test_a_missing_store_is_not_made_where_it_should_only_be_read(tmp_path):
    assert refused(f"sqlite:///{tmp_path}/store.db", create=False).startswith("IR5007")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_database_is_not_filled_where_it_should_only_be_read(postgres_url):
    assert "it holds no events of this SDK" in refused(postgres_url, create=False)


def test_a_locked_store_is_told_after_a_while(tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/store.db", busy=0.1) as store:
        other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(InstantReactError, match="IR5003"):
            store.begin_run()
        other.rollback()
        other.close()
        store.begin_run()


def test_a_read_only_store_is_told(tmp_path):
    url = f"sqlite:///{tmp_path}/store.db"
    with Store.open(url) as store:
        with store._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only=ON")
        with pytest.raises(InstantReactError, match="IR5004"):
            store.begin_run()


def test_what_else_goes_wrong_is_told_with_what_the_database_says(url):
    with Store.open(url) as store:
        with store._engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE component_state")
        with pytest.raises(InstantReactError, match=r"IR5006: .*component_state"):
            store.state("messenger")["cursor"] = 1


@pytest.mark.parametrize(
    "url",
    [
        "no url",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://guard:sesame@localhost/store",
        "mysql://localhost/store?password=sesame",
        "postgresql://guard:sesame@localhost:port/store",
        "postgresql://127.0.0.1:1/store?user=guard&password=sesame",
    ],
)
def test_other_addresses_are_refused_without_their_password(url):
    message = refused(url)
    assert message.startswith("IR5001")
    assert "sesame" not in message


def test_a_server_that_is_not_there_is_told_without_the_password(postgres):
    message = refused("postgresql://guard:sesame@127.0.0.1:1/store")
    assert message.startswith("IR5001")
    assert "refused" in message
    assert "sesame" not in message


def test_a_wrong_password_is_told_without_it(postgres):
    message = refused(postgres.replace("sesame", "open-barley") + "/postgres")
    assert message.startswith("IR5001")
    assert "password authentication failed" in message
    assert "open-barley" not in message


def test_a_missing_driver_is_told_with_how_to_install_it(tmp_path):
    """In a process of its own: an import that once worked cannot be made to fail again."""
    code = """
import sys
sys.modules["psycopg"] = None
from instantreact_sdk.alerts.store import Store
try:
    Store.open("postgresql://guard:sesame@localhost/store")
except Exception as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.startswith("IR6001: This needs psycopg")
    assert "instantreact-sdk[postgres]" in done.stdout


def test_a_closed_store_leaves_one_file(tmp_path):
    """The last one who closes takes SQLite's helper files along."""
    with Store.open(f"sqlite:///{tmp_path}/store.db") as store:
        store.begin_run()
    store.close()
    assert [path.name for path in tmp_path.iterdir()] == ["store.db"]
