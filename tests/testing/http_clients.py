"""Clients of a fake web service."""

from __future__ import annotations

import http.client
import socket

import requests

from instantreact_sdk.testing.conformance.case import Sent
from instantreact_sdk.testing.fakes import Answer, HttpFake, Request


def direct() -> requests.Session:
    """A session that keeps its connections, and goes through no proxy."""
    session = requests.Session()
    session.trust_env = False
    return session


def port(fake: HttpFake) -> int:
    return int(fake.url.rsplit(":", 1)[1])


def connected(fake: HttpFake) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port(fake))


def raw(fake: HttpFake, text: bytes) -> bytes:
    """What a connection answers to these bytes, until it is closed."""
    with socket.create_connection(("127.0.0.1", port(fake))) as connection:
        connection.sendall(text)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def numbered(request: Request) -> Answer:
    return Answer.json({"id": request.json()["number"]}, status=201)


def bodies(request: Request) -> list[Sent]:
    return [Sent(body=request.body)]
