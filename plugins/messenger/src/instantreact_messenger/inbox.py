"""Answers on their way from whoever hears them to the notifier, through the component's durable state."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from instantreact_sdk import Clock, Reply

_PREFIX = "reply/"
_KEPT = timedelta(hours=24)
_MOST = 1_000


class Inbox:
    """Holds what people answered until it is taken, in the order of time.

    The webhook runs in a process of its own, so each answer has a key of its own: neither side overwrites the other's.

    Args:
        state: The component's.
        clock: Time.
    """

    def __init__(self, state: MutableMapping[str, Any], clock: Clock) -> None:
        self._state = state
        self._clock = clock

    def answered(self, recipient: str, text: str, time: datetime, mid: str, to: str = "") -> None:
        """Somebody answered; it waits for `taken`, for a day at most.

        It may be called again with the same answer. What has waited for too long, or is the oldest of too many, makes room.

        Args:
            recipient: Their page-scoped id.
            text: What they wrote; ``ok`` for the button.
            time: When, in UTC.
            mid: Meta's id of the answer.
            to: Meta's id of the message that they answered to; empty where it does not say.
        """
        waiting = self._keys()
        oldest = _key(self._clock.now() - _KEPT)
        for number, key in enumerate(waiting):
            if number <= len(waiting) - _MOST or key < oldest:
                self._forget(key)
        name = hashlib.sha256(mid.encode(errors="replace")).hexdigest()[:24]
        key = f"{_key(time)}-{name}"
        self._state[key] = {"recipient": recipient, "text": text, "time": time.isoformat(), "to": to, "mid": mid}

    def taken(self) -> Iterator[Reply]:
        """All that wait, each forgotten when the next one is asked for; those of more than a day ago are forgotten at once."""
        for key in self._keys():
            reply = _reply(self._state.get(key))
            if reply and self._clock.now() - reply.time <= _KEPT:
                yield reply
            self._forget(key)

    def _forget(self, key: str) -> None:
        with suppress(KeyError):  # another process has taken it
            del self._state[key]

    def _keys(self) -> list[str]:
        return sorted(key for key in self._state if key.startswith(_PREFIX))


def _key(time: datetime) -> str:
    """Sorted like times."""
    return f"{_PREFIX}{int(time.timestamp() * 1000):015d}"


def _reply(kept: Any) -> Reply | None:
    try:
        when = datetime.fromisoformat(kept["time"]).astimezone(UTC)
        return Reply(kept["recipient"], kept["text"], when, kept["to"], {"mid": kept["mid"]})
    except (TypeError, KeyError, ValueError, OverflowError):
        return None
