"""What a component saw or heard, as the rules and the files get it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from instantreact_sdk.types.caption import Caption
from instantreact_sdk.types.detections import Detections
from instantreact_sdk.types.health import Health
from instantreact_sdk.types.heard import SoundEvent, Transcript

ObservationKind = Literal["detections", "caption", "transcript", "sound", "health"]

VERSION = 1
"""Of the lines in ``observations.jsonl`` and ``events.jsonl``; it grows when a field changes its meaning."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What one component saw or heard, with where and when.

    Attributes:
        id: ``source/component/number``; for a detector the number is the frame's.
        source: The source, as named in the configuration.
        by: The component that saw it, as named in the configuration.
        time: Start, seconds since the source's ``open()``.
        end: End, in the same seconds; it counts from here on. Equal to `time` for a single frame.
        value: What was seen.
        frame: The frame's number, for detections.
        names: The detector's `labels`, which `value.labels` points into; for detections.
    """

    id: str
    source: str
    by: str
    time: float
    end: float
    value: Detections | Caption | Transcript | SoundEvent | Health
    frame: int | None = None
    names: tuple[str, ...] = ()

    @property
    def kind(self) -> ObservationKind:
        """Which kind of thing `value` is."""
        return _KINDS[type(self.value)]

    def line(self) -> dict[str, Any]:
        """As one line of ``observations.jsonl``: keys in their fixed order, floats to 5 decimals."""
        return {
            "v": VERSION,
            "id": self.id,
            "kind": self.kind,
            "source": self.source,
            "by": self.by,
            "time": round(self.time, 5),
            "end": round(self.end, 5),
            "frame": self.frame,
            "data": self._data(),
        }

    def _data(self) -> dict[str, Any]:
        value = self.value
        match value:
            case Detections():
                data: dict[str, Any] = {
                    "boxes": [[round(edge, 5) for edge in box] for box in value.boxes.tolist()],
                    "scores": [round(score, 5) for score in value.scores.tolist()],
                    "labels": [self.names[label] for label in value.labels.tolist()],
                }
                if value.tracks is not None:
                    data["tracks"] = value.tracks.tolist()
                for name, rows in value.data.items():
                    if name != "masks":  # pixel by pixel they would drown the rest
                        data[name] = rounded(rows.tolist())
                return data
            case Caption():
                return {"text": value.text, "confidence": round(value.confidence, 5)}
            case Transcript():
                return {
                    "text": value.text,
                    "confidence": round(value.confidence, 5),
                    "words": [
                        {"text": w.text, **rounded({"start": w.start, "end": w.end, "confidence": w.confidence})}
                        for w in value.words
                    ],
                    "intents": rounded(value.intents),
                    "entities": rounded(value.entities),
                }
            case SoundEvent():
                return {"label": value.label, "score": round(value.score, 5)}
            case Health():
                return {"kind": value.kind, "detail": value.detail}


def rounded(value: Any) -> Any:
    """The same value with every float rounded to 5 decimals, and None for what JSON has no number for."""
    if isinstance(value, float):
        return round(value, 5) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return value


_KINDS: dict[type, ObservationKind] = {
    Detections: "detections",
    Caption: "caption",
    Transcript: "transcript",
    SoundEvent: "sound",
    Health: "health",
}
