"""Cameras: read in a thread of their own, watched over, and connected to again for ever."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from instantreact_opencv.live_address import Address
from instantreact_opencv.live_connection import LiveConnection
from instantreact_opencv.live_inbox import LiveInbox
from instantreact_opencv.live_options import LiveOptions
from instantreact_sdk import Context, Frame, InstantReactError, SourceInfo, redacted

_PATIENCE = 0.2
_CLOSING = 2.0
_MOST_STUCK = 3
_NEVER_LIVE = "IR3038"


class LiveReader:
    """Reads a webcam, an RTSP or an HTTP stream.

    Pictures that are not taken in time are dropped, the oldest first. When the camera is lost it tells ``offline`` once, with
    the cause, goes on trying for ever, and tells ``online`` with the first picture; ``black`` and ``frozen`` likewise.

    Whoever iterates `frames` is the watchdog, too: a thread that does not come back from OpenCV is left behind, and
    another one takes its place.

    Args:
        options: The address and the limits.
        context: Health, clock, log and stop of the source.
    """

    def __init__(self, options: LiveOptions, context: Context) -> None:
        self._options = options
        self._context = context
        self._url = options.url.get_secret_value().strip()
        self._inbox: LiveInbox | None = None
        self._connection: LiveConnection | None = None
        self._stuck: list[LiveConnection] = []
        self._replacing = threading.Lock()

    def open(self) -> SourceInfo:
        """Start reading, and wait for the first picture, the first failure, or ``open_timeout``, whichever comes first.

        Returns:
            What is known of the camera; 0 by 0 where it is offline: it is tried again while `frames` is iterated.

        Raises:
            InstantReactError: IR3020 where the address is not one; IR3038 where a file is behind it.
        """
        if not self._url.isdigit():
            Address.parse(self._url)
        self._inbox = inbox = LiveInbox(self._options, self._context, self._shown)
        self._connect(inbox)
        until = self._context.clock.monotonic() + self._options.open_timeout
        with inbox.changed:
            while not (inbox.info.width or inbox.health.problem or self._context.stop.is_set()):
                if self._context.clock.monotonic() >= until:
                    break
                inbox.changed.wait(_PATIENCE)
        if inbox.health.problem and inbox.health.problem.code == _NEVER_LIVE:
            self.close()
            raise inbox.health.problem
        return inbox.info

    @property
    def info(self) -> SourceInfo:
        """What is known of the camera now."""
        return self._inbox.info if self._inbox else SourceInfo(width=0, height=0, live=True)

    @property
    def problem(self) -> InstantReactError | None:
        """Why there are no pictures at the moment; None where there are."""
        return self._inbox.health.problem if self._inbox else None

    @property
    def dropped(self) -> int:
        """Pictures that nobody took in time."""
        return self._inbox.dropped if self._inbox else 0

    def frames(self) -> Iterator[Frame]:
        """Pictures as they come, until ``context.stop`` is set or `close` is called."""
        while (inbox := self._inbox) is not None and not self._context.stop.is_set():
            frame = inbox.take(_PATIENCE)
            if self._inbox is not inbox or self._context.stop.is_set():
                return
            if frame is not None:
                yield frame
            self._watch(inbox)

    def close(self) -> None:
        """Stop reading. A thread that is waiting for the network ends by itself, within the limits of the options."""
        with self._replacing:  # the watchdog starts no new thread afterwards
            connection, self._connection, self._inbox = self._connection, None, None
            self._stuck.clear()
        if connection is not None:
            connection.end()
            connection.join(_CLOSING)

    @property
    def _shown(self) -> str:
        return f"Webcam {self._url}" if self._url.isdigit() else redacted(self._url)

    def _connect(self, inbox: LiveInbox) -> None:
        self._connection = LiveConnection(self._options, self._context, inbox)
        self._connection.start()

    def _watch(self, inbox: LiveInbox) -> None:
        with self._replacing:
            if self._inbox is not inbox:
                return
            connection = self._connection
            if connection is not None:
                if self._context.clock.monotonic() <= connection.due:
                    return
                connection.end()
                self._stuck.append(connection)
                self._connection = None
                inbox.health.lost(InstantReactError("IR3033", url=self._shown))
            self._stuck = [thread for thread in self._stuck if thread.is_alive()]
            if len(self._stuck) < _MOST_STUCK:
                self._connect(inbox)
