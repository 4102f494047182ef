"""Synthetic media and messages for tests: the same in every run, and exact, so that a test can reckon what to expect."""

from instantreact_sdk.testing.media.awkward import awkward_clips, awkward_frames, awkward_sounds, awkward_texts
from instantreact_sdk.testing.media.clips import clip, moving_clip, still_clip
from instantreact_sdk.testing.media.frames import Colour, frame, moving_square, square_box, still
from instantreact_sdk.testing.media.messages import alert, delivery, snapshot
from instantreact_sdk.testing.media.sounds import joined, noise, silence, speech_like, tone

__all__ = [
    "Colour",
    "alert",
    "awkward_clips",
    "awkward_frames",
    "awkward_sounds",
    "awkward_texts",
    "clip",
    "delivery",
    "frame",
    "joined",
    "moving_clip",
    "moving_square",
    "noise",
    "silence",
    "snapshot",
    "speech_like",
    "square_box",
    "still",
    "still_clip",
    "tone",
]
