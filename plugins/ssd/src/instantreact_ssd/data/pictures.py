"""Labelled pictures as examples to learn from, or to be measured by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch.utils.data import Dataset

from instantreact_sdk import Frame, Pixels, PluginError
from instantreact_sdk.datasets import Dataset as Labelled
from instantreact_sdk.datasets import Sample
from instantreact_ssd.architecture import Architecture
from instantreact_ssd.data.augmentation import Augmentation
from instantreact_ssd.data.cache import PixelCache
from instantreact_ssd.data.example import CROWD, DIFFICULT, Example
from instantreact_ssd.data.order import Draw, seed_of

_ROOM_TO_CROP = 2
"""Pictures to crop from are at most so many times the network's size each way; larger ones only take time."""

_THINNEST = 0.01
"""Pixels. A side below may be none in the numbers that a network computes with, and the logarithm of none is no number."""


class Pictures(Dataset[Example]):
    """Examples of an architecture's size.

    An example depends on the seed, the epoch and the index alone: neither on the number of workers, nor on which were asked
    for before. No global generator of random numbers is touched.

    All annotations are read at once, so that a mistake in one shows before hours of training.

    Args:
        samples: Labelled pictures.
        architecture: Of the network; its size, and its mean to fill what lies beyond a picture.
        augment: Whether each epoch sees each picture altered in another way; else it is only stretched, with the same code
            as when detecting.
        seed: Of the alterations.
        labels: The network's; for samples that are no `Dataset`, these are theirs.
        cache: MB of memory for decoded pictures, which workers share.

    Raises:
        InstantReactError: An annotation cannot be read (IR7005, IR7007); IR4000, a class is none of `labels`.
    """

    def __init__(
        self,
        samples: Sequence[Sample],
        architecture: Architecture,
        *,
        augment: bool,
        seed: int,
        labels: Sequence[str],
        cache: float = 512,
    ) -> None:
        self._samples = samples
        self._size = architecture.size
        self._augmentation = Augmentation(architecture) if augment else None
        self._seed = seed
        numbers = _numbers(samples.classes if isinstance(samples, Labelled) else labels, labels)
        self._boxes: list[torch.Tensor] = []
        self._labels: list[torch.Tensor] = []
        shapes = []
        for sample in samples:
            objects = sample.objects()
            width, height = self._stored_size(objects.width, objects.height)
            shapes.append((height, width, 3))
            shrunk = (width / objects.width, height / objects.height)
            boxes = np.clip(objects.boxes * (*shrunk, *shrunk), 0, (width, height, width, height))
            found = np.select([objects.crowd, objects.difficult], [CROWD, DIFFICULT], numbers[objects.labels])
            seen = (boxes[:, 2:] - boxes[:, :2] > _THINNEST).all(axis=1)
            self._boxes.append(torch.from_numpy(boxes[seen]).float())
            self._labels.append(torch.from_numpy(found[seen]))
        self._cache = PixelCache(shapes, cache)

    def __len__(self) -> int:
        return len(self._samples)

    def __getitem__(self, draw: Draw | int) -> Example:
        """One example.

        Args:
            draw: Its place, and in which epoch; a number is a place in epoch 0.

        Raises:
            InstantReactError: IR7004, the picture cannot be read; IR7006, it has not the size that its annotation says.
        """
        epoch, index = (0, draw) if isinstance(draw, int) else draw
        # Without the copy, what is done to an example would be done to the cache.
        image = torch.from_numpy(self._pixels(index).copy()).permute(2, 0, 1)
        example = Example(image, self._boxes[index], self._labels[index], self._samples[index].id)
        if self._augmentation is None:
            return Example(image.contiguous(), example.boxes, example.labels, example.name)
        return self._augmentation(example, seed_of(self._seed, epoch, index))

    def _pixels(self, index: int) -> Pixels:
        kept = self._cache.get(index)
        if kept is None:
            image, _ = self._samples[index].load()
            height, width = image.shape[:2]
            kept = Frame(image, time=0.0, index=0).resized(*self._stored_size(width, height))
            self._cache.put(index, kept)
        return kept

    def _stored_size(self, width: int, height: int) -> tuple[int, int]:
        if self._augmentation is None:
            return self._size, self._size
        most = _ROOM_TO_CROP * self._size  # each way for itself: in the end both are stretched to one length
        return min(width, most), min(height, most)


def _numbers(classes: Sequence[str], labels: Sequence[str]) -> np.ndarray:
    """The network's number of each class."""
    for name in classes:
        if name not in labels:
            raise PluginError(
                f"The pictures show {name!r}, and the network knows only {', '.join(labels)}.",
                "Train it for the classes of these pictures.",
            )
    return np.array([labels.index(name) for name in classes], np.int64)
