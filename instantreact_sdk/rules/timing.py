"""When two numbers count as the same, and how long a gap is forgiven."""

EPSILON = 1e-6
"""Far below the distance of two frames, above what seconds since 1970 lose as floats; scores get the same grace,
because a detector's 0.7 is a float32, which is a little less than 0.7."""

FORGIVEN = 1.0
"""Seconds for which something may be untrue and still counts as going on."""


def reached(value: float, wanted: float) -> bool:
    """Whether `value` is at least `wanted`, up to rounding."""
    return value >= wanted - EPSILON


def forgiven(gap: float) -> bool:
    """Whether a gap of so many seconds does not interrupt."""
    return gap <= FORGIVEN + EPSILON
