"""What this plugin offers; imports nothing heavy."""

from __future__ import annotations

from instantreact_sdk import Capabilities, DetectorSpec, SourceSpec, Spec, hookimpl


@hookimpl
def instantreact_register() -> list[Spec]:
    return [
        SourceSpec(
            name="video",
            summary="Video files, pictures, webcams, RTSP and HTTP cameras.",
            factory="instantreact_opencv.source:VideoSource",
            options="instantreact_opencv.source:VideoOptions",
            check="instantreact_opencv.checks:video",
            schemes=("", "rtsp://", "rtsps://", "http://", "https://"),
            needs=Capabilities(network=True, subprocess=True),
        ),
        DetectorSpec(
            name="motion",
            summary="Regions that move before a still background; needs no weights.",
            factory="instantreact_opencv.motion:Motion",
            options="instantreact_opencv.motion:MotionOptions",
            check="instantreact_opencv.checks:motion",
            stateful=True,
        ),
    ]
