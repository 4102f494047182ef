"""Requests to a webhook that really listens."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import socket
from contextlib import contextmanager, suppress

from deadline import started
from instantreact_messenger.webhook import Webhook

SECRET = "5ecre7ofthisapp"
PAGE = "104000000000001"
ANNA = "7000000000000001"


def taken_by(reception):
    """Takes things in at once, without a desk's thread."""

    def take(things):
        for one in things:
            reception.receive(one)
        return True

    return take


@contextmanager
def listening(gate):
    webhook = Webhook(gate)
    thread = started(webhook.serve_forever)
    try:
        yield webhook
    finally:
        webhook.shutdown()
        thread.join(20)
        webhook.server_close()


def signed(body, secret=SECRET):
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def notice(clock, text="ok", mid="m_1", **more):
    message = {"mid": mid, "text": text}
    stamp = int(clock.now().timestamp() * 1000)
    item = {"sender": {"id": ANNA}, "recipient": {"id": PAGE}, "timestamp": stamp, "message": message, **more}
    return json.dumps({"object": "page", "entry": [{"id": PAGE, "time": stamp, "messaging": [item]}]}).encode()


def post(webhook, body, *, headers=None, path="/webhook"):
    connection = http.client.HTTPConnection("127.0.0.1", webhook.port, timeout=20)
    try:
        connection.request("POST", path, body, {"X-Hub-Signature-256": signed(body)} if headers is None else headers)
        return connection.getresponse().status
    finally:
        connection.close()


def raw(webhook, content, *, patience=20.0):
    """What a server answers to bytes; empty for a connection that it breaks."""
    with socket.create_connection(("127.0.0.1", webhook.port), timeout=patience) as connection:
        got = b""
        with suppress(ConnectionError):
            connection.sendall(content)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65_536):
                got += piece
        return got


def status_of(answer):
    return int(answer.split(b" ")[1]) if answer else None
