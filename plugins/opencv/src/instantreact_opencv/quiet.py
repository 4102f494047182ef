"""OpenCV without its own lines on stderr, and without its lock over all videos: what goes wrong is told as an error or as health, once, in words.

Importing this module does it; every module of this plugin takes ``cv2`` from here. Who sets ``OPENCV_LOG_LEVEL``
or ``OPENCV_FFMPEG_LOGLEVEL`` wants to see them, and does.
"""

from __future__ import annotations

import os

_loud = "OPENCV_LOG_LEVEL" in os.environ
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # AV_LOG_QUIET; read when the first capture is made

# Without this OpenCV holds one lock for the whole process while it connects to a camera: one that does not answer would keep
# every other from reconnecting. FFmpeg itself has needed no such lock since its version 4.
os.environ.setdefault("OPENCV_FFMPEG_IS_THREAD_SAFE", "1")

import cv2  # noqa: E402

if not _loud:
    # cv2 may have been imported long before, so its variable in the environment would come too late.
    # OpenCV 5 moved the function.
    set_level = getattr(cv2, "setLogLevel", None) or cv2.utils.logging.setLogLevel
    set_level(0)  # LOG_LEVEL_SILENT

__all__ = ["cv2"]
