"""``instantreact-sdk plugins dev``."""

from __future__ import annotations

import json
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from instantreact_sdk.cli.terminal import styled, terminal
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.testing.dev.development import Development
from instantreact_sdk.testing.dev.findings import screen
from instantreact_sdk.testing.dev.server import Server
from instantreact_sdk.testing.dev.task import Task, only_target


def develop(
    use: str, *, video: str, options: str, fps: float, port: int, open_browser: bool, in_terminal: bool
) -> NoReturn:
    """Show a component at work, again after each save, until somebody interrupts it.

    Args:
        use: ``./blob.py:Blob``, or an installed component.
        video: What it is shown; empty for inputs that are made.
        options: A JSON object; empty for none.
        fps: Frames a second that are taken.
        port: Where the page is; 0 for a free port.
        open_browser: Whether to open the page.
        in_terminal: Whether to print what a page would show.

    Raises:
        InstantReactError: It cannot begin: nothing is called so, the options are no JSON object, the port is taken.
        KeyboardInterrupt: Somebody interrupted it.
    """
    task = Task(only_target(use, Path.cwd()), video, _read(options) if options else None, fps)
    out = terminal()
    with Development(task) as development:
        if in_terminal:
            out.print("Prints what it finds when all checks are done, at each save anew; Ctrl-C ends it.", style="dim")
            development.watch(lambda: _print(development))
        with Server(development.journal, development.picture, port) as server:
            out.print(styled(f"{use} at work: ", (server.url, "bold")))
            out.print("Looks again at each save; Ctrl-C ends it.", style="dim")
            if open_browser:
                webbrowser.open(server.url)
            development.watch()


def _print(development: Development) -> None:
    out = terminal()
    out.print()
    for text, style in screen(development.journal.facts()):
        out.print(text, style=style)


def _read(options: str) -> Mapping[str, Any]:
    try:
        found = json.loads(options)
    except ValueError as error:
        raise InstantReactError("IR2052", problem=f"not even JSON ({error})") from error
    if not isinstance(found, dict):
        raise InstantReactError("IR2052", problem=f"a JSON {type(found).__name__}")
    return found
