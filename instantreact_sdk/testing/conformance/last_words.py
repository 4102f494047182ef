"""Where a process was when it hung or died, by the stacks that Python's faulthandler writes then."""

from __future__ import annotations

import faulthandler
import os
import re
import select
import signal
from collections.abc import Callable
from pathlib import Path

_PLACE = re.compile(r'File "([^"]+)", line (\d+)')


def leave_last_words(descriptor: int) -> None:
    """Inside: write Python's stacks there on a crash, and when SIGUSR1 asks for them."""
    os.set_inheritable(descriptor, False)
    faulthandler.enable(descriptor)
    faulthandler.register(signal.SIGUSR1, descriptor)


def place_in(descriptor: int, theirs: Callable[[Path], bool], patience: float) -> str:
    """Outside: the innermost line of somebody's in the stacks, of the thread that is to blame, in brackets; empty where there is none.

    Args:
        descriptor: Where the stacks come out.
        theirs: Whether a file is theirs.
        patience: Seconds to wait for the first of it.
    """
    dump = ""
    while select.select([descriptor], [], [], patience)[0]:
        data = os.read(descriptor, 65536)
        if not data:
            break
        dump += data.decode(errors="replace")
        patience = 0.1
    places = [(Path(file), line) for file, line in _PLACE.findall(dump) if theirs(Path(file))]
    return f" ({places[0][0].name}, line {places[0][1]})" if places else ""
