"""The thread that reads a camera."""

from __future__ import annotations

import math
import threading

from instantreact_opencv.diagnose import diagnose
from instantreact_opencv.live_backoff import Backoff
from instantreact_opencv.live_ffmpeg import connect, length
from instantreact_opencv.live_inbox import LiveInbox
from instantreact_opencv.live_options import LiveOptions
from instantreact_opencv.quiet import cv2
from instantreact_sdk import Context, InstantReactError, redacted

_GRACE = 5.0
_NEARLY = 0.9


class LiveConnection(threading.Thread):
    """Connects to a camera, puts its pictures into the inbox, and connects again when it is lost, until it is ended.

    OpenCV's calls cannot be interrupted from outside. They have time limits, but not all of what they do keeps
    to them (the resolver, a driver); so the thread states by when it has to be back, for a watchdog to see.

    Attributes:
        due: The monotonic time by which it has to be back from the call that it is in.
    """

    def __init__(self, options: LiveOptions, context: Context, inbox: LiveInbox) -> None:
        self._url = options.url.get_secret_value().strip()
        super().__init__(name=f"camera {context.name}", daemon=True)
        self._options = options
        self._context = context
        self._inbox = inbox
        self._backoff = Backoff()
        self._over = threading.Event()
        self._failures = 0
        self._failed = 0.0
        self.due = math.inf

    def end(self) -> None:
        """Have the thread end as soon as the call that it is in returns; nothing of it is seen from now on."""
        self._over.set()

    def run(self) -> None:
        """Read for ever; called by `start`."""
        while not self._ended:
            self._failed = self._now
            try:
                problem = self._connect_and_read()
            except Exception as error:  # noqa: BLE001  (a thread that dies of a surprise would leave the camera dark for ever)
                problem = InstantReactError("IR3036", url=redacted(self._url), problem=type(error).__name__)
            if self._ended:
                return
            if problem is not None:
                self._inbox.health.lost(problem)
                with self._inbox.changed:
                    self._inbox.changed.notify_all()
            self.due = math.inf
            self._over.wait(max(0.0, self._failed + self._backoff.wait(self._failed) - self._now))

    @property
    def _now(self) -> float:
        return self._context.clock.monotonic()

    @property
    def _ended(self) -> bool:
        return self._over.is_set() or self._context.stop.is_set()

    def _connect_and_read(self) -> InstantReactError | None:
        """What ended the connection, or kept it from coming about; None where that is not looked into again."""
        self.due = self._now + self._options.open_timeout + _GRACE
        self._inbox.restart()
        capture = connect(self._url, self._options)
        try:
            if capture.isOpened():
                self._failures = 0
                return self._read(capture)
        finally:
            capture.release()
            self._failed = self._now
        self._failures += 1
        # Each diagnosis is one more connection to a camera in trouble: at the 1st, 2nd, 4th, 8th failure in a row.
        once_more = self._failures & (self._failures - 1) == 0
        return self._diagnosis() if once_more and not self._ended else None

    def _read(self, capture: cv2.VideoCapture) -> InstantReactError | None:
        # Recorders serve files over RTSP at the pace of a camera; a file over HTTP comes all at once, and again, and again.
        if self._url.lower().startswith("http") and (seconds := length(capture)):
            return InstantReactError("IR3038", url=redacted(self._url), seconds=seconds)
        began = asked = self._now
        limit = self._options.read_timeout
        while True:
            self.due = asked + limit + _GRACE
            there = capture.grab()
            if self._ended:
                return None
            if not there:
                break
            self._inbox.put(capture)
            asked = self._now
        self._backoff.connected_for(asked - began)
        silent = self._now - asked >= limit * _NEARLY
        return InstantReactError("IR3031" if silent else "IR3032", url=redacted(self._url), limit=limit)

    def _diagnosis(self) -> InstantReactError:
        # name look-up, connecting, the handshake, and two requests, each with this limit
        limit = min(3.0, self._options.open_timeout)
        self.due = self._now + 5 * limit + _GRACE
        return diagnose(self._url, limit)
