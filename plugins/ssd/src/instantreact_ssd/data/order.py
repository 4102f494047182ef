"""Which picture is drawn when, and with which luck."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from math import ceil
from typing import NamedTuple

import torch
import torch.distributed
from torch.utils.data import Sampler


class Draw(NamedTuple):
    """One picture of one epoch.

    The epoch travels with the place in the dataset, as workers that outlive an epoch would not learn of the next one in another way.
    """

    epoch: int
    place: int


def seed_of(*numbers: int) -> int:
    """A seed for a generator: the same for the same numbers on any machine, and unlike that of any others."""
    return int.from_bytes(sha256(repr(numbers).encode()).digest()[:8], "big")


class EpochOrder(Sampler[Draw]):
    """All pictures in an order that depends on the seed and the epoch alone.

    Under `torch.distributed` each process draws every so-many-th picture of the same order; a few are drawn twice where
    the processes would not have the same number of them, for a process without work would stop the others.

    Args:
        pictures: How many there are.
        seed: Of the training.
    """

    def __init__(self, pictures: int, *, seed: int) -> None:
        self._pictures = pictures
        self._seed = seed
        self._epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Begin this epoch, from 0; Lightning calls it, after resuming, too."""
        self._epoch = epoch

    def __len__(self) -> int:
        return ceil(self._pictures / self._place()[1])

    def __iter__(self) -> Iterator[Draw]:
        rank, processes = self._place()
        generator = torch.Generator().manual_seed(seed_of(self._seed, self._epoch))
        order = torch.randperm(self._pictures, generator=generator).tolist()
        for turn in range(rank, len(self) * processes, processes):
            yield Draw(self._epoch, order[turn % self._pictures])

    @staticmethod
    def _place() -> tuple[int, int]:
        """This process's number, from 0, and how many there are. Asked late: Lightning starts the processes after this was made."""
        if torch.distributed.is_available() and torch.distributed.is_initialized():
            return torch.distributed.get_rank(), torch.distributed.get_world_size()
        return 0, 1
