"""The command line, ``instantreact-sdk``."""

from __future__ import annotations

import io
import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main() -> None:
    """The program: does what the arguments say and ends the process.

    Exit codes: 0 done, 1 the work failed, 2 the caller's mistake, 130 interrupted.
    """
    from instantreact_sdk.cli.ending import ending

    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without ticks and lines gets question marks, not an error
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends it so wants nothing left behind either
    # Pydantic asks every distribution for plugins of its own, so that one with broken metadata would end each command.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    arguments, debug = _without_debug(sys.argv[1:])
    with ending(debug=debug) as outcome:
        from instantreact_sdk.cli.root import root

        left = root().main(arguments, prog_name="instantreact-sdk", standalone_mode=False)
        outcome.code = left if isinstance(left, int) else 0  # what a command returns is no exit code, `typer.Exit`'s is
    sys.exit(outcome.code)


def _open_what_is_closed() -> None:
    """Have three standard streams, whoever started us (``<&-``, ``>&-``): else the next files that are opened would be taken for them."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  (as long as the process lives)


def _without_debug(arguments: Sequence[str]) -> tuple[list[str], bool]:
    """``--debug`` may stand anywhere before ``--``, so it is taken out before commands see the arguments."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    rest = [word for word in arguments[:end] if word != "--debug"] + [*arguments[end:]]
    return rest, len(rest) < len(arguments)
