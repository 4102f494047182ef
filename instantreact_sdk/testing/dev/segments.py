"""Frames and sound cut as a pipeline cuts them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from instantreact_sdk.testing.media import joined
from instantreact_sdk.types import AudioChunk, Clip, Frame


def windows(frames: Iterable[Frame], length: int, stride: int | None) -> Iterator[Clip]:
    """Clips of so many frames; the last one may be shorter.

    Args:
        frames: In time order.
        length: `Captioner.clip_length`.
        stride: `Captioner.clip_stride`.
    """
    step = max(1, length // 2) if stride is None else stride
    window: list[Frame] = []
    fresh = skip = 0
    for frame in frames:
        if skip:
            skip -= 1
            continue
        window.append(frame)
        fresh += 1
        if len(window) == length:
            yield Clip(tuple(window))
            del window[:step]
            fresh, skip = 0, max(0, step - length)
    if fresh:
        yield Clip(tuple(window))


def segments(chunks: Iterable[AudioChunk], max_seconds: float) -> Iterator[AudioChunk]:
    """Sound in pieces as long as they may be; a gap ends one, too.

    Args:
        chunks: In time order, of one rate.
        max_seconds: `AudioRecognizer.max_seconds`.
    """
    held: list[AudioChunk] = []
    for chunk in _short(chunks, max_seconds):
        gap = held and abs(chunk.time - held[-1].end) > 1.5 / chunk.rate
        if held and (gap or sum(len(each.samples) for each in [*held, chunk]) > max_seconds * chunk.rate):
            yield joined(held)
            held = []
        held.append(chunk)
    if held:
        yield joined(held)


def _short(chunks: Iterable[AudioChunk], max_seconds: float) -> Iterator[AudioChunk]:
    for chunk in chunks:
        longest = max(1, int(max_seconds * chunk.rate))
        for start in range(0, len(chunk.samples), longest):
            yield AudioChunk(chunk.samples[start : start + longest], chunk.rate, chunk.time + start / chunk.rate)
