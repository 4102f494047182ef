"""What a component and its libraries write to logs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class _Ear(logging.Handler):
    def __init__(self, level: int, heard: list[str]) -> None:
        super().__init__(level)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self._heard.append(self.format(record))  # with the exception that it carries


@contextmanager
def listening(log: logging.Logger) -> Iterator[list[str]]:
    """While this lasts, what is written to logs is gathered: to that one all, to others from warnings on.

    Args:
        log: That of the component's context.
    """
    heard: list[str] = []
    ears = [(log, _Ear(logging.NOTSET, heard)), (logging.getLogger(), _Ear(logging.WARNING, heard))]
    level = log.level
    log.setLevel(logging.DEBUG)
    for place, ear in ears:
        place.addHandler(ear)
    try:
        yield heard
    finally:
        for place, ear in ears:
            place.removeHandler(ear)
        log.setLevel(level)
