"""Plugins made for tests."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

from instantreact_sdk.registry import KINDS, ComponentKind

COMBINATIONS: list[tuple[ComponentKind, ...]] = [
    kinds for count in range(1, len(KINDS) + 1) for kinds in itertools.combinations(KINDS, count)
]
"""All 31 of them."""


def run(folder: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A Python module, run in a plugin's folder as if the plugin were installed."""
    environment = os.environ | {"PYTHONPATH": str(folder / "src")} | variables
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def install(folder: Path) -> None:
    """Tell of the plugin as an installer would, so that it is found where ``src`` is on the path."""
    package = next((folder / "src").iterdir()).name
    name = package.removeprefix("instantreact_").replace("_", "-")
    about = folder / "src" / f"{package}-0.1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.4\nName: instantreact-{name}\nVersion: 0.1.0\n")
    (about / "entry_points.txt").write_text(f"[instantreact_sdk.v1]\n{name} = {package}.hooks\n")
