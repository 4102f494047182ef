"""Plugins that load well and go wrong at work; the table is in the package's docstring."""

from __future__ import annotations

from textwrap import dedent, indent

from zoo.settling import DETECTOR, Animal, detector_hooks

_SEGFAULT = "import ctypes; ctypes.string_at(0)"
_HARD = "import os; os._exit(0)"
_BLOCK = "import threading; threading.Event().wait()"
_GIL = "import ctypes; ctypes.PyDLL(None).sleep(3600)"

_NAN = "boxes = [[float('nan')] * 4]"
_MAKE = "return [Detections(boxes, [0.9], [0]) for _ in frames]"

_IN_DETECT = {
    "raises": "raise ValueError('the zoo raises')",
    "exits": "import sys; sys.exit(3)",
    "interrupts": "raise KeyboardInterrupt",
    "stops-iterating": "return [next(iter(()))]",
    "unspeakable": "raise type('Mute', (Exception,), {'__str__': lambda self: __import__('sys').exit(4)})()",
    "exits-hard": _HARD,
    "segfaults": _SEGFAULT,
    "blocks": _BLOCK,
    "holds-the-gil": _GIL,
    "nan-boxes": f"{_NAN}\n{_MAKE}",
    "outside-boxes": f"boxes = [[0.5, 0.5, 1.5, 1.5]]\n{_MAKE}",
    "forged-boxes": "found = self.behave(frames)\nfor one in found:\n    one.boxes[:] = float('nan')\nreturn found",
    "wrong-labels": "return [Detections([[0, 0, 1, 1]], [0.9], [7]) for _ in frames]",
    "too-few": "return []",
    "returns-none": "return None",
    "changes-input": "frames[0].image[:] = 0\nreturn self.behave(frames)",
    "forces-input": "frames[0].image.flags.writeable = True\nframes[0].image[:] = 0\nreturn self.behave(frames)",
    "prints": "print('hello from the zoo')\nreturn self.behave(frames)",
}

_HOSTILE_DETECTOR = DETECTOR.replace("def detect(", "def behave(").replace(
    "self.options = options", "self.options = options\n        self.calls = 0"
)
_DETECT = """
    def detect(self, frames):
        self.calls += 1
        if self.calls <= self.options.after:
            return self.behave(frames)
"""


def _detector(plugin: str, doing: str) -> Animal:
    text = f"{_HOSTILE_DETECTOR}{_DETECT}{indent(doing, ' ' * 8)}\n"
    return Animal(plugin, {"hooks.py": detector_hooks(f"zoo_{plugin.replace('-', '_')}"), "detector.py": text})


def _life(plugin: str, method: str, doing: str) -> Animal:
    text = f"{DETECTOR}\n    def {method}:\n        {doing}\n"
    return Animal(plugin, {"hooks.py": detector_hooks(f"zoo_{plugin.replace('-', '_')}"), "detector.py": text})


_WAYS = {
    "raises": "raise ValueError('the zoo raises')",
    "blocks": _BLOCK,
    "segfaults": _SEGFAULT,
    "exits-hard": _HARD,
    "holds-the-gil": _GIL,
}

_HEAD = f'''
from typing import Literal

import numpy as np
from instantreact_sdk import (
    AudioRecognizer, Caption, Captioner, Frame, FrameSource, Notifier, Options, Receipt, SourceInfo, Transcript,
)

class ZooOptions(Options):
    how: Literal["raises", "blocks", "segfaults", "exits-hard", "holds-the-gil", "backwards", "returns-none"] = "raises"
    """How it goes wrong."""
    after: int = 0
    """What goes well first."""
    url: str = ""
    """Of a source; not looked at."""

def misbehave(how):
{"".join(f"    if how == {how!r}:{chr(10)}        {doing}{chr(10)}" for how, doing in _WAYS.items())}
class Hostile:
    def __init__(self, options):
        self.options = options
        self.calls = 0

    def is_good(self):
        self.calls += 1
        if self.calls <= self.options.after:
            return True
        misbehave(self.options.how)
        return False
'''

_KINDS = {
    "source": (
        "SourceSpec",
        """
        class Animal(Hostile, FrameSource):
            info = SourceInfo(width=64, height=48, live=False, fps=10)

            def frames(self):
                for index in range(100):
                    time = index / 10
                    if not self.is_good():
                        time = -time  # the way called backwards
                    yield Frame(np.full((48, 64, 3), index, np.uint8), time=time, index=index)
        """,
    ),
    "captioner": (
        "CaptionerSpec",
        """
        class Animal(Hostile, Captioner):
            clip_length = 5

            def caption(self, clips):
                if self.is_good():
                    return [Caption("an animal", 0.9, clip.start, clip.end) for clip in clips]
        """,
    ),
    "recognizer": (
        "RecognizerSpec",
        """
        class Animal(Hostile, AudioRecognizer):
            sample_rate = 8000
            max_seconds = 1.0

            def recognize(self, chunk):
                if self.is_good():
                    return [Transcript("an animal", chunk.time, chunk.end)]
        """,
    ),
    "notifier": (
        "NotifierSpec",
        """
        class Animal(Hostile, Notifier):
            def notify(self, alert, delivery):
                if self.is_good():
                    return Receipt()
        """,
    ),
}


def _of_kind(kind: str) -> Animal:
    spec, text = _KINDS[kind]
    package = f"zoo_hostile_{kind}"
    hooks = detector_hooks(
        package, name=f"'{kind}'", factory=f"'{package}.{kind}:Animal'", options=f"'{package}.{kind}:ZooOptions'"
    ).replace("DetectorSpec", spec)
    return Animal(f"hostile-{kind}", {"hooks.py": hooks, f"{kind}.py": _HEAD + dedent(text)})


RUN_TIME = {
    animal.plugin: animal
    for animal in (
        _life("raises-in-open", "open(self, context)", _WAYS["raises"]),
        _life("blocks-in-open", "open(self, context)", _BLOCK),
        _life("raises-in-close", "close(self)", _WAYS["raises"]),
        *(_detector(plugin, doing) for plugin, doing in _IN_DETECT.items()),
        *(_of_kind(kind) for kind in _KINDS),
    )
}
"""By name; use as ``NAME`` or ``NAME/detector`` (``hostile-source/source`` and so on)."""
