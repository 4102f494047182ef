"""Where the results of a command go."""

from __future__ import annotations

from pathlib import Path

import typer


def results_folder(text: str | Path) -> Path:
    """The value of ``--out``. An empty one would be the current folder, and is most likely a variable that nobody has set.

    Raises:
        typer.BadParameter: It is empty.
    """
    if not str(text).strip():
        raise typer.BadParameter("it is empty; name a folder, or `.` for this one")
    return Path(text)
