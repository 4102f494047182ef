"""What the pictures of a source have to be."""

from __future__ import annotations

import math
from datetime import timedelta
from itertools import pairwise
from statistics import median

import numpy as np

from instantreact_sdk.testing.conformance.check import CheckFailed, NotApplicable, check
from instantreact_sdk.testing.conformance.checks.life import WORKS
from instantreact_sdk.testing.conformance.playing import first, informed, pictures, sounds
from instantreact_sdk.testing.conformance.trial import Trial
from instantreact_sdk.types import Frame, Pixels, SourceInfo

PLAYS = ("info-is-sane",)
"""What checks need that play a source."""

_KEPT = 8
_RATE = 16_000
_YEAR = 365 * 86_400.0
_FAR = 20.0


@check("source", needs=WORKS)
def gives_frames(trial: Trial) -> None:
    """It gives at least one frame with the case's options.

    Why: a source that silently gives nothing looks like a quiet night: no error, no alert.

    To fix: let the case write a short film or a few pictures into its `folder`, and name them in its options. Where there is nothing
    to play, raise a `PluginError` in `open`.
    """
    with trial.opened() as source:
        if next(pictures(trial, source), None) is None:
            raise CheckFailed("frames ended without a single frame")


@check("source", needs=("gives-frames",))
def info_is_sane(trial: Trial) -> None:
    """`info` tells the size of the first frame, figures that can be true, and whether there is sound; asked again, it says the same.

    Why: the size decides how pictures are drawn and stored, `live` whether frames may be dropped, `fps` and `duration` how progress is
    told. Headers of files hold zeros, negative numbers and NaN.

    To fix: read the first frame in `open`, and take width and height from it, rotation applied. Leave `fps` and `duration` None
    where the header's figure is not finite or not above 0, and `duration` always for a live source.
    """
    with trial.opened() as source:
        before = informed(trial, source)
        frame = next(pictures(trial, source))
        info = informed(trial, source)
        _figures(info)  # first, as a NaN never equals itself
        if not info.live and info != before:
            raise CheckFailed(f"info was {before}, and after the first frame {info}")
        if info != informed(trial, source):
            raise CheckFailed("info changes each time that it is asked")
        unheard = not info.live and not info.has_sound
        if unheard and next(sounds(trial, source, _RATE), None) is not None:
            raise CheckFailed("info.has_sound is False, and sound gave a chunk: nobody would ever listen to it")
    if (info.width, info.height) != (frame.width, frame.height):
        raise CheckFailed(
            f"info says {info.width} x {info.height}, and the first frame has {frame.width} x {frame.height} pixels"
        )


@check("source", needs=PLAYS)
def times_grow(trial: Trial) -> None:
    """The times of its frames are finite, begin at 0 or later, and grow strictly.

    Why: rules count in these times. The pipeline refuses a frame that does not come after the one before, and the source counts as
    failed.

    To fix: take the stream's presentation stamps, less the first one. Where two are equal or run backwards (after a reconnect, in a
    damaged file), let the later frame be at least a millisecond after the one before.
    """
    with trial.opened() as source:
        last = -1.0
        for number, frame in enumerate(first(pictures(trial, source))):
            if not math.isfinite(frame.time) or (number == 0 and frame.time < 0):
                raise CheckFailed(f"frame {number} has the time {frame.time}")
            if frame.time <= last:
                raise CheckFailed(f"frame {number} has the time {frame.time:g} s, after one at {last:g} s")
            last = frame.time


@check("source", needs=("times-grow",))
def times_are_seconds(trial: Trial) -> None:
    """The times of its frames are seconds since `open`, as `info.fps` lets expect.

    Why: in milliseconds a rule's `for: 2s` is true at once; in numbers of frames it depends on the camera; and wall-clock times
    cannot be merged with sound.

    To fix: divide milliseconds by 1000 (`CAP_PROP_POS_MSEC` of OpenCV gives them), or a frame's number by the frame rate.
    """
    with trial.opened() as source:
        times = [frame.time for frame in first(pictures(trial, source))]
        fps = informed(trial, source).fps
    if times[0] > _YEAR:
        raise CheckFailed(f"the first frame has the time {times[0]:.0f} s: that does not count from open")
    if not fps or len(times) == 1:
        raise NotApplicable("there is one frame only" if fps else "`info` names no `fps` to compare with")
    step = median(after - before for before, after in pairwise(times))
    if not 1 / _FAR < step * fps < _FAR:
        raise CheckFailed(f"its frames are {step:g} s apart, where {fps:g} frames a second let expect {1 / fps:g} s")


