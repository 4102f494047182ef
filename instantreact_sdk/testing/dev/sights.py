"""What is seen of a component at work: one way for each kind."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

import numpy as np

from instantreact_sdk.interfaces import AudioRecognizer, Captioner, Detector, FrameSource, Notifier
from instantreact_sdk.pipeline.cutting import Segments, Window
from instantreact_sdk.registry import Kind
from instantreact_sdk.testing import media
from instantreact_sdk.testing.conformance.check import Misfit, NotApplicable
from instantreact_sdk.testing.conformance.trial import Trial
from instantreact_sdk.testing.conformance.work import WORK
from instantreact_sdk.testing.dev.footage import Footage
from instantreact_sdk.testing.dev.pictures import Pictures
from instantreact_sdk.types import AudioChunk, Caption, Clip, Detections, Frame, SoundEvent, Transcript

_LEVEL = 0.05
"""Seconds of sound that one bar of its loudness stands for."""

Item = TypeVar("Item")


@dataclass(slots=True)
class Look:
    """A component that is looked at.

    Attributes:
        trial: What calls it, and says what it did wrong.
        component: It, open.
        footage: What it is shown.
        pictures: Where frames go.
        tell: Tells a fact of the `Journal`.
        is_case: Whether the options are those of its case, unchanged.
        at: Where in the media it is, in words; for messages.
    """

    trial: Trial
    component: Any
    footage: Footage
    pictures: Pictures
    tell: Callable[..., None]
    is_case: bool
    at: str = field(default="")

    def answers(self, inputs: Sequence[Any], time_: float, name: str) -> list[Any]:
        """What the component answers to one batch."""
        self.at = f"at {time_:.2f} s of {name}"
        work = WORK[self.trial.choice.kind]
        start = time.perf_counter()
        with self.trial.calling(work.method):
            answer = work.call(self.component, inputs)
        self.tell(**{"is": "call", "ms": round((time.perf_counter() - start) * 1000, 3)})
        return work.checked(answer, inputs)

    def show(self, frame: Frame, **seen: Any) -> None:
        """Show a picture, and what was seen in it."""
        facts = {"is": "frame", "picture": self.pictures.add(frame), "time": round(frame.time, 4)}
        self.tell(**facts, size=[frame.width, frame.height], **seen)


def look(at: Look) -> None:
    """Show the component all there is, and tell what it makes of it.

    Raises:
        CheckFailed: It did something wrong.
        InstantReactError: The video cannot be read.
    """
    _WAYS[at.trial.choice.kind](at)


def _source(at: Look) -> None:
    source: FrameSource = at.component
    with at.trial.calling("info"):
        info = source.info
    at.tell(
        **{
            "is": "said",
            "text": f"{info.width} x {info.height}, {'live' if info.live else 'a recording'}",
            "start": 0.0,
        }
    )
    frames = at.footage.frames()
    while True:
        start = time.perf_counter()
        with at.trial.calling("frames"):
            frame = next(frames, None)
        if frame is None:
            return
        at.tell(**{"is": "call", "ms": round((time.perf_counter() - start) * 1000, 3)})
        at.show(frame)
        at.at = f"after {frame.time:.2f} s"


def _detector(at: Look) -> None:
    detector: Detector = at.component
    with at.trial.calling("labels"):
        names = tuple(detector.labels)
    for batch in _batches(at.footage.frames(), detector.batch_size):
        found = at.answers(batch, batch[0].time, at.footage.name)
        for frame, detections in zip(batch, found, strict=True):
            at.show(frame, **_boxes(detections, names))


def _boxes(found: Detections, names: tuple[str, ...]) -> dict[str, Any]:
    wrong = [label for label in found.labels.tolist() if not 0 <= label < len(names)]
    if wrong:
        raise Misfit(f"detect returned label {wrong[0]}, and `labels` has {len(names)}")
    return {
        "boxes": [[round(edge, 4) for edge in box] for box in found.boxes.tolist()],
        "scores": [round(score, 4) for score in found.scores.tolist()],
        "labels": [names[label] for label in found.labels.tolist()],
        "tracks": found.tracks.tolist() if found.tracks is not None else None,
    }


def _captioner(at: Look) -> None:
    captioner: Captioner = at.component

    def shown() -> Iterator[Frame]:
        for frame in at.footage.frames():
            at.show(frame)
            yield frame

    window = Window(captioner.clip_length, captioner.clip_stride, captioner.input_size)
    clips: Iterable[Clip] = _cut(shown(), window)
    if at.footage.clips:
        clips = at.footage.clips
        for frame in at.footage.frames():
            at.show(frame)
    for batch in _batches(clips, captioner.batch_size):
        for clip, caption in zip(batch, at.answers(batch, batch[0].start, at.footage.name), strict=True):
            _say(at, caption, clip.start, clip.end)


def _recognizer(at: Look) -> None:
    recognizer: AudioRecognizer = at.component

    def heard() -> Iterator[AudioChunk]:
        for chunk in at.footage.sound(recognizer.sample_rate):
            bar = max(1, round(_LEVEL * chunk.rate))
            levels = [float(np.abs(chunk.samples[at_ : at_ + bar]).max()) for at_ in range(0, len(chunk.samples), bar)]
            at.tell(
                **{"is": "level", "start": round(chunk.time, 4), "step": bar / chunk.rate},
                levels=np.round(levels, 3).tolist(),
            )
            yield chunk

    for chunk in _cut(heard(), Segments(recognizer.max_seconds)):
        [values] = at.answers([chunk], chunk.time, at.footage.name)
        for value in values:
            _say(at, value, value.start, value.end)
    for frame in at.footage.frames():
        at.show(frame)


def _say(at: Look, value: Caption | Transcript | SoundEvent, start: float, end: float) -> None:
    text, score = (value.label, value.score) if isinstance(value, SoundEvent) else (value.text, value.confidence)
    at.tell(**{"is": "said", "text": text, "score": round(score, 4)}, start=round(start, 4), end=round(end, 4))


def _notifier(at: Look) -> None:
    notifier: Notifier = at.component
    trial = at.trial
    if not (_is_confined() or (trial.case.fake and at.is_case)):
        raise NotApplicable(
            "nothing was sent: this machine cannot keep it from reaching people, so it is tried with the options and the fake of its case alone"
        )
    alert = media.alert("Somebody stays at the gate.", snapshot=media.snapshot(trial.folder))
    start = time.perf_counter()
    with trial.calling("notify"):
        receipt = notifier.notify(alert, media.delivery(trial.case.recipients[0]))
    at.tell(**{"is": "call", "ms": round((time.perf_counter() - start) * 1000, 3)})
    WORK["notifier"].checked(receipt, [None])
    at.tell(
        **{"is": "told", "alert": alert.text, "receipt": receipt.id, "parts": sorted(receipt.parts)},
        sent=[
            {
                "recipient": one.recipient,
                "part": one.part,
                "body": one.body if isinstance(one.body, str) else f"{len(one.body):,} bytes",
            }
            for one in (trial.case.fake.sent if trial.case.fake else ())
        ],
        fake=trial.case.fake is not None,
    )


def _is_confined() -> bool:
    """Whether there is no network but the machine's own loopback, as in a sandbox."""
    return {name for _, name in socket.if_nameindex()} <= {"lo"}


def _cut(items: Iterable[Any], cutter: Window | Segments) -> Iterator[Any]:
    for item in items:
        yield from cutter.add(item)
    yield from cutter.rest()


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while batch := list(islice(rest, max(1, size))):
        yield batch


_WAYS: dict[Kind, Callable[[Look], None]] = {
    "source": _source,
    "detector": _detector,
    "captioner": _captioner,
    "recognizer": _recognizer,
    "notifier": _notifier,
}
