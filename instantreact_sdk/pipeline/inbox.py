"""The queue in front of a worker."""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Inbox(Generic[Item]):
    """A bounded queue with one line for each source, so that no source makes another one wait.

    A file's line is lossless: `put` waits for room. A live source's line drops its oldest item instead, and counts it.

    Args:
        room: Items that wait in one line at the most.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._lines: dict[str, deque[Item]] = {}
        self._turn: deque[str] = deque()  # sources whose line is not empty, the one served next first
        self._changed = threading.Condition()
        self._closed = False
        self.dropped: dict[str, int] = {}
        """Items lost, by source."""

    def put(self, source: str, item: Item, *, lossless: bool) -> None:
        """Add an item to a source's line. Once the inbox is closed, does nothing."""
        with self._changed:
            line = self._lines.setdefault(source, deque())
            if len(line) >= self._room:
                if lossless:
                    self._changed.wait_for(lambda: self._closed or len(line) < self._room)
                else:
                    line.popleft()
                    self.dropped[source] = self.dropped.get(source, 0) + 1
            if not self._closed:
                self._append(source, item)

    def put_last(self, source: str, item: Item) -> None:
        """Add the item that ends a source's line. There is always room for it, so that whoever brings it need not wait."""
        with self._changed:
            if not self._closed:
                self._append(source, item)

    def take(self) -> tuple[str, Item] | None:
        """The next item and its source, in turn; waits for one. None once the inbox is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._turn)
            return None if self._closed else self._pop()

    def take_now(self) -> tuple[str, Item] | None:
        """The next item if there is one."""
        with self._changed:
            return None if self._closed or not self._turn else self._pop()

    def close(self) -> None:
        """Let everybody who waits go on; drop what is left."""
        with self._changed:
            self._closed = True
            self._lines.clear()
            self._turn.clear()
            self._changed.notify_all()

    def _append(self, source: str, item: Item) -> None:
        line = self._lines.setdefault(source, deque())
        if source not in self._turn:
            self._turn.append(source)
        line.append(item)
        self._changed.notify_all()

    def _pop(self) -> tuple[str, Item]:
        source = self._turn.popleft()
        line = self._lines[source]
        item = line.popleft()
        if line:
            self._turn.append(source)
        self._changed.notify_all()
        return source, item
