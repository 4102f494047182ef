"""What the fake web service takes, and what it answers."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from http.client import HTTPMessage

import pytest
import requests
from deadline import joined, started
from http_clients import bodies, connected, direct, numbered, port, raw
from hypothesis import given
from hypothesis import strategies as st

from instantreact_sdk.testing import fixtures
from instantreact_sdk.testing.conformance.case import Sent
from instantreact_sdk.testing.fakes import Answer, HttpFake, Part, Request

instantreact_http = fixtures.instantreact_http


@pytest.fixture
def client() -> Iterator[requests.Session]:
    with direct() as session:
        yield session


def test_a_request_is_kept_as_it_was_sent(client):
    with HttpFake(numbered) as fake:
        url = f"{fake.url}/v1/messages?to=anna%20b&empty=&to=ben"
        answer = client.post(url, json={"number": 7}, headers={"Idempotency-Key": "k-1"})
        (request,) = fake.requests
    assert (request.method, request.path, request.query) == ("POST", "/v1/messages", {"to": "ben", "empty": ""})
    assert (request.headers["idempotency-key"], request.headers["IDEMPOTENCY-KEY"]) == ("k-1", "k-1")
    assert request.headers["X-Missing"] is None
    assert (request.body, request.json()) == (b'{"number": 7}', {"number": 7})
    assert (answer.status_code, answer.json()) == (201, {"id": 7})
    assert answer.headers["Content-Type"] == "application/json"


def test_without_a_function_everything_is_taken(client):
    with HttpFake() as fake:
        answer = client.put(fake.url, data=b"x")
        assert (answer.status_code, answer.content) == (200, b"")
        assert fake.sent == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_every_method_is_answered(client, method):
    with HttpFake(lambda request: Answer(200, request.method.encode(), {"X-Own": "1"})) as fake:
        answer = client.request(method, fake.url)
        assert answer.content == (b"" if method == "HEAD" else method.encode())
        assert answer.headers["Content-Length"] == str(len(method))
        assert answer.headers["X-Own"] == "1"
        assert client.get(fake.url).content == b"GET"  # the connection is where it should be


@pytest.mark.parametrize("status", [204, 304])
def test_statuses_without_a_body_leave_the_connection_in_order(client, status):
    answers = [Answer(status), Answer(200, b"next")]
    with HttpFake(lambda _: answers.pop(0)) as fake:
        assert client.get(fake.url).status_code == status
        assert client.get(fake.url).content == b"next"


def test_one_connection_serves_many_requests():
    with HttpFake() as fake:
        connection = connected(fake)
        addresses = []
        for _ in range(3):
            connection.request("POST", "/", b"x")
            connection.getresponse().read()
            addresses.append(connection.sock.getsockname())
        connection.close()
        assert len(set(addresses)) == 1


def test_a_connection_ends_where_the_answer_says_so(client):
    with HttpFake(lambda _: Answer(headers={"Connection": "close"})) as fake:
        assert raw(fake, b"GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n").count(b"HTTP/1.1 200") == 1


def test_a_body_that_comes_in_chunks_is_put_together(client):
    with HttpFake(sent=bodies) as fake:
        pieces = [b"a" * 70_000, b"b", b"\r\n0\r\n\r\n"]
        assert client.post(fake.url, data=iter(pieces)).ok
        assert fake.requests[0].headers["Transfer-Encoding"] == "chunked"
        assert fake.sent == [Sent(body=b"".join(pieces))]
        assert client.get(fake.url).ok


def test_chunks_may_have_extensions_and_trailers():
    with HttpFake() as fake:
        raw(
            fake,
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
            b'A;name="x"\r\n0123456789\r\n1\r\n!\r\n0\r\nTrailer: 1\r\n\r\n'
            b"GET /next HTTP/1.1\r\n\r\n",
        )
        assert [(request.path, request.body) for request in fake.requests] == [("/", b"0123456789!"), ("/next", b"")]


def test_a_client_that_asks_first_is_told_to_go_on():
    with (
        HttpFake(sent=bodies) as fake,
        socket.create_connection(("127.0.0.1", port(fake))) as client,
    ):
        client.sendall(b"POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert fake.requests == []
        client.sendall(b"abc")
        assert client.recv(100).startswith(b"HTTP/1.1 200 OK\r\n")
        assert fake.sent == [Sent(body=b"abc")]


def test_a_big_body_arrives_whole(client):
    big = os.urandom(20_000_000)
    with HttpFake(lambda request: Answer(200, request.body)) as fake:
        assert client.post(fake.url, data=big).content == big


def test_parts_of_a_form_are_told_apart(client):
    with HttpFake() as fake:
        picture = bytes(range(256)) + b"\r\n--boundary--\r\n"
        client.post(fake.url, data={"text": "Gr\u00fc\u00dfe"}, files={"photo": ("s\u00e9.jpg", picture, "image/jpeg")})
        assert fake.requests[0].parts() == {
            "text": Part("Gr\u00fc\u00dfe".encode()),
            "photo": Part(picture, "s\u00e9.jpg", "image/jpeg"),
        }


@given(st.binary(), st.binary())
def test_parts_hold_the_very_bytes_that_were_sent(one, two):
    files = {"one": ("1.bin", one, "application/octet-stream"), "two": ("2.bin", two, "image/jpeg")}
    prepared = requests.Request("POST", "http://127.0.0.1/", files=files).prepare()
    headers = HTTPMessage()
    headers["Content-Type"] = prepared.headers["Content-Type"]
    parts = Request("POST", "/", {}, headers, prepared.body).parts()
    assert {name: part.content for name, part in parts.items()} == {"one": one, "two": two}


def test_a_body_of_another_type_has_no_parts(client):
    with HttpFake() as fake:
        client.post(fake.url, json={"text": "x"})
        client.get(fake.url)
        assert [request.parts() for request in fake.requests] == [{}, {}]


def test_only_what_was_accepted_is_sent(client):
    answers = [Answer(200), Answer(404), Answer(302), Answer(500), Answer(204)]
    with HttpFake(lambda _: answers.pop(0), sent=bodies) as fake:
        for body in (b"1", b"2", b"3", b"4", b"5"):
            client.post(fake.url, data=body, allow_redirects=False)
        assert [request.body for request in fake.requests] == [b"1", b"2", b"3", b"4", b"5"]
        assert fake.sent == [Sent(body=b"1"), Sent(body=b"3"), Sent(body=b"5")]


def test_functions_are_never_called_twice_at_a_time():
    at_once, most = 0, 0

    def answer(request: Request) -> Answer:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        threading.Event().wait(0.001)  # lets another thread in, if one may
        at_once -= 1
        return Answer(200, request.body)

    def post(number: int) -> None:
        with direct() as session:
            for step in range(5):
                body = b"%d/%d" % (number, step)
                assert session.post(fake.url, data=body).content == body

    with HttpFake(answer, sent=bodies) as fake:
        joined(*[started(lambda number=number: post(number)) for number in range(8)])
        assert len({sent.body for sent in fake.sent}) == len(fake.sent) == 40
        assert [sent.body for sent in fake.sent] == [request.body for request in fake.requests]
    assert most == 1


def test_it_can_be_used_again_and_starts_without_a_failure(client):
    fake = HttpFake(sent=bodies)
    for body in (b"1", b"2"):
        with fake:
            assert client.post(fake.url, data=body).ok
    assert fake.sent == [Sent(body=b"1"), Sent(body=b"2")]


def test_a_service_of_ones_own_is_built_upon_it(client):
    class Counter(HttpFake):
        def __init__(self) -> None:
            super().__init__(self.count, sent=bodies)
            self.counted = 0

        def count(self, _request: Request) -> Answer:
            self.counted += 1
            return Answer.json(self.counted)

    with Counter() as fake:
        assert [client.post(fake.url).json() for _ in range(3)] == [1, 2, 3]
        assert len(fake.sent) == fake.counted == 3


def test_the_fixture_makes_as_many_as_a_test_needs(instantreact_http, client):
    one, two = instantreact_http(), instantreact_http(numbered, failures={})
    assert client.get(one.url).status_code == 200
    assert client.post(two.url, json={"number": 3}).json() == {"id": 3}
    assert two.failures == {}
