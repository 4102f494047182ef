"""Classes of public data, in the order of public weights; imports nothing heavy."""

from __future__ import annotations

VOC = (
    "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable", "dog", "horse",
    "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
)  # fmt: skip
"""Pascal VOC's 20."""

COCO_80 = (
    "person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat", "traffic light", "fire hydrant",
    "stop sign", "parking meter", "bench", "bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra",
    "giraffe", "backpack", "umbrella", "handbag", "tie", "suitcase", "frisbee", "skis", "snowboard", "sports ball", "kite",
    "baseball bat", "baseball glove", "skateboard", "surfboard", "tennis racket", "bottle", "wine glass", "cup", "fork",
    "knife", "spoon", "bowl", "banana", "apple", "sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut",
    "cake", "chair", "couch", "potted plant", "bed", "dining table", "toilet", "tv", "laptop", "mouse", "remote", "keyboard",
    "cell phone", "microwave", "oven", "toaster", "sink", "refrigerator", "book", "clock", "vase", "scissors", "teddy bear",
    "hair drier", "toothbrush",
)  # fmt: skip
"""COCO's."""

_UNUSED = (12, 26, 29, 30, 45, 66, 68, 69, 71, 83)


def _numbered() -> tuple[str, ...]:
    names = iter(COCO_80)
    numbers = range(1, len(COCO_80) + len(_UNUSED) + 1)
    return tuple(f"N/A {number}" if number in _UNUSED else next(names) for number in numbers)


COCO_90 = _numbered()
"""By COCO's numbers, from 1; the ten that are not in use are named by their number, for labels are distinct."""


def labels_of(classes: int) -> tuple[str, ...] | None:
    """The labels of public data with so many classes, if it is Pascal VOC (20) or COCO (80, or 90 with those not in use)."""
    return {len(each): each for each in (VOC, COCO_80, COCO_90)}.get(classes)
