"""Which failure of a fake meets which request."""

from __future__ import annotations

import random
import threading
from collections import deque
from collections.abc import Collection, Iterable, Mapping
from itertools import accumulate

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import listed

_ROUNDING = 1e-9


class Faults:
    """Failures for the requests to come: first those of a script, one for each request, then some at random.

    Every fake that fails request by request has the methods `script` and `at_random` and does with them what these do.

    Args:
        known: The names of the failures that there are; a view of a dictionary follows what is added to that.

    Raises:
        InstantReactError: IR2026, a name is not among them, or shares are none.

    Example:
        >>> faults = Faults(("busy", "dropped"))
        >>> faults.script("busy", "", "dropped")
        >>> [faults.draw() for _ in range(4)]
        ['busy', '', 'dropped', '']
    """

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._script: deque[str] = deque()
        self._shares: tuple[tuple[str, float], ...] = ()
        self._random = random.Random(0)  # noqa: S311  (chance that can be repeated)
        self._lock = threading.Lock()

    def script(self, *names: str) -> None:
        """Meet each of the next requests with one of these failures, in their order, after what was scripted before.

        Args:
            names: An empty one lets a request through.
        """
        self._check(name for name in names if name)
        with self._lock:
            self._script.extend(names)

    def at_random(self, shares: Mapping[str, float], *, seed: int = 0) -> None:
        """From now on let failures meet the requests that no script provides for, each with its probability.

        Args:
            shares: Probabilities by the names of the failures, from 0 to 1 and together at most 1; the rest is let through. None at all
                ends it.
            seed: The same one gives the same failures in the same order.
        """
        self._check(shares)
        bounds = (*accumulate(shares.values()),)
        if min(shares.values(), default=0) < 0 or max(bounds, default=0) > 1 + _ROUNDING:
            fix = "Give each a probability from 0 to 1, together at most 1."
            raise InstantReactError("IR2026", problem="the shares of its failures are no probabilities", fix=fix)
        with self._lock:
            self._shares = tuple(zip(shares, bounds, strict=True))
            self._random = random.Random(seed)  # noqa: S311  (as above)

    def draw(self) -> str:
        """The name of the failure that meets the next request; empty for none."""
        with self._lock:
            if self._script:
                return self._script.popleft()
            if not self._shares:
                return ""
            drawn = self._random.random()
            return next((name for name, bound in self._shares if drawn < bound), "")

    def _check(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self._known:
                known = listed(self._known, "and") or "no failure at all"
                raise InstantReactError("IR2026", problem=f"it has no failure {name!r}", fix=f"It knows {known}.")
