"""Alerts to be delivered, and the picture that goes with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from instantreact_sdk.types import Alert, Delivery, Event

_OPENED = datetime(2026, 1, 1, 22, 0, tzinfo=UTC)
_TRACE = {"condition": "label person", "result": True, "because": "a person was seen", "evidence": [], "children": []}


def alert(
    text: str = "Somebody is at the gate.",
    *,
    rule: str = "intruder",
    source: str = "lobby",
    time: float = 12.5,
    snapshot: Path | None = None,
) -> Alert:
    """An alert of a live camera, with one event, that lasted two seconds.

    Args:
        text: The message.
        rule: The rule that raised it.
        source: The source it is about.
        time: When the event ended and the alert is due, seconds since the source's ``open()``, which was on 1 January 2026 at 22:00 UTC.
        snapshot: A JPEG, as `snapshot` makes one; None for an alert without picture.
    """
    wall = _OPENED + timedelta(seconds=time)
    evidence = (f"{source}/people/1",)
    event = Event(rule, source, max(time - 2, 0.0), time, evidence, {**_TRACE, "evidence": [*evidence]}, wall)
    return Alert(event.id, rule, source, text, (event,), time, wall, snapshot)


def delivery(
    recipient: str = "", *, key: str = "delivery-1", attempt: int = 1, done: Mapping[str, str] | None = None
) -> Delivery:
    """An alert's way to one recipient.

    Args:
        recipient: In the notifier's own terms.
        key: Idempotency key.
        attempt: 1 for the first.
        done: Parts that an earlier attempt sent, with what the service called them.
    """
    return Delivery(key, recipient, attempt, dict(done or {}))


def snapshot(folder: Path) -> Path:
    """Writes ``snapshot.jpg`` into a folder: a baseline JPEG of 320 x 240, mid grey (128) all over.

    Args:
        folder: Where to; it has to be there.
    """
    path = folder / "snapshot.jpg"
    path.write_bytes(_jpeg(320, 240))
    return path


def _jpeg(width: int, height: int) -> bytes:
    """A grey JPEG (ITU T.81), its edges multiples of 8.

    A block of mid grey has the coefficient 0 everywhere. With Huffman tables that know one word each, a block takes two bits: 0 for "no
    difference to the block before", 0 for "nothing more in this block".
    """
    blocks = (width // 8) * (height // 8)
    one_word = bytes([1, *[0] * 15, 0])  # one code of one bit, none longer; it stands for 0
    bits = "00" * blocks
    bits += "1" * (-len(bits) % 8)
    return b"".join(
        (
            b"\xff\xd8",
            _segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
            _segment(0xDB, bytes([0, *[1] * 64])),
            _segment(0xC0, bytes([8, *height.to_bytes(2), *width.to_bytes(2), 1, 1, 0x11, 0])),
            _segment(0xC4, bytes([0x00, *one_word])),
            _segment(0xC4, bytes([0x10, *one_word])),
            _segment(0xDA, bytes([1, 1, 0x00, 0, 63, 0])),
            int(bits, 2).to_bytes(len(bits) // 8),
            b"\xff\xd9",
        )
    )


def _segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2) + content
