"""Small datasets, written as other tools write them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

ORIENTATION = 0x0112


def picture(path: Path, size: tuple[int, int] = (64, 48), *, seed: int = 0, orientation: int | None = None) -> Path:
    """A picture of random fields, like no other of another seed; bytes are stored as EXIF says they are turned."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fields = np.random.default_rng(seed).integers(0, 256, (9, 9, 3), np.uint8)
    image = Image.fromarray(fields).resize(size, Image.Resampling.BICUBIC)
    exif = Image.Exif()
    if orientation:
        exif[ORIENTATION] = orientation
    image.save(path, exif=exif)
    return path


def voc_object(
    name: str = "dog", box: Sequence[object] = (10, 12, 30, 40), difficult: object = 0, more: str = ""
) -> str:
    edges = "".join(f"<{tag}>{edge}</{tag}>" for tag, edge in zip(("xmin", "ymin", "xmax", "ymax"), box, strict=True))
    said = "" if difficult is None else f"<difficult>{difficult}</difficult>"
    return f"<object><name>{name}</name>{more}{said}<bndbox>{edges}</bndbox></object>"


def voc_xml(root: Path, name: str, *objects: str, size: tuple[int, int] | None = (64, 48)) -> Path:
    path = root / "Annotations" / f"{name}.xml"
    path.parent.mkdir(parents=True, exist_ok=True)
    said = "" if size is None else f"<size><width>{size[0]}</width><height>{size[1]}</height><depth>3</depth></size>"
    path.write_text(f"<annotation><filename>x.jpg</filename>{said}{''.join(objects)}</annotation>", encoding="utf-8")
    return path


def voc(root: Path, count: int = 1, **settings: object) -> Path:
    """Pictures ``p0``, ``p1``, ... of 64 x 48 with one dog each."""
    for number in range(count):
        picture(root / "JPEGImages" / f"p{number}.jpg", seed=number)
        voc_xml(root, f"p{number}", voc_object(**settings))
    return root


def listed(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def coco(root: Path, images: list[dict], annotations: list[dict], classes: Sequence[str] = ("dog", "cat")) -> Path:
    path = root / "labels.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    categories = [{"id": number, "name": name} for number, name in enumerate(classes, 1)]
    path.write_text(
        json.dumps({"info": {"year": 2026}, "images": images, "annotations": annotations, "categories": categories})
    )
    return path
