"""An alert in Apprise's terms."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

from apprise import AppriseAttachment
from apprise.attachment.file import AttachFile

from instantreact_sdk import Alert

TEXT = "text"
_KINDS = {"snapshot": ("snapshot.jpg", "image/jpeg"), "clip": ("clip.mp4", "video/mp4")}
_MEGABYTE = 1_000_000
_CUT = "..."  # not the one character for it, which makes an SMS of 160 characters one of 70


def heading(alert: Alert, form: str) -> str:
    """Its title, on one line.

    Args:
        alert: The alert.
        form: With places for its ``rule`` and its ``source``.
    """
    return " ".join(form.format(rule=alert.rule, source=alert.source).split())


def shortened(text: str, most: int) -> str:
    """A text in at most so many characters."""
    return text if len(text) <= most else text[: most - len(_CUT)] + _CUT


def files(alert: Alert, parts: Iterable[str], largest: float, log: logging.Logger) -> dict[str, AppriseAttachment]:
    """Its snapshot and its clip, by these names, as far as they can be sent; why one cannot is logged.

    Args:
        alert: The alert.
        parts: Which are wanted.
        largest: Megabytes.
        log: For what is left out.
    """
    paths = {"snapshot": alert.snapshot, "clip": alert.clip}
    found = {}
    for part in parts:
        path = paths[part]
        problem = _problem(path, largest) if path else ""
        if problem:
            log.warning("The %s of an alert is left out: it %s.", part, problem)
        elif path:
            name, media = _KINDS[part]
            found[part] = AppriseAttachment([AttachFile(str(path.absolute()), name=name, mimetype=media)])
    return found


def messages(parts: Iterable[str], *, whole: bool) -> Iterator[tuple[str, ...]]:
    """What to send, one message after the other.

    Args:
        parts: Those that are to be sent, the text first.
        whole: Whether the service takes the text and a file as one. It never gets two files at once, as most make two requests of that.
    """
    left = [*parts]
    if whole and left[:1] == [TEXT]:
        yield tuple(left[:2])
        left = left[2:]
    for part in left:
        yield (part,)


def _problem(path: Path, largest: float) -> str:
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2) / _MEGABYTE
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return f"has {size:.1f} MB, and `largest_attachment` is {largest:g}" if size > largest else ""