@check("source", needs=PLAYS)
def indices_grow(trial: Trial) -> None:
    """The numbers of its frames grow strictly; the first of a source that is not live has the number 0.

    Why: batches are fixed by these numbers, so that the same file gives the same events, and observations are named by them.

    To fix: count from 0, and count the frames that nobody wanted too: `for index, ... in enumerate(...)` around the whole loop.
    """
    with trial.opened() as source:
        live, last = informed(trial, source).live, -1
        for number, frame in enumerate(first(pictures(trial, source))):
            if number == 0 and frame.index and not live:
                raise CheckFailed(f"the first frame has the number {frame.index}, not 0")
            if frame.index <= last:
                raise CheckFailed(f"a frame with the number {frame.index} comes after number {last}")
            last = frame.index


@check("source", needs=PLAYS)
def frames_have_one_size(trial: Trial) -> None:
    """All frames are as large as the first one.

    Why: annotated video, motion models and clips stand on one size; a stream may change its own in the middle.

    To fix: resize later frames to the size of the first one (`cv2.resize`).
    """
    with trial.opened() as source:
        size = None
        for frame in first(pictures(trial, source)):
            now = frame.width, frame.height
            if now != (size := size or now):
                raise CheckFailed(
                    f"frame {frame.index} has {now[0]} x {now[1]} pixels, the first one {size[0]} x {size[1]}"
                )


@check("source", needs=PLAYS)
def frames_keep_their_pixels(trial: Trial) -> None:
    """The picture of a frame stays what it was when later ones are read, and when the source is closed.

    Why: detectors work on frames while the source reads on, and clips keep 40 of them. A decoder that writes each picture into the
    same buffer changes all of them.

    To fix: give each frame memory of its own: `Frame(pixels.copy(), ...)`.
    """
    with trial.opened() as source:
        kept = [(frame, _stored(frame).copy()) for frame in first(pictures(trial, source), _KEPT)]
        _compare(kept, "later ones were read")
    _compare(kept, "the source was closed")


@check("source", needs=PLAYS)
def only_live_frames_have_a_date(trial: Trial) -> None:
    """Each frame of a live source carries the wall-clock time in UTC; a frame of any other source carries none.

    Why: people are told when something happened, and rules across cameras compare these times. A file has no such time, and
    what the clock says while it is read would make its results differ each time.

    To fix: `Frame(..., wall=context.clock.now())` in a live source; leave `wall` out in the others.
    """
    with trial.opened() as source:
        frame = next(pictures(trial, source))
        live = informed(trial, source).live
    if not live and frame.wall is not None:
        raise CheckFailed(f"it is not live, and its first frame has the wall-clock time {frame.wall}")
    if live and frame.wall is None:
        raise CheckFailed("it is live, and its first frame has no wall-clock time")
    if frame.wall is not None and frame.wall.utcoffset() != timedelta():
        zone = frame.wall.tzname() or "no time zone"
        raise CheckFailed(f"the wall-clock time of its first frame is in {zone}, not in UTC")


def _figures(info: SourceInfo) -> None:
    """Raise `CheckFailed` where one cannot be true."""
    for name in ("width", "height"):
        size = getattr(info, name)
        if type(size) is not int or size <= 0:
            raise CheckFailed(f"info.{name} is {size!r}, no whole number above 0")
    for name in ("live", "has_sound"):
        if type(getattr(info, name)) is not bool:
            raise CheckFailed(f"info.{name} is {getattr(info, name)!r}, neither True nor False")
    for name in ("fps", "duration"):
        figure = getattr(info, name)
        if figure is not None and not (isinstance(figure, int | float) and 0 < figure < math.inf):
            raise CheckFailed(f"info.{name} is {figure!r}, neither None nor a number above 0")
    if info.live and info.duration is not None:
        raise CheckFailed(f"info.duration is {info.duration:g} s, and info.live says that it has no end")


def _stored(frame: Frame) -> Pixels:
    """The memory that a decoder wrote; `image` would be a converted copy, which nothing changes any more."""
    return frame._pixels  # noqa: SLF001  (the kit belongs to the SDK, and a plugin has no use for a public way)


def _compare(kept: list[tuple[Frame, Pixels]], after: str) -> None:
    for frame, pixels in kept:
        if not np.array_equal(_stored(frame), pixels):
            raise CheckFailed(f"the picture of frame {frame.index} became another one when {after}")
