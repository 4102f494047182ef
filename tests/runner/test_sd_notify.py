"""systemd's protocol, with a socket in the place of systemd: sd_notify(3), sd_watchdog_enabled(3)."""

from __future__ import annotations

import os
import secrets
import socket
import threading

import pytest
from deadline import until

from instantreact_sdk.runner.sd_notify import Watchdog, sd_notify


class Manager:
    """Listens as systemd does."""

    def __init__(self, address: str) -> None:
        self.channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.channel.bind(address)
        self.channel.settimeout(20)

    def heard(self) -> str:
        return self.channel.recv(4096).decode()

    def hears(self, state: str) -> bool:
        """Whether it comes, maybe after others."""
        return state in iter(self.heard, "")


@pytest.fixture(params=["file", "abstract"])
def manager(request, tmp_path, monkeypatch):
    name = str(tmp_path / "notify") if request.param == "file" else f"@instantreact-{secrets.token_hex(8)}"
    found = Manager(name.replace("@", "\0"))
    monkeypatch.setenv("NOTIFY_SOCKET", name)
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    monkeypatch.delenv("WATCHDOG_PID", raising=False)
    with found.channel:
        yield found


def test_a_state_is_sent_as_it_is(manager):
    assert sd_notify("STATUS=two cameras, é\nREADY=1")
    assert manager.heard() == "STATUS=two cameras, é\nREADY=1"


def test_without_systemd_nobody_is_told(monkeypatch):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not sd_notify("READY=1")


@pytest.mark.parametrize(
    "address", ["", "relative", "vsock:2:1234", "/no/such/socket", "@nobody-listens-here", "/" + "x" * 300]
)
def test_where_nobody_can_be_told_nothing_happens(monkeypatch, address):
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    assert not sd_notify("READY=1")


def test_a_service_is_ready_shows_that_it_works_and_says_that_it_ends(manager, monkeypatch):
    monkeypatch.setenv("WATCHDOG_USEC", "40000")
    with Watchdog(lambda: True):
        assert [manager.heard() for _ in range(4)] == ["READY=1", *["WATCHDOG=1"] * 3]
    assert manager.hears("STOPPING=1")


def test_a_service_is_not_ready_before_all_is_well_for_the_first_time(manager, monkeypatch):
    monkeypatch.setenv("WATCHDOG_USEC", "20000")
    well, looked = threading.Event(), []
    with Watchdog(lambda: looked.append(1) or well.is_set()) as watchdog:
        until(lambda: len(looked) > 3)
        watchdog.status("loading\nweights")
        assert manager.heard() == "STATUS=loading weights"
        well.set()
        assert manager.heard() == "READY=1"


def test_the_watchdog_is_not_fed_while_not_all_is_well(manager, monkeypatch):
    monkeypatch.setenv("WATCHDOG_USEC", "20000")
    answers, looked = iter([True]), []
    with Watchdog(lambda: looked.append(1) or next(answers, False)):
        until(lambda: len(looked) > 5)
    assert [manager.heard() for _ in range(3)] == ["READY=1", "WATCHDOG=1", "STOPPING=1"]


@pytest.mark.parametrize(
    ("limit", "whose"),
    [(None, None), ("", None), ("0", None), ("soon", None), ("20000", "1")],
)
def test_where_systemd_does_not_watch_this_process_it_is_told_of_the_beginning_alone(
    manager, monkeypatch, limit, whose
):
    if limit is not None:
        monkeypatch.setenv("WATCHDOG_USEC", limit)
    if whose is not None:
        monkeypatch.setenv("WATCHDOG_PID", whose)
    with Watchdog(lambda: True):
        assert manager.heard() == "READY=1"
    assert manager.heard() == "STOPPING=1"


def test_a_watchdog_that_is_meant_for_this_process_is_fed(manager, monkeypatch):
    monkeypatch.setenv("WATCHDOG_USEC", "20000")
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()))
    with Watchdog(lambda: True):
        assert [manager.heard() for _ in range(4)] == ["READY=1", *["WATCHDOG=1"] * 3]
