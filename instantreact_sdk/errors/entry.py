"""One entry of the error catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Entry:
    """What an error code stands for.

    Attributes:
        code: ``IR`` and four digits; it never changes its meaning.
        exit: Exit code of the command line: 1 the work failed, 2 the caller's mistake.
        what: What went wrong and where, as a sentence with ``{facts}`` to fill in.
        fix: What to do about it, as a sentence; may hold ``{facts}`` too.
    """

    code: str
    exit: Literal[1, 2]
    what: str
    fix: str
