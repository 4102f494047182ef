"""How the program ends: its exit code, and one sentence where something went wrong."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import typer

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.hiding import covered, covering_threads
from instantreact_sdk.errors.wording import printable

INTERRUPTED = 130
# Newer versions of typer carry click inside, older ones need it beside; this is the one public way to its class in both.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]


@dataclass
class Outcome:
    """The exit code that a command left."""

    code: int = 0


@contextmanager
def ending(*, debug: bool) -> Iterator[Outcome]:
    """Turn whatever ends a command into an exit code, and an error into its sentence on stderr.

    Args:
        debug: Whether to print tracebacks too.
    """
    outcome = Outcome()
    try:
        with covering_threads():
            yield outcome
        print(end="", flush=True)  # noqa: T201  (while a broken pipe can still be met; `print` lets stdout be closed)
    except (KeyboardInterrupt, typer.Abort):
        outcome.code = INTERRUPTED
    except BrokenPipeError:
        outcome.code = _after_broken_pipe()
    except Exception as error:  # noqa: BLE001  (the last place that can turn it into a sentence)
        outcome.code = _told(error, debug=debug)


def _told(error: Exception, *, debug: bool) -> int:
    if type(error).__name__ == "NoArgsIsHelpError":  # the help was printed
        return 2
    if debug:
        sys.stderr.write(printable(covered("".join(traceback.format_exception(error)))))
    known = _known(error)
    print(known, file=sys.stderr)  # noqa: T201  (rich would wrap the sentence)
    return known.exit_code


def _known(error: Exception) -> InstantReactError:
    if isinstance(error, InstantReactError):
        return error
    if isinstance(error, _UsageError):
        context = getattr(error, "ctx", None)
        problem = " ".join(error.format_message().split())  # type: ignore[attr-defined]
        problem += "" if problem.endswith((".", "?")) else "."
        command = context.command_path if context else "instantreact-sdk"
        if context and (how := getattr(context.command.callback, "how", "")):
            command = f"instantreact-sdk {how}"
        return InstantReactError("IR6003", problem=problem, command=command)
    # The exception's own text may quote a secret; where it happened does not.
    frames = traceback.extract_tb(error.__traceback__)
    last = next((frame for frame in reversed(frames) if not frame.filename.startswith("<")), frames[-1])
    where = f"{Path(last.filename).name}, line {last.lineno}"
    return InstantReactError("IR6002", problem=f"{type(error).__name__} in {where}")


def _after_broken_pipe() -> int:
    """Whoever read our output went away (``| head``): nobody is left to tell."""
    # Python flushes stdout once more at its end, and would complain.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1
