"""The same loop in several processes, which share each step."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from multiprocessing.synchronize import Event
from typing import Any

import torch
import torch.multiprocessing

from instantreact_sdk import InstantReactError, PluginError, Progress
from instantreact_ssd.training.epochs import Stopped
from instantreact_ssd.training.fitting import fit
from instantreact_ssd.training.job import Job


def fit_together(job: Job, progress: Progress, stop: Callable[[], bool]) -> None:
    """`fit` in as many processes as there are devices.

    They are started anew rather than forked, as neither CUDA nor threads of the processor survive that; and as processes of this
    module rather than as repetitions of the caller's command line, which Lightning's own way would be: who calls may be a
    notebook or a test. As ever with `multiprocessing`, a script that calls has to do so under ``if __name__ == "__main__":``.

    Raises:
        Stopped: `stop` said so.
        InstantReactError: As `fit`; or a process died.
    """
    make = torch.multiprocessing.get_context("spawn")
    halt = make.Event()
    port, threads = _free_port(), max(torch.get_num_threads() // job.options.devices, 1)
    pipes = [make.Pipe(duplex=False) for _ in range(job.options.devices)]
    processes = [
        make.Process(target=_fit, args=(job, place, port, threads, told, halt), daemon=False)
        for place, (_, told) in enumerate(pipes)
    ]
    try:
        for process, (_, told) in zip(processes, pipes, strict=True):
            process.start()
            told.close()  # the process has its own end; only then does its death end the pipe
        _listen([heard for heard, _ in pipes], progress, stop, halt)
        for process in processes:
            process.join()
    finally:
        for process in processes:
            if process.is_alive():
                process.kill()  # not `terminate`: Lightning would have it wait for the others
            if process.pid is not None:
                process.join()
        for heard, told in pipes:
            heard.close()
            told.close()


def _listen(ends: list[Connection], progress: Progress, stop: Callable[[], bool], halt: Event) -> None:
    """Pass on what processes tell until each has told that it is done."""
    working = list(ends)
    while working:
        if stop():
            halt.set()
        for end in wait(working, timeout=0.2):
            assert isinstance(end, Connection), "only such are waited for"
            try:
                message = end.recv()
            except EOFError:
                raise PluginError(
                    "A process of the training died.", "Look for the reason above; memory may have run out."
                ) from None
            if isinstance(message, BaseException):
                raise message
            if message is None:
                working.remove(end)
            else:
                progress(*message)


def _fit(job: Job, place: int, port: int, threads: int, told: Connection, halt: Event) -> None:
    """What such a process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the caller decides
    torch.set_num_threads(threads)
    os.environ.update(LOCAL_RANK=str(place), MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))  # as Lightning reads them
    try:
        fit(job, lambda *news: told.send(news), halt.is_set, place)
    except (InstantReactError, Stopped) as error:
        told.send(error.with_traceback(None))
        told.close()
        os._exit(1)  # the others wait for this one, and it must not wait for them
    told.send(None)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: Any = probe.getsockname()[1]
        return int(port)
