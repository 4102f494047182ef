"""Annotations of Pascal VOC as they are written: those of a mended copy, and those that nobody has written before."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from instantreact_sdk.datasets.annotation import Annotation, Box, Labelled
from instantreact_sdk.datasets.copying import copy_picture
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import printable

EDGES = ("xmin", "ymin", "xmax", "ymax")
"""The elements of a box: its first and last pixel, counted from 1."""


def write_labelled(out: Path, name: str, picture: Path, annotation: Annotation) -> None:
    """Add one picture to a dataset, with its annotation: last and whole, so that where it is, all is there.

    Args:
        out: The dataset's folder, with a folder ``Annotations`` in it.
        name: What names the picture in it.
        picture: To be copied byte for byte; a link would let a tool that turns pictures change the original.
        annotation: What is to be said of it; `raw` is what it is made from, and stays as it is.

    Raises:
        InstantReactError: IR4020, it cannot be written.
    """
    copy_picture(picture, out / "JPEGImages" / f"{name}{picture.suffix}")
    path = out / "Annotations" / f"{name}.xml"
    half = out / "Annotations" / ".part"  # one at a time; a name of its own could be too long
    tree = ElementTree(_element(annotation))
    indent(tree)
    try:
        tree.write(half, encoding="utf-8")
        half.replace(path)
    except OSError as error:
        raise InstantReactError("IR4020", path=path, problem=error.strerror or error) from error


def whole_pixels(box: Box) -> Box:
    """The edges at whole pixels; a box that is narrower than two is what VOC calls degenerate, and has no extent here."""
    x_min, y_min, x_max, y_max = (float(round(edge)) for edge in box)
    return (x_min, y_min, x_max if x_max - x_min > 1 else x_min, y_max if y_max - y_min > 1 else y_min)


def new_annotation(
    path: Path, size: tuple[int, int], objects: Iterable[tuple[str, Box, float]], *, by: str, original: str
) -> Annotation:
    """What a detector says of a picture, with all that labelling tools look for.

    Args:
        path: The picture as it will be called in the dataset.
        size: Of the picture upright: width and height in pixels.
        objects: Class, edges in pixels and score of each; those narrower than two pixels are left out.
        by: Who says it.
        original: What the picture was called before.
    """
    root = _tree("annotation", folder="JPEGImages", filename=path.name)
    root.append(_tree("source", database="photographs", annotation=by, image=original))
    root.append(_tree("size", width="", height="", depth="3"))
    SubElement(root, "segmented").text = "0"
    kept: list[Labelled] = []
    for name, edges, score in objects:
        box = whole_pixels(edges)
        if box[0] < box[2] and box[1] < box[3]:
            raw = _tree("object", name="", pose="Unspecified", truncated="0", difficult="0", bndbox="")
            SubElement(raw, "score").text = f"{score:.4f}"
            place = f"object {len(kept) + 1}"
            kept.append(
                Labelled(place, printable(name), box, difficult=False, crowd=False, area=None, quirks={}, raw=raw)
            )
    return Annotation(path, size, tuple(kept), root)


def _tree(tag: str, **children: str) -> Element:
    root = Element(tag)
    for name, text in children.items():
        SubElement(root, name).text = printable(text) or None
    return root


def _element(annotation: Annotation) -> Element:
    root: Element = deepcopy(annotation.raw)
    for old in root.findall("object"):
        root.remove(old)
    assert annotation.size
    size = _child(root, "size")
    for side, pixels in zip(("width", "height"), annotation.size, strict=True):
        _child(size, side).text = str(pixels)
    for item in annotation.objects:
        element: Element = deepcopy(item.raw)
        root.append(element)
        _child(element, "name").text = item.name
        _child(element, "difficult").text = str(int(bool(item.difficult)))
        x_min, y_min, x_max, y_max = (int(edge) for edge in item.box)
        for edge, pixel in zip(EDGES, (x_min + 1, y_min + 1, x_max, y_max), strict=True):
            _child(_child(element, "bndbox"), edge).text = str(pixel)
    return root


def _child(parent: Element, tag: str) -> Element:
    found = parent.find(tag)
    return SubElement(parent, tag) if found is None else found
