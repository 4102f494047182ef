"""The environment of processes in which an author's code runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def environment(temporary: Path) -> dict[str, str]:
    """This process's own environment, with what it finds modules by.

    Libraries compute in one thread each, unless it says otherwise: tests run side by side, and threads that wait for each other
    take ten times as long. Without what makes coverage measure its children: its data file would be taken for the plugin's.

    Args:
        temporary: The folder for its temporary files.
    """
    return {
        "PYDANTIC_DISABLE_PLUGINS": "__all__",
        "OMP_NUM_THREADS": "1",
        **{name: value for name, value in os.environ.items() if not name.startswith("COV")},
        "TMPDIR": str(temporary),
        "PYTHONPATH": os.pathsep.join(str(Path(each).absolute()) for each in sys.path),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
