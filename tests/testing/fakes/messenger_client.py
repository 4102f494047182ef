"""A client of the fake Messenger Platform, written from the platform's documentation and not from any code here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from instantreact_sdk.testing.fakes import MessengerFake

ANNA, BEN = "7000000000000001", "7000000000000002"
VERSION = "v26.0"
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) + b"\xff\xd9"


class Client:
    """Sends as the Page of a fake, with the token in the header."""

    def __init__(self, fake: MessengerFake) -> None:
        self.fake = fake
        self.session = requests.Session()
        self.session.trust_env = False  # no proxy on the way
        self.session.headers["Authorization"] = f"Bearer {fake.page.token}"

    def post(self, path: str, version: str = VERSION, **request: Any) -> requests.Response:
        return self.session.post(f"{self.fake.url}/{version}/{path}", timeout=20, **request)

    def get(self, path: str, **parameters: Any) -> requests.Response:
        return self.session.get(f"{self.fake.url}/{VERSION}/{path}", params=parameters, timeout=20)

    def say(self, text: str = "Somebody is at the gate.", psid: str = ANNA, **fields: Any) -> requests.Response:
        return self.send({"text": text}, psid, **fields)

    def send(self, message: Any, psid: str = ANNA, **fields: Any) -> requests.Response:
        body = {"recipient": {"id": psid}, "messaging_type": "RESPONSE", "message": message} | fields
        return self.post("me/messages", json={name: value for name, value in body.items() if value is not None})

    def send_file(
        self, kind: str = "image", file: Any = ("a.jpg", JPEG, "image/jpeg"), **payload: Any
    ) -> requests.Response:
        message = {"attachment": {"type": kind, "payload": payload}}
        fields = {"recipient": json.dumps({"id": ANNA}), "messaging_type": "RESPONSE", "message": json.dumps(message)}
        return self.post("me/messages", data=fields, files={"filedata": file})

    def upload(self, kind: str = "image", file: Any = ("a.jpg", JPEG, "image/jpeg")) -> requests.Response:
        message = {"attachment": {"type": kind, "payload": {"is_reusable": True}}}
        return self.post("me/message_attachments", data={"message": json.dumps(message)}, files={"filedata": file})


@contextmanager
def platform(**options: Any) -> Iterator[tuple[MessengerFake, Client]]:
    """A fake, to whose Page Anna has just written, and a client."""
    with MessengerFake(**options) as fake:
        client = Client(fake)
        with client.session:
            fake.write(ANNA, "Hello")
            yield fake, client


def refusal(answer: requests.Response) -> tuple[int, str]:
    """Status, and code with subcode."""
    error = answer.json()["error"]
    assert error["message"]
    assert error["type"] in {"OAuthException", "GraphMethodException"}
    assert error["fbtrace_id"]
    return answer.status_code, "/".join(str(error[name]) for name in ("code", "error_subcode") if name in error)


def accepted(answer: requests.Response) -> str:
    """The id of a message that was taken."""
    assert answer.status_code == 200, answer.text
    return answer.json()["message_id"]
