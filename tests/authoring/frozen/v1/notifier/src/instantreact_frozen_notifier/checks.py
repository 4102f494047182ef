"""How `instantreact-sdk plugins check frozen-notifier` can try each component: without hardware, keys or network."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

from instantreact_sdk.testing import Case, HttpFake, Request, Sent


def notifier(folder: Path) -> Iterator[Case]:
    """A webhook on this machine, which the checks let fail in every way; and an address that is none."""
    with HttpFake(sent=_sent) as fake:
        url = f"{fake.url}/hooks/some-secret-token"
        yield Case(
            options={"url": url, "timeout": 1},
            broken=[{"url": "no address"}],
            recipients=["anna", "ben"],
            fake=fake,
        )


def _sent(request: Request) -> Iterator[Sent]:
    """What an accepted request told to whom."""
    message = request.json()
    key = request.headers["Idempotency-Key"].removesuffix(f":{message['part']}")
    body = message["text"] if message["part"] == "text" else base64.b64decode(message["jpeg"])
    yield Sent(recipient=message["recipient"], part=message["part"], body=body, key=key)
