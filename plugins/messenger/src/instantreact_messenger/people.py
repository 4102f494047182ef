"""Who wrote to the Page, and when last: as long ago as the 24-hour window is open."""

from __future__ import annotations

from collections.abc import MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

WINDOW = timedelta(hours=24)
"""How long Meta takes messages after the person's last one."""

_PREFIX = "person/"
_MOST = 2_000  # anybody may write to a Page


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who wrote to the Page.

    Attributes:
        id: Page-scoped id, the address to write to.
        last: When they last opened the window, in UTC.
        name: As Meta says it; empty where it is not known.
    """

    id: str
    last: datetime
    name: str = ""

    @property
    def open_until(self) -> datetime:
        """When the window closes."""
        return self.last + WINDOW


class People:
    """Everybody who wrote to the Page, in the component's durable state.

    Args:
        state: The component's.
    """

    def __init__(self, state: MutableMapping[str, Any]) -> None:
        self._state = state

    def find(self, person: str) -> Person | None:
        """One of them, by id."""
        kept: Any = self._state.get(_PREFIX + person)
        with suppress(TypeError, KeyError, ValueError, OverflowError, OSError):
            return Person(person, datetime.fromtimestamp(kept["last"], UTC), str(kept["name"]))
        return None

    def all(self) -> list[Person]:
        """All of them, who wrote last first."""
        keys = [key.removeprefix(_PREFIX) for key in self._state if key.startswith(_PREFIX)]
        return sorted(filter(None, map(self.find, keys)), key=lambda person: person.last, reverse=True)

    def note(self, person: str, when: datetime, name: str = "") -> bool:
        """They did something that opens the window; an earlier time than is known changes nothing.

        Returns:
            Whether they were not known before.
        """
        before = self.find(person)
        if before is None:
            self._make_room()
        last = max(when, before.last) if before else when
        name = name or (before.name if before else "")
        if before is None or (last, name) != (before.last, before.name):
            self._state[_PREFIX + person] = {"last": last.timestamp(), "name": name}
        return before is None

    def _make_room(self) -> None:
        if sum(key.startswith(_PREFIX) for key in self._state) < _MOST:
            return
        for person in self.all()[_MOST - _MOST // 10 :]:
            with suppress(KeyError):
                del self._state[_PREFIX + person.id]
