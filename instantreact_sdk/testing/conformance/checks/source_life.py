"""How a source plays: to its end, or until it is told to stop."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice, takewhile

from instantreact_sdk.interfaces import FrameSource
from instantreact_sdk.testing.conformance.check import CheckFailed, NotApplicable, check
from instantreact_sdk.testing.conformance.checks.source import PLAYS
from instantreact_sdk.testing.conformance.comparing import must_agree
from instantreact_sdk.testing.conformance.playing import informed, pictures
from instantreact_sdk.testing.conformance.trace import Trace
from instantreact_sdk.testing.conformance.trial import Refused, Trial

_PATIENCE = 5.0
_LONG = 20.0
_FEW = 3
_FRAMES = 10
_MORE = 16
_OVER = 1.5
_SPARE = 2.0  # seconds
_SKIPPING = 1.0


@check("source", needs=("times-grow",))
def ends_by_itself(trial: Trial) -> None:
    """A source that is not live comes to its end.

    Why: the results of a file are written when it has ended.

    To fix: return from `frames` after the last frame; do not begin again, and do not wait for more.
    """
    with trial.opened() as source:
        info = informed(trial, source)
        if info.live:
            raise NotApplicable("it is live, and ends only when it is told to")
        until = time.monotonic() + _LONG
        for frame in pictures(trial, source):
            if info.duration and frame.time > _OVER * info.duration + _PATIENCE:
                raise CheckFailed(f"it lasts {info.duration:g} s, and still gave a frame at {frame.time:g} s")
            if time.monotonic() > until:
                said = f"it gave frames for {_LONG:g} s, up to {frame.time:g} s"
                if info.duration:
                    raise NotApplicable(f"{said} of {info.duration:g} s: too long to be played to its end")
                raise CheckFailed(f"{said}, and there was no end to be seen: let the case play something shorter")


@check("source", needs=("ends-by-itself",))
def duration_is_true(trial: Trial) -> None:
    """A source that names a duration gives frames about as long: it is not more than twice what is played.

    Why: by it people are told how far an analysis is, and when it will be ready. In milliseconds, or as a number of frames, it is never reached.

    To fix: seconds, `frames / fps`; and where the header's figures cannot be trusted, None.
    """
    with trial.opened() as source:
        info = informed(trial, source)
        if info.live or info.duration is None:
            raise NotApplicable("it names no duration")
        until, last = time.monotonic() + _LONG, 0.0
        for frame in pictures(trial, source):
            last = frame.time
            if time.monotonic() > until:
                raise NotApplicable("it is too long to be played to its end")
    if info.duration > 2 * (last + 1 / (info.fps or 1)) + _SPARE:
        raise CheckFailed(f"info.duration is {info.duration:g} s, and its last frame comes at {last:g} s")


@check("source", needs=PLAYS)
def stops_when_told(trial: Trial) -> None:
    """It ends soon after `context.stop` was set, before playing as well as in the middle.

    Why: this is how a run ends; whoever presses Ctrl-C waits for it.

    To fix: look at it before each frame, `while not self.context.stop.is_set():`, and wait by `self.context.stop.wait(seconds)`.
    """
    for before in (0, _FEW):
        stop = threading.Event()
        with trial.opened(context=trial.context(stop=stop)) as source:
            frames = pictures(trial, source)
            list(islice(frames, before))
            stop.set()
            until = time.monotonic() + _PATIENCE
            for count, _ in enumerate(frames, 1):
                if count > _MORE:
                    raise CheckFailed(f"it gave {count} frames after `context.stop` had been set")
                if time.monotonic() > until:
                    raise CheckFailed(f"it went on for {_PATIENCE:g} s after `context.stop` had been set")


@check("source", needs=PLAYS)
def close_ends_playing(trial: Trial) -> None:
    """`close`, called while another thread plays, ends the playing; nothing but an error of the SDK may come of it.

    Why: a source that hangs is closed from outside. A decoder that is freed while another thread reads takes the whole process down.

    To fix: hold a lock in `frames` around each read and in `close` around the release, and look behind it whether the source
    is still open.
    """
    for pausing in (True, False):
        with trial.opened() as source:
            _close_while_playing(trial, source, pausing=pausing)


@check("source", needs=PLAYS)
def may_be_left_early(trial: Trial) -> None:
    """Left after three frames and closed, with the iterator still there, it leaves nothing behind.

    Why: a run may end at any moment, and a file is often left early: by a probe, by a snapshot.

    To fix: free in `close` what `frames` took, too, and let the `finally` of `frames` do without what `close` has freed already.
    """
    with trial.opened() as source:
        list(islice(pictures(trial, source), _FEW))  # what is loaded once stays
    trace = Trace()
    source = trial.make()
    trial.open(source)
    with trial.calling("frames"):
        frames = iter(source.frames())
    for _ in range(_FEW):
        with trial.calling("frames"):
            next(frames, None)
    trial.shut(source)
    with trial.calling("leaving frames after close"):
        getattr(frames, "close", lambda: None)()
    del frames, source
    left = trace.left()
    if left:
        raise CheckFailed(f"left after {_FEW} frames and closed, it left {left}")


@check("source", needs=PLAYS)
def wants_is_optional(trial: Trial) -> None:
    """It plays without a failure when `context.wants` says that nobody wants any frame.

    Why: with a low `sample_fps`, or sound alone, most frames are wanted by nobody.

    To fix: treat `context.wants(time)` as a hint to skip the conversion of a frame, and count on none being wanted at all.
    """
    stop = threading.Event()
    timer = threading.Timer(_SKIPPING, stop.set)  # a live source, and a very long film, have no end
    with trial.opened(context=trial.context(stop=stop, wants=lambda _: False)) as source:
        timer.start()
        try:
            until = time.monotonic() + _SKIPPING + _PATIENCE
            for _ in pictures(trial, source):
                if stop.is_set() or time.monotonic() > until:
                    break
        finally:
            timer.cancel()
            timer.join()


@check("source", needs=("times-grow", "indices-grow", "frames-keep-their-pixels", "wants-is-optional", "deterministic"))
def skipping_changes_nothing(trial: Trial) -> None:
    """Where only some frames are wanted, these have the time, the number and the picture that they have where all are.

    Why: what is seen at a moment must not depend on how many frames a second somebody looks at.

    To fix: decode the frames that others are built on, even where nobody wants them; and count them: `index` and `time` go on.
    """
    with trial.opened() as source:
        if informed(trial, source).live:
            raise NotApplicable("it is live, and nobody sees the same picture twice")
        every = list(islice(pictures(trial, source), _FRAMES))
    half = len(every) // 2
    if not half:
        raise NotApplicable("it has one frame only")
    later, until = every[half:], every[-1].time
    since = (every[half - 1].time + every[half].time) / 2
    with trial.opened(context=trial.context(wants=lambda time: time >= since)) as source:
        played = takewhile(lambda frame: frame.time <= until, pictures(trial, source))
        wanted = [frame for frame in played if frame.time >= since]
    must_agree(later, wanted, f"the source, where frames from {since:g} s on are wanted,", tolerance=0)


def _close_while_playing(trial: Trial, source: FrameSource, *, pausing: bool) -> None:
    """Close it from this thread while another one has taken three frames, and perhaps waits before it takes the next."""
    reached, closed = threading.Event(), threading.Event()

    def play() -> None:
        until = None
        try:
            for count, _ in enumerate(pictures(trial, source), 1):
                if count == _FEW:
                    reached.set()
                    if pausing:
                        closed.wait()
                if closed.is_set():
                    until = until or time.monotonic() + _PATIENCE
                    if time.monotonic() > until:
                        raise CheckFailed(f"it still gave frames {_PATIENCE:g} s after close")
        finally:
            reached.set()

    with ThreadPoolExecutor(1) as pool:
        playing = pool.submit(play)
        reached.wait()
        try:
            trial.shut(source)
        finally:
            closed.set()
        try:
            with suppress(Refused):
                playing.result()
        except CheckFailed as error:
            raise CheckFailed(f"closed while it played, {error}") from error
