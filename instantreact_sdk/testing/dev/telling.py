"""How a process tells the one that started it."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from instantreact_sdk.testing.conformance.last_words import leave_last_words


@contextmanager
def telling(told: str, life: str, dump: str) -> Iterator[Callable[..., None]]:
    """A function that writes its arguments as one JSON line.

    At the context's end the process ends too: a thread or an exit handler of the author's must not hold it up.

    Args:
        told: The descriptor to write to.
        life: A descriptor whose other end is closed when nobody is left to be told; the process then ends at once.
        dump: Where Python's stacks are written when the process crashes, or is sent SIGUSR1.
    """
    for descriptor in (told, life):
        os.set_inheritable(int(descriptor), False)
    leave_last_words(int(dump))
    threading.Thread(target=_end_with, args=(int(life),), daemon=True).start()
    lock = threading.Lock()  # components tell of their health from any thread
    with os.fdopen(int(told), "w", encoding="utf-8") as lines:

        def tell(**fact: Any) -> None:
            with lock:
                lines.write(json.dumps(fact) + "\n")
                lines.flush()

        yield tell
        sys.stdout.flush()
        sys.stderr.flush()
        tell(ended=True)
    os._exit(0)


def _end_with(life: int) -> None:
    os.read(life, 1)
    os._exit(1)
