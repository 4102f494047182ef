"""Frames and sound of one source, cut into what a captioner or a recognizer takes at once."""

from __future__ import annotations

import numpy as np

from instantreact_sdk.types import AudioChunk, Clip, Frame

_GAP = 3.0  # seconds without a frame that one clip may hold, where frames are not as rare as that anyway
_APART = 1.5  # samples between two chunks, from which on they do not follow each other
_ROUNDING = 1e-6  # samples


class Window:
    """Slides over frames, and gives a clip whenever it is full.

    Args:
        length: Frames of a clip, as `Captioner.clip_length`.
        stride: Frames from the beginning of one clip to that of the next, as `Captioner.clip_stride`; None for half a clip.
        size: ``(width, height)`` in which frames are kept, as `Captioner.input_size`; None for whole pictures.
        source: Its name in the configuration.
    """

    def __init__(self, length: int, stride: int | None, size: tuple[int, int] | None, source: str = "") -> None:
        self._length = length
        self._stride = max(1, length // 2) if stride is None else stride
        self._sizes = frozenset([size] if size else [])
        self._source = source
        self._frames: list[Frame] = []
        self._skip = 0  # frames before the next clip begins
        self._last = 0.0  # time of the last frame
        self._step = 0.0  # between the two last frames
        self.fresh = 0
        """How many of its frames no clip has had yet."""

    def add(self, frame: Frame) -> list[Clip]:
        """The clip that is full with the next frame, if one is. After an outage it begins anew."""
        if not self._follows(frame.time):
            self._frames.clear()
            self.fresh = self._skip = 0
        if self._skip:
            self._skip -= 1
            return []
        self._frames.append(frame.only(self._sizes))
        self.fresh += 1
        if len(self._frames) < self._length:
            return []
        clip = Clip(tuple(self._frames), self._source)
        del self._frames[: self._stride]
        self._skip = max(0, self._stride - self._length)
        self.fresh = 0
        return [clip]

    def rest(self) -> list[Clip]:
        """A last clip, perhaps a shorter one, where there are frames that none has had."""
        return [Clip(tuple(self._frames), self._source)] if self.fresh else []

    def _follows(self, time: float) -> bool:
        """Whether a frame of that time goes on from the last one. It is the last one now."""
        gap, self._last = time - self._last, time
        follows = not self._frames or gap <= max(_GAP, 3 * self._step)
        self._step = gap if follows and self._frames else 0.0
        return follows


class Segments:
    """Joins chunks of sound into pieces as long as a recognizer takes; a gap ends one, too.

    Args:
        max_seconds: As `AudioRecognizer.max_seconds`.
        source: Its name in the configuration.
    """

    def __init__(self, max_seconds: float, source: str = "") -> None:
        self._max_seconds = max_seconds
        self._source = source
        self._held: list[AudioChunk] = []

    @property
    def start(self) -> float:
        """When the piece begins that is not whole yet; infinity where there is none."""
        return self._held[0].time if self._held else float("inf")

    def add(self, chunk: AudioChunk) -> list[AudioChunk]:
        """The pieces that are whole now that the next chunk is there, in order."""
        longest = max(1, int(self._max_seconds * chunk.rate + _ROUNDING))
        gap = self._held and abs(chunk.time - self._held[-1].end) > _APART / chunk.rate
        samples = sum(len(held.samples) for held in self._held)
        whole = self.rest() if gap or samples + len(chunk.samples) > longest else []
        while len(chunk.samples) > longest:  # a chunk of a second, and a recognizer that takes less
            whole.append(AudioChunk(chunk.samples[:longest], chunk.rate, chunk.time, self._source))
            chunk = AudioChunk(chunk.samples[longest:], chunk.rate, chunk.time + longest / chunk.rate, self._source)
        self._held.append(chunk)
        return whole

    def rest(self) -> list[AudioChunk]:
        """What is held, in one piece, where there is any; nothing is held after that."""
        if not self._held:
            return []
        first = self._held[0]
        samples = np.concatenate([chunk.samples for chunk in self._held])
        self._held = []
        return [AudioChunk(samples, first.rate, first.time, self._source)]
