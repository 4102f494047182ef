"""The sound of files, through MoviePy's reader."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from moviepy.audio.io.readers import FFMPEG_AudioReader
from moviepy.config import FFMPEG_BINARY
from moviepy.tools import cross_platform_popen_params
from numpy.typing import NDArray

from instantreact_sdk import AudioChunk, Context, InstantReactError

_FULL_SCALE = np.float32(32_768)


class Sound:
    """The sound of one file.

    Args:
        path: An absolute path.
        start: The container's zero: the first stamp of any of its streams, in seconds.
        context: Of the source.
    """

    def __init__(self, path: Path, start: float, context: Context) -> None:
        self._path = path
        self._start = start
        self._context = context
        self._lock = threading.Lock()
        self._running: set[_OnceThrough] = set()
        self._closed = False

    def chunks(self, rate: int) -> Iterator[AudioChunk]:
        """All of it from the container's zero on, mono, in chunks of one second.

        Sound that starts late is late: the time before it, and gaps in it, are silence. Channels are averaged, so that
        the sum never clips. Resampled by ffmpeg (libswresample, with its low-pass filter).

        Args:
            rate: Samples per second.

        Raises:
            InstantReactError: IR3005; none of it can be decoded.
        """
        with self._lock:
            if self._closed:
                return
            reader = _OnceThrough(self._path, rate, self._start)
            self._running.add(reader)
        count = 0
        try:
            while not (self._closed or self._context.stop.is_set()):
                samples = reader.read(rate)
                if not len(samples):
                    break
                yield AudioChunk(samples, rate, count / rate)
                count += len(samples)
            else:
                return
            if reader.failed() and not self._closed:
                if not count:
                    raise InstantReactError("IR3005", path=self._path)
                self._context.log.warning("The sound of %s is damaged after %.1f s.", self._path, count / rate)
        finally:
            with self._lock:
                self._running.discard(reader)
            reader.close()

    def close(self) -> None:
        """End all that is read, from any thread, also where the one who reads has gone away."""
        with self._lock:
            self._closed = True
            for reader in self._running:
                reader.end()


class _OnceThrough(FFMPEG_AudioReader):  # type: ignore[misc]  # MoviePy has no types
    """MoviePy's reader, for one way through the file on the stream's own clock.

    MoviePy's believes the header's duration, starts with the first sound whenever that is, pads the end with
    zeros, and waits for ever once ffmpeg has filled the pipe of its complaints, which nobody empties.
    """

    def __init__(self, path: Path, rate: int, start: float) -> None:
        self.filename, self.fps, self.nbytes, self.nchannels = str(path), rate, 2, 1
        self.start = start
        self.proc: subprocess.Popen[bytes] | None = None
        self.initialize()

    def initialize(self, start_time: float = 0) -> None:
        # The stamps as they are in the file (-copyts), less the container's zero: by itself, ffmpeg would count a transport stream
        # from its first sound. `async=1` fills what is missing, `first_pts=0` what is missing at the beginning.
        clock = f"asetpts=PTS-({self.start:f})/TB,aresample={self.fps}:async=1:first_pts=0"
        command = [FFMPEG_BINARY, "-loglevel", "quiet", "-copyts", "-i", f"file:{self.filename}", "-vn"]
        form = ["-af", clock, "-ac", "1", "-f", "s16le", "-acodec", "pcm_s16le", "-"]
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        self.proc = subprocess.Popen(command + form, **cross_platform_popen_params(pipes))  # noqa: S603

    def read(self, count: int) -> NDArray[np.float32]:
        """At most `count` samples; fewer only at the end."""
        assert self.proc is not None
        assert self.proc.stdout is not None
        data = self.proc.stdout.read(count * self.nbytes)
        return np.frombuffer(data, "<i2", len(data) // self.nbytes).astype(np.float32) / _FULL_SCALE

    def failed(self) -> bool:
        """Whether ffmpeg ended with an error; asked at the end of its output."""
        assert self.proc is not None
        return self.proc.wait() != 0

    def end(self) -> None:
        """End ffmpeg and wait for it; a `read` in another thread then comes to the end."""
        if process := self.proc:
            process.kill()
            process.wait()

    def close(self) -> None:
        """End ffmpeg and close its pipes, whether it has ended by itself or not."""
        self.end()
        if process := self.proc:
            self.proc = None
            process.communicate()
