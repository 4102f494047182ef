"""A detector by itself, called as the pipeline calls it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from pydantic import BaseModel

from instantreact_sdk.interfaces import Context, Detector
from instantreact_sdk.pipeline.answers import must_be_detections, names_of, positive
from instantreact_sdk.pipeline.caller import Caller
from instantreact_sdk.pipeline.guard import CALL_LIMIT, OPEN_LIMIT, Who
from instantreact_sdk.registry import Choice
from instantreact_sdk.types import Detections, Frame, Pixels


class Eye:
    """An open detector.

    Args:
        detector: It.
        who: Its name and plugin, for messages.
        caller: Makes the calls.

    Attributes:
        labels: What it can find.
        batch_size: How many pictures it likes at once.
        seconds: That its calls took.
    """

    def __init__(self, detector: Detector, who: Who, caller: Caller) -> None:
        self._detector = detector
        self._who = who
        self._caller = caller
        self._seen = 0
        self.seconds = 0.0
        self.labels = caller.call("labels", lambda: names_of(who, detector), CALL_LIMIT)
        self.batch_size = caller.call(
            "batch_size", lambda: positive(who, "batch_size", detector.batch_size), CALL_LIMIT
        )

    def look(self, pictures: Sequence[Pixels]) -> Sequence[Detections]:
        """What it finds in each of some pictures.

        Args:
            pictures: uint8 RGB ``(height, width, 3)``; at most `batch_size`.

        Raises:
            InstantReactError: IR4001, IR4002 or IR4004, it failed.
        """
        frames = [_frame(picture, self._seen + place) for place, picture in enumerate(pictures)]
        began = time.perf_counter()
        found = self._caller.call("detect", lambda: self._detector.detect(frames), CALL_LIMIT)
        self.seconds += time.perf_counter() - began
        must_be_detections(self._who, found, len(frames), self.labels)
        self._seen += len(frames)
        return found


@contextmanager
def opened_eye(choice: Choice, options: BaseModel, context: Context) -> Iterator[Eye]:
    """Open a detector, and close it in the end.

    Args:
        choice: The detector.
        options: Its options.
        context: What it is opened with.

    Raises:
        InstantReactError: It cannot be opened.
    """
    who, stop = Who(choice.id, choice.plugin), threading.Event()
    caller = Caller(who)
    detector = caller.call("__init__", lambda: choice.make(options), OPEN_LIMIT)
    assert isinstance(detector, Detector)
    with caller.opened(detector, replace(context, stop=stop), stop):
        yield Eye(detector, who, caller)


def _frame(image: Pixels, index: int) -> Frame:
    frame = Frame(image, time=float(index), index=index)
    frame.source = "pictures"
    return frame
