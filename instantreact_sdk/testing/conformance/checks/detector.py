"""What holds for detectors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from instantreact_sdk.testing import media
from instantreact_sdk.testing.conformance.check import CheckFailed, check
from instantreact_sdk.testing.conformance.checks.life import WORKS
from instantreact_sdk.testing.conformance.lines import blemish
from instantreact_sdk.testing.conformance.passes import first_pass, must_survive, single_answers
from instantreact_sdk.testing.conformance.trial import Trial
from instantreact_sdk.types import Detections, Frame

_SIZES = ((320, 240), (640, 360), (180, 320), (320, 240))
_MINUTE = 60.0
_DAYS = 100 * 86_400.0


@check("detector", needs=WORKS)
def labels_are_named(trial: Trial) -> None:
    """`labels` is a tuple of distinct names, each a printable word or more, and stays the same while it is open.

    Why: rules ask for labels by name, and the pipeline reads the names once.

    To fix: write `labels = ("person", "dog")`, with the comma where there is one only: `("person",)`. Names from a file are known after
    `open`: read them there, strip the ends of lines, and leave out empty ones.
    """
    with trial.opened() as detector:
        names = _names(trial, detector)
        if not isinstance(names, tuple):
            raise CheckFailed(f"its labels are {names!r}, no tuple")
        if not names:
            raise CheckFailed("its labels are empty, so that it can find nothing")
        for name in names:
            if not isinstance(name, str):
                raise CheckFailed(f"the label {name!r} is no text")
            wrong = "is empty" if not name else blemish(name)
            if wrong:
                raise CheckFailed(f"the label {name!r} {wrong}")
            if names.count(name) > 1:
                raise CheckFailed(f"the label {name!r} is there {names.count(name)} times")
        trial.work.first_answers(trial, detector)
        after = _names(trial, detector)
        if after != names:
            raise CheckFailed(f"its labels were {names!r}, and after some frames {after!r}")


@check("detector", needs=("labels-are-named",))
def labels_point_to_names(trial: Trial) -> None:
    """The numbers in `Detections.labels` are positions in `labels`: from 0 on, and below their number.

    Why: a number without a name is nothing that a rule could ask for, so the component counts as failed. One that is wrong by one
    calls a person a bicycle.

    To fix: many models count their classes from 1, with 0 for the background: subtract 1, or begin `labels` with `"background"`.
    """
    with trial.opened() as detector:
        count = len(_names(trial, detector))
    for number, found in _found(trial):
        wrong = found.labels[(found.labels < 0) | (found.labels >= count)]
        if len(wrong):
            raise CheckFailed(f"in frame {number} it found the label {wrong[0]}, and has names for 0..{count - 1}")


@check("detector", needs=WORKS)
def tracks_are_stateful(trial: Trial) -> None:
    """Only a detector whose spec says `stateful=True` gives `tracks`.

    Why: a track joins what was seen in several frames of one source. An instance that serves several sources, in any
    order, cannot know it, and rules that wait (`for: 2s`) would follow a number that means nothing.

    To fix: leave `tracks` out, or declare `stateful=True` in the spec (for a class in a local file: the class attribute `stateful = True`).
    """
    for number, found in _found(trial):
        if found.tracks is not None and not trial.choice.spec.stateful:
            raise CheckFailed(f"in frame {number} it gave tracks, and its spec does not say that it is stateful")


@check("detector", needs=("tracks-are-stateful",))
def tracks_are_distinct(trial: Trial) -> None:
    """In one frame no two objects have the same track.

    Why: a track is one thing. Two at once under one number are counted as one, and seem to jump to and fro.

    To fix: give each object of a frame a number of its own, new ones included, and leave out what your tracker has not confirmed yet
    (many give all of those -1).
    """
    for number, found in _found(trial):
        tracks = [] if found.tracks is None else found.tracks.tolist()
        twice = next((track for track in tracks if tracks.count(track) > 1), None)
        if twice is not None:
            raise CheckFailed(f"in frame {number} {tracks.count(twice)} objects have the track {twice}")


@check("detector", needs=WORKS)
def survives_a_change_of_size(trial: Trial) -> None:
    """Frames may change their size between two calls.

    Why: a camera that reconnects may give another resolution, and a detector that is not stateful sees all cameras.

    To fix: look at the picture in one size (`frame.resized(300, 300)`), or make buffers anew when the shape of a frame is another one.
    """
    frames = [
        Frame(picture.image, time=number / 10, index=number)
        for number, picture in enumerate(
            one for size in _SIZES for one in media.moving_square(4, width=size[0], height=size[1])
        )
    ]
    with trial.opened() as detector:
        for before, frame in zip([frames[0], *frames], frames, strict=False):
            try:
                single_answers(trial, detector, [frame])
            except CheckFailed as failed:
                sizes = f"{frame.width} x {frame.height} after {before.width} x {before.height}"
                raise CheckFailed(f"on a frame of {sizes}, {failed}") from failed


@check("detector", needs=WORKS)
def survives_gaps(trial: Trial) -> None:
    """Frames may be missing: numbers and times of frames leave some out, jump by minutes, and need not begin near zero.

    Why: the pipeline takes five frames a second of twenty-five, a camera loses some, and a run lasts for months.

    To fix: reckon with `frame.time`, not with calls or numbers; use neither as a position in a list, and keep no entry for frames that you
    did not see.
    """
    pictures = media.moving_square(8)
    steps = [(number * 5, number / 5) for number in range(4)]
    steps += [(1500 + number, _MINUTE + number / 25) for number in range(4)]
    for late, count in ((0.0, 0), (_DAYS, round(_DAYS * 25))):
        with trial.opened() as detector:
            for picture, (index, seconds) in zip(pictures, steps, strict=True):
                frame = Frame(picture.image, time=late + seconds, index=count + index)
                try:
                    single_answers(trial, detector, [frame])
                except CheckFailed as failed:
                    raise CheckFailed(f"on frame number {frame.index} at {frame.time:g} s, {failed}") from failed


@check("detector", needs=("survives-a-change-of-size",))
def awkward_frames(trial: Trial) -> None:
    """It survives pictures that are tiny, huge, narrow, black, white, grey, or noise, and its answers stay valid.

    Why: a lens is covered, a light goes out, a cable is loose, and someone crops a stream to one column of pixels. None of
    that may take the detector away.

    To fix: divide by nothing that may be zero (the spread of a grey picture is), give slices and resizes at least one pixel, and answer
    `Detections.empty()` where a picture is too small to look at.
    """
    with trial.opened() as detector:
        must_survive(trial, detector, media.awkward_frames())


def _names(trial: Trial, detector: Any) -> Any:
    with trial.calling("reading its labels"):
        return detector.labels


def _found(trial: Trial) -> Iterator[tuple[int, Detections]]:
    """What it finds in ordinary frames, with their numbers from 1 on; where it finds nothing is left out."""
    _, answers = first_pass(trial)
    yield from ((number, found) for number, found in enumerate(answers, 1) if len(found))
