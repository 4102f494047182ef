"""Components small enough to know by heart what they see, for pipeline files: ``use: PARTS:Film``."""

from __future__ import annotations

import json
import os
import random
import time
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field

from instantreact_sdk import (
    AudioChunk,
    AudioRecognizer,
    Caption,
    Captioner,
    Detections,
    Detector,
    Frame,
    FrameSource,
    Notifier,
    Options,
    PermanentError,
    PluginError,
    Receipt,
    SoundEvent,
    SourceInfo,
    Transcript,
    TransientError,
)

PARTS = str(Path(__file__).resolve())


def note(context, **what):
    """Remember something for the test: a line in ``NAME.log`` beside the pipeline file."""
    with (context.base / f"{context.name}.log").open("a") as log:
        log.write(json.dumps(what) + "\n")


class FilmOptions(Options):
    seconds: float = 10.0
    """Its length."""
    fps: float = 10.0
    """Frames a second."""
    sound: float = 0.0
    """Length of its sound."""
    chunk: float = 0.5
    """Length of a chunk of sound."""
    gap: float | None = None
    """From here on the sound is two seconds later."""
    live: bool = False
    """Whether it plays in real time, for ever."""
    fails: int = 0
    """So often it cannot be opened."""
    breaks: float | None = None
    """It breaks after so many seconds, the first time."""
    told: dict[float, Literal["offline", "online"]] = Field(default_factory=dict)
    """Health to tell, by time."""
    url: str = ""
    """Not looked at."""


class Film(FrameSource):
    """Frames of 64 x 48 pixels that hold their own number; sound of which each sample holds its own time / 1000."""

    def __init__(self, options: FilmOptions):
        self.options = options

    def open(self, context):
        self.context = context
        note(context, opened=True)
        self.opened = len((context.base / f"{context.name}.log").read_text().splitlines())
        if self.opened <= self.options.fails:
            raise PluginError("The film is not there.", "Wait for it.")

    @property
    def info(self):
        o = self.options
        return SourceInfo(64, 48, live=o.live, fps=o.fps, duration=None if o.live else o.seconds, has_sound=o.sound > 0)

    def frames(self):
        told = dict(self.options.told)
        began = time.monotonic()
        count = 10**9 if self.options.live else round(self.options.seconds * self.options.fps)
        for index in range(count):
            at = index / self.options.fps
            if self.options.live and self.context.stop.wait(max(0.0, began + at - time.monotonic())):
                return
            first = self.opened == self.options.fails + 1
            if self.options.breaks is not None and at >= self.options.breaks and first:
                raise PluginError("The film tore.", "Glue it.")
            for moment in [moment for moment in told if moment <= at]:
                kind = told.pop(moment)
                self.context.health(kind, f"It is {kind}.")
            if not self.context.wants(at):
                continue
            yield Frame(np.full((48, 64, 3), index % 256, np.uint8), time=at, index=index)

    def sound(self, rate):
        began = time.monotonic()
        size = round(self.options.chunk * rate)
        for first in range(0, round(self.options.sound * rate), size):
            times = np.arange(first, min(first + size, round(self.options.sound * rate))) / rate
            if self.options.gap is not None and times[0] >= self.options.gap:
                times = times + 2.0
            if self.options.live and self.context.stop.wait(max(0.0, began + float(times[-1]) - time.monotonic())):
                return
            yield AudioChunk((times / 1000).astype(np.float32), rate, float(times[0]))


class SpotOptions(Options):
    spans: tuple[tuple[float, float], ...] = ((2.0, 4.0),)
    """From when to when, in seconds, there is a spot."""
    batch: int = 1
    """How many frames it likes at once."""
    pause: float = 0.0
    """Seconds that a frame takes."""
    dice: bool = False
    """Whether it takes any time from 0 to `pause` instead."""
    raises: tuple[int, ...] = ()
    """The calls that fail, counted from 1."""
    deaf: bool = False
    """Whether it goes on when the run is to stop."""
    dies: int = 0
    """The call in which it takes the whole process along, counted from 1."""
    counts: bool = False
    """Whether it counts in its state how often it was opened."""


