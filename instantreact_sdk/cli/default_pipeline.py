"""The pipeline of ``analyze`` where the user gives none."""

from __future__ import annotations

import json
import re
from pathlib import PurePath

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces import redacted


def name_of(video: str) -> str:
    """A name for a video, after its file; for a camera, after its address without what may be secret."""
    stem = PurePath(redacted(video).partition("?")[0]).stem if "@" not in video else "camera"
    return re.sub(r"[^\w .-]", "_", stem).strip(" .")[:64] or "video"


def default_pipeline(video: str) -> str:
    """A pipeline file that finds whatever moves for a second, in every frame.

    Args:
        video: Address of the video; the source is named after it.

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
            "detectors": {"motion": {"use": "opencv/motion"}},
            "rules": {
                "something moves": {
                    "when": {"label": "motion", "for": "1s"},
                    "cooldown": "30s",
                    "notify": ["console"],
                }
            },
            "notifiers": {"console": {"use": "sdk/console"}},
        },
        indent=2,
    )
