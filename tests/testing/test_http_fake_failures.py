"""How the fake web service fails, as a real client meets it."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator

import pytest
import requests
from deadline import joined, started, until
from http_clients import bodies, connected, direct, port

from instantreact_sdk import OutcomeUnknown, PermanentError, TransientError
from instantreact_sdk.testing.conformance.case import Failure, Sent
from instantreact_sdk.testing.fakes import HTTP_FAILURES, Answer, HttpFake

SOON = 0.2  # seconds after which a client that waits for nothing gives up


@pytest.fixture
def client() -> Iterator[requests.Session]:
    with direct() as session:
        yield session


def test_each_failure_says_what_a_notifier_has_to_make_of_it():
    transient, unknown, permanent = Failure(TransientError), Failure(OutcomeUnknown), Failure(PermanentError)
    assert HttpFake().failures == {
        "refused": transient,
        "reset": unknown,
        "silent": unknown,
        "busy": transient,
        "limited": Failure(TransientError, retry_after=7.0),
        "unauthorized": permanent,
        "gone": permanent,
        "malformed": permanent,
    }


@pytest.mark.parametrize(
    ("name", "status"), [("busy", 503), ("limited", 429), ("unauthorized", 401), ("gone", 410), ("malformed", 400)]
)
def test_a_service_that_answers_with_an_error_works_again_afterwards(client, name, status):
    with HttpFake(sent=bodies) as fake:
        with fake.failing(name):
            answer = client.post(fake.url, data=b"1")
            assert answer.status_code == status
            assert answer.headers.get("Retry-After") == ("7" if name == "limited" else None)
        assert client.post(fake.url, data=b"2").ok
        assert fake.sent == [Sent(body=b"2")]
        assert len(fake.requests) == 2


def test_a_service_that_refuses_breaks_open_connections_and_comes_back_on_the_same_port(client):
    with HttpFake(sent=bodies) as fake:
        url = fake.url
        for _ in range(3):
            assert client.post(url, data=b"before").ok  # leaves a connection open
            with fake.failing("refused"):
                for _ in range(2):
                    with pytest.raises(requests.ConnectionError, match="refused"):
                        client.post(url, data=b"meanwhile")
        assert client.post(url, data=b"after").ok
        assert fake.url == url
        assert {sent.body for sent in fake.sent} == {request.body for request in fake.requests} == {b"before", b"after"}


def test_nobody_else_gets_the_port_of_a_service_that_refuses():
    with HttpFake() as fake, fake.failing("refused"), socket.socket() as other:
        with pytest.raises(OSError) as caught:  # noqa: PT011  (its number is checked)
            other.bind(("127.0.0.1", port(fake)))
        assert caught.value.errno == errno.EADDRINUSE


@pytest.mark.parametrize("body", [b"x", b"x" * 5_000_000], ids=["small", "big"])
def test_a_connection_is_reset_after_the_request_was_read(client, body):
    with HttpFake(sent=bodies) as fake:
        with fake.failing("reset"), pytest.raises(requests.ConnectionError) as caught:
            client.post(fake.url, data=body)
        assert isinstance(caught.value.args[0].args[1], ConnectionResetError)
        assert [request.body for request in fake.requests] == [body]
        assert fake.sent == []
        assert client.post(fake.url, data=b"after").ok


def test_a_silent_service_lets_the_client_wait(client):
    with HttpFake(sent=bodies) as fake:
        with fake.failing("silent"):
            for _ in range(2):
                with pytest.raises(requests.ReadTimeout):
                    client.post(fake.url, data=b"x", timeout=SOON)
        assert len(fake.requests) == 2
        assert fake.sent == []
        assert client.post(fake.url, data=b"after", timeout=20).ok


def test_a_client_that_still_waits_is_let_go_when_the_silence_ends():
    failed: list[Exception] = []

    def ask() -> None:
        connection = connected(fake)
        connection.request("GET", "/")
        try:
            connection.getresponse()
        except ConnectionError as error:
            failed.append(error)
        connection.close()

    with HttpFake() as fake:
        with fake.failing("silent"):
            client = started(ask)
            until(lambda: fake.requests)
            assert client.is_alive()
        joined(client)
    assert len(failed) == 1


def test_own_failures_stand_beside_the_usual_ones_or_in_their_place(client):
    own = {
        "busy": HTTP_FAILURES["busy"],
        "blocked": (Failure(PermanentError), Answer.json({"error": "blocked"}, status=403)),
        "lost": (Failure(TransientError), "reset"),  # of a service that knows idempotency keys
    }
    with HttpFake(failures=own) as fake:
        assert fake.failures == {
            "busy": Failure(TransientError),
            "blocked": Failure(PermanentError),
            "lost": Failure(TransientError),
        }
        with fake.failing("blocked"):
            answer = client.get(fake.url)
            assert (answer.status_code, answer.json()) == (403, {"error": "blocked"})
        with fake.failing("lost"), pytest.raises(requests.ConnectionError):
            client.get(fake.url)


def test_a_failure_ends_where_the_test_inside_it_fails(client):
    with HttpFake() as fake:
        with pytest.raises(ZeroDivisionError), fake.failing("refused"):
            raise ZeroDivisionError
        assert client.get(fake.url).ok


def test_a_service_may_fail_after_some_parts_of_a_message(client):
    with HttpFake(sent=bodies) as fake:
        assert client.post(fake.url, data=b"earlier").ok
        with fake.failing("busy", after=2):
            statuses = [client.post(fake.url, data=body).status_code for body in (b"1", b"2", b"3", b"4")]
        assert statuses == [200, 200, 503, 503]
        assert [one.body for one in fake.sent] == [b"earlier", b"1", b"2"]


def test_a_service_that_refuses_in_the_middle_breaks_the_connection(client):
    with HttpFake(sent=bodies) as fake, fake.failing("refused", after=1):
        assert client.post(fake.url, data=b"1").ok
        with pytest.raises(requests.ConnectionError):
            client.post(fake.url, data=b"2")
