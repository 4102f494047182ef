"""Installing and uninstalling, with uv where it is there and with pip where not."""

from __future__ import annotations

import importlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.registry import GROUP, Record, discover
from instantreact_sdk.registry.scan import scan
from instantreact_sdk.registry.signature import signature

_SDK = "instantreact-sdk"


def install(requirement: str, *, editable: bool) -> list[Record]:
    """Install a requirement into the environment of this interpreter.

    Args:
        requirement: As pip takes it.
        editable: Whether it is a folder whose edits shall count.

    Returns:
        The records of plugins that are new or changed; of all that it brings already where nothing changed.

    Raises:
        InstantReactError: IR2017, the installer failed; IR2020, no plugin came of it; IR2024, there is no installer.
    """
    before = _signatures()
    _run("install", *(["--editable"] if editable else []), requirement)
    after = _signatures()
    changed = {key for key in after if after[key] != before.get(key)}
    named = {key for key in after if requirement in key}
    if not (changed or named):
        raise InstantReactError("IR2020", requirement=requirement, group=GROUP)
    return [record for record in discover().records if (record.plugin, record.distribution) in changed | named]


def uninstall(distribution: str) -> None:
    """Remove a distribution from the environment of this interpreter.

    Raises:
        InstantReactError: IR2017, the installer failed; IR2018, it is the SDK; IR2023, it is somewhere else; IR2024, there
            is no installer.
    """
    if distribution == _SDK:
        raise InstantReactError("IR2018", name=distribution)
    _run("uninstall", distribution)
    importlib.invalidate_caches()
    for entry in scan():
        if entry.distribution == distribution:
            raise InstantReactError("IR2023", name=distribution, folder=entry.source.locate_file(""))


def _signatures() -> dict[tuple[str, str], str]:
    importlib.invalidate_caches()
    return {(entry.plugin, entry.distribution): signature(entry) for entry in scan()}


def _run(action: str, *arguments: str) -> None:
    """Run the installer; what it says goes to stderr, since stdout belongs to results."""
    beside = str(Path(sys.executable).parent)  # an environment that is not activated has its uv there
    if uv := shutil.which("uv", path=os.pathsep.join([beside, os.environ.get("PATH", os.defpath)])):
        command = [uv, "pip", action, "--python", sys.executable, *arguments]
    elif importlib.util.find_spec("pip"):
        command = [sys.executable, "-m", "pip", action, *(["--yes"] if action == "uninstall" else []), *arguments]
    else:
        raise InstantReactError("IR2024", python=sys.executable)
    code = subprocess.run(command, stdout=2, check=False).returncode  # noqa: S603  (the user asked for it)
    if code:
        raise InstantReactError("IR2017", command=f"`{shlex.join(command)}`", code=code)
