"""What a detector finds in pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from instantreact_sdk.datasets.pictures import load
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces import Progress
from instantreact_sdk.registry import Registry, discover
from instantreact_sdk.training.calling import context_of, silent
from instantreact_sdk.training.eye import opened_eye
from instantreact_sdk.training.options import checked
from instantreact_sdk.types import Observation, Pixels


def detect(
    use: str,
    pictures: Sequence[str | Path],
    *,
    options: Mapping[str, Any] | None = None,
    progress: Progress = silent,
    registry: Registry | None = None,
) -> Iterator[tuple[Pixels, Observation]]:
    """Look for objects in pictures.

    Args:
        use: The detector, ``ssd/ssd300`` or ``./blob.py:Blob``.
        pictures: Files.
        options: Of the detector.
        progress: Told how far it is.
        registry: The plugins; by default those that are installed.

    Yields:
        Each picture, uint8 RGB ``(height, width, 3)``, with what was found: `Observation.value` are `Detections`, whose labels point
        into `Observation.names`; `Observation.source` is the file.

    Raises:
        InstantReactError: The detector or its options cannot be used (IR2, IR7), it failed (IR4), or a picture cannot be read
            (IR7004); IR7022, it looks at videos only; IR6001 without the extra ``data``.
    """
    base = Path.cwd()
    choice = (registry or discover()).resolve("detector", use, base)
    if choice.spec.stateful:
        raise InstantReactError("IR7022", id=choice.id)
    settings = checked(choice.options_type(), options or {}, id=choice.id, base=base)
    with opened_eye(choice, settings, context_of(choice, base)) as eye:
        for start in range(0, len(pictures), eye.batch_size):
            batch = pictures[start : start + eye.batch_size]
            images = [load(Path(path)) for path in batch]
            for path, image, found in zip(batch, images, eye.look(images), strict=True):
                name = f"{path}/{choice.id}"
                yield image, Observation(name, str(path), choice.id, time=0.0, end=0.0, value=found, names=eye.labels)
            progress(start + len(batch), len(pictures), "detecting")
