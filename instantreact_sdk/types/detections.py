"""What a detector saw in one frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.types.read_only import read_only

if TYPE_CHECKING:
    import supervision

Array = NDArray[Any]

_OWN = {"boxes", "scores", "labels", "tracks"}


@final
@dataclass(frozen=True, slots=True, eq=False, init=False)
class Detections:
    """Objects found in one frame, as a structure of arrays with one row an object.

    The arrays are copies, and read-only. Boxes are fractions of the frame, so that they and the zones drawn over them survive a change of resolution.

    Attributes:
        boxes: float32 ``(n, 4)``: x_min, y_min, x_max, y_max in 0..1 of the frame's width and height.
        scores: float32 ``(n,)`` in 0..1, higher is surer.
        labels: int64 ``(n,)``: positions in the detector's `labels`.
        tracks: int64 ``(n,)`` or None: the same number for the same object in following frames.
        data: Further arrays of n rows each, of numbers, booleans or texts: ``keypoints (n, k, 3)``,
            ``masks (n, height, width)``, ...

    Raises:
        InstantReactError: IR4003 where the lengths differ, or a box has not 4 edges, is not finite, not inside 0..1,
            or has its minimum beyond its maximum; or a score is not in 0..1; or `data` uses a name of the other
            fields, or holds something else than such arrays.

    Example:
        >>> found = Detections(boxes=[[0.1, 0.2, 0.3, 0.6]], scores=[0.9], labels=[0])
        >>> len(found), found.boxes.dtype.name
        (1, 'float32')
    """

    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    labels: NDArray[np.int64]
    tracks: NDArray[np.int64] | None = None
    data: Mapping[str, Array] = field(default_factory=dict)

    def __init__(
        self,
        boxes: ArrayLike,
        scores: ArrayLike,
        labels: ArrayLike,
        tracks: ArrayLike | None = None,
        data: Mapping[str, ArrayLike] | None = None,
    ) -> None:
        set_ = object.__setattr__  # the usual way to fill a frozen dataclass with converted values
        set_(self, "boxes", read_only(_four_columns(np.array(boxes, np.float32))))  # checked once, right for ever
        set_(self, "scores", read_only(np.array(scores, np.float32).reshape(-1)))
        set_(self, "labels", read_only(np.array(labels, np.int64).reshape(-1)))
        set_(self, "tracks", None if tracks is None else read_only(np.array(tracks, np.int64).reshape(-1)))
        set_(self, "data", {name: _rows(name, np.array(rows)) for name, rows in (data or {}).items()})
        self._check()

    def _check(self) -> None:
        n = len(self.boxes)
        rows: dict[str, Array] = {"scores": self.scores, "labels": self.labels, **self.data}
        if self.tracks is not None:
            rows["tracks"] = self.tracks
        for name, values in rows.items():
            if len(values) != n:
                raise InstantReactError("IR4003", problem=f"{n} boxes but {len(values)} rows of {name}")
        if not n:
            return
        low, high = self.boxes.min(), self.boxes.max()
        if not (low >= 0.0 and high <= 1.0):  # NaN fails both comparisons
            row = int(np.flatnonzero(~((self.boxes >= 0) & (self.boxes <= 1)).all(axis=1))[0])
            raise InstantReactError("IR4003", problem=f"box {row} is {self.boxes[row].tolist()}, not inside 0..1")
        if (self.boxes[:, :2] > self.boxes[:, 2:]).any():
            row = int(np.flatnonzero((self.boxes[:, :2] > self.boxes[:, 2:]).any(axis=1))[0])
            raise InstantReactError(
                "IR4003", problem=f"box {row} is {self.boxes[row].tolist()}: minimum beyond maximum"
            )
        if not (self.scores.min() >= 0.0 and self.scores.max() <= 1.0):
            raise InstantReactError("IR4003", problem="a score is not inside 0..1")

    @classmethod
    def empty(cls) -> Detections:
        """Nothing found. The same object every time."""
        return _EMPTY

    @classmethod
    def from_pixels(
        cls, boxes: ArrayLike, scores: ArrayLike, labels: ArrayLike, *, width: int, height: int, **more: Any
    ) -> Detections:
        """From boxes in pixels, ``(n, 4)`` x_min, y_min, x_max, y_max; what lies outside the frame is cut off."""
        fractions = _four_columns(np.asarray(boxes, np.float32)) / np.array([width, height, width, height], np.float32)
        np.clip(fractions, 0, 1, out=fractions, where=np.isfinite(fractions))  # what is infinite is no box to cut
        return cls(fractions, scores, labels, **more)

    def __len__(self) -> int:
        return len(self.boxes)

    def pick(self, rows: ArrayLike) -> Detections:
        """Only some rows, by a mask ``(n,)`` or by their numbers, in that order."""
        keep = np.asarray(rows)
        if not keep.size:
            keep = keep.astype(np.intp)  # NumPy takes [] for floats
        return Detections(
            self.boxes[keep],
            self.scores[keep],
            self.labels[keep],
            None if self.tracks is None else self.tracks[keep],
            {name: values[keep] for name, values in self.data.items()},
        )

    def to_supervision(self, width: int, height: int, names: tuple[str, ...] = ()) -> supervision.Detections:
        """As ``supervision.Detections`` in pixels, with ``data["class_name"]`` where `names` are given.

        Needs the extra ``report``.
        """
        import supervision

        if not len(self):
            return supervision.Detections.empty()
        scale = np.array([width, height, width, height], np.float32)
        data: dict[str, Any] = {name: rows for name, rows in self.data.items() if name != "masks"}
        if names:
            data["class_name"] = np.array([names[label] for label in self.labels])
        return supervision.Detections(
            xyxy=self.boxes * scale,
            confidence=self.scores,
            class_id=self.labels,
            tracker_id=self.tracks,
            mask=self.data["masks"].astype(bool) if "masks" in self.data else None,
            data=data,
        )


def _four_columns(boxes: Array) -> Array:
    if boxes.size and boxes.shape[-1:] != (4,):  # (n, 6) of box, score and label must not become 1.5 n boxes
        raise InstantReactError("IR4003", problem=f"boxes of shape {boxes.shape} instead of (n, 4)")
    return boxes.reshape(-1, 4)


def _rows(name: str, values: Array) -> Array:
    if name in _OWN or not isinstance(name, str):
        raise InstantReactError("IR4003", problem=f"`data` may not be called {name}")
    if values.dtype.kind not in "biufU" or not values.ndim:
        raise InstantReactError(
            "IR4003", problem=f"{name} is {values.dtype} {values.shape}, no rows of numbers or texts"
        )
    return read_only(values)


_EMPTY = Detections(np.zeros((0, 4)), [], [])
