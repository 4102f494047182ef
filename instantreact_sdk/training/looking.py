"""A detector at labelled pictures, called as the pipeline calls it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from os import cpu_count

from pydantic import BaseModel

from instantreact_sdk.datasets import Sample
from instantreact_sdk.interfaces import Context, Detector
from instantreact_sdk.pipeline.answers import must_be_detections, names_of, positive
from instantreact_sdk.pipeline.caller import Caller
from instantreact_sdk.pipeline.guard import CALL_LIMIT, OPEN_LIMIT, Who
from instantreact_sdk.registry import Choice
from instantreact_sdk.types import Detections, Frame, Objects, Pixels

Picture = tuple[Pixels, Objects]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a detector found.

    Attributes:
        labels: Of the detector.
        truth: What is in each picture.
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
    samples: Sequence[Sample],
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
    who = Who(choice.id, choice.plugin)
    caller, stop = Caller(who), threading.Event()
    detector = caller.call("__init__", lambda: choice.make(options), OPEN_LIMIT)
    assert isinstance(detector, Detector)
    truth: list[Objects] = []
    found: list[Detections] = []
    seconds = 0.0
    with caller.opened(detector, replace(context, stop=stop), stop):
        labels = caller.call("labels", lambda: names_of(who, detector), CALL_LIMIT)
        size = caller.call("batch_size", lambda: positive(who, "batch_size", detector.batch_size), CALL_LIMIT)
        for batch in _batches(samples, size):
            frames = [_frame(image, len(truth) + place) for place, (image, _) in enumerate(batch)]
            began = time.perf_counter()
            answers = caller.call("detect", lambda frames=frames: detector.detect(frames), CALL_LIMIT)  # type: ignore[misc]  # mypy cannot infer defaults of lambdas
            seconds += time.perf_counter() - began
            must_be_detections(who, answers, len(frames), labels)
            truth += [objects for _, objects in batch]
            found += answers
            seen(len(truth), len(samples))
    return Looked(labels, tuple(truth), tuple(found), seconds)


def _frame(image: Pixels, index: int) -> Frame:
    frame = Frame(image, time=float(index), index=index)
    frame.source = "pictures"
    return frame


def _batches(samples: Sequence[Sample], size: int) -> Iterator[list[Picture]]:
    workers = cpu_count() or 1
    ahead: deque[Future[Picture]] = deque()
    left = iter(samples)
    with ThreadPoolExecutor(workers) as pool:
        batch: list[Picture] = []
        try:
            while True:
                while len(ahead) < size + workers and (sample := next(left, None)):
                    ahead.append(pool.submit(sample.load))
                if not ahead:
                    break
                batch.append(ahead.popleft().result())
                if len(batch) == size:
                    yield batch
                    batch = []
        finally:
            for waiting in ahead:
                waiting.cancel()
    if batch:
        yield batch
