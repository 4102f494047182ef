"""The process that delivers: tells people what is in the outbox, under the eyes of a supervisor."""

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

from instantreact_sdk.cli.ending import ending
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.pipeline.board import Board
from instantreact_sdk.runner.supervisor import ONE_SIGNAL, SIGNALS

_LEAVE = 10.0  # seconds to send what is due at the end
_LATEST = 30.0  # seconds to end in, once nobody watches any more
_HUNG = 5  # calls that never came back, and the process is started anew: each of them holds a thread


def main(config: str, extra: str, lifeline: str) -> None:
    """Deliver until the supervisor says that it is enough, and end the process.

    Args:
        config: The pipeline file.
        extra: JSON of ``shared`` (a folder), ``quarantined`` (errors by component), ``holder`` (a name for leases), ``line`` (the file
            descriptor of a `Line`), ``out`` (a folder), ``debug``.
        lifeline: Number of a pipe that closes when the supervisor dies.
    """
    given = json.loads(extra)
    shared = Path(given["shared"])
    crash = (shared / "crash.txt").open("w")
    faulthandler.enable(crash, all_threads=True)  # as in the working process
    board = Board(shared / "board")
    os.dup2(2, 1)  # standard output belongs to results
    board.beat()
    end = End()
    threading.Thread(target=end.when_gone, args=(int(lifeline),), name="lifeline", daemon=True).start()
    with ending(debug=given["debug"]) as outcome:
        try:
            _deliver(config, given, board, end)
        except InstantReactError as error:
            if not error.mistake:
                raise
            outcome.code = error.exit_code
            _say(int(given["line"]), error)
    board.finish()
    sys.stderr.flush()
    os._exit(outcome.code)  # a thread may hang in a plugin for ever


def _deliver(config: str, given: dict[str, object], board: Board, end: End) -> None:
    from instantreact_sdk.alerts.outboxed import StoredDelivery
    from instantreact_sdk.alerts.told import delivery_line
    from instantreact_sdk.config import load
    from instantreact_sdk.registry import discover
    from instantreact_sdk.runner.line import Line
    from instantreact_sdk.runner.post_office import PostOffice, health_message
    from instantreact_sdk.types import Health

    line = Line.at(int(str(given["line"])))
    loaded = load(Path(config))
    quarantined = given["quarantined"]
    assert isinstance(quarantined, dict)
    results = Path(str(given["out"])) / "alerts.jsonl"

    def told(health: Health) -> None:
        line.send(health_message(health))

    def ended(delivery: StoredDelivery) -> None:
        """For who reads along; the store knows better. The process that watches writes what became of alerts of files, in order."""
        if delivery.wall is None:
            return
        text = json.dumps(delivery_line(delivery), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        try:
            with results.open("a", encoding="utf-8", newline="\n") as file:
                file.write(text + "\n")
        except OSError as error:
            wrong = InstantReactError("IR5020", path=results.parent, problem=error.strerror or error)
            told(Health("plugin_failed", str(wrong), by="delivery"))

    office = PostOffice(
        loaded,
        discover(),
        board=board,
        quarantined={name: InstantReactError(code, **facts) for name, (code, facts) in quarantined.items()},
        holder=str(given["holder"]),
        store=loaded.store_url,
        told=told,
        ended=ended,
        line=line,
    )
    with office:
        while not end.asked.is_set():
            office.step()
            if office.hung >= _HUNG and not office.holds_the_only_copy:
                os._exit(1)
        office.drain(_LEAVE)
        line.flush(1.0)


def _say(number: int, error: InstantReactError) -> None:
    """At the start, the process that watches finds the same and ends; later, somebody has broken the file meanwhile."""
    from instantreact_sdk.runner.line import Line
    from instantreact_sdk.runner.post_office import health_message
    from instantreact_sdk.types import Health

    Line.at(number).send(health_message(Health("plugin_failed", f"Nobody is told of anything. {error}", by="delivery")))


class End:
    """When to end: the first time in good order, the second time at once."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self._since = 0.0
        for number in SIGNALS:
            signal.signal(number, self._signalled)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)

    def when_gone(self, lifeline: int) -> None:
        """End when the supervisor is gone."""
        os.read(lifeline, 1)
        self.asked.set()
        time.sleep(_LATEST)
        os._exit(1)

    def _signalled(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if self.asked.is_set() and now - self._since > ONE_SIGNAL:
            os._exit(1)
        self._since = self._since or now
        self.asked.set()


if __name__ == "__main__":
    main(*sys.argv[1:])
