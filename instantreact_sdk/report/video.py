"""The whole recording with what was seen in it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from queue import Queue
from types import TracebackType
from typing import Self

from instantreact_sdk.report.drawing import Zones, draw, spoken
from instantreact_sdk.report.encoder import Encoder
from instantreact_sdk.types import Frame, Observation, Pixels

_WAITING = 4  # pictures; at 4K each takes 25 MB
_READING_TIME = 3.0  # seconds that a caption stays
_FPS = (1.0, 60.0)  # headers claim rates of 90000


class AnnotatedVideo:
    """Writes frames with what was seen in them as an MP4 that plays in a browser.

    The video's clock is media time: picture `k` stands for ``k / fps`` seconds, and each frame takes the place that is nearest to
    its own time. Frames that come closer together than that are left out, gaps show the last picture, and a source whose
    first frame comes late starts with that frame. Captions and speech stay for 3 seconds.

    Drawing and encoding happen in a thread of their own, behind a queue of a few frames: `write` waits only while that is full.

    Args:
        path: The MP4 file. Without any frame, none is written.
        width: Of the video in pixels. Frames of other sizes are fitted into it, with black bars.
        height: Of the video in pixels.
        fps: Pictures per second; brought into 1..60.
        zones: Drawn in every picture.

    Example:
        with AnnotatedVideo(out / "annotated.mp4", info.width, info.height, info.fps or 25) as video:
            for frame, seen in frames:
                video.write(frame, seen)
    """

    def __init__(self, path: Path, width: int, height: int, fps: float, *, zones: Zones | None = None) -> None:
        self._path = path
        self._size = (width, height)
        self._fps = min(max(fps, _FPS[0]), _FPS[1])
        self._zones = zones
        self._queue: Queue[tuple[Frame, Sequence[Observation]] | None] = Queue(_WAITING)
        self._thread: threading.Thread | None = None
        self._failure: Exception | None = None
        self._spoken: list[Observation] = []
        self._last: Pixels | None = None
        self._next = 0  # the place in the video that comes next

    def write(self, frame: Frame, seen: Sequence[Observation] = ()) -> None:
        """Adds a frame; frames come in time order.

        Args:
            frame: The frame.
            seen: What was seen in it, and what was said up to it since the last.

        Raises:
            InstantReactError: IR4020 where the video cannot be written; told once, by `write` or by `close`.
        """
        self._complain()
        if self._thread is None:
            width, height = self._size
            encoder = Encoder(self._path, width + width % 2, height + height % 2, self._fps)
            self._thread = threading.Thread(target=self._run, args=(encoder,), name="annotated video", daemon=True)
            self._thread.start()
        self._queue.put((frame, seen))

    def close(self) -> None:
        """Writes what waits and finishes the file. May be repeated.

        Raises:
            InstantReactError: IR4020 as for `write`.
        """
        if self._thread is not None:
            if self._thread.is_alive():
                self._queue.put(None)
            self._thread.join()
        self._complain()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _complain(self) -> None:
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def _run(self, encoder: Encoder) -> None:
        try:
            with encoder:
                while (item := self._queue.get()) is not None:
                    self._add(encoder, *item)
        except Exception as error:  # noqa: BLE001  (raised again in the caller's thread)
            self._failure = error
            while item is not None:  # nobody may wait for ever on a full queue
                item = self._queue.get()

    def _add(self, encoder: Encoder, frame: Frame, seen: Sequence[Observation]) -> None:
        self._spoken += [observation for observation in seen if spoken(observation)]
        place = round(frame.time * self._fps)
        if place < self._next:
            return
        self._spoken = [said for said in self._spoken if said.end + _READING_TIME > frame.time]
        found = [observation for observation in seen if not spoken(observation)]
        planes = _planes(_fitted(draw(frame.image, [*found, *self._spoken], self._zones), *self._size))
        if place > self._next:
            encoder.write(planes if self._last is None else self._last, place - self._next)
        encoder.write(planes)
        self._last, self._next = planes, place + 1


def _fitted(image: Pixels, width: int, height: int) -> Pixels:
    """The picture inside ``(height, width)``, its proportions kept, black around it."""
    import cv2

    tall, wide = image.shape[:2]
    if (wide, tall) == (width, height):
        return image
    scale = min(width / wide, height / tall)
    size = (max(1, round(wide * scale)), max(1, round(tall * scale)))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    left, top = (width - size[0]) // 2, (height - size[1]) // 2
    fitted: Pixels = cv2.copyMakeBorder(  # type: ignore[assignment]
        small, top, height - size[1] - top, left, width - size[0] - left, cv2.BORDER_CONSTANT, value=(0, 0, 0)
    )
    return fitted


def _planes(image: Pixels) -> Pixels:
    """RGB as the planes that H.264 keeps, at even sizes: an odd edge is doubled."""
    import cv2

    height, width = image.shape[:2]
    if height % 2 or width % 2:
        image = cv2.copyMakeBorder(image, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)  # type: ignore[assignment]
    planes: Pixels = cv2.cvtColor(image, cv2.COLOR_RGB2YUV_I420)  # type: ignore[assignment]
    return planes