class Spot(Detector):
    """Finds a spot in whatever is inside its spans; its score tells the frame's number."""

    labels = ("spot",)
    input_size = (8, 6)

    def __init__(self, options: SpotOptions):
        self.options = options
        self.batch_size = options.batch

    def open(self, context):
        self.context = context
        self.calls = 0
        if self.options.counts:
            context.state["opened"] = context.state.get("opened", 0) + 1
            note(context, opened=context.state["opened"])

    def detect(self, frames):
        self.calls += 1
        note(
            self.context,
            instance=id(self),
            source=frames[0].source,
            frames=[frame.index for frame in frames],
            pixels=[int(frame.resized(8, 6)[0, 0, 0]) for frame in frames],
        )
        pause = self.options.pause * (random.random() if self.options.dice else 1.0) * len(frames)
        if self.options.deaf:
            time.sleep(pause)
        else:
            self.context.stop.wait(pause)
        if self.calls == self.options.dies:
            os._exit(3)
        if self.calls in self.options.raises:
            raise ValueError("no spot today")
        return [self.find(frame) for frame in frames]

    def find(self, frame):
        if any(start <= frame.time < end for start, end in self.options.spans):
            return Detections([[0.25, 0.25, 0.75, 0.75]], [frame.index / 1000], [0])
        return Detections.empty()


class TrackingSpot(Spot):
    """The same, with a memory."""

    stateful = True

    def __init__(self, options: SpotOptions):
        super().__init__(options)


class TellerOptions(Options):
    length: int = 10
    """Frames of a clip."""
    stride: int | None = None
    """Frames between clips."""
    batch: int = 1
    """Clips at once."""
    sized: bool = True
    """Whether it declares a size."""
    fails: bool = False
    """Whether every call fails."""
    pause: float = 0.0
    """Seconds that a clip takes."""


class Teller(Captioner):
    """Tells which frames a clip holds."""

    def __init__(self, options: TellerOptions):
        self.options = options
        self.clip_length = options.length
        self.clip_stride = options.stride
        self.batch_size = options.batch
        self.input_size = (8, 6) if options.sized else None

    def open(self, context):
        self.context = context

    def caption(self, clips):
        note(
            self.context,
            clips=[[frame.index for frame in clip.frames] for clip in clips],
            sizes=sorted({(frame.width, frame.height) for clip in clips for frame in clip.frames}),
        )
        self.context.stop.wait(self.options.pause)
        if self.options.fails:
            raise ValueError("lost for words")
        return [
            Caption(f"frames {clip.frames[0].index} to {clip.frames[-1].index}", 1.0, clip.start, clip.end)
            for clip in clips
        ]


class EarOptions(Options):
    rate: int = 1000
    """Samples per second."""
    longest: float = 2.0
    """Seconds at once."""
    said: dict[str, tuple[float, float]] = Field(default_factory=dict)
    """Words, from when to when."""
    beyond: float = 0.0
    """Seconds by which it puts all ends too late."""
    pause: float = 0.0
    """Seconds that a segment takes."""
    fails: bool = False
    """Whether every call fails."""


class Ear(AudioRecognizer):
    """Hears words that end inside a segment, and a bang at every start of one."""

    def __init__(self, options: EarOptions):
        self.options = options
        self.sample_rate = options.rate
        self.max_seconds = options.longest

    def open(self, context):
        self.context = context

    def recognize(self, chunk):
        note(
            self.context,
            start=round(chunk.time, 4),
            end=round(chunk.end, 4),
            rate=chunk.rate,
            first=round(float(chunk.samples[0]) * 1000, 3),
            source=chunk.source,
        )
        self.context.stop.wait(self.options.pause)
        if self.options.fails:
            raise ValueError("deaf")
        heard = [SoundEvent("bang", 0.5, chunk.time, chunk.time)]
        for text, (start, end) in self.options.said.items():
            if chunk.time < end <= chunk.end:
                heard.append(Transcript(text, start, end + self.options.beyond))
        return heard


class CrierOptions(Options):
    pause: float = 0.0
    """Seconds that it takes."""
    refuses: bool = False
    """Whether it refuses everything for good."""
    loses: bool = False
    """Whether the picture gets lost."""


class Crier(Notifier):
    """Tells nobody, slowly, or refuses to."""

    def __init__(self, options: CrierOptions):
        self.options = options

    def open(self, context):
        self.context = context

    def update(self, alert, delivery):
        note(self.context, update=alert.text)
        return Receipt()

    def notify(self, alert, delivery):
        note(self.context, notify=alert.text)
        time.sleep(self.options.pause)
        if self.options.refuses:
            raise PermanentError("Nobody lives there.", "Ask for the new address.")
        if self.options.loses:
            raise TransientError("The picture was lost.", sent={"text": "7"})
        return Receipt()
