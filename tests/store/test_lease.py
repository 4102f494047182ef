"""One process at a time calls a notifier, whatever happens to processes and clocks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import outbox_worker
import pytest
from deadline import until
from outboxes import ANNA, Gatehouse

from instantreact_sdk.alerts.lease import SECONDS, Lease
from instantreact_sdk.alerts.store import Store


class Steady:
    """Seconds that a test lets pass."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def steady() -> Steady:
    return Steady()


@pytest.fixture
def lease(store, steady) -> Callable[..., Lease]:
    return lambda holder, notifier="sms": Lease(store.engine, notifier, holder, steady=steady)


def test_the_first_has_it_and_the_second_has_not(lease):
    first, second = lease("first"), lease("second")
    assert first.keep()
    assert not second.keep()
    assert (first.held, second.held) == (True, False)


def test_each_notifier_has_its_own(lease):
    assert lease("first", "sms").keep()
    assert lease("second", "messenger").keep()


def test_who_shows_signs_of_life_keeps_it_for_ever(lease, steady):
    first, second = lease("first"), lease("second")
    for _ in range(20):
        assert first.keep()
        assert not second.keep()
        steady.now += SECONDS * 0.9


def test_after_ten_seconds_of_silence_another_takes_over(lease, steady):
    first, second = lease("first"), lease("second")
    first.keep()
    second.keep()
    steady.now += SECONDS - 0.1
    assert not second.keep()
    steady.now += 0.1
    assert second.keep()
    assert not first.keep()
    assert not first.held


def test_who_has_not_looked_before_waits_as_long(lease, steady):
    lease("first").keep()
    steady.now += 100 * SECONDS
    second = lease("second")
    assert not second.keep()
    steady.now += SECONDS
    assert second.keep()


def test_the_holder_stops_before_another_can_have_begun(lease, steady):
    first, second = lease("first"), lease("second")
    first.keep()
    second.keep()  # it counts from here, which is not earlier than the holder's own start
    while not second.keep():
        steady.now += 0.5
    assert not first.held


def test_who_leaves_need_not_be_waited_for(lease):
    first, second = lease("first"), lease("second")
    first.keep()
    first.leave()
    assert not first.held
    assert second.keep()
    first.leave()  # it is not its own any more
    assert not lease("third").keep()


def test_the_successor_of_a_dead_process_comes_with_its_name(lease):
    lease("first").keep()
    assert lease("first").keep()


def test_it_is_fresh_whenever_somebody_else_may_have_had_it(lease, steady):
    first, second = lease("first"), lease("second")
    first.keep()
    assert first.fresh
    first.fresh = False
    first.keep()
    assert not first.fresh
    second.keep()
    steady.now += SECONDS
    second.keep()
    assert second.fresh
    second.leave()
    first.keep()
    assert first.fresh
    again = lease("first")  # another process of the same name
    again.keep()
    assert again.fresh


def test_breaking_off_a_write_leaves_what_was_held(lease, store, steady, monkeypatch):
    from instantreact_sdk import InstantReactError
    from instantreact_sdk.alerts import lease as module

    first = lease("first")
    first.keep()

    def broken(engine, *, lasting=False):
        raise InstantReactError("IR5003", url="here")

    monkeypatch.setattr(module, "writing", broken)
    with pytest.raises(InstantReactError, match="IR5003"):
        first.keep()
    assert first.held
    steady.now += SECONDS
    assert not first.held


# Real processes -------------------------------------------------------------------------------------------------------


class Workers:
    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder
        self.running: list[subprocess.Popen] = []

    def start(self, name: str, what: str = "sent") -> subprocess.Popen:
        command = [sys.executable, outbox_worker.__file__, self.url, name, str(self.folder), what]
        path = os.pathsep.join(filter(None, sys.path))
        with (self.folder / f"{name}.err").open("w") as err:
            self.running.append(subprocess.Popen(command, stderr=err, env=os.environ | {"PYTHONPATH": path}))
        return self.running[-1]

    def go(self, name: str) -> None:
        (self.folder / f"{name}.go").touch()

    def told(self, name: str, word: str) -> list[str]:
        log = self.folder / f"{name}.log"
        lines = log.read_text().splitlines() if log.exists() else []
        return [line.split()[1] for line in lines if line.startswith(word)]


@pytest.fixture
def workers(url, tmp_path) -> Iterator[Workers]:
    found = Workers(url, tmp_path)
    yield found
    for process in found.running:
        process.kill()
        process.wait(20)


@pytest.fixture
def gate(store: Store, workers) -> Gatehouse:
    import time

    gate = Gatehouse(store)
    gate.now = time.time()
    return gate


def test_another_process_takes_over_from_one_that_was_killed(gate, workers):
    """All is sent; what the first one had begun is sent twice at the most, and from then on it sends nothing."""
    keys = [gate.raised(ANNA, rule=f"rule {number}")[0].key for number in range(20)]
    first = workers.start("first")
    until(lambda: workers.told("first", "began"), 60)
    workers.start("second")
    workers.go("second")
    first.kill()
    first.wait(20)
    until(lambda: {*gate.states()} == {"sent"}, 60)
    (begun,) = workers.told("first", "began")
    assert begun == keys[0]
    assert sorted(workers.told("second", "began")) == sorted(keys)
    assert gate.outcomes() == ["broken off", *["sent"] * 20]


def test_a_process_that_was_stopped_for_too_long_settles_nothing_of_its_successor(gate, workers):
    (told,) = gate.raised(ANNA)
    first = workers.start("first", "permanent")
    until(lambda: workers.told("first", "began"), 60)
    first.send_signal(signal.SIGSTOP)
    workers.start("second")
    until(lambda: workers.told("second", "began"), 60)
    workers.go("first")
    first.send_signal(signal.SIGCONT)
    until(lambda: workers.told("first", "ended"), 60)
    assert gate.states() == ["sending"]
    workers.go("second")
    until(lambda: gate.states() == ["sent"], 60)
    assert (gate.row().key, gate.row().receipt) == (told.key, "second")
    assert gate.outcomes() == ["broken off", "sent"]
    (later,) = gate.raised(ANNA, rule="fire")
    until(lambda: workers.told("second", "ended")[-1] == later.key, 60)
    assert workers.told("first", "began") == [told.key]


@pytest.mark.skipif(sys.platform != "linux", reason="others have no such clock")
def test_who_slept_with_the_machine_has_lost_it(store, monkeypatch):
    """Linux' monotonic clock does not count sleep: who wakes up after an hour would believe that nobody took over."""
    lease = Lease(store.engine, "sms", "first")
    assert lease.keep()
    assert lease.held
    awake = time.clock_gettime(time.CLOCK_BOOTTIME)
    monkeypatch.setattr(time, "clock_gettime", lambda clock: awake + 3600.0 * (clock == time.CLOCK_BOOTTIME))
    assert not lease.held
