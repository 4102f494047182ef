"""The pipeline of ``analyze`` where the user gives none."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces import redacted


def name_of(video: str) -> str:
    """A name for a video, after its file; for a camera, after its address without what may be secret."""
    stem = PurePath(redacted(video).partition("?")[0]).stem if "@" not in video else "camera"
    return re.sub(r"[^\w .-]", "_", stem).strip(" .")[:64] or "video"


MOTION = ("opencv/motion",)


def default_pipeline(video: str, detectors: Sequence[str] = MOTION) -> str:
    """A pipeline file that looks at every frame, and has one rule: something is found for a second.

    Args:
        video: Address of the video; the source is named after it.
        detectors: What looks for something, as ``use`` of the pipeline file would name it.

    Raises:
        InstantReactError: IR3002, the name of the file cannot be written down.
    """
    try:
        video.encode()
    except UnicodeEncodeError:
        raise InstantReactError("IR3002", path=ascii(video), problem="its name is no UTF-8") from None
    # JSON is YAML, with no surprises in the quoting.
    return json.dumps(
        {
            "sources": {name_of(video): {"use": "opencv/video", "options": {"url": video}}},
            "detectors": {name: {"use": use} for name, use in _named(detectors)},
            "rules": {
                "something is found": {
                    "when": {"label": "*", "for": "1s"},
                    "cooldown": "30s",
                    "notify": ["console"],
                }
            },
            "notifiers": {"console": {"use": "sdk/console"}},
        },
        indent=2,
    )


def short_name(use: str) -> str:
    """``motion`` for ``opencv/motion``, ``Blob`` for ``./blob.py:Blob``."""
    return re.split("[/:]", use)[-1]


def _named(detectors: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each with a name of its own: ``Blob``, and ``Blob 2`` for another Blob."""
    seen: Counter[str] = Counter()
    for use in detectors:
        short = short_name(use)
        seen[short] += 1
        yield (short if seen[short] == 1 else f"{short} {seen[short]}"), use
