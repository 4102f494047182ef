"""What Meta tells of its limits, in headers beside every answer."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

_PERCENTS = ("X-App-Usage", "X-Page-Usage", "X-Business-Use-Case-Usage")
_FULL = 100
_LONGEST = 86_400.0
PAUSE = 60.0
"""Seconds to wait where a limit is reached and Meta does not say for how long."""


def regained_in(headers: Mapping[str, str]) -> float | None:
    """Seconds until Meta takes calls again, by ``estimated_time_to_regain_access`` (in minutes) of ``X-Business-Use-Case-Usage``, or by
    ``Retry-After`` (RFC 9110, section 10.2.3); None where it does not say.
    """
    minutes = [_percent(usage.get("estimated_time_to_regain_access")) for usage in _usages(headers)]
    longest = max(minutes, default=0.0) * 60
    return min(longest, _LONGEST) if longest > 0 else _retry_after(headers.get("Retry-After", ""))


def used(headers: Mapping[str, str]) -> float:
    """How much of what is allowed was used, in percent, of whatever is nearest to its limit; 0 where Meta does not say."""
    names = ("call_count", "total_cputime", "total_time")
    return max((_percent(usage.get(name)) for usage in _usages(headers) for name in names), default=0.0)


def pause_after(headers: Mapping[str, str]) -> float | None:
    """Seconds for which to call Meta no more, as its answer to a call that it did says that the limit is reached; None where it is not."""
    minutes = [_percent(usage.get("estimated_time_to_regain_access")) for usage in _usages(headers)]
    if max(minutes, default=0.0) > 0:
        return regained_in(headers)
    return PAUSE if used(headers) >= _FULL else None


def _usages(headers: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """All objects in those headers that hold figures; what is malformed is as if it were not there."""
    for name in _PERCENTS:
        try:
            found = json.loads(headers.get(name, "null"))
        except (ValueError, RecursionError):
            continue
        if not isinstance(found, dict):
            continue
        yield found
        for entries in found.values():
            if isinstance(entries, list):
                yield from (entry for entry in entries if isinstance(entry, dict))


def _percent(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0.0
    return max(float(value), 0.0)


def _retry_after(value: str) -> float | None:
    if value.isascii() and value.isdecimal():
        return min(float(value), _LONGEST)
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return min(max((when - datetime.now(UTC)).total_seconds(), 0.0), _LONGEST)
