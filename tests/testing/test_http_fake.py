from __future__ import annotations

import errno
import gc
import http.client
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPMessage
from pathlib import Path

import pytest
import requests
from deadline import joined, started, until
from hypothesis import given
from hypothesis import strategies as st

from instantreact_sdk import InstantReactError, OutcomeUnknown, PermanentError, TransientError
from instantreact_sdk.testing import fixtures
from instantreact_sdk.testing.conformance.case import Failure, Sent
from instantreact_sdk.testing.fakes import HTTP_FAILURES, Answer, HttpFake, Part, Request

SOON = 0.2  # seconds after which a client that waits for nothing gives up

instantreact_http = fixtures.instantreact_http


@pytest.fixture
def client() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False  # no proxy
        yield session


def numbered(request: Request) -> Answer:
    return Answer.json({"id": request.json()["number"]}, status=201)


def bodies(request: Request) -> list[Sent]:
    return [Sent(body=request.body)]


def connected(fake: HttpFake) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", int(fake.url.rsplit(":", 1)[1]))


def raw(fake: HttpFake, text: bytes) -> bytes:
    """What a connection answers to these bytes, until it is closed."""
    with socket.create_connection(("127.0.0.1", int(fake.url.rsplit(":", 1)[1]))) as connection:
        connection.sendall(text)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def sockets() -> set[str]:
    links = [os.path.realpath(file) for file in Path("/proc/self/fd").iterdir()]
    return {link for link in links if "socket:" in link}


# What it takes, and what it answers


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
        socket.create_connection(("127.0.0.1", int(fake.url.rsplit(":", 1)[1]))) as client,
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
        with requests.Session() as session:
            session.trust_env = False
            for step in range(5):
                body = b"%d/%d" % (number, step)
                assert session.post(fake.url, data=body).content == body

    with HttpFake(answer, sent=bodies) as fake:
        joined(*[started(lambda number=number: post(number)) for number in range(8)])
        assert len({sent.body for sent in fake.sent}) == len(fake.sent) == 40
        assert [sent.body for sent in fake.sent] == [request.body for request in fake.requests]
    assert most == 1


# How it fails


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
            other.bind(("127.0.0.1", int(fake.url.rsplit(":", 1)[1])))
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
        idle = socket.create_connection(("127.0.0.1", int(fake.url.rsplit(":", 1)[1])))
        client.get(fake.url)
        for name in fake.failures:
            with fake.failing(name), suppress(requests.RequestException):
                client.get(fake.url, timeout=SOON)
        port = fake.url.rsplit(":", 1)[1]
    idle.close()
    client.close()
    gc.collect()  # what failed holds the client's sockets in circles
    assert set(threading.enumerate()) == threads
    assert sockets() == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(port)))
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
