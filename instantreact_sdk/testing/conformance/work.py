"""How components of each kind are put to work, so that one check can serve all kinds."""

from __future__ import annotations

import hashlib
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from typing import Any, ClassVar

from instantreact_sdk.interfaces import AudioRecognizer, Captioner, Detector, FrameSource, Notifier
from instantreact_sdk.registry import Kind
from instantreact_sdk.testing import media
from instantreact_sdk.testing.conformance.check import Misfit
from instantreact_sdk.testing.conformance.playing import FRAMES, first, watched
from instantreact_sdk.testing.conformance.trial import Trial
from instantreact_sdk.types import (
    Alert,
    AudioChunk,
    Caption,
    Clip,
    Delivery,
    Detections,
    Frame,
    Receipt,
    SoundEvent,
    Transcript,
)

_ENOUGH = 2.0  # seconds that are enough for a first look, where a component is slow
_LOWEST = 1000  # samples per second, for speech that is made


class Work(ABC):
    """What the components of one kind do, on ordinary inputs.

    Attributes:
        method: The method that does it.
    """

    method: ClassVar[str]

    @abstractmethod
    def inputs(self, trial: Trial, component: Any) -> list[Any]:
        """Ordinary inputs: the case's, or synthetic ones; the same every time. For a source: how many frames, at the most."""

    @abstractmethod
    def call(self, component: Any, inputs: Sequence[Any]) -> Any:
        """One call; whatever it returns."""

    @abstractmethod
    def checked(self, answer: Any, inputs: Sequence[Any]) -> list[Any]:
        """The answer for each input.

        Raises:
            Misfit: It is not of the type, or not of the number, that the interface asks for.
        """

    @abstractmethod
    def plain(self, answer: Any) -> Any:
        """One answer as a value that equals that of the same answer."""

    def batch(self, component: Any) -> int:
        """How many inputs go into one call."""
        return 1

    def renewed(self, inputs: Sequence[Any], count: int) -> Iterator[Any]:
        """Inputs of the same content, as often as asked for, none of them the same object."""
        for number in range(count):
            yield self.copy(inputs[number % len(inputs)])

    @abstractmethod
    def copy(self, one: Any) -> Any:
        """An input with memory of its own."""

    def first_answers(self, trial: Trial, component: Any) -> tuple[list[Any], list[Any]]:
        """Ordinary inputs, of which a slow component gets fewer, but at least two batches; and what it answers.

        Raises:
            Misfit: An answer is none.
        """
        inputs, found = self.inputs(trial, component), list[Any]()
        size = self.batch(component)
        deadline = time.monotonic() + _ENOUGH
        for start in range(0, len(inputs), size):
            if start >= 2 * size and time.monotonic() > deadline:
                return inputs[:start], found
            found += self.answers(trial, component, [self.copy(one) for one in inputs[start : start + size]])
        return inputs, found

    def answers(self, trial: Trial, component: Any, inputs: Sequence[Any] | None = None) -> list[Any]:
        """What it answers to some inputs, or to the ordinary ones, in batches as the pipeline makes them.

        Of a source that is not asked for so many frames those that come in a few seconds, however slowly.

        Raises:
            Misfit: An answer is none.
        """
        given = self.inputs(trial, component) if inputs is None else inputs
        size = self.batch(component)
        found: list[Any] = []
        for start in range(0, len(given), size):
            batch = given[start : start + size]
            with trial.calling(self.method):
                answer = self.call(component, batch)
                found += self.checked(answer, batch)
        return found


class _Playing(Work):
    method = "frames"

    def inputs(self, trial: Trial, component: Any) -> list[Any]:
        return [FRAMES]

    def call(self, component: FrameSource, inputs: Sequence[int]) -> Any:
        return islice(component.frames(), inputs[0])

    def first_answers(self, trial: Trial, component: FrameSource) -> tuple[list[Any], list[Any]]:
        frames = self._frames(trial, component, self.inputs(trial, component))
        found = [*first(frames)]
        more = next(frames, None) is not None
        return [len(found) if more else FRAMES], self.checked(found, ())

    def answers(self, trial: Trial, component: FrameSource, inputs: Sequence[int] | None = None) -> list[Any]:
        frames = self._frames(trial, component, self.inputs(trial, component) if inputs is None else inputs)
        return self.checked([*(first(frames) if inputs is None else frames)], ())

    def _frames(self, trial: Trial, component: FrameSource, inputs: Sequence[int]) -> Iterator[Any]:
        return watched(trial, self.method, lambda: self.call(component, inputs))

    def checked(self, answer: Any, inputs: Sequence[Any]) -> list[Any]:
        return [_is(frame, Frame, "frames gave") for frame in answer]

    def plain(self, answer: Frame) -> Any:
        return answer.time, answer.index, answer.image.shape, _digest(answer.image)

    def copy(self, one: int) -> int:
        return one


class _Detecting(Work):
    method = "detect"

    def inputs(self, trial: Trial, component: Any) -> list[Frame]:
        return [*trial.case.inputs] or media.moving_square(FRAMES)  # type: ignore[list-item]

    def batch(self, component: Detector) -> int:
        return _count(component.batch_size)

    def call(self, component: Detector, inputs: Sequence[Frame]) -> Any:
        return component.detect(inputs)

    def checked(self, answer: Any, inputs: Sequence[Any]) -> list[Any]:
        return _each(answer, inputs, Detections, "detect returned", "frames")

    def plain(self, answer: Detections) -> Any:
        arrays: dict[str, Any] = {
            "boxes": answer.boxes,
            "scores": answer.scores,
            "labels": answer.labels,
            **answer.data,
        }
        if answer.tracks is not None:
            arrays["tracks"] = answer.tracks
        return {name: (rows.shape, rows.tobytes()) for name, rows in arrays.items()}

    def copy(self, one: Frame) -> Frame:
        return Frame(one.image.copy(), time=one.time, index=one.index)

    def renewed(self, inputs: Sequence[Frame], count: int) -> Iterator[Frame]:
        """In time order from end to end: a detector that remembers may rely on it."""
        frames = inputs[-1].index - inputs[0].index + 1
        seconds = inputs[-1].time - inputs[0].time + 0.1
        for number in range(count):
            lap, place = divmod(number, len(inputs))
            one = inputs[place]
            yield Frame(one.image.copy(), time=one.time + lap * seconds, index=one.index + lap * frames)


