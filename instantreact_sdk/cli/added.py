"""The commands that plugins add."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import nearest


@cache
def known_commands() -> Mapping[str, str]:
    """Name and summary of every command of plugins that were probed, mostly from a file that holds just that.

    The file is written anew when something was installed, probed or blocked since; neither way probes or imports a plugin.
    """
    from instantreact_sdk.registry.home import home_folder

    home = home_folder()
    if not (home / "probes").is_dir():
        return {}
    file, state = home / "commands.json", _state(home)
    with suppress(OSError, RecursionError, ValueError, KeyError, TypeError):
        remembered = json.loads(file.read_text(encoding="utf-8"))
        if remembered["state"] == state:
            return dict(remembered["commands"])
    from instantreact_sdk.registry import discover

    commands = dict(discover(probe=False).commands)
    with suppress(OSError):
        file.write_text(json.dumps({"state": state, "commands": commands}), encoding="utf-8")
    return commands


def added_app(name: str, own: Collection[str]) -> Any:
    """The typer app of a plugin's command; plugins that are new are probed for it.

    Raises:
        InstantReactError: IR6004, nobody has such a command; IR2008, its app cannot be imported.
    """
    from instantreact_sdk.registry import discover

    registry = discover()
    if name in registry.commands:
        return registry.command(name)
    right = nearest(name, [*own, *registry.commands])
    fix = f"Did you mean `instantreact-sdk {right}`?" if right else "See `instantreact-sdk --help`."
    raise InstantReactError("IR6004", name=name, fix=fix)


def _state(home: Path) -> list[str]:
    """Changes with whatever could change the commands: packages, outcomes of probes, the block list."""
    folders = [Path(folder) for folder in sys.path if folder and Path(folder) != Path.cwd()]
    return [
        f"{path} {path.stat().st_mtime_ns}"
        for path in (*folders, home / "probes", home / "blocked.json")
        if path.exists()
    ]
