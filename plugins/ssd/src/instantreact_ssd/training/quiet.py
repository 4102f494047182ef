"""Lightning without its remarks: what it does is told through the SDK's progress."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_LOGGERS = ("lightning.pytorch", "lightning.fabric")

_KNOWN = (
    "The '.*_dataloader' does not have many workers",  # chosen: a CPU that computes has no time for them
    "The number of training batches",  # about its own log, which is off
    "Experiment logs directory",  # of TensorBoard, in a run that is taken up
    r"Found \d+ module\(s\) in eval mode",  # the average, and what is frozen
    r"`isinstance\(treespec, LeafSpec\)` is deprecated",  # between Lightning and torch
)


@contextmanager
def quiet() -> Iterator[None]:
    """While it lasts, Lightning tells errors only, and does not warn of what is meant to be so."""
    levels = {name: logging.getLogger(name).level for name in _LOGGERS}
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            for message in _KNOWN:
                warnings.filterwarnings("ignore", message)
            yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
