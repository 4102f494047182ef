"""A service that notices silence hears of us while all is well, and of nothing else."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from deadline import until

from instantreact_sdk.runner import heartbeat
from instantreact_sdk.runner.heartbeat import Heartbeat
from instantreact_sdk.testing.fakes import Answer, HttpFake

SECRET = "0b5c-secret-ping"
NEVER = 3600.0
OFTEN = 0.02


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ftp_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def told(url: str) -> list[str]:
    """What is told of the first time that it is asked for."""
    found: list[str] = []
    asked = threading.Event()

    def alive() -> bool:
        if asked.is_set():
            return False
        asked.set()
        return True

    beat = Heartbeat(url, OFTEN, alive, found.append)
    with beat:
        until(lambda: found)
    return found


def test_the_first_sign_is_at_once():
    with HttpFake() as service, Heartbeat(f"{service.url}/{SECRET}", NEVER, lambda: True, pytest.fail):
        until(lambda: service.requests)
        (request,) = service.requests
    assert (request.method, request.path) == ("GET", f"/{SECRET}")
    assert request.headers["User-Agent"].startswith("instantreact-sdk/")


def test_there_are_more_signs_as_time_goes_by():
    with HttpFake() as service, Heartbeat(service.url, OFTEN, lambda: True, pytest.fail):
        until(lambda: len(service.requests) >= 5)


def test_nothing_is_sent_while_not_all_is_well_and_again_when_it_is():
    well = threading.Event()
    looks = []

    def alive() -> bool:
        looks.append(well.is_set())
        return well.is_set()

    with HttpFake() as service, Heartbeat(service.url, OFTEN, alive, pytest.fail):
        until(lambda: len(looks) > 5)
        assert service.requests == []
        well.set()
        until(lambda: service.requests)
        well.clear()
        seen = len(looks)
        until(lambda: looks[seen:].count(False) >= 2)  # the one that was under way has ended
        sent = len(service.requests)
        until(lambda: len(looks) > seen + 10)
        assert len(service.requests) == sent


def test_what_comes_after_a_long_wait_for_all_to_be_well_comes_at_once():
    answers = iter([False])
    with HttpFake() as service, Heartbeat(service.url, NEVER, lambda: next(answers, True), pytest.fail):
        until(lambda: service.requests)


def test_a_failure_is_told_once_and_so_is_its_end():
    found: list[str] = []
    with HttpFake() as service, Heartbeat(service.url, OFTEN, lambda: True, found.append):
        with service.failing("busy"):
            until(lambda: len(service.requests) > 3)
        until(lambda: len(found) == 2)
        with service.failing("refused"):
            until(lambda: len(found) == 3)
        until(lambda: len(found) == 4)
    assert found[0] == "it was answered with status 503"
    assert found[2].startswith("the connection failed")
    assert found[1::2] == ["", ""]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"http://[{SECRET}", "the address is not understood, or what answers there does not speak HTTP"),
        (f"http://127.0.0.1:{SECRET}/", "the address is not understood, or what answers there does not speak HTTP"),
        (f"http://127.0.0.1:1/ {SECRET}", "the address is not understood, or what answers there does not speak HTTP"),
        (SECRET, "the address is not understood, or what answers there does not speak HTTP"),
        (f"file:///etc/hostname?{SECRET}", "the connection failed"),
        (f"ftp://127.0.0.1/{SECRET}", "the connection failed"),
        (f"data:text/plain,{SECRET}", "the connection failed"),
    ],
)
def test_an_address_that_is_none_is_told_without_quoting_it(url, expected):
    assert told(url) == [expected]


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        ("gone", "it was answered with status 410"),
        ("reset", "the connection failed"),
        ("silent", "there was no answer within 0.05 s"),
    ],
)
def test_what_a_service_does_is_told_without_quoting_the_address(monkeypatch, failure, expected):
    monkeypatch.setattr(heartbeat, "PATIENCE", 0.05 if failure == "silent" else 10.0)
    with HttpFake() as service, service.failing(failure):
        (problem,) = told(f"{service.url}/{SECRET}")
    assert problem.startswith(expected)
    assert SECRET not in problem
    assert "127.0.0.1" not in problem


def test_a_connection_that_cannot_be_encrypted_is_not_used():
    with HttpFake() as service:
        assert told(f"{service.url.replace('http:', 'https:')}/{SECRET}") == ["the connection could not be secured"]
        assert service.requests == []


def test_a_redirect_is_followed():
    def answer(request):
        return Answer() if request.path == "/there" else Answer(302, headers={"Location": "/there"})

    with HttpFake(answer) as service, Heartbeat(f"{service.url}/here", NEVER, lambda: True, pytest.fail):
        until(lambda: len(service.requests) == 2)
        assert [request.path for request in service.requests] == ["/here", "/there"]


@pytest.mark.parametrize("where", ["file:///etc/hostname", "ftp://127.0.0.1/there", "gopher://127.0.0.1/there"])
def test_a_redirect_to_anything_but_http_is_not_followed(monkeypatch, where):
    with HttpFake() as proxy:
        monkeypatch.setenv("ftp_proxy", proxy.url)
        with HttpFake(lambda request: Answer(302, headers={"Location": where})) as service:
            (problem,) = told(f"{service.url}/{SECRET}")
        assert problem in ("the connection failed", "it was answered with status 302")
        assert proxy.requests == []


def test_the_proxy_of_the_environment_is_used(monkeypatch):
    with HttpFake() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        with Heartbeat("http://signs.invalid/ping", NEVER, lambda: True, pytest.fail):
            until(lambda: proxy.requests)
        assert proxy.requests[0].headers["Host"] == "signs.invalid"


def test_its_name_and_its_repr_do_not_hold_the_address():
    with HttpFake() as service, Heartbeat(f"{service.url}/{SECRET}", NEVER, lambda: True, pytest.fail) as beat:
        assert SECRET not in repr(beat)
        assert SECRET not in " ".join(thread.name for thread in threading.enumerate())


def test_a_service_that_never_answers_does_not_hold_up_the_end_of_the_process():
    with HttpFake() as service, service.failing("silent"):
        program = (
            "import sys, threading\n"
            "from instantreact_sdk.runner import heartbeat\n"
            "heartbeat.PATIENCE = 3600\n"
            "looked = threading.Event()\n"
            "with heartbeat.Heartbeat(sys.argv[1], 3600, lambda: looked.set() or True, print):\n"
            "    looked.wait()\n"
        )
        subprocess.run([sys.executable, "-c", program, service.url], check=True, timeout=60)
