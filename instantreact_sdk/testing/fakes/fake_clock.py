"""Time that a test moves."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from instantreact_sdk.interfaces import Clock


class FakeClock(Clock):
    """Stands still until it is moved; both kinds of time go together, unless the wall clock alone is set.

    Args:
        start: Wall-clock time, of any time zone; left out, the real one.
        speed: Seconds that pass by themselves in each real second, at least 0: 0 for none, 1 for a clock like any, 60 for a minute.

    Example:
        >>> clock = FakeClock(datetime(2026, 11, 20, 3, tzinfo=UTC))
        >>> clock.advance(24 * 3600)
        >>> clock.now().isoformat()
        '2026-11-21T03:00:00+00:00'
    """

    def __init__(self, start: datetime | None = None, speed: float = 0.0) -> None:
        self._zero = (start or datetime.now(UTC)).astimezone(UTC)
        self._speed = speed
        self._since = time.monotonic()
        self._advanced = 0.0

    def monotonic(self) -> float:
        """Seconds since it was made."""
        passed = self._speed * (time.monotonic() - self._since) if self._speed else 0.0
        return self._advanced + passed

    def now(self) -> datetime:
        """Wall-clock time in UTC."""
        return self._zero + timedelta(seconds=self.monotonic())

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass, at least 0.

        Raises:
            ValueError: They are fewer: `set` turns the wall clock back.
        """
        if seconds < 0:
            raise ValueError("No clock runs backwards: `set` turns the wall clock back.")
        self._advanced += seconds

    def set(self, moment: datetime) -> None:
        """Set the wall clock, forwards or backwards, as when somebody does so or a time server is found; `monotonic` goes on.

        Args:
            moment: In UTC, or of any other time zone.
        """
        self._zero = moment.astimezone(UTC) - timedelta(seconds=self.monotonic())
