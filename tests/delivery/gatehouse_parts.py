"""A gate with a bell, and porters who tell of each ring; files beside the pipeline file say how each behaves.

- ``bell``: one line for each ring.
- ``NAME.mood``: how the porter NAME behaves from now on; see `Porter`.
- ``NAME.told``: what the porter NAME was asked to tell, one JSON object a line, written before anything goes wrong.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote

import numpy as np
from pydantic import Field

from instantreact_sdk import (
    Detections,
    Detector,
    Frame,
    FrameSource,
    Notifier,
    Options,
    OutcomeUnknown,
    PermanentError,
    PluginError,
    Receipt,
    Secret,
    SourceInfo,
    TransientError,
)

PARTS = str(Path(__file__).resolve())


class Gate(FrameSource):
    """A camera of ten frames a second, for ever; it says what ``gate.health`` says, once."""

    info = SourceInfo(64, 48, live=True, fps=10)

    def open(self, context):
        self.context = context

    def frames(self):
        began = time.monotonic()
        said = ""
        index = 0
        while True:
            index += 1
            if self.context.stop.wait(max(0.0, began + index / 10 - time.monotonic())):
                return
            news = read(self.context.base / "gate.health")
            if news != said:
                said = news
                self.context.health(said, f"It is {said}.")
            yield Frame(np.full((48, 64, 3), index % 256, np.uint8), time=index / 10, index=index)


class Bell(Detector):
    """Sees each ring once, 1.2 seconds apart, also those that came while nobody looked."""

    labels = ("ring",)

    def open(self, context):
        self.next = 0.0
        self.bell = context.base / "bell"
        self.heard = context.base / "heard"
        self.mood = context.base / "bell.mood"

    def detect(self, frames):
        if read(self.mood):
            raise ValueError(read(self.mood))
        return [self.look(frame.time) for frame in frames]

    def look(self, time):
        heard = int(read(self.heard) or 0)
        if time < self.next or len(read(self.bell).split()) <= heard:
            return Detections.empty()
        self.next = time + 1.2  # after a gap of less than a second it would be the same event
        self.heard.write_text(str(heard + 1))
        return Detections([[0.25, 0.25, 0.75, 0.75]], [1.0], [0])


class Drawer(Options):
    key: Secret
    """A secret inside of something else."""


class PorterOptions(Options):
    secret: Secret | None = None
    """What it says where its mood is ``blabs``."""
    drawers: tuple[Drawer, ...] = ()
    """More of it."""
    stubborn: float = Field(default=0.0, ge=0)
    """Seconds that each alert takes."""


class Porter(Notifier):
    """Tells of an alert by writing it down, in one of these moods:

    Nothing: it takes everything. ``closed``: it cannot be opened. ``transient``, ``permanent``, ``unknown``: it raises that. ``raises``: a
    bug. ``blabs``: logs, health and errors that hold its secrets. ``hangs``: it never returns. ``segfaults``: it takes the process along. ``prints``:
    it writes a megabyte to standard output, in C too, and takes it.
    """

    def __init__(self, options: PorterOptions):
        self.options = options

    def open(self, context):
        self.context = context
        if self.mood == "closed":
            raise PluginError("The lodge is closed.", "Wait until it opens.")

    @property
    def mood(self):
        return read(self.context.base / f"{self.context.name}.mood")

    def notify(self, alert, delivery):
        mood = self.mood
        note = {
            "key": delivery.key, "alert": alert.id, "rule": alert.rule, "text": alert.text, "to": delivery.recipient,
            "attempt": delivery.attempt, "rings": [f"{event.wall}" for event in alert.events], "mood": mood,
            "pid": os.getpid(), "at": time.time(),
        }  # fmt: skip
        with (self.context.base / f"{self.context.name}.told").open("a") as file:
            file.write(json.dumps(note) + "\n")
        time.sleep(self.options.stubborn)
        return self.misbehave(mood) or Receipt(f"{self.context.name}-{delivery.key[:6]}")

    def blab(self):
        secrets = [self.options.secret, *(drawer.key for drawer in self.options.drawers)]
        said = " and ".join(secret.get_secret_value() for secret in secrets)
        self.context.log.warning("I was given %s", said)
        self.context.health("plugin_failed", f"I was given {said}.")
        thread = threading.Thread(target=int, args=[said])
        thread.start()
        thread.join()
        try:
            {}[quote(said)]
        except KeyError as error:
            self.context.log.exception("Nobody takes it")
            raise ValueError(f"{said} was refused") from error

    def misbehave(self, mood):
        match mood:
            case "transient":
                raise TransientError("The road is blocked.", "Wait.")
            case "permanent":
                raise PermanentError("Nobody lives there.", "Ask for the new address.")
            case "unknown":
                raise OutcomeUnknown("The letter may have arrived.")
            case "raises":
                raise ValueError("the porter is drunk")
            case "blabs":
                self.blab()
            case "hangs":
                while True:
                    time.sleep(1)
            case "segfaults":
                ctypes.string_at(0)
            case "prints":
                sys.stdout.write("x" * 1_000_000 + "\n")
                os.write(1, b"y" * 1_000_000 + b"\n")


def read(path):
    """What a file says; nothing where it is not there."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return ""
