"""What a component is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces import Context, FrameSource, Options, redacted
from instantreact_sdk.pipeline.sampler import Sampler
from instantreact_sdk.registry import discover
from instantreact_sdk.testing import media
from instantreact_sdk.testing.conformance.check import NotApplicable
from instantreact_sdk.testing.conformance.trial import Trial
from instantreact_sdk.testing.demo_scene import DemoScene
from instantreact_sdk.testing.dev.task import Task
from instantreact_sdk.types import AudioChunk, Clip, Frame

SECONDS = 600.0
"""Of the media, how much is looked at: enough to develop with, and no more pictures than a disk has room for."""
_DEMO_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Footage:
    """Pictures and sound.

    Attributes:
        name: What it is, in words.
        frames: All sampled frames from the beginning, each time that it is called.
        sound: All sound from the beginning, at a rate.
        clips: Clips that are to be captioned as they are; none where they are cut from the frames.
    """

    name: str
    frames: Callable[[], Iterator[Frame]]
    sound: Callable[[int], Iterator[AudioChunk]]
    clips: Sequence[Clip] = ()


def footage(task: Task, trial: Trial) -> Footage:
    """The video that was asked for; else the inputs of the component's case; else drawn figures and made-up sounds.

    Raises:
        InstantReactError: IR6012 or IR3006, nothing reads the video; or why what reads it cannot be used.
    """
    if task.video:
        return _film(task)
    try:
        inputs = [*trial.case.inputs]
    except NotApplicable:
        inputs = []
    if inputs:
        clips = [each for each in inputs if isinstance(each, Clip)]
        shown = [each for each in inputs if isinstance(each, Frame)] or [
            frame for clip in clips for frame in clip.frames
        ]
        heard = [each for each in inputs if isinstance(each, AudioChunk)]
        return Footage("the inputs of its case", lambda: iter(shown), lambda _: iter(heard), clips)
    if trial.choice.kind == "recognizer":
        return Footage("made-up sounds", lambda: iter(()), _sounds)
    if find_spec("cv2") is None:
        return Footage("a moving square", lambda: iter(media.moving_square(fps=task.fps)), _sounds)
    return Footage("figures in a yard", lambda: _demo(task.fps), _sounds)


def sampled(source: FrameSource, sampler: Sampler) -> Iterator[Frame]:
    """The frames of an open source that are looked at.

    Args:
        source: The source.
        sampler: What its context's `wants` asks, too.
    """
    for frame in source.frames():
        if frame.time > SECONDS:
            return
        if sampler.take(frame.time):
            yield frame


def _demo(fps: float) -> Iterator[Frame]:
    scene = DemoScene(640, 360)
    for index in range(round(_DEMO_SECONDS * fps)):
        yield Frame(scene.picture(index / fps, index), time=index / fps, index=index)


def _sounds(rate: int) -> Iterator[AudioChunk]:
    """A voice, a tone and noise, with silence in between."""
    yield media.speech_like(3.0, rate)
    yield media.silence(1.0, rate, time=3.0)
    yield media.tone(440, 2.0, rate, time=4.0)
    yield media.silence(1.0, rate, time=6.0)
    yield media.noise(2.0, rate, time=7.0)


def _film(task: Task) -> Footage:
    use = discover().source_for(task.video)
    if use is None and "://" in task.video:
        raise InstantReactError("IR3006", scheme=task.video.partition("://")[0])
    if use is None:
        raise InstantReactError("IR6012", video=task.video)
    choice = discover(probe=False).resolve("source", use, Path())
    base = Path(task.target.base or ".")

    def opened(context: Context) -> FrameSource:
        options = cast("type[Options]", choice.options_type()).model_validate({"url": task.video})
        source = cast("FrameSource", choice.make(options))
        source.open(context)
        return source

    def frames() -> Iterator[Frame]:
        sampler = Sampler(task.fps)
        with closing(opened(Context(base=base, wants=sampler.wants))) as source:
            yield from sampled(source, sampler)

    def sound(rate: int) -> Iterator[AudioChunk]:
        with closing(opened(Context(base=base))) as source:
            for chunk in source.sound(rate):
                if chunk.time > SECONDS:
                    return
                yield chunk

    return Footage(redacted(task.video), frames, sound)
