"""A webhook that takes what the platform tells, and checks it from the documentation."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from instantreact_sdk.testing.fakes import Answer, HttpFake, Request

VERIFY_TOKEN = "between us"


class Hook(HttpFake):
    """Echoes challenges, and takes what is signed by the app's secret; a message once.

    Args:
        secret: Of the app.
        answer: Of what is well signed.
    """

    def __init__(self, secret: str, answer: Callable[[Request], Answer] = lambda _: Answer()) -> None:
        super().__init__(self._receive)
        self._secret = secret
        self._reply = answer
        self.told: list[dict] = []
        """The events, each with the Page of its entry."""

    def _receive(self, request: Request) -> Answer:
        if request.method == "GET":
            if request.query.get("hub.verify_token") != VERIFY_TOKEN or request.query.get("hub.mode") != "subscribe":
                return Answer(403)
            return Answer(200, request.query["hub.challenge"].encode())
        right = "sha256=" + hmac.new(self._secret.encode(), request.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(right, request.headers["X-Hub-Signature-256"] or ""):
            return Answer(403)
        answer = self._reply(request)
        if answer.status == 200:
            self.told += [
                {"page": entry["id"], **event} for entry in request.json()["entry"] for event in entry["messaging"]
            ]
        return answer