class _Captioning(Work):
    method = "caption"

    def inputs(self, trial: Trial, component: Captioner) -> list[Clip]:
        if trial.case.inputs:
            return [*trial.case.inputs]  # type: ignore[list-item]
        length = _count(component.clip_length)
        moving = media.moving_square(length + length // 2)
        return [media.clip(moving[:length]), media.clip(moving[length // 2 :]), media.clip(media.still(length))]

    def batch(self, component: Captioner) -> int:
        return _count(component.batch_size)

    def call(self, component: Captioner, inputs: Sequence[Clip]) -> Any:
        return component.caption(inputs)

    def checked(self, answer: Any, inputs: Sequence[Any]) -> list[Any]:
        return _each(answer, inputs, Caption, "caption returned", "clips")

    def plain(self, answer: Caption) -> Any:
        return answer

    def copy(self, one: Clip) -> Clip:
        return Clip(tuple(DETECTING.copy(frame) for frame in one.frames), one.source)


class _Recognizing(Work):
    method = "recognize"

    def inputs(self, trial: Trial, component: AudioRecognizer) -> list[AudioChunk]:
        if trial.case.inputs:
            return [*trial.case.inputs]  # type: ignore[list-item]
        rate, seconds = _sound(component)
        return [
            media.speech_like(seconds, rate),
            media.tone(440, seconds, rate, time=seconds),
            media.noise(seconds, rate, time=2 * seconds),
        ]

    def call(self, component: AudioRecognizer, inputs: Sequence[AudioChunk]) -> Any:
        return component.recognize(inputs[0])

    def checked(self, answer: Any, inputs: Sequence[Any]) -> list[Any]:
        if isinstance(answer, (str, bytes)) or not isinstance(answer, Sequence):
            raise Misfit(f"recognize returned {_a(answer)}, no sequence of Transcript and SoundEvent")
        return [tuple(_is(one, (Transcript, SoundEvent), "recognize returned a sequence with") for one in answer)]

    def plain(self, answer: Any) -> Any:
        return answer

    def copy(self, one: AudioChunk) -> AudioChunk:
        return AudioChunk(one.samples.copy(), one.rate, one.time, one.source)


Told = tuple[Alert, Delivery]


class _Notifying(Work):
    method = "notify"

    def inputs(self, trial: Trial, component: Any) -> list[Told]:
        texts = ("Somebody stays at the gate.", "A fall in the lobby.", "A cry for help.")
        people = cycle(trial.case.recipients)
        return [
            (media.alert(text), media.delivery(next(people), key=f"check-{number}"))
            for number, text in enumerate(texts)
        ]

    def call(self, component: Notifier, inputs: Sequence[Told]) -> Any:
        return component.notify(*inputs[0])

    def checked(self, answer: Any, inputs: Sequence[Any]) -> list[Any]:
        return [_is(answer, Receipt, "notify returned")]

    def plain(self, answer: Receipt) -> Any:
        return sorted(answer.parts)

    def copy(self, one: Told) -> Told:
        return one


def _sound(component: AudioRecognizer) -> tuple[int, float]:
    """A rate and a length that it takes; ordinary ones where it declares none that can be, which is for another check to say."""
    rate, seconds = component.sample_rate, component.max_seconds
    return (
        rate if isinstance(rate, int) and rate >= _LOWEST else 16_000,
        min(2.0, seconds) if isinstance(seconds, int | float) and seconds > 0 else 2.0,
    )


def _count(value: Any) -> int:
    """A declared number; 1 where it is none, which is for another check to say."""
    return value if isinstance(value, int) and value > 0 else 1


def _is(value: Any, wanted: type | tuple[type, ...], told: str) -> Any:
    if not isinstance(value, wanted):
        names = [each.__name__ for each in (wanted if isinstance(wanted, tuple) else (wanted,))]
        raise Misfit(f"{told} {_a(value)}, no {' or '.join(names)}")
    return value


def _each(answer: Any, inputs: Sequence[Any], wanted: type, told: str, things: str) -> list[Any]:
    if isinstance(answer, (str, bytes)) or not isinstance(answer, Sequence):
        raise Misfit(f"{told} {_a(answer)}, no sequence of {wanted.__name__}")
    if len(answer) != len(inputs):
        raise Misfit(f"{told} {len(answer)} {wanted.__name__} for {len(inputs)} {things}")
    return [_is(one, wanted, f"{told} a sequence with") for one in answer]


def _a(value: Any) -> str:
    return "None" if value is None else f"a {type(value).__name__}"


def _digest(pixels: Any) -> str:
    return hashlib.blake2s(pixels.tobytes(), digest_size=16).hexdigest()


DETECTING = _Detecting()

WORK: dict[Kind, Work] = {
    "source": _Playing(),
    "detector": DETECTING,
    "captioner": _Captioning(),
    "recognizer": _Recognizing(),
    "notifier": _Notifying(),
}
