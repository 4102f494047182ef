"""Who is being called right now, where another process can read it after this one has died."""

from __future__ import annotations

import json
import mmap
import os
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

CALLS = (
    "__init__",
    "open",
    "close",
    "info",
    "labels",
    "frames",
    "sound",
    "detect",
    "caption",
    "recognize",
    "notify",
    "update",
    "import",
    "hook",
    "replies",
)
"""The calls into components that are guarded."""

_SLOT = struct.Struct("<ddQHH4x")  # started, limit, thread, component, call
_BEAT = struct.Struct("<d")
_FLAG = 8  # offset of the byte that says that all went well
_HEAD = 16
_SLOTS = 4096  # one a thread: a few hundred cameras
_NAMES = 64 * 1024
_NAMES_AT = _HEAD + _SLOTS * _SLOT.size
_SIZE = _NAMES_AT + _NAMES


@dataclass(frozen=True, slots=True)
class Call:
    """A call into a component that has not returned.

    Attributes:
        component: The component's name in the configuration.
        plugin: Its plugin, with version.
        call: The method.
        started: When, on the machine's monotonic clock, in seconds.
        limit: Seconds that it may take.
        thread: Identifier of the thread in it.
    """

    component: str
    plugin: str
    call: str
    started: float
    limit: float
    thread: int


class Board:
    """A small file in shared memory: a heartbeat, and one slot for each thread that calls components.

    Entering and leaving a call costs about a microsecond. The machine's monotonic clock is the same in all of its
    processes, so that a supervisor can compare the times with its own.

    Args:
        path: The file; it is made where it does not exist.
    """

    def __init__(self, path: Path) -> None:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if os.fstat(handle).st_size < _SIZE:
                os.ftruncate(handle, _SIZE)
            self._map = mmap.mmap(handle, _SIZE)
        finally:
            os.close(handle)
        self._names: list[tuple[str, str]] = []
        self._free = list(range(_SLOTS - 1, -1, -1))
        self._lock = threading.Lock()

    def beat(self) -> None:
        """Tell that this process still runs Python code."""
        _BEAT.pack_into(self._map, 0, time.monotonic())

    @property
    def last_beat(self) -> float:
        """When it last did, on the monotonic clock; 0 before the first time."""
        return float(_BEAT.unpack_from(self._map, 0)[0])

    def finish(self) -> None:
        """Tell that this process ends in good order, whatever its exit code."""
        self._map[_FLAG] = 1

    @property
    def finished(self) -> bool:
        """Whether it told so."""
        return self._map[_FLAG] == 1

    def slot(self) -> int:
        """A slot for a thread of this process."""
        with self._lock:
            return self._free.pop()

    def give_back(self, slot: int) -> None:
        """The thread of that slot has ended."""
        self.leave(slot)
        with self._lock:
            self._free.append(slot)

    def register(self, component: str, plugin: str) -> int:
        """A number for a component."""
        with self._lock:
            if (component, plugin) not in self._names:
                self._names.append((component, plugin))
                text = json.dumps(self._names).encode()
                if len(text) < _NAMES:
                    self._map[_NAMES_AT : _NAMES_AT + len(text) + 1] = text + b"\0"
            return self._names.index((component, plugin))

    def enter(self, slot: int, component: int, call: int, limit: float) -> None:
        """The thread of that slot begins a call."""
        now, thread = time.monotonic(), threading.get_ident()
        with suppress(TypeError):  # as in `leave`
            _SLOT.pack_into(self._map, _HEAD + slot * _SLOT.size, now, limit, thread, component, call)

    def leave(self, slot: int) -> None:
        """The thread of that slot is back; perhaps from a call so long that the run is over and nobody reads any more."""
        with suppress(TypeError):  # what a closed map is answered with
            _BEAT.pack_into(self._map, _HEAD + slot * _SLOT.size, 0.0)

    def calls(self) -> list[Call]:
        """All calls that have not returned, the oldest first."""
        raw = bytes(self._map[_NAMES_AT:])
        names = json.loads(raw[: raw.index(b"\0")] or b"[]")
        found = []
        for slot in range(_SLOTS):
            started, limit, thread, component, call = _SLOT.unpack_from(self._map, _HEAD + slot * _SLOT.size)
            if started and component < len(names):
                name, plugin = names[component]
                found.append(Call(name, plugin, CALLS[call], started, limit, thread))
        return sorted(found, key=lambda each: each.started)

    def close(self) -> None:
        """Free the memory."""
        self._map.close()
