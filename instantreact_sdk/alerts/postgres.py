"""Connections to PostgreSQL on which nothing waits for ever."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any, TypeVar

import psycopg

_T = TypeVar("_T")

WORK_SECONDS = 5.0
"""How long a statement may take beyond what it waits for others."""


class EndingConnection(psycopg.Connection[tuple[Any, ...]]):
    """Gives itself up where the server says nothing for too long.

    TCP notices a network that is gone, and the server ends statements that take too long; neither helps where something between
    takes what we send, and nothing comes back.
    """

    silence: float = 20.0
    """Seconds without a word."""

    def wait(self, gen: Generator[Any, Any, _T], *args: Any, **facts: Any) -> _T:
        """Wait for the server's answer; see `psycopg.Connection.wait`."""
        return super().wait(self._ending(gen), *args, **facts)

    def _ending(self, gen: Generator[Any, Any, _T]) -> Generator[Any, Any, _T]:
        try:
            ready = yield next(gen)
            heard = time.monotonic()
            while (
                ready or time.monotonic() - heard < self.silence
            ):  # from time to time, psycopg asks with nothing ready
                heard = time.monotonic() if ready else heard
                ready = yield gen.send(ready)
        except StopIteration as done:
            answer: _T = done.value
            return answer
        self.close()
        raise psycopg.OperationalError(f"the server has not answered for {self.silence:g} s")


def connect(busy: float, **facts: Any) -> EndingConnection:
    """Connect, and have both ends give up what takes too long.

    Args:
        busy: Seconds to wait for another writer.
        facts: As `psycopg.connect` takes them; they come before what is chosen here.
    """
    works = busy + WORK_SECONDS
    ours = {
        "connect_timeout": max(2, round(busy)),  # libpq takes no less
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 2,
        "tcp_user_timeout": round(1000 * works),
    }
    connection = EndingConnection.connect(**(ours | facts))
    connection.silence = works + WORK_SECONDS
    # Not in `options`, which poolers such as PgBouncer refuse, and which belong to whoever wrote the address.
    connection.execute(f"SET lock_timeout = {max(1, round(1000 * busy))}")  # 0 would be for ever
    connection.execute(f"SET statement_timeout = {round(1000 * works)}")
    connection.commit()
    return connection
