"""Picture files: opened with care, for they come from anywhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from instantreact_sdk.datasets.needed import needed
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.types import Pixels

if TYPE_CHECKING:
    from PIL.Image import Image

ENDINGS = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
"""Of the names of picture files, in small letters."""

# Pillow knows formats whose decoders start programs (EPS); these do not.
_FORMATS = ("BMP", "JPEG", "PNG", "TIFF", "WEBP")
_ORIENTATION = 0x0112
_TURNED = 5
"""From this EXIF orientation on, width and height change places."""


def there(path: Path) -> bool:
    """Whether there is such a file; also asked of names that no file can have, which datasets may hold."""
    return os.path.isfile(path)  # noqa: PTH113  (pathlib's raises where a name is too long)


def load(path: Path) -> Pixels:
    """The picture upright, as its EXIF orientation asks: uint8 RGB ``(height, width, 3)``.

    Raises:
        InstantReactError: IR7004, it cannot be read; IR6001 without the extra ``data``.
    """
    with opened(path) as picture:
        return np.array(upright(picture))


def upright(picture: Image) -> Image:
    """The same picture in RGB, turned as its EXIF orientation asks."""
    from PIL import ImageOps

    return ImageOps.exif_transpose(picture).convert("RGB")


def stored(path: Path) -> tuple[tuple[int, int], int]:
    """Width and height as they are stored, and the EXIF orientation (1 to 8, 1 is upright). Decodes nothing.

    Raises:
        InstantReactError: IR7004, it cannot be read; IR6001 without the extra ``data``.
    """
    with opened(path) as picture:
        return picture.size, orientation(picture)


def orientation(picture: Image) -> int:
    """The EXIF orientation: 1 to 8; 1, upright, where it says nothing or nonsense."""
    value = picture.getexif().get(_ORIENTATION, 1)
    return value if value in range(1, 9) else 1


def turned(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """The size of the picture once it is upright."""
    return (size[1], size[0]) if orientation >= _TURNED else size


@contextmanager
def opened(path: Path) -> Iterator[Image]:
    """A picture whose header was read, to be used in a ``with``.

    Raises:
        InstantReactError: IR7004, it cannot be opened, or what is done with it inside cannot be done to this file;
            IR6001 without the extra ``data``.
    """
    with needed("pillow"):
        from PIL import Image
    too_large = (Image.DecompressionBombError, Image.DecompressionBombWarning)
    try:
        with Image.open(path, formats=_FORMATS) as picture:
            yield picture
    except too_large:
        raise InstantReactError("IR7004", path=path, problem="it has more pixels than any camera makes") from None
    except OSError as error:
        raise InstantReactError("IR7004", path=path, problem=_reason(path, error)) from error
    except (ValueError, SyntaxError, IndexError, EOFError, MemoryError) as error:  # what decoders raise on broken files
        raise InstantReactError("IR7004", path=path, problem="it is damaged") from error


def _reason(path: Path, error: OSError) -> str:
    if error.strerror:
        return error.strerror
    if not path.stat().st_size:
        return "it is empty"
    if "cannot identify" in str(error):
        return "it is none of JPEG, PNG, BMP, TIFF and WebP"
    return "it is damaged or cut off"
