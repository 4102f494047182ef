"""What authors and clients of the fake web service get wrong, and what it leaves behind."""

from __future__ import annotations

import gc
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests
from deadline import until
from http_clients import connected, direct, numbered, port, raw

from instantreact_sdk import InstantReactError
from instantreact_sdk.testing.fakes import HTTP_FAILURES, Answer, HttpFake, Request

SOON = 0.2  # seconds after which a client that waits for nothing gives up


@pytest.fixture
def client() -> Iterator[requests.Session]:
    with direct() as session:
        yield session


def sockets() -> set[str]:
    links = [os.path.realpath(file) for file in Path("/proc/self/fd").iterdir()]
    return {link for link in links if "socket:" in link}


# What its author gets wrong


def test_an_unknown_failure_is_refused_with_the_known_ones():
    own = {name: HTTP_FAILURES[name] for name in ("busy", "gone")}
    with HttpFake(failures=own) as fake, pytest.raises(InstantReactError) as caught, fake.failing("bussy"):
        pass
    assert str(caught.value) == (
        "IR2026: The fake of a service cannot be used so: it has no failure 'bussy'. It knows busy and gone."
    )


def test_two_failures_at_once_are_refused_and_the_first_stays(client):
    with HttpFake() as fake, fake.failing("busy"):
        with pytest.raises(InstantReactError, match="it fails as 'busy' already") as caught, fake.failing("gone"):
            pass
        assert caught.value.code == "IR2026"
        assert client.get(fake.url).status_code == 503


def test_outside_of_its_block_it_listens_nowhere():
    fake = HttpFake()
    with pytest.raises(InstantReactError, match="it does not listen"):
        _ = fake.url
    with fake:
        assert fake.url
    with pytest.raises(InstantReactError, match="it does not listen"), fake.failing("busy"):
        pass


def test_what_its_function_raises_is_raised_at_the_end(client):
    answers = []
    with pytest.raises(KeyError, match="number"), HttpFake(numbered) as fake:
        answers.append(client.post(fake.url, json={}))
    assert [(answer.status_code, answer.content) for answer in answers] == [
        (500, b"The fake's own function failed: KeyError('number')")
    ]


def test_what_its_function_raises_is_noted_where_the_test_fails_anyway(client):
    with pytest.raises(ZeroDivisionError) as caught, HttpFake(sent=lambda request: request.json()) as fake:
        _ = client.post(fake.url, data=b"no JSON").status_code / 0
    assert "JSONDecodeError" in caught.value.__notes__[0]


def test_what_its_function_raises_comes_out_of_the_generator_of_a_case(client):
    def case() -> Iterator[HttpFake]:
        with HttpFake(numbered) as fake:
            yield fake

    generator = case()
    client.post(next(generator).url, json={})
    with pytest.raises(KeyError, match="number"):
        generator.close()


def test_an_answer_that_cannot_be_sent_is_told_at_the_end(client):
    fake = HttpFake(lambda _: Answer(headers={"X": "\u2603"}))
    with pytest.raises(UnicodeEncodeError), fake, pytest.raises(requests.ConnectionError):
        client.get(fake.url)


# What clients get wrong


@pytest.mark.parametrize(
    "text",
    [
        b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nA\r\nabc",
        b"PO",
        b"",
    ],
)
def test_a_request_that_breaks_off_is_none(text, client, capfd):
    with HttpFake() as fake:
        assert raw(fake, text).count(b"200 OK") == 0
        assert fake.requests == []
        assert client.get(fake.url).ok
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "text",
    [
        b"nonsense\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: ten\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
    ],
)
def test_a_request_that_is_no_http_is_answered_with_400(text, capfd):
    with HttpFake() as fake:
        assert b" 400 " in raw(fake, text) or b"Error code: 400" in raw(fake, text)
        assert fake.requests == []
    assert capfd.readouterr() == ("", "")


def test_a_client_that_leaves_before_the_answer_harms_nobody(client, capfd):
    going, gone = threading.Event(), threading.Event()

    def answer(request: Request) -> Answer:
        if request.path == "/slow":
            going.set()
            gone.wait(20)
        return Answer(200, b"x" * 5_000_000)

    with HttpFake(answer) as fake:
        connection = connected(fake)
        connection.request("GET", "/slow")
        assert going.wait(20)
        connection.close()
        gone.set()
        assert client.get(fake.url).ok
    assert capfd.readouterr() == ("", "")


# What it leaves behind


def test_nothing_is_left_behind_and_nothing_printed(client, capfd):
    gc.collect()
    before, threads = sockets(), set(threading.enumerate())
    with HttpFake() as fake:
        idle = socket.create_connection(("127.0.0.1", port(fake)))
        client.get(fake.url)
        for name in fake.failures:
            with fake.failing(name), suppress(requests.RequestException):
                client.get(fake.url, timeout=SOON)
        address = "127.0.0.1", port(fake)
    idle.close()
    client.close()
    gc.collect()  # what failed holds the client's sockets in circles
    assert set(threading.enumerate()) == threads
    assert sockets() == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)
    assert capfd.readouterr() == ("", "")


def test_a_silent_service_is_closed_at_once():
    threads = set(threading.enumerate())
    with HttpFake() as fake:
        silence = fake.failing("silent")  # a check that is thrown away in its middle never leaves it
        silence.__enter__()
        connection = connected(fake)
        connection.request("GET", "/")
        until(lambda: fake.requests)
    assert set(threading.enumerate()) == threads
    connection.close()
    silence.__exit__(None, None, None)


def test_a_refusal_that_outlives_the_fake_opens_nothing():
    threads = set(threading.enumerate())
    with HttpFake() as fake:
        refusal = fake.failing("refused")
        refusal.__enter__()
    refusal.__exit__(None, None, None)
    assert set(threading.enumerate()) == threads
