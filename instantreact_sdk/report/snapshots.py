"""Pictures of moments that mattered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.report.drawing import Zones, draw
from instantreact_sdk.types import Observation, Pixels

_QUALITY = 85


def write_snapshot(path: Path, image_rgb: Pixels, seen: Sequence[Observation], zones: Zones | None = None) -> None:
    """Writes a picture with what was seen in it as a JPEG, whole or not at all.

    Args:
        path: Where to; its folder is made where it is missing.
        image_rgb: uint8 RGB ``(height, width, 3)``.
        seen: What to draw, as for `draw`.
        zones: As for `draw`.

    Raises:
        InstantReactError: IR4020 where the file cannot be written.
    """
    import cv2

    drawn = draw(image_rgb, seen, zones)
    _, encoded = cv2.imencode(".jpg", drawn[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    half = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(encoded.tobytes())
        half.replace(path)
    except OSError as error:
        raise InstantReactError("IR4020", path=path, problem=error.strerror or error) from error
