"""A webhook that takes alerts as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from instantreact_sdk.errors import OutcomeUnknown
from instantreact_sdk.interfaces import Clock
from instantreact_sdk.testing.conformance.case import Failure, Sent
from instantreact_sdk.testing.fakes.http_fake import HTTP_FAILURES, HttpFake, Trouble
from instantreact_sdk.testing.fakes.request import Answer, Request

WEBHOOK_FAILURES: Mapping[str, tuple[Failure, Trouble]] = {
    **HTTP_FAILURES,
    "dropped": (Failure(OutcomeUnknown), "dropped"),
    "unanswered": (Failure(OutcomeUnknown), "unanswered"),
}
"""How a webhook can fail: as any HTTP service, and by losing its answer after it took the message."""


@dataclass(frozen=True, slots=True)
class Post:
    """One document that a webhook took.

    Attributes:
        time: When it arrived, in UTC, by the fake's clock.
        path: To which path, as it was sent.
        key: Its idempotency key; empty where it came without one.
        data: What it says.
    """

    time: datetime
    path: str
    key: str
    data: Any


def _of_alert(post: Post) -> Iterable[Sent]:
    if not isinstance(post.data, dict):
        return
    body = post.data.get("text", post.data.get("message", ""))
    yield Sent(str(post.data.get("recipient", "")), str(post.data.get("part", "text")), str(body), post.key)


class WebhookFake(HttpFake):
    """Stands for a webhook: takes what is posted to it as JSON, whatever the path, in the ``with`` block.

    It answers 200 with ``{"id": "1", "repeated": false}``, the id counted upwards from 1; 400 to what is no JSON, 405 to what is no POST.

    Args:
        deduplicates: Whether it knows a key that it has taken, as services with idempotency keys do: what comes with one again is answered like
            the first time, as ``repeated``, and not taken again.
        header: Of the key.
        sent: What a document told to whom. By default one part: its fields ``recipient``, ``part`` (where there is none, ``text``), and ``text``
            or else ``message``.
        failures: The ways in which it can fail; see `HttpFake`.
        clock: Says when documents arrive.
        port: Where it listens; 0 for a free port.

    Attributes:
        posts: What it took, in order of arrival; also what it took before it lost its answer.
        repeated: The keys with which something came again that it had taken, one entry for each time.

    Example:
        A sender that tries again loses nothing to a webhook that fails at a third of the attempts::

            with WebhookFake() as fake:
                fake.at_random({"busy": 0.1, "reset": 0.1, "dropped": 0.1}, seed=7)
                ...
                assert {post.key for post in fake.posts} == keys
    """

    def __init__(
        self,
        *,
        deduplicates: bool = False,
        header: str = "Idempotency-Key",
        sent: Callable[[Post], Iterable[Sent]] = _of_alert,
        failures: Mapping[str, tuple[Failure, Trouble]] = WEBHOOK_FAILURES,
        clock: Clock | None = None,
        port: int = 0,
    ) -> None:
        super().__init__(self._take, sent=self._told, failures=failures, clock=clock, port=port)
        self.posts: list[Post] = []
        self.repeated: list[str] = []
        self._deduplicates = deduplicates
        self._header = header
        self._sent_by = sent
        self._ids: dict[str, str] = {}
        self._new: Post | None = None

    def _take(self, request: Request) -> Answer:
        self._new = None
        if request.method != "POST":
            return Answer(405, headers={"Allow": "POST"})
        try:
            data = request.json()
        except ValueError:
            return Answer.json({"error": "this is no JSON"}, status=400)
        key = request.headers[self._header] or ""
        known = self._ids.get(key) if key else None
        if known:
            self.repeated.append(key)
            if self._deduplicates:
                return Answer.json({"id": known, "repeated": True})
        self._new = Post(self.clock.now(), request.path, key, data)
        self.posts.append(self._new)
        number = str(len(self.posts))
        self._ids.setdefault(key, number)
        return Answer.json({"id": number, "repeated": False})

    def _told(self, _request: Request) -> Iterable[Sent]:
        return self._sent_by(self._new) if self._new else ()
