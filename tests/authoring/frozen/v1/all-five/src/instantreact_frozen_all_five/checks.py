"""How `instantreact-sdk plugins check frozen-all-five` can try each component: without hardware, keys or network."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from instantreact_sdk.testing import Case, HttpFake, Request, Sent, media
from PIL import Image

from instantreact_frozen_all_five.captioner import FrozenAllFiveCaptioner
from instantreact_frozen_all_five.recognizer import FrozenAllFiveRecognizer


def source(folder: Path) -> Iterator[Case]:
    """Twelve pictures; and folders that are empty, or not there."""
    pictures, empty = folder / "pictures", folder / "empty"
    pictures.mkdir()
    empty.mkdir()
    for frame in media.moving_square(12):
        Image.fromarray(np.array(frame.image)).save(pictures / f"{frame.index}.png")
    yield Case(
        options={"path": str(pictures), "fps": 10},
        broken=[{"path": str(empty)}, {"path": str(folder / "missing")}],
    )


def detector(folder: Path) -> Iterator[Case]:
    """A red square that moves."""
    yield Case(options={"colour": "red"}, inputs=media.moving_square())


def captioner(folder: Path) -> Iterator[Case]:
    """A clip in which something moves, and one in which nothing does."""
    length = FrozenAllFiveCaptioner.clip_length
    yield Case(inputs=[media.moving_clip(length), media.still_clip(length)])


def recognizer(folder: Path) -> Iterator[Case]:
    """A second of the tone."""
    rate = FrozenAllFiveRecognizer.sample_rate
    yield Case(options={"hz": 1000}, inputs=[media.tone(1000, 1.0, rate)])


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
