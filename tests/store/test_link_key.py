"""All processes of one store make and read the same links."""

from __future__ import annotations

import subprocess
import sys
import threading

from deadline import joined, started

from instantreact_sdk.alerts.database import open_engine
from instantreact_sdk.alerts.links import link_key


def test_it_is_32_bytes_that_stay_the_same(url):
    engine = open_engine(url, create=True)
    key = link_key(engine)
    assert len(key) == 32
    assert link_key(engine) == key
    engine.dispose()
    again = open_engine(url, create=False)
    assert link_key(again) == key
    again.dispose()


def test_two_stores_have_two_keys(tmp_path):
    engines = [open_engine(f"sqlite:///{tmp_path / name}", create=True) for name in ("a.db", "b.db")]
    one, other = (link_key(engine) for engine in engines)
    assert one != other
    for engine in engines:
        engine.dispose()


def test_threads_that_ask_at_once_get_the_same(url):
    engine = open_engine(url, create=True)
    together = threading.Barrier(8)
    found = []

    def ask() -> None:
        own = open_engine(url, create=False)
        together.wait()
        found.append(link_key(own))
        own.dispose()

    joined(*[started(ask) for _ in range(8)])
    assert found == [link_key(engine)] * 8
    engine.dispose()


def test_processes_that_begin_at_once_get_the_same(url):
    engine = open_engine(url, create=True)
    program = (
        "import sys\n"
        "from instantreact_sdk.alerts.database import open_engine\n"
        "from instantreact_sdk.alerts.links import link_key\n"
        "engine = open_engine(sys.argv[1], create=False)\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()\n"
        "print(link_key(engine).hex())\n"
    )
    several = [
        subprocess.Popen([sys.executable, "-c", program, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for one in several:
        assert one.stdout.readline() == "ready\n"
    for one in several:
        one.stdin.write("go\n")
        one.stdin.flush()
    found = [one.communicate(timeout=60)[0].strip() for one in several]
    assert found == [link_key(engine).hex()] * 3
    engine.dispose()
