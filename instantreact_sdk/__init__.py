"""See something, tell someone: watch video, decide by rules, alert people. Every job is a plugin.

Names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from instantreact_sdk.version import __version__

if TYPE_CHECKING:
    from instantreact_sdk.datasets import Dataset, Sample, open_dataset
    from instantreact_sdk.errors import (
        InstantReactError,
        OutcomeUnknown,
        PermanentError,
        PluginError,
        TransientError,
    )
    from instantreact_sdk.interfaces import (
        AudioRecognizer,
        Captioner,
        Clock,
        Component,
        Context,
        Detector,
        Exporter,
        FrameSource,
        NoOptions,
        Notifier,
        Options,
        Progress,
        Secret,
        Trainer,
        redacted,
    )
    from instantreact_sdk.registry import (
        Capabilities,
        CaptionerSpec,
        CommandSpec,
        DetectorSpec,
        NotifierSpec,
        RecognizerSpec,
        SourceSpec,
        Spec,
        hookimpl,
    )
    from instantreact_sdk.runner import Borrowed, Pipeline, Settings, borrowed
    from instantreact_sdk.training import detect, evaluate, export, train
    from instantreact_sdk.types import (
        Alert,
        AudioChunk,
        Caption,
        Clip,
        Delivery,
        Detections,
        Event,
        Frame,
        Health,
        ModelCard,
        Objects,
        Observation,
        Pixels,
        Receipt,
        Reply,
        SoundEvent,
        SourceInfo,
        Transcript,
        Word,
    )

_ROOMS = {
    "datasets": ("Dataset", "Sample", "open_dataset"),
    "errors": ("InstantReactError", "OutcomeUnknown", "PermanentError", "PluginError", "TransientError"),
    "interfaces": (
        "AudioRecognizer", "Captioner", "Clock", "Component", "Context", "Detector", "Exporter", "FrameSource",
        "NoOptions", "Notifier", "Options", "Progress", "Secret", "Trainer", "redacted",
    ),
    "registry": (
        "Capabilities", "CaptionerSpec", "CommandSpec", "DetectorSpec", "NotifierSpec", "RecognizerSpec",
        "SourceSpec", "Spec", "hookimpl",
    ),
    "runner": ("Borrowed", "Pipeline", "Settings", "borrowed"),
    "training": ("detect", "evaluate", "export", "train"),
    "types": (
        "Alert", "AudioChunk", "Caption", "Clip", "Delivery", "Detections", "Event", "Frame", "Health", "ModelCard",
        "Objects", "Observation", "Pixels", "Receipt", "Reply", "SoundEvent", "SourceInfo", "Transcript", "Word",
    ),
}  # fmt: skip
_HOMES = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = [
    "Alert", "AudioChunk", "AudioRecognizer", "Borrowed", "Capabilities", "Caption", "Captioner", "CaptionerSpec",
    "Clip", "Clock", "CommandSpec", "Component", "Context", "Dataset", "Delivery", "Detections", "Detector",
    "DetectorSpec", "Event", "Exporter", "Frame", "FrameSource", "Health", "InstantReactError", "ModelCard",
    "NoOptions", "Notifier", "NotifierSpec", "Objects", "Observation", "Options", "OutcomeUnknown",
    "PermanentError", "Pipeline", "Pixels", "PluginError", "Progress", "Receipt", "RecognizerSpec", "Reply",
    "Sample", "Secret", "Settings", "SoundEvent", "SourceInfo", "SourceSpec", "Spec", "Trainer", "Transcript",
    "TransientError", "Word", "__version__", "borrowed", "detect", "evaluate", "export", "hookimpl", "open_dataset",
    "redacted", "train",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
