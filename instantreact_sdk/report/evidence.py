"""Snapshots inside the page, as long as it stays small; clips beside it."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from urllib.parse import quote

_BUDGET = 8_000_000  # bytes of JPEG in one page; base64 makes a third more of them


class Snapshots:
    """The pictures of a run's events.

    Args:
        out: The run's folder; its ``snapshots/<event id>.jpg`` are looked for.
    """

    def __init__(self, out: Path) -> None:
        self._folder = out / "snapshots"
        self._left = _BUDGET

    def url(self, event: str) -> str:
        """Of an event's picture: a ``data:`` URL while the budget lasts, then a relative link; empty without a picture."""
        path = self._folder / f"{event}.jpg"
        if Path(event).name != event or not path.is_file():  # an id with a slash would lead out of the folder
            return ""
        size = path.stat().st_size
        if size > self._left:
            return quote(f"snapshots/{event}.jpg")
        self._left -= size
        return "data:image/jpeg;base64," + b64encode(path.read_bytes()).decode()


def clip_url(out: Path, event: str) -> str:
    """The relative link to an event's clip, ``clips/<event id>.mp4`` in a run's folder; empty without one."""
    path = out / "clips" / f"{event}.mp4"
    return quote(f"clips/{event}.mp4") if Path(event).name == event and path.is_file() else ""
