"""The values that flow from a source to an alert. All are immutable; images and sound are read-only arrays."""

from instantreact_sdk.types.alert import Alert, Delivery, Receipt, Reply
from instantreact_sdk.types.audio import AudioChunk
from instantreact_sdk.types.caption import Caption
from instantreact_sdk.types.clip import Clip
from instantreact_sdk.types.detections import Detections
from instantreact_sdk.types.event import Event, NearMiss
from instantreact_sdk.types.frame import Frame, Pixels
from instantreact_sdk.types.ground_truth import Objects
from instantreact_sdk.types.health import HEALTH_KINDS, Health, HealthKind
from instantreact_sdk.types.heard import SoundEvent, Transcript, Word
from instantreact_sdk.types.model_card import ModelCard
from instantreact_sdk.types.observation import VERSION, Observation, ObservationKind, rounded
from instantreact_sdk.types.source_info import SourceInfo

__all__ = [
    "HEALTH_KINDS",
    "VERSION",
    "Alert",
    "AudioChunk",
    "Caption",
    "Clip",
    "Delivery",
    "Detections",
    "Event",
    "Frame",
    "Health",
    "HealthKind",
    "ModelCard",
    "NearMiss",
    "Objects",
    "Observation",
    "ObservationKind",
    "Pixels",
    "Receipt",
    "Reply",
    "SoundEvent",
    "SourceInfo",
    "Transcript",
    "Word",
    "rounded",
]
