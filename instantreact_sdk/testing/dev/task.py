"""What the processes that do the work are told, in words that another process understands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import listed
from instantreact_sdk.testing.conformance.target import Target, targets


@dataclass(frozen=True, slots=True)
class Task:
    """One component, and what it is shown.

    Attributes:
        target: The component.
        video: A file, a folder or an address that an installed source reads; empty for inputs that are made.
        options: As in a pipeline file; None for the component's defaults, or its case's where it has none.
        fps: Frames a second that are taken, as ``sample_fps`` of a pipeline file.
    """

    target: Target
    video: str = ""
    options: Mapping[str, Any] | None = None
    fps: float = 5.0

    def to_json(self) -> str:
        """As JSON; `from_json` reads it."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Task:
        """The reverse of `to_json`."""
        facts = json.loads(text)
        return cls(**{**facts, "target": Target(**facts["target"])})


def only_target(use: str, base: Path) -> Target:
    """The one component that somebody means.

    Args:
        use: ``./blob.py:Blob``, ``plugin/name``, or a plugin that offers a single component.
        base: The folder that local files are relative to.

    Raises:
        InstantReactError: As `targets`; IR2050, it stands for several.
    """
    found = list(targets(use, base))
    if len(found) > 1:
        names = listed([f"{each.kind} {each.use}" for each in found], "and")
        raise InstantReactError("IR2050", use=use, names=names)
    return found[0]
