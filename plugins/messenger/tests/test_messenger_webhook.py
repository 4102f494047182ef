"""The webhook under attack: what is forged, truncated, replayed or too large changes nothing."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import socket
import time
from contextlib import suppress
from http import HTTPStatus

import pytest
from deadline import started, until
from instantreact_messenger.desk import Desk
from instantreact_messenger.gate import LARGEST, Gate
from instantreact_messenger.reception import Reception
from webhook_requests import PAGE, SECRET, listening, notice, post, raw, signed, status_of, taken_by


def test_it_proves_itself_to_meta_by_the_token_that_it_prints(webhook, gate):
    for token, status, said in ((gate.verify_token, 200, b"1158201444"), ("another", 403, b""), ("", 403, b"")):
        connection = http.client.HTTPConnection("127.0.0.1", webhook.port, timeout=20)
        connection.request("GET", f"/webhook?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}")
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (status, said)
        assert answer.getheader("Content-Type") == "text/plain"
        connection.close()


def test_the_token_is_the_same_after_a_restart_and_another_for_another_app():
    made = [Gate(secret, "me", lambda things: True).verify_token for secret in (SECRET, SECRET, "other")]
    assert made[0] == made[1] != made[2]
    assert SECRET not in made[0]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token={token}",
        "hub.mode=subscribe&hub.verify_token={token}",
        "hub.mode=subscribe&hub.challenge=%3Cscript%3E&hub.verify_token={token}",
        "hub.mode=subscribe&hub.challenge=" + "1" * 300 + "&hub.verify_token={token}",
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=%F0%9F%94%A5",
        "&".join(["hub.mode=subscribe"] * 1000),
    ],
)
def test_other_questions_get_no_echo(gate, query):
    status, said = gate.challenge(query.format(token=gate.verify_token))
    assert status in (400, 403)
    assert said == b""


def test_what_meta_signed_is_taken_in_and_answered_by_200(webhook, clock, state):
    body = notice(clock)
    assert post(webhook, body) == 200
    assert {key.split("/")[0] for key in state} == {"person", "reply", "heard"}


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "sha256=",
        "sha256=" + "0" * 64,
        "sha1=" + "0" * 40,
        "SHA256={right}",
        "sha256={right}0",
        "sha256= {right}",
        "{right}",
        "sha256={upper}",
        "sha256=" + "\u0660" * 64,
        "sha256={other}",
        "sha256={old}",
    ],
)
def test_a_forged_signature_is_refused(gate, clock, state, signature):
    body = notice(clock)
    right = signed(body).removeprefix("sha256=")
    old = hmac.new(SECRET.encode(), body, hashlib.sha1).hexdigest()
    other = signed(body, "a guess").removeprefix("sha256=")
    given = signature and signature.format(right=right, upper=right.upper(), other=other, old=old)
    assert gate.notice(given, body) == HTTPStatus.FORBIDDEN
    assert gate.notice("sha256=" + right, body + b" ") == HTTPStatus.FORBIDDEN
    assert state == {}
    assert gate.notice("sha256=" + right, body) == HTTPStatus.OK


def test_the_signature_is_over_the_bytes_as_they_came(gate, clock, state):
    body = notice(clock, "caf\u00e9 /").replace(b"/", b"\\/")  # as Meta escapes them
    assert gate.notice(signed(body), json.dumps(json.loads(body)).encode()) == HTTPStatus.FORBIDDEN
    assert gate.notice(signed(body), body) == HTTPStatus.OK


def test_a_truncated_request_is_refused(webhook, clock, state):
    body = notice(clock)
    head = f"POST /webhook HTTP/1.1\r\nHost: a\r\nX-Hub-Signature-256: {signed(body)}\r\nContent-Length: {len(body)}\r\n\r\n"
    for cut in (1, len(body) // 2, len(body)):
        assert status_of(raw(webhook, head.encode() + body[:-cut])) == 400
    assert status_of(raw(webhook, head.encode()[:-2])) in (400, None)
    assert state == {}


def test_a_replayed_request_changes_nothing_today_or_later(gate, clock, state):
    body = notice(clock)
    assert gate.notice(signed(body), body) == HTTPStatus.OK
    after = json.dumps(state)
    for hours in (0, 1, 22, 2, 24 * 400):
        clock.advance(hours * 3600)
        assert gate.notice(signed(body), body) == HTTPStatus.OK  # else Meta would tell it for ever
        assert json.dumps(state) == after


def test_a_replay_after_its_id_was_forgotten_is_too_old(state, clock, monkeypatch):
    monkeypatch.setattr("instantreact_messenger.reception._SWEEP", 1)
    gate = Gate(SECRET, PAGE, taken_by(Reception(state, clock)))
    old = notice(clock, mid="m_old")
    gate.notice(signed(old), old)
    clock.advance(25 * 3600)
    fresh = notice(clock, mid="m_fresh")
    gate.notice(signed(fresh), fresh)
    assert len([key for key in state if key.startswith("heard/")]) == 1
    after = json.dumps(state)
    gate.notice(signed(old), old)
    assert json.dumps(state) == after


def test_an_oversized_request_is_refused_by_its_head(webhook, state, gate):
    for length in (LARGEST + 1, 10**12, "1" + "0" * 5000):
        head = f"POST /webhook HTTP/1.1\r\nContent-Length: {length}\r\n\r\n".encode()
        assert status_of(raw(webhook, head)) == 413
    assert gate.notice(signed(b" " * (LARGEST + 1)), b" " * (LARGEST + 1)) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert state == {}


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("POST /webhook HTTP/1.1", 411),
        ("POST /webhook HTTP/1.1\r\nContent-Length: -1", 400),
        ("POST /webhook HTTP/1.1\r\nContent-Length: 1e3", 400),
        ("POST /webhook HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4", 400),
        ("POST /webhook HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked", 411),
        ("POST /elsewhere HTTP/1.1\r\nContent-Length: 0", 404),
        ("GET / HTTP/1.1", 404),
        ("GET /webhook/../webhook HTTP/1.1", 404),
        ("PUT /webhook HTTP/1.1\r\nContent-Length: 0", 501),
        ("DELETE /webhook HTTP/1.1", 501),
        ("POST /webhook HTTP/9.9\r\nContent-Length: 0", 505),
        ("POST", 400),
        ("POST /webhook HTTP/1.1\r\n" + "\r\n".join(f"X-{number}: a" for number in range(200)), 431),
        ("GET /" + "a" * 70_000 + " HTTP/1.1", 414),
    ],
)
def test_what_is_no_notice_gets_a_status_and_no_word(webhook, state, head, status):
    answer = raw(webhook, head.encode() + b"\r\n\r\n")
    assert status_of(answer) == status
    assert answer.partition(b"\r\n\r\n")[2] == b""
    assert state == {}


def test_a_client_that_sends_slowly_is_cut_off(webhook, monkeypatch, gate, clock):
    monkeypatch.setattr("instantreact_messenger.webhook.SECONDS", 0.5)
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", webhook.port), timeout=20) as connection:
        connection.sendall(b"POST /webhook HTTP/1.1\r\nContent-Length: 100\r\n\r\n")
        with suppress(ConnectionError):
            while time.monotonic() - began < 15:
                connection.sendall(b" ")
                connection.settimeout(0.05)
                with suppress(TimeoutError):
                    assert status_of(connection.recv(1000)) == 408
                    break
    assert 0.4 < time.monotonic() - began < 15
    body = notice(clock)
    assert post(webhook, body) == 200


def test_those_who_only_connect_do_not_keep_meta_out_for_long(webhook, monkeypatch, clock):
    monkeypatch.setattr("instantreact_messenger.webhook.SECONDS", 0.5)
    idle = [socket.create_connection(("127.0.0.1", webhook.port), timeout=20) for _ in range(100)]
    body = notice(clock)

    def taken():
        with suppress(OSError, http.client.HTTPException):
            return post(webhook, body) == 200
        return False

    until(taken)
    for connection in idle:
        connection.close()


def test_it_answers_in_time_where_the_store_does_not_and_loses_nothing(clock):
    slow, taken = [], []

    def receive(heard):
        time.sleep(slow.pop() if slow else 0)
        taken.append(heard.mid)

    with Desk(receive, patience=0.2) as desk, listening(Gate(SECRET, PAGE, desk.take)) as webhook:
        slow.append(1.0)
        body = notice(clock, mid="m_slow")
        began = time.monotonic()
        assert post(webhook, body) == 503  # Meta tells it again
        assert time.monotonic() - began < 5
        until(lambda: taken == ["m_slow"])
        assert post(webhook, notice(clock, mid="m_2")) == 200


def test_a_store_that_fails_is_told_again_and_the_log_does_not_quote_anybody(clock, caplog):
    def receive(heard):
        raise OSError(f"cannot write {heard.text}")

    with Desk(receive) as desk:
        gate = Gate(SECRET, PAGE, desk.take)
        body = notice(clock, "private words")
        assert gate.notice(signed(body), body) == HTTPStatus.SERVICE_UNAVAILABLE
    assert "could not be kept" in caplog.text
    assert "private words" not in caplog.text


def test_many_connections_at_once_take_in_each_thing_once(clock, state):
    reception = Reception(state, clock)
    bodies = [notice(clock, mid=f"m_{number % 20}") for number in range(60)]
    with Desk(reception.receive, patience=20) as desk, listening(Gate(SECRET, PAGE, desk.take)) as webhook:
        statuses = []
        threads = [started(lambda body=body: statuses.append(_patient(webhook, body))) for body in bodies]
        for thread in threads:
            thread.join(20)
    assert statuses == [200] * 60
    assert sum(key.startswith("reply/") for key in state) == 20


def _patient(webhook, body):
    """There is room for 32 at a time; the others come again, as Meta would."""
    for _ in range(200):
        with suppress(OSError, http.client.HTTPException):
            return post(webhook, body)
        time.sleep(0.02)
    return None
