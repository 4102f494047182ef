"""A detector at the pictures of a dataset, called as the pipeline calls it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count
from typing import Protocol

from pydantic import BaseModel

from instantreact_sdk.interfaces import Context
from instantreact_sdk.registry import Choice
from instantreact_sdk.training.eye import opened_eye
from instantreact_sdk.types import Detections, Objects, Pixels

Picture = tuple[Pixels, Objects]


class Loadable(Protocol):
    """A picture that is read when it is asked for, as `Sample` is."""

    def load(self) -> Picture | None:
        """The picture and what is in it; None where it shall be passed over."""
        ...


@dataclass(frozen=True, slots=True)
class Looked:
    """What a detector found.

    Attributes:
        labels: Of the detector.
        truth: What is in each picture that was not passed over.
        found: What it found there, in the same order.
        seconds: That its calls took, without opening it and without reading pictures.
    """

    labels: tuple[str, ...]
    truth: tuple[Objects, ...]
    found: tuple[Detections, ...]
    seconds: float


def look(
    choice: Choice,
    options: BaseModel,
    samples: Sequence[Loadable],
    context: Context,
    seen: Callable[[int, int], None],
) -> Looked:
    """Open a detector, show it all pictures in batches as large as it likes, and close it.

    Pictures are read ahead of it by other threads, as those of a film would be.

    Args:
        choice: The detector.
        options: Its options.
        samples: The pictures.
        context: What it is opened with.
        seen: Told how many of how many it has seen.

    Raises:
        InstantReactError: It failed (IR4001, IR4002, IR4004), or a picture cannot be read (IR7004 to IR7007).
    """
    truth: list[Objects] = []
    found: list[Detections] = []
    with opened_eye(choice, options, context) as eye:
        for batch in batches(samples, eye.batch_size):
            found += eye.look([image for image, _ in batch])
            truth += [objects for _, objects in batch]
            seen(len(truth), len(samples))
    return Looked(eye.labels, tuple(truth), tuple(found), eye.seconds)


def batches(samples: Sequence[Loadable], size: int) -> Iterator[list[Picture]]:
    """Pictures so many at once, read ahead by other threads.

    Args:
        samples: What is read; what shall be passed over is in no batch.
        size: Of a batch; the last one may be smaller.
    """
    workers = cpu_count() or 1
    ahead: deque[Future[Picture | None]] = deque()
    left = iter(samples)
    with ThreadPoolExecutor(workers) as pool:
        batch: list[Picture] = []
        try:
            while True:
                while len(ahead) < size + workers and (sample := next(left, None)):
                    ahead.append(pool.submit(sample.load))
                if not ahead:
                    break
                if picture := ahead.popleft().result():
                    batch.append(picture)
                if len(batch) == size:
                    yield batch
                    batch = []
        finally:
            for waiting in ahead:
                waiting.cancel()
    if batch:
        yield batch
