"""What pipeline files can set. The sentence below each option is its documentation."""

from __future__ import annotations

from pathlib import Path

from instantreact_sdk import Options
from pydantic import Field


class FrozenSourceSourceOptions(Options):
    """Options of `frozen-source/source`."""

    path: Path
    """Folder with the pictures; a relative one starts at the pipeline file's folder."""

    fps: float = Field(1.0, gt=0, le=120)
    """Pictures a second."""
