"""A process that holds the lease of ``sms`` and sends; started by tests, which tell it when a call may come back.

Usage: outbox_worker.py URL NAME FOLDER WHAT

It appends ``began KEY`` and ``ended KEY`` to FOLDER/NAME.log; each call lasts until there is a file FOLDER/NAME.go, and ends with
WHAT.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from instantreact_sdk.alerts import lease
from instantreact_sdk.alerts.database import open_engine
from instantreact_sdk.alerts.outbox import Answer, Outbox

lease.SECONDS = 1.0


def work(url: str, name: str, folder: Path, what: str) -> None:
    engine = open_engine(url, create=False)
    mine, outbox = lease.Lease(engine, "sms", name), Outbox(engine)
    with (folder / f"{name}.log").open("a", buffering=1) as log:
        while True:
            if mine.keep() and mine.fresh:
                outbox.recover("sms")
                mine.fresh = False
            for one in outbox.take("sms", 1) if mine.held else ():
                log.write(f"began {one.delivery.key}\n")
                while not (folder / f"{name}.go").exists():
                    time.sleep(0.01)
                    if mine.held:
                        mine.keep()
                outbox.settle(one, Answer(what, receipt=name))
                log.write(f"ended {one.delivery.key}\n")
            time.sleep(0.01)


if __name__ == "__main__":
    work(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4])
