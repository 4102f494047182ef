"""Failures of the fake web service that meet single requests, and what it keeps of each."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPMessage

import pytest
import requests
from deadline import joined, started, until
from http_clients import bodies, connected, direct, port

from instantreact_sdk import InstantReactError, PermanentError
from instantreact_sdk.testing.conformance.case import Failure, Sent
from instantreact_sdk.testing.fakes import HTTP_FAILURES, Answer, Exchange, FakeClock, HttpFake, Part, Request

SOON = 0.2  # seconds after which a client that waits for nothing gives up
WITH_LOSSES = {
    **HTTP_FAILURES,
    "dropped": (HTTP_FAILURES["reset"][0], "dropped"),
    "unanswered": (HTTP_FAILURES["silent"][0], "unanswered"),
}


@pytest.fixture
def client() -> Iterator[requests.Session]:
    with direct() as session:
        yield session


def test_the_next_requests_fail_as_the_script_says(client):
    with HttpFake(sent=bodies) as fake:
        fake.script("busy", "", times=2, after=1)
        fake.script("gone")
        statuses = [client.post(fake.url, data=b"%d" % number).status_code for number in range(7)]
    assert statuses == [200, 503, 200, 503, 200, 410, 200]
    assert [one.body for one in fake.sent] == [b"0", b"2", b"4", b"6"]


def test_failures_by_chance_can_be_repeated_and_ended(client):
    def statuses(seed: int) -> list[int]:
        with HttpFake() as fake:
            fake.at_random({"busy": 0.5, "gone": 0.2}, seed=seed)
            found = [client.get(fake.url).status_code for _ in range(20)]
            fake.at_random({})
            assert client.get(fake.url).ok
            return found

    assert set(statuses(1)) == {200, 503, 410}
    assert statuses(1) == statuses(1) != statuses(2)


def test_what_lasts_comes_before_what_is_scripted(client):
    with HttpFake() as fake:
        fake.script("busy")
        with fake.failing("gone"):
            assert client.get(fake.url).status_code == 410
        assert client.get(fake.url).status_code == 503


def test_a_service_that_drops_the_answer_has_taken_the_message(client):
    with HttpFake(sent=bodies, failures=WITH_LOSSES) as fake:
        with fake.failing("dropped"), pytest.raises(requests.ConnectionError) as caught:
            client.post(fake.url, data=b"1")
        assert isinstance(caught.value.args[0].args[1], ConnectionResetError)
        assert fake.sent == [Sent(body=b"1")]
        fake.script("reset")
        with pytest.raises(requests.ConnectionError):
            client.post(fake.url, data=b"2")
        assert fake.sent == [Sent(body=b"1")]


def test_a_service_that_never_answers_may_have_taken_the_message(client):
    with HttpFake(sent=bodies, failures=WITH_LOSSES) as fake:
        fake.script("unanswered")
        with pytest.raises(requests.ReadTimeout):
            client.post(fake.url, data=b"1", timeout=SOON)
        until(lambda: fake.exchanges)
        assert fake.sent == [Sent(body=b"1")]


def test_a_silence_ends_where_the_client_hangs_up():
    before = set(threading.enumerate())
    with HttpFake() as fake:
        fake.script("silent")
        connection = connected(fake)
        connection.request("GET", "/")
        until(lambda: fake.requests)
        talking = {thread for thread in set(threading.enumerate()) - before if thread.name == "fake connection"}
        assert len(talking) == 1
        connection.close()
        joined(*talking)


def test_a_client_waits_for_an_answer_with_a_delay(client):
    with HttpFake(lambda _: Answer(200, b"late", delay=SOON)) as fake:
        begun = time.monotonic()
        assert client.get(fake.url).content == b"late"
        assert time.monotonic() - begun >= SOON


def test_a_fake_is_closed_at_once_though_an_answer_is_delayed():
    with HttpFake(lambda _: Answer(delay=1000)) as fake:
        connection = connected(fake)
        connection.request("GET", "/")
        until(lambda: fake.requests)
        closing = started(lambda: fake.__exit__(None, None, None))
        joined(closing)
        connection.close()
        fake.__enter__()


def test_every_request_is_kept_with_how_it_ended_and_when(client):
    clock = FakeClock(datetime(2026, 11, 20, 3, tzinfo=UTC))
    with HttpFake(lambda request: Answer(200, request.body), failures=WITH_LOSSES, clock=clock) as fake:
        fake.script("", "busy", "dropped")
        for body in (b"1", b"2"):
            client.post(fake.url, data=body)
        clock.advance(60)
        with pytest.raises(requests.ConnectionError):
            client.post(fake.url, data=b"3")
        one, two, three = fake.requests
        assert fake.exchanges == [
            Exchange(datetime(2026, 11, 20, 3, tzinfo=UTC), one, "", Answer(200, b"1")),
            Exchange(datetime(2026, 11, 20, 3, tzinfo=UTC), two, "busy", Answer(503)),
            Exchange(datetime(2026, 11, 20, 3, 1, tzinfo=UTC), three, "dropped", None),
        ]


def test_a_port_can_be_chosen_and_is_refused_where_somebody_listens(client):
    with HttpFake() as first:
        chosen = port(first)
        with pytest.raises(InstantReactError) as caught, HttpFake(port=chosen):
            pass
        assert str(caught.value) == (
            f"IR2026: The fake of a service cannot be used so: port {chosen} of 127.0.0.1 cannot be had (Address already in use). "
            "Take port 0, for one that is free."
        )
        assert client.get(first.url).ok
    with HttpFake(port=chosen) as second:
        assert second.url == f"http://127.0.0.1:{chosen}"
        assert client.get(second.url).ok


def test_a_port_that_clients_have_just_left_can_be_had_again():
    with HttpFake() as fake:
        chosen = port(fake)
        with socket.create_connection(("127.0.0.1", chosen)) as client:
            client.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert client.recv(100)
    with HttpFake(port=chosen):
        pass


def test_a_part_that_names_no_type_has_none(client):
    with HttpFake() as fake:
        client.post(fake.url, files={"one": ("a", b"1"), "two": ("b", b"2", "image/png")})
        assert fake.requests[0].parts() == {"one": Part(b"1", "a"), "two": Part(b"2", "b", "image/png")}


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        (b"--x\r\n\r\nno head\r\n--x--\r\n", {"None": Part(b"no head")}),
        (b'before\r\n--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\nafter', {"a": Part(b"1")}),
        (b'--x \r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n--x--', {"a": Part(b"")}),
    ],
)
def test_forms_are_read_however_they_are_written(body, parts):
    headers = HTTPMessage()
    headers["Content-Type"] = "multipart/form-data; boundary=x"
    assert Request("POST", "/", {}, headers, body).parts() == parts


def test_a_form_without_files_is_read(client):
    with HttpFake() as fake:
        client.post(fake.url, data={"text": "Gr\u00fc\u00dfe & more", "empty": ""})
        client.post(fake.url, json={"text": "x"})
        assert [request.form() for request in fake.requests] == [{"text": "Gr\u00fc\u00dfe & more", "empty": ""}, {}]


def test_a_failure_of_ones_own_may_be_scripted_too(client):
    own = {"blocked": (Failure(PermanentError), Answer.json({"error": "blocked"}, status=403))}
    with HttpFake(failures=own) as fake:
        fake.script("blocked")
        assert client.get(fake.url).json() == {"error": "blocked"}
        with pytest.raises(InstantReactError, match="no failure 'busy'"):
            fake.script("busy")


def test_bodies_are_dropped_and_everything_else_stays():
    with HttpFake() as fake:
        for size in (3, 5):
            requests.post(f"{fake.url}/a{size}", data=b"x" * size, timeout=5)
        fake.drop_bodies()
        requests.post(f"{fake.url}/last", data=b"whole", timeout=5)
        assert [(request.path, request.body) for request in fake.requests] == [
            ("/a3", b""),
            ("/a5", b""),
            ("/last", b"whole"),
        ]
        assert [exchange.request for exchange in fake.exchanges] == fake.requests
