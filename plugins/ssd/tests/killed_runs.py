"""Trains in processes that are killed again and again; run by a test, which reads what is left.

The processes are forks: importing torch and Lightning for each would take longer than all of their work.
"""

from __future__ import annotations

import io
import os
import random
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import torch
from drawn_cells import drawn, trained
from instantreact_ssd.training.run import run as _imported  # noqa: F401  (now, and not in each fork)

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
    dying = [
        lambda: (kill_while_saving(chance.random()), work(out)),  # where it begins
        lambda: work(out, kill_at(first)),
        lambda: (kill_while_saving(chance.random()), work(out)),  # its first epoch
        lambda: work(out, kill_at(second)),
        lambda: (kill_while_saving(chance.random()), work(out)),  # its second epoch
    ]
    for run in dying:
        assert run_apart(run) == -signal.SIGKILL
    assert run_apart(lambda: work(out)) == 0


def kill_while_saving(part: float) -> None:
    """Let the next state that is written end the process once this part of it is in the file."""

    def save(values: object, file: BinaryIO) -> None:
        made = io.BytesIO()
        written(values, made)
        file.write(made.getvalue()[: int(part * made.tell())])
        file.flush()
        os.kill(os.getpid(), signal.SIGKILL)

    written, torch.save = torch.save, save


def run_apart(work: Callable[[], object]) -> int:
    """Its exit code, as `subprocess` has it."""
    child = os.fork()
    if not child:
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
