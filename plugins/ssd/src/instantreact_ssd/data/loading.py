"""Batches in the order of training, made ahead of time by workers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch.utils.data import DataLoader, Dataset

from instantreact_sdk import InstantReactError
from instantreact_ssd.data.batches import Batch, collate
from instantreact_ssd.data.example import Example
from instantreact_ssd.data.order import Draw, EpochOrder
from instantreact_ssd.data.pictures import Pictures


class Loader(DataLoader[Example | InstantReactError]):
    """Batches of pictures.

    With Lightning, turn its own sampler off (``use_distributed_sampler=False``): the order here is shared among processes already.

    Args:
        pictures: What to make them of.
        batch_size: Pictures in each.
        workers: Processes that make them; 0 makes them when they are asked for.
        seed: Of the order, for training; a rest that fills no batch is left out, as a batch of one has no variance to normalise
            by. None gives all pictures in their own order.
        pin: Whether they are for a GPU, to which they are copied faster from memory that stays where it is.

    Raises:
        InstantReactError: While iterating: a picture cannot be read; the same whoever read it.
    """

    def __init__(
        self,
        pictures: Pictures,
        *,
        batch_size: int,
        workers: int = 0,
        seed: int | None = None,
        pin: bool = False,
    ) -> None:
        super().__init__(
            _Careful(pictures),
            batch_size=batch_size,
            sampler=None if seed is None else EpochOrder(len(pictures), seed=seed),
            drop_last=seed is not None and len(pictures) >= batch_size,
            num_workers=workers,
            collate_fn=_collate,
            pin_memory=pin,
            persistent_workers=workers > 0,
            # Forked workers share the cache.
            multiprocessing_context="fork" if workers else None,
            worker_init_fn=_begin,
            # Else beginning to iterate would take a number from the global generator.
            generator=torch.Generator(),
        )

    def __iter__(self) -> Iterator[Batch]:  # type: ignore[override]  # the superclass names a private type
        for batch in super().__iter__():
            if isinstance(batch, InstantReactError):
                raise batch
            yield batch


class _Careful(Dataset[Example | InstantReactError]):
    """Hands errors on as values: raised in a worker, they would arrive as the text of a traceback."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures

    def __len__(self) -> int:
        return len(self._pictures)

    def __getitem__(self, draw: Draw | int) -> Example | InstantReactError:
        try:
            return self._pictures[draw]
        except InstantReactError as error:
            return error.with_traceback(None)


def _collate(examples: Sequence[Example | InstantReactError]) -> Batch | InstantReactError:
    for example in examples:
        if isinstance(example, InstantReactError):
            return example
    return collate([example for example in examples if isinstance(example, Example)])


def _begin(_worker: int) -> None:
    """OpenCV's threads do not survive a fork, and waiting for them never ends."""
    import cv2

    cv2.setNumThreads(0)
