"""The newest pictures of a camera, and everything else that outlives one connection to it."""

from __future__ import annotations

import threading
from collections import deque
from datetime import timedelta
from time import perf_counter

from instantreact_opencv.live_clock import StreamClock
from instantreact_opencv.live_ffmpeg import codec, position, stated_fps
from instantreact_opencv.live_health import LiveHealth
from instantreact_opencv.live_options import LiveOptions
from instantreact_opencv.live_sight import Sight
from instantreact_opencv.quiet import cv2
from instantreact_sdk import Context, Frame, Pixels, SourceInfo

_KEPT = 4
_INDULGENCE = 1.0


class LiveInbox:
    """Takes pictures from the thread that reads, keeps the newest, and hands them to the thread that wants them.

    Attributes:
        changed: Guards the pictures; notified when one came, and when the camera was lost.
        health: Tells how the camera is doing.
        info: Size and rate of the newest picture; 0 by 0 before the first.
        dropped: Pictures that nobody took in time.
    """

    def __init__(self, options: LiveOptions, context: Context, address: str) -> None:
        self.changed = threading.Condition()
        self.health = LiveHealth(context, address)
        self.info = SourceInfo(width=0, height=0, live=True)
        self.dropped = 0
        self._context = context
        self._opened = context.clock.monotonic()
        self._clock = StreamClock()
        self._sight = Sight(options.black_after, options.frozen_after)
        self._frames: deque[Frame] = deque()
        self._index = -1
        self._fresh = True
        self._indulgence = 0.0

    def restart(self) -> None:
        """A new connection begins; called before it is made."""
        now = self._context.clock.monotonic() - self._opened
        self._clock.restart(now)
        self._sight.restart(now)
        self._fresh = True
        self._indulgence = _INDULGENCE

    def put(self, capture: cv2.VideoCapture) -> None:
        """Take over the picture that was grabbed, if anyone will look at it."""
        now = self._context.clock.monotonic() - self._opened
        time = self._clock.time(position(capture), now)
        self._index += 1
        if not (self._fresh or self._context.wants(time)):
            return  # the costly conversion to BGR is spared
        there, pixels = capture.retrieve()
        if not there:
            return
        wall = self._context.clock.now() - timedelta(seconds=max(0.0, now - time))
        frame = Frame(pixels, time=time, index=self._index, order="BGR", wall=wall)  # type: ignore[arg-type]
        if self._fresh:
            self._fresh = False
            self._sight.restart(time)
            self.info = SourceInfo(frame.width, frame.height, live=True, fps=stated_fps(capture), codec=codec(capture))
        self._hand_out(frame, pixels)  # type: ignore[arg-type]

    def _hand_out(self, frame: Frame, pixels: Pixels) -> None:
        self.health.seen(self._sight.look(pixels, frame.time))
        with self.changed:
            # What FFmpeg gathered while it connected comes all at once. For that, and only so long, the taker is waited for.
            if len(self._frames) == _KEPT and self._indulgence > 0:
                began = perf_counter()
                self.changed.wait_for(lambda: len(self._frames) < _KEPT, self._indulgence)
                self._indulgence -= perf_counter() - began
            if len(self._frames) == _KEPT:
                self._frames.popleft()
                self.dropped += 1
            self._frames.append(frame)
            self.changed.notify_all()

    def take(self, patience: float) -> Frame | None:
        """The oldest picture that is kept; None where none comes within `patience` seconds."""
        with self.changed:
            if not self._frames:
                self.changed.wait(patience)
            if not self._frames:
                return None
            self.changed.notify_all()
            return self._frames.popleft()
