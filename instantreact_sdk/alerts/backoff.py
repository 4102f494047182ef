"""How long to wait before trying again."""

from __future__ import annotations

from random import Random

FIRST = 2.0
"""Seconds before the second attempt."""
LONGEST = 300.0
"""Seconds between attempts, however many there were; a service that asks for more is waited for longer."""
_SHARE = 0.5  # of a pause is left to chance, so that those who failed together do not come back together


def pause(attempts: int, *, retry_after: float | None = None, random: Random) -> float:
    """Seconds until the next attempt: twice as long each time, and shortened by chance.

    Args:
        attempts: How many there were, at least one.
        retry_after: What the service asked for, in seconds; never undercut, and lengthened by chance.
        random: Where chance comes from.

    Example:
        >>> [pause(attempts, random=Random(0)) for attempts in (1, 2)]
        [1.15..., 2.31...]
    """
    longest = min(FIRST * 2.0 ** min(attempts - 1, 30), LONGEST)
    own = longest * (1 - _SHARE * random.random())
    if retry_after is None:
        return own
    return max(own, retry_after * (1 + _SHARE / 5 * random.random()))
