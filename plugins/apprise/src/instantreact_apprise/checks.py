"""What the notifier is checked with: a webhook on this machine, over Apprise's `json://`."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from instantreact_sdk.testing import Case, HttpFake, Request, Sent


def notifier(folder: Path) -> Iterator[Case]:  # noqa: ARG001  (it needs no files)
    """A webhook that fails in every way; and URLs that Apprise cannot use."""
    with HttpFake(sent=_sent) as fake:
        host = fake.url.partition("://")[2]
        yield Case(
            options={
                "url": f"json://{host}/hooks/some-secret-token/{{recipient}}?+Idempotency-Key={{key}}",
                "timeout": 1,
            },
            broken=[{"url": "json://"}, {"url": "tgram://no-token"}, {"url": "https://127.0.0.1/hooks"}],
            recipients=["anna", "ben"],
            fake=fake,
        )


def _sent(request: Request) -> Iterator[Sent]:
    """What an accepted request told to whom."""
    message = request.json()
    recipient = unquote(request.path.rpartition("/")[2])
    key = request.headers["Idempotency-Key"].rpartition(":")[0]
    if message["message"]:
        yield Sent(recipient=recipient, body=message["message"], key=key)
    for file in message["attachments"]:
        part = file["filename"].partition(".")[0]
        yield Sent(recipient=recipient, part=part, body=base64.b64decode(file["base64"]), key=key)
