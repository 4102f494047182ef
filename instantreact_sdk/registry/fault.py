"""What a plugin did wrong, told without a traceback."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from instantreact_sdk.errors import InstantReactError

_LONGEST = 300
_LOGIN = re.compile(r"://[^\s/@]*@")
_OURS = str(Path(__file__).parents[1])


class Fault(Exception):  # noqa: N818  (it never leaves the registry: the caller makes an error or a record of it)
    """A plugin did something wrong.

    Args:
        cause: What, as part of a sentence.
        fix: What to do about it, as a sentence; empty where there is nothing better than to replace the plugin.
    """

    def __init__(self, cause: str, fix: str = "") -> None:
        super().__init__(cause)
        self.cause = cause
        self.fix = fix


@contextmanager
def guarded(doing: str) -> Iterator[None]:
    """Turn whatever a plugin's code raises, ``SystemExit`` included, into a `Fault`. Ctrl-C stays Ctrl-C.

    Args:
        doing: What is being done, as in "importing x".

    Raises:
        Fault: With the kind, the message and the line of what was raised.
    """
    try:
        yield
    except (Fault, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise _fault(doing, error) from error


def _fault(doing: str, error: BaseException) -> Fault:
    match error:
        case ModuleNotFoundError(name=str(name)):
            return Fault(
                f"{doing} needs the module {name!r}, which is not installed",
                f"Install what brings {name!r}; the plugin should declare it as a dependency.",
            )
        case SystemExit():
            code = error.code if isinstance(error.code, int) else ""
            return Fault(f"{doing} called sys.exit({code}){where(error)}")
        case InstantReactError():
            return Fault(f"{doing} failed: {error.what.rstrip('.')}", error.fix)
        case SyntaxError():
            place = f" ({Path(error.filename or '?').name}, line {error.lineno})"
            return Fault(f"{doing} met a syntax error: {error.msg}{place}")
    return Fault(f"{doing} raised {in_words(error)}{where(error)}")


def in_words(error: BaseException) -> str:
    """Kind and first line of an exception's message, cut where it is long, without the logins of addresses in it."""
    try:
        message = next(iter(str(error).strip().splitlines()), "")
    except BaseException:  # noqa: BLE001  (an exception of a plugin may not even be printable, or end the process)
        message = ""
    words = _LOGIN.sub("://...@", f"{type(error).__name__}: {message}" if message else type(error).__name__)
    words = "".join(letter if letter.isprintable() else " " for letter in words)
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}..."


def where(error: BaseException) -> str:
    """The innermost line that is neither the SDK's nor the import system's, in brackets; empty where there is none."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith(("<frozen", _OURS)) and "importlib" not in frame.filename
    ]
    return f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
