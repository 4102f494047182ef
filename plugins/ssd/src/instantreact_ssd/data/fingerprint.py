"""Which data weights were made of."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from hashlib import sha256

from instantreact_sdk import InstantReactError
from instantreact_sdk.datasets import Sample

_END = 65536
"""Bytes of each end of a picture's file that count: all of most pictures, and enough to tell two photographs apart."""


def fingerprint(samples: Sequence[Sample]) -> str:
    """A sha256, in hexadecimal, that is the same for the same data wherever it lies.

    It covers, whatever the samples' order: their ids; each object's class, box, difficulty and being a crowd, in the
    file's order; and each picture's length and its first and last 64 KiB. Names of folders and times of files do not count.

    Raises:
        InstantReactError: IR7004, a picture cannot be read; IR7005, an annotation cannot.
    """
    whole = sha256()
    for sample in sorted(samples, key=lambda one: one.id):
        annotation = sample.annotation()
        objects = [(one.name, one.box, one.difficult, one.crowd) for one in annotation.objects]
        whole.update(json.dumps([sample.id, objects]).encode() + b"\n")
        try:
            with sample.path.open("rb") as picture:
                length = picture.seek(0, os.SEEK_END)
                whole.update(length.to_bytes(8, "big"))
                picture.seek(0)
                whole.update(picture.read(_END))
                picture.seek(max(0, length - _END))
                whole.update(picture.read(_END))
        except OSError as error:
            raise InstantReactError("IR7004", path=sample.path, problem=error.strerror) from error
    return whole.hexdigest()
