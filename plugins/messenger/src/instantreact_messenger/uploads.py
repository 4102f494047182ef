"""Pictures and clips that Meta has already."""

from __future__ import annotations

import hashlib
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

from instantreact_sdk import Clock, InstantReactError

_KEY = "attachments"
_KEPT = 89 * 86_400  # seconds; Meta keeps them for 90 days
_MOST = 200


class Uploads:
    """Remembers, by content, what Meta calls an uploaded file, so that several recipients and later attempts share one upload.

    What cannot be remembered, as the store fails, is uploaded again: no alert waits for it.

    Args:
        state: The component's.
        clock: Time.
    """

    def __init__(self, state: MutableMapping[str, Any], clock: Clock) -> None:
        self._state = state
        self._clock = clock

    def find(self, content: bytes) -> str:
        """Meta's ``attachment_id``; empty where there is none, or one that has expired."""
        name, until = self._all().get(_digest(content), ("", 0))
        return name if until > self._now() else ""

    def keep(self, content: bytes, attachment: str) -> None:
        """Remember it, and forget those that have expired, or are the oldest of too many."""
        now = self._now()
        found = {**self._all(), _digest(content): (attachment, now + _KEPT)}
        lasting = sorted((until, digest, name) for digest, (name, until) in found.items() if until > now)
        self._write({digest: (name, until) for until, digest, name in lasting[-_MOST:]})

    def forget(self, content: bytes) -> None:
        """Meta does not know it any more."""
        found = self._all()
        if found.pop(_digest(content), None):
            self._write(found)

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    def _all(self) -> dict[str, tuple[str, int]]:
        with suppress(InstantReactError, AttributeError, TypeError, ValueError):
            return {digest: (str(name), int(until)) for digest, (name, until) in self._state.get(_KEY, {}).items()}
        return {}

    def _write(self, found: dict[str, tuple[str, int]]) -> None:
        with suppress(InstantReactError):
            self._state[_KEY] = {digest: [*entry] for digest, entry in found.items()}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
