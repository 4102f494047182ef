"""The contents of a COCO file by picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Entry = dict[str, Any]
Entries = list[Entry]
Told = list[tuple[str, str]]
"""Places in the file, and what is to be said of them."""

PARTS = ("images", "annotations", "categories")


@dataclass(frozen=True, slots=True)
class CocoIndex:
    """The file, by picture.

    Attributes:
        whole: The file as it is.
        images: Entries of ``images`` by ``file_name``.
        annotations: Entries of ``annotations``, with their place in the file, by the picture's number.
        classes: Names of the categories by number, in the order of the numbers.
        doubles: What is there twice.
        ghosts: Annotations whose picture is not listed.
    """

    whole: dict[str, Any]
    images: Mapping[str, Entry]
    annotations: Mapping[Any, list[tuple[int, Entry]]]
    classes: Mapping[int, str]
    doubles: Told
    ghosts: Told


def indexed(whole: Any) -> CocoIndex:
    """The index of what the file holds.

    Raises:
        ValueError: It is not in COCO's form; in words.
    """
    if not isinstance(whole, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004  (of a file, not of a caller)
    for part in PARTS:
        entries = whole.get(part)
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise ValueError(f"it has no list of objects {part!r}")
    images, doubles = _images(whole["images"])
    numbers = {image["id"] for image in images.values()}
    annotations, more_doubles, ghosts = _annotations(whole["annotations"], numbers)
    return CocoIndex(whole, images, annotations, _classes(whole["categories"]), doubles + more_doubles, ghosts)


def _images(entries: Entries) -> tuple[dict[str, Entry], Told]:
    doubles: Told = []
    images: dict[str, Entry] = {}
    numbers = set()
    for place, image in enumerate(entries):
        name, number = image.get("file_name"), image.get("id")
        if not isinstance(name, str) or not name or not isinstance(number, int | str):
            raise ValueError(f"images[{place}] has no file_name or no id")
        if name in images or number in numbers:
            doubles.append((f"images[{place}]", f"the picture {name}, number {number}, is there already"))
            continue
        images[name] = image
        numbers.add(number)
    return images, doubles


def _annotations(entries: Entries, numbers: set[Any]) -> tuple[dict[Any, list[tuple[int, Entry]]], Told, Told]:
    doubles: Told = []
    ghosts: Told = []
    annotations: dict[Any, list[tuple[int, Entry]]] = {}
    seen = set()
    for place, item in enumerate(entries):
        where, of, number = f"annotations[{place}]", item.get("image_id"), item.get("id")
        if not isinstance(of, int | str) or not isinstance(number, int | str | None):
            raise ValueError(f"{where} has no image_id, or an id that is none")  # noqa: TRY004  (as above)
        if number is not None and number in seen:
            doubles.append((where, f"the number {number} is there already"))
        elif of not in numbers:
            ghosts.append((where, f"there is no picture number {of}"))
        else:
            annotations.setdefault(of, []).append((place, item))
        seen.add(number)
    return annotations, doubles, ghosts


def _classes(entries: Entries) -> dict[int, str]:
    classes: dict[int, str] = {}
    for place, category in enumerate(entries):
        number, name = category.get("id"), category.get("name")
        if not isinstance(number, int) or not isinstance(name, str):
            raise ValueError(f"categories[{place}] has no id or no name")  # noqa: TRY004  (as above)
        if number in classes or name in classes.values():
            raise ValueError(f"categories[{place}] is there already: {name!r}, number {number}")
        classes[number] = name
    return dict(sorted(classes.items()))
