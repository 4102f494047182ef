"""What uses the machine up."""

from __future__ import annotations

import ctypes
import logging
import os
import socket
import subprocess
import sys
import threading
import warnings
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import numpy as np

from instantreact_sdk import Capabilities
from mutants.life import Spot
from mutants.mutant import Mutant
from mutants.webhook import Webhook

MEGABYTE = 1_000_000


class Prints(Spot):
    def find(self, image):
        print("looking at", image.shape)  # noqa: T201  (that is what is wrong with it)
        return super().find(image)


class PrintsInC(Spot):
    def find(self, image):
        ctypes.CDLL(None).puts(b"[spot] looking")
        return super().find(image)


class PrintsToError(Spot):
    def open(self, context):
        print("loading", file=sys.stderr)  # noqa: T201  (likewise)


class WritesInC(Spot):
    def close(self):
        os.write(2, b"[spot] bye\n")


class Warns(Spot):
    def find(self, image):
        warnings.warn("no GPU found", stacklevel=1)
        return super().find(image)


class Logs(Spot):
    def find(self, image):
        logging.getLogger("spot").warning("slow today")
        return super().find(image)


class PrintsWhatItSends(Webhook):
    def notify(self, alert, delivery):
        print(f"sending {alert.text}")  # noqa: T201  (likewise)
        return super().notify(alert, delivery)


class LeavesAThread(Spot):
    def open(self, context):
        self.ended = threading.Event()
        threading.Thread(target=self.ended.wait, name="watcher", daemon=True).start()


class LeavesAFile(Spot):
    file = None

    def open(self, context):
        self.file = Path(__file__).open("rb")  # noqa: SIM115  (that is what is wrong with it)

    def __del__(self):
        if self.file:
            self.file.close()


class LeavesAPipe(Spot):
    def find(self, image):
        if not hasattr(self, "pipe"):
            self.pipe = os.pipe()
        return super().find(image)


class LeavesAProcess(Spot):
    needs = Capabilities(subprocess=True)
    started: ClassVar = []

    def open(self, context):
        self.started.append(subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE))


class LeavesASocket(Webhook):
    def open(self, context):
        url = urlsplit(self.options.url.get_secret_value())
        self.socket = socket.create_connection((url.hostname, url.port), timeout=1)

    def __del__(self):
        if hasattr(self, "socket"):
            self.socket.close()


class KeepsFrames(Spot):
    def __init__(self, options):
        self.history = []

    def detect(self, frames):
        self.history += frames
        return super().detect(frames)


class LeaksInC(Spot):
    def find(self, image):
        libc = ctypes.CDLL(None)
        libc.malloc.restype = ctypes.c_void_p
        ctypes.memset(libc.malloc(100_000), 1, 100_000)
        return super().find(image)


class KeepsAllResults(Spot):
    results: ClassVar = {}

    def find(self, image):
        self.results[len(self.results)] = np.ones(MEGABYTE // 20, np.uint8)
        return super().find(image)


class Remembers(Spot):
    """A healthy detector that keeps the last 50 frames, no more."""

    def __init__(self, options):
        self.history = deque(maxlen=50)

    def detect(self, frames):
        self.history.extend(frames)
        return super().detect(frames)


class Pools(Spot):
    """A healthy detector whose threads are made once, and stay as long as the process."""

    pool = ThreadPoolExecutor(4)

    def detect(self, frames):
        return [*self.pool.map(self.find, [frame.image for frame in frames])]


HEALTHY = [Remembers, Pools]
MUTANTS = [
    Mutant("is-quiet", Prints, "standard output: 'looking at"),
    Mutant("is-quiet", PrintsInC, "standard output: '[spot] looking'"),
    Mutant("is-quiet", PrintsToError, "standard error: 'loading'"),
    Mutant("is-quiet", WritesInC, "standard error: '[spot] bye'"),
    Mutant("is-quiet", Warns, "UserWarning: no GPU found"),
    Mutant("is-quiet", Logs, "standard error: 'slow today'"),
    Mutant("is-quiet", PrintsWhatItSends, "standard output: 'sending Somebody"),
    Mutant("leaves-nothing-open", LeavesAThread, "the thread watcher"),
    Mutant("leaves-nothing-open", LeavesAFile, "resources.py open"),
    Mutant("leaves-nothing-open", LeavesAPipe, "pipe:"),
    Mutant("leaves-nothing-open", LeavesAProcess, "the process python"),
    Mutant("leaves-nothing-open", LeavesASocket, "socket:"),
    Mutant("memory-stays-flat", KeepsFrames, "MB in 160 calls of detect"),
    Mutant("memory-stays-flat", LeaksInC, "its memory grew by 16 MB in 160 calls of detect"),
    Mutant("memory-stays-flat", KeepsAllResults, "its memory grew by 8 MB in 160 calls of detect"),
]
