"""A server that strangers reach: it answers what it is for, and nothing makes it do more or fall silent."""

from __future__ import annotations

import logging
import random
import socket
import threading
from contextlib import ExitStack

import pytest
from deadline import joined, started, until

from instantreact_sdk import InstantReactError
from instantreact_sdk.runner import front_desk
from instantreact_sdk.runner.front_desk import LARGEST, NOT_FOUND, FrontDesk, Page, only


def talk(port: int, *pieces: bytes, half: bool = False) -> bytes:
    """What is answered to these bytes."""
    with socket.create_connection(("127.0.0.1", port), 20) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
            if half:
                connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))
        except ConnectionError:
            return b""


def ask(port: int, line: str, headers: str = "") -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer."""
    head, _, body = talk(port, f"{line}\r\nHost: x\r\n{headers}\r\n".encode()).partition(b"\r\n\r\n")
    first, *rest = head.decode().split("\r\n")
    return int(first.split()[1]), dict(header.split(": ", 1) for header in rest), body


@pytest.fixture
def visits():
    return []


@pytest.fixture
def desk(visits):
    def get(path: str) -> Page:
        return Page(b"hello") if path == "/here" else NOT_FOUND

    def post(path: str) -> Page:
        visits.append(path)
        return Page(b"done")

    with FrontDesk("127.0.0.1", 0, {"GET": get, "POST": post}, name="links") as found:
        yield found


def test_each_method_has_its_answers(desk, visits):
    assert ask(desk.port, "GET /here HTTP/1.1")[::2] == (200, b"hello")
    assert visits == []
    assert ask(desk.port, "POST /there HTTP/1.1", "Content-Length: 0\r\n")[::2] == (200, b"done")
    assert visits == ["/there"]


def test_a_query_is_no_part_of_the_path(desk):
    assert ask(desk.port, "GET /here?fbclid=1 HTTP/1.1")[0] == 200


def test_what_is_not_there_is_not_found(desk):
    assert ask(desk.port, "GET /elsewhere HTTP/1.1")[::2] == (404, b"There is no such page.\n")


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT", "get", "BREW"])
def test_another_method_is_refused_wherever_it_goes(desk, visits, method):
    for path in ("/here", "/elsewhere"):
        status, headers, body = ask(desk.port, f"{method} {path} HTTP/1.1")
        assert (status, headers["Allow"]) == (405, "GET, POST")
        assert bool(body) == (method != "HEAD")
    assert visits == []


@pytest.mark.parametrize(
    "line", ["GET /here HTTP/1.1", "GET /elsewhere HTTP/1.1", "PUT / HTTP/1.1", "GET / HTTP/9.9", "GET"]
)
def test_no_answer_is_kept_read_in_a_frame_or_names_the_server(desk, line):
    _, headers, body = ask(desk.port, line)
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Content-Length"] == str(len(body))
    assert "Server" not in headers
    assert b"python" not in body.lower()


def test_what_raises_is_logged_and_the_client_asked_to_come_again(caplog):
    def get(path: str) -> Page:
        raise InstantReactError("IR5003", url="sqlite:///a.db")

    with FrontDesk("127.0.0.1", 0, {"GET": get}, name="links") as desk, caplog.at_level(logging.WARNING):
        status, _, body = ask(desk.port, "GET /secret HTTP/1.1")
    assert status == 503
    assert b"sqlite" not in body
    (record,) = caplog.records
    assert (record.name, "IR5003" in record.message, "secret" in record.message) == ("instantreact.links", True, False)


def test_one_page_is_made_anew_each_time():
    count = iter(range(10))
    with FrontDesk("127.0.0.1", 0, only("/metrics", "text/x", lambda: b"%d" % next(count)), name="metrics") as desk:
        assert [ask(desk.port, "GET /metrics HTTP/1.1")[2] for _ in range(3)] == [b"0", b"1", b"2"]
        assert ask(desk.port, "GET /metrics HTTP/1.1")[1]["Content-Type"] == "text/x"
        assert ask(desk.port, "GET / HTTP/1.1")[0] == 404
        assert ask(desk.port, "POST /metrics HTTP/1.1")[0] == 405


def test_a_port_that_is_taken_is_an_error_that_says_so(desk):
    with pytest.raises(InstantReactError, match=f"port {desk.port}: Address already in use") as caught:
        FrontDesk("127.0.0.1", desk.port, {}, name="links")
    assert caught.value.code == "IR4021"


@pytest.mark.parametrize("host", ["203.0.113.1", "host.invalid", "a..b"])
def test_a_host_that_is_not_here_is_an_error(host):
    with pytest.raises(InstantReactError) as caught:
        FrontDesk(host, 0, {}, name="links")
    assert caught.value.code == "IR4021"


def test_it_listens_at_ipv6_too():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    with (
        FrontDesk("::1", 0, only("/", "text/plain", lambda: b"six"), name="links") as desk,
        socket.create_connection(("::1", desk.port), 20) as connection,
    ):
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert b"".join(iter(lambda: connection.recv(4096), b"")).endswith(b"six")


@pytest.mark.parametrize(
    "half", [b"POST /there HTTP/1.1\r\n", b"POST /there HTTP/1.1\r\nHost: x\r\nCont", b"POST /the", b""]
)
def test_half_a_request_is_none(desk, visits, half):
    assert talk(desk.port, half, half=True) == b""
    assert visits == []


def test_a_request_that_is_too_large_is_refused(desk, visits):
    many = b"".join(b"X-%d: %s\r\n" % (number, b"x" * 500) for number in range(90))
    for pieces in ((b"POST /", b"x" * LARGEST), (b"POST /there HTTP/1.1\r\n", many, b"\r\n")):
        assert talk(desk.port, *pieces).startswith(b"HTTP/1.0 431")
    assert visits == []


def test_a_body_that_is_never_asked_for_does_not_spoil_the_answer(desk):
    body = b"x" * (2 * LARGEST)
    head = b"POST /there HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body)
    assert talk(desk.port, head, body, half=True).endswith(b"done")


def test_who_sends_little_by_little_is_let_go(monkeypatch):
    monkeypatch.setattr(front_desk, "SECONDS", 0.2)
    with (
        FrontDesk("127.0.0.1", 0, only("/", "text/plain", lambda: b""), name="links") as desk,
        socket.create_connection(("127.0.0.1", desk.port), 20) as connection,
    ):
        connection.settimeout(0.02)
        tries = []

        def gone() -> bool:
            tries.append(1)
            try:
                connection.sendall(b"x")
                return connection.recv(1) == b""
            except TimeoutError:
                return False
            except ConnectionError:
                return True

        until(gone)
        assert len(tries) > 2


def test_many_connections_that_say_nothing_do_not_shut_others_out_for_long(monkeypatch):
    monkeypatch.setattr(front_desk, "SECONDS", 0.3)
    with (
        FrontDesk("127.0.0.1", 0, only("/", "text/plain", lambda: b"still here"), name="links") as desk,
        ExitStack() as held,
    ):
        for _ in range(50):
            held.enter_context(socket.create_connection(("127.0.0.1", desk.port), 20))
        until(lambda: talk(desk.port, b"GET / HTTP/1.0\r\n\r\n").endswith(b"still here"))


def test_its_threads_are_bounded():
    inside, go = [], threading.Event()

    def get(path: str) -> Page:
        inside.append(path)
        go.wait(20)
        return Page(b"")

    with FrontDesk("127.0.0.1", 0, {"GET": get}, name="links") as desk:
        answers: list[bytes] = []
        threads = [started(lambda: answers.append(talk(desk.port, b"GET / HTTP/1.0\r\n\r\n"))) for _ in range(60)]
        until(lambda: len(inside) == 32)
        until(lambda: answers.count(b"") == 28)
        go.set()
        joined(*threads)
    assert len(inside) == 32


def test_its_end_does_not_wait_for_who_is_being_served():
    inside, go = threading.Event(), threading.Event()

    def get(path: str) -> Page:
        inside.set()
        go.wait(20)
        return Page(b"")

    with FrontDesk("127.0.0.1", 0, {"GET": get}, name="links") as desk:
        client = started(lambda: talk(desk.port, b"GET / HTTP/1.0\r\n\r\n"))
        assert inside.wait(20)
    assert not go.is_set()
    go.set()
    joined(client)


def strange(chance: random.Random) -> bytes:
    """What no browser sends, or what a browser might, broken."""
    method = chance.choice([b"GET", b"POST", b"HEAD", b"PUT", b"\xff\xfe", b"", b"G T", b"POST\x00", b"PRI"])
    path = chance.choice(
        [b"/here", b"/", b"//", b"*", b"http://a/b", b"/%00", b"/../..", b"", chance.randbytes(20), b"/" + b"a" * 9000]
    )
    version = chance.choice(
        [b"HTTP/1.1", b"HTTP/1.0", b"HTTP/0.9", b"HTTP/2.0", b"HTTP/1.1.1", b"HTTP/x", b"", b"HTTP/" + b"9" * 50]
    )
    names = [
        b"Host",
        b"Content-Length",
        b"Transfer-Encoding",
        b"Connection",
        b"Expect",
        b"",
        b"\x00",
        b" folded",
        b"A:b",
        chance.randbytes(5),
    ]
    words = [
        b"x",
        b"-1",
        b"99999999999999999999",
        b"chunked",
        b"keep-alive",
        b"100-continue",
        b"\r",
        chance.randbytes(30),
        b"y" * 3000,
    ]
    end = chance.choice([b"\r\n", b"\n", b"\r"])
    headers = [chance.choice(names) + b": " + chance.choice(words) for _ in range(chance.choice([0, 1, 3, 120]))]
    whole = end.join(
        [method + b" " + path + b" " + version, *headers, b"", chance.randbytes(chance.choice([0, 10, 5000]))]
    )
    return chance.choice([whole, whole, whole[: chance.randrange(len(whole) + 1)], chance.randbytes(200)])


def test_nothing_strange_makes_it_fall_silent(desk, visits):
    chance = random.Random(5)
    before = threading.active_count()
    for _ in range(2000):
        answer = talk(desk.port, strange(chance), half=True)
        assert answer == b"" or answer.startswith(b"HTTP/1.0 ")
    assert ask(desk.port, "GET /here HTTP/1.1")[::2] == (200, b"hello")
    until(lambda: threading.active_count() <= before)
