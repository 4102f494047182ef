"""Trains in processes that are killed again and again; run by a test, which reads what is left.

The processes are forks: importing torch and Lightning for each would take longer than all of their work.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import torch
from drawn_cells import drawn, trained

EPOCHS, STEPS = 2, 4


def main(root: Path) -> None:
    torch.set_num_threads(1)
    data = drawn(root / "data", 8, empty=1)

    def work(out: Path, progress: Callable[..., None] = lambda *_: None) -> None:
        trained(data, data, out, progress, epochs=EPOCHS, batch_size=2, seed=3)

    def kill_at(step: int) -> Callable[..., None]:
        def progress(done: int, total: int, what: str) -> None:
            if done >= step:
                os.kill(os.getpid(), signal.SIGKILL)

        return progress

    run_apart(lambda: work(root / "whole"))
    out, chance = root / "broken", random.Random(7)
    first, second = chance.randint(1, STEPS), STEPS + chance.randint(1, STEPS)
    assert run_apart(lambda: work(out, kill_at(first))) == -signal.SIGKILL
    assert run_apart(lambda: (kill_while_writing(out / "last.ckpt.part"), work(out))) == -signal.SIGKILL
    assert run_apart(lambda: work(out, kill_at(second))) == -signal.SIGKILL
    assert run_apart(lambda: (kill_while_writing(out / "last.ckpt.part"), work(out))) == -signal.SIGKILL
    assert run_apart(lambda: work(out)) == 0


def kill_while_writing(path: Path) -> None:
    def watch() -> None:
        before = path.stat().st_mtime_ns if path.exists() else 0
        while not path.exists() or path.stat().st_mtime_ns == before or not path.stat().st_size:
            time.sleep(0.0002)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def run_apart(work: Callable[[], object]) -> int:
    """Its exit code, as `subprocess` has it."""
    child = os.fork()
    if not child:
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
