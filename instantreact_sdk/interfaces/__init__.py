"""The five jobs that plugins do, as small abstract classes, and what they are given to do them."""

from instantreact_sdk.interfaces.captioner import Captioner
from instantreact_sdk.interfaces.component import Component, NoOptions, Options
from instantreact_sdk.interfaces.context import Clock, Context
from instantreact_sdk.interfaces.detector import Detector
from instantreact_sdk.interfaces.exporter import Exporter
from instantreact_sdk.interfaces.notifier import Notifier
from instantreact_sdk.interfaces.recognizer import AudioRecognizer
from instantreact_sdk.interfaces.redacted import redacted
from instantreact_sdk.interfaces.secret import Secret
from instantreact_sdk.interfaces.source import FrameSource
from instantreact_sdk.interfaces.trainer import Progress, Trainer

__all__ = [
    "AudioRecognizer",
    "Captioner",
    "Clock",
    "Component",
    "Context",
    "Detector",
    "Exporter",
    "FrameSource",
    "NoOptions",
    "Notifier",
    "Options",
    "Progress",
    "Secret",
    "Trainer",
    "redacted",
]
