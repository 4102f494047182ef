"""The working process: does one `Job` under the eyes of a supervisor."""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from instantreact_sdk.cli.ending import INTERRUPTED, ending
from instantreact_sdk.cli.job import Job
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.pipeline.board import Board
from instantreact_sdk.runner.supervisor import ONE_SIGNAL, SIGNALS

if TYPE_CHECKING:
    from instantreact_sdk.runner import Pipeline


_LEAVE = 30.0  # seconds to end cleanly in, once nobody watches any more


def main(line: str, extra: str, lifeline: str) -> None:
    """Do the job and end the process.

    Args:
        line: The job.
        extra: JSON of ``shared`` (a folder), ``quarantined`` (errors by component), ``restarted`` (an error or null), ``line`` (the file
            descriptor of a `Line` to the process that delivers, or null).
        lifeline: Number of a pipe that closes when the supervisor dies.
    """
    job = Job.from_json(line)
    given = json.loads(extra)
    shared = Path(given["shared"])
    crash = (shared / "crash.txt").open("w")
    faulthandler.enable(
        crash, all_threads=True
    )  # only so does it name the current one, which tells the supervisor which thread it was
    board = Board(shared / "board")
    # Standard output belongs to results: what plugins print, in C too, goes to standard error.
    results = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    board.beat()
    stopper = Stopper(board)
    threading.Thread(target=stopper.when_gone, args=(int(lifeline),), name="lifeline", daemon=True).start()
    with ending(debug=job.debug) as outcome:
        from instantreact_sdk.cli.working import work

        outcome.code = work(
            job,
            board,
            results,
            stopper,
            quarantined={
                name: InstantReactError(code, **facts) for name, (code, facts) in given["quarantined"].items()
            },
            restarted=InstantReactError(given["restarted"][0], **given["restarted"][1]) if given["restarted"] else None,
            line=given["line"],
        )
    board.finish()
    for stream in (results, sys.stderr):
        stream.flush()
    os._exit(outcome.code if isinstance(outcome.code, int) else 0)  # a thread may hang in a plugin for ever


class Stopper:
    """Ends the pipeline when the user or the supervisor wants it: cleanly the first time, at once the second."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self.pipeline: Pipeline | None = None
        self.asked = False
        self._since = 0.0
        for number in SIGNALS:
            signal.signal(number, self._signalled)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)

    def watch(self, pipeline: Pipeline) -> None:
        """This is what to stop."""
        self.pipeline = pipeline

    def when_gone(self, lifeline: int) -> None:
        """Stop when the supervisor is gone: nobody would start this process again, or stop it."""
        os.read(lifeline, 1)
        self._stop()
        time.sleep(_LEAVE)
        os._exit(1)

    def _signalled(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if self.asked and now - self._since > ONE_SIGNAL:
            os._exit(INTERRUPTED)
        self._since = self._since or now
        self._stop()

    def _stop(self) -> None:
        self.asked = True
        if self.pipeline is None:  # nothing has begun; perhaps a plugin does not come back from its import
            self._board.finish()
            os._exit(INTERRUPTED)
        self.pipeline.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
