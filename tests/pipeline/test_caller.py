"""Trying out one component."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from instantreact_sdk import Context, InstantReactError
from instantreact_sdk.cli import source_probe
from instantreact_sdk.interfaces import Component
from instantreact_sdk.pipeline.caller import Caller
from instantreact_sdk.pipeline.guard import Who
from instantreact_sdk.registry.local import local_choice

STUBBORN = """
import threading
from instantreact_sdk import Frame, FrameSource, Options, SourceInfo


class Address(Options):
    url: str


class Stubborn(FrameSource):
    info = SourceInfo(64, 48, live=True)

    def __init__(self, options: Address):
        self.hangs = options.url

    def open(self, context):
        self.wait("open")

    def frames(self):
        self.wait("frames")
        yield from ()

    def close(self):
        self.wait("close")

    def wait(self, call):
        if call == self.hangs:
            threading.Event().wait()
"""


class Door(Component):
    """Notes in which thread it is called."""

    def __init__(self) -> None:
        self.threads: list[str] = []

    def open(self, context: Context) -> None:
        self.threads.append(threading.current_thread().name)

    def close(self) -> None:
        self.threads.append(threading.current_thread().name)
        raise ValueError("stuck")


def test_all_calls_come_from_one_thread_and_the_first_error_is_told() -> None:
    door, stop = Door(), threading.Event()
    caller = Caller(Who("door", "zoo 1.0"))
    with pytest.raises(KeyError), caller.opened(door, Context(), stop):
        raise KeyError
    assert door.threads == ["door", "door"]
    assert stop.is_set()
    failing = pytest.raises(InstantReactError, match="IR4001: door failed in close: ValueError: stuck")
    with failing, caller.opened(door, Context(), stop):
        pass


def test_who_hangs_is_not_called_again() -> None:
    caller, called = Caller(Who("door", "zoo 1.0"), limit=0.05), threading.Event()
    with pytest.raises(InstantReactError, match=r"IR4002: door did not return from wait within 0\.05 s"):
        caller.call("wait", threading.Event().wait, 60)
    with pytest.raises(InstantReactError, match="IR4002"):
        caller.call("set", called.set, 60)
    assert not called.is_set()


def test_who_interrupts_is_not_kept_waiting_by_what_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing waits behind a call that goes on, and is not given as long as that may take."""
    monkeypatch.setattr("instantreact_sdk.pipeline.caller._LEAVE", 0.05)
    caller, begun, goes_on = Caller(Who("door", "zoo 1.0"), limit=3600), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        goes_on.wait()

    waiting = threading.Thread(target=lambda: caller.call("work", work, 3600))

    def interrupted() -> None:
        with caller.opened(Door(), Context(), threading.Event()):
            waiting.start()
            begun.wait()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    goes_on.set()
    waiting.join()


@pytest.mark.parametrize("call", ["open", "frames", "close"])
def test_a_probe_ends_wherever_the_source_hangs(call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "stubborn.py").write_text(STUBBORN)
    stubborn = local_choice("source", "./stubborn.py:Stubborn", tmp_path)
    monkeypatch.setattr(source_probe, "_choice", lambda url: stubborn)
    monkeypatch.setattr(source_probe, "_PATIENCE", 0.1)
    monkeypatch.setattr(source_probe, "CALL_LIMIT", 0.1)
    for name in ("OPEN_LIMIT", "CALL_LIMIT", "_LEAVE"):
        monkeypatch.setattr(f"instantreact_sdk.pipeline.caller.{name}", 0.1)
    with pytest.raises(InstantReactError) as caught:
        source_probe.look_at(call, 0.1)
    # That it gave no picture is said first; that it does not close then is no news.
    assert caught.value.code == ("IR3035" if call == "close" else "IR3039"), caught.value
