"""Classes of public data, in the order of public weights."""

from __future__ import annotations

from torchvision.models.detection import SSD300_VGG16_Weights

VOC = [
    "aeroplane",
    "bicycle",
    "bird",
    "boat",
    "bottle",
    "bus",
    "car",
    "cat",
    "chair",
    "cow",
    "diningtable",
    "dog",
    "horse",
    "motorbike",
    "person",
    "pottedplant",
    "sheep",
    "sofa",
    "train",
    "tvmonitor",
]
_GAP = "N/A"


def coco_91() -> tuple[str, ...]:
    """The 90 numbers of COCO's classes; ten are not in use, and named by their number: labels are distinct."""
    names = SSD300_VGG16_Weights.COCO_V1.meta["categories"][1:]
    return tuple(f"{_GAP} {number}" if name == _GAP else name for number, name in enumerate(names, start=1))


def known_labels(classes: int) -> tuple[str, ...] | None:
    """The labels of public data with so many classes, if it is Pascal VOC (20) or COCO (80, or 90 with those not in use)."""
    coco = coco_91()
    by_count = {len(VOC): tuple(VOC), len(coco): coco, 80: tuple(name for name in coco if not name.startswith(_GAP))}
    return by_count.get(classes)
