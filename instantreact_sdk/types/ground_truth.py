"""What is really to be seen in one image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.types.pixel_boxes import pixel_boxes
from instantreact_sdk.types.read_only import read_only


@final
@dataclass(frozen=True, slots=True, eq=False, init=False)
class Objects:
    """The labelled objects of one image, as a structure of arrays with one row an object.

    Boxes are edges in pixels: the picture spans 0..width and 0..height, and a box is ``x_max - x_min`` wide. A box that
    names its first and last pixel, counted from 1 and both inside, as Pascal VOC's, is ``(x_min - 1, y_min - 1, x_max,
    y_max)`` here. Then areas and overlaps need no ``+ 1``, and are exactly those of VOC. Pixels rather than fractions,
    because an overlap that is just a threshold must not depend on a division. The arrays are copies, and read-only.

    Attributes:
        image: What names the image in its dataset, once: ``000012``, ``cam1/0007.jpg``.
        width: Of the image, in pixels, at least 1.
        height: Of the image, in pixels, at least 1.
        boxes: float64 ``(n, 4)``: x_min, y_min, x_max, y_max in pixels; may reach out of the image.
        labels: int64 ``(n,)``: positions in the dataset's list of classes.
        difficult: bool ``(n,)``: neither asked for nor wrong to find (VOC); all False by default.
        crowd: bool ``(n,)``: a group that any number of detections may lie in (COCO); all False by default.
        areas: float64 ``(n,)``, square pixels: of the object itself where its outline is known, by which COCO calls it
            small, medium or large; of its box by default.

    Raises:
        InstantReactError: IR4011, the image has no size; the lengths differ; a box has not 4 edges, an edge is not
            finite or beyond 1e9, or a minimum beyond its maximum; or a label or an area is negative.

    Example:
        >>> dog = Objects("000001", 353, 500, boxes=[[47, 239, 195, 371]], labels=[11])
        >>> len(dog), dog.areas.tolist(), dog.difficult.tolist()
        (1, [19536.0], [False])
    """

    image: str
    width: int
    height: int
    boxes: NDArray[np.float64]
    labels: NDArray[np.int64]
    difficult: NDArray[np.bool_]
    crowd: NDArray[np.bool_]
    areas: NDArray[np.float64]

    def __init__(
        self,
        image: str,
        width: int,
        height: int,
        boxes: ArrayLike,
        labels: ArrayLike,
        difficult: ArrayLike | None = None,
        crowd: ArrayLike | None = None,
        areas: ArrayLike | None = None,
    ) -> None:
        edges = pixel_boxes(f"Objects({image!r})", boxes)
        n = len(edges)
        rows = {
            "boxes": edges,
            "labels": np.array(labels, np.int64).reshape(-1),
            "difficult": np.zeros(n, bool) if difficult is None else np.array(difficult, bool).reshape(-1),
            "crowd": np.zeros(n, bool) if crowd is None else np.array(crowd, bool).reshape(-1),
            "areas": (edges[:, 2:] - edges[:, :2]).prod(axis=1)
            if areas is None
            else np.array(areas, np.float64).reshape(-1),
        }
        if width < 1 or height < 1:
            raise _wrong(image, "size", "at least 1 pixel each way", f"{width} x {height}")
        for name, values in rows.items():
            if len(values) != n:
                raise _wrong(image, name, f"{n} rows, as there are boxes", f"{len(values)} rows")
        for name in ("labels", "areas"):
            if not (rows[name] >= 0).all():  # NaN fails it, too
                raise _wrong(image, name, "0 or more", rows[name].tolist())
        set_ = object.__setattr__  # the usual way to fill a frozen dataclass with converted values
        set_(self, "image", image)
        set_(self, "width", width)
        set_(self, "height", height)
        for name, values in rows.items():
            set_(self, name, read_only(values))

    def __len__(self) -> int:
        return len(self.boxes)


def _wrong(image: str, part: str, wanted: str, got: Any) -> InstantReactError:
    return InstantReactError("IR4011", what=f"Objects({image!r}).{part}", wanted=wanted, got=got)
