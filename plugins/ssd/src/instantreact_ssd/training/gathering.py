"""What every process has, in every process."""

from __future__ import annotations

from typing import TypeVar

from torch import distributed

T = TypeVar("T")


def gathered(mine: T) -> list[T]:
    """Of each process, in the order of their numbers; of this one alone where there are no others."""
    if not (distributed.is_available() and distributed.is_initialized()):
        return [mine]
    every: list[T | None] = [None] * distributed.get_world_size()
    distributed.all_gather_object(every, mine)
    return [each for each in every if each is not None]
