"""Addresses of datasets: ``voc:FOLDER``, ``coco:FILE``, ``yolo:FOLDER``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from instantreact_sdk.datasets.coco import Coco
from instantreact_sdk.datasets.dataset import Dataset
from instantreact_sdk.datasets.form import Form
from instantreact_sdk.datasets.voc import Voc
from instantreact_sdk.datasets.yolo import Yolo
from instantreact_sdk.errors import InstantReactError

_FORMS: dict[str, type[Form]] = {form.name: form for form in (Voc, Coco, Yolo)}


def open_dataset(address: str, *, classes: Sequence[str] | None = None) -> Dataset:
    """A dataset on the disk. It reads no annotation and no picture yet.

    Args:
        address: ``voc:FOLDER``, ``coco:FILE.json`` or ``yolo:FOLDER``; a path alone where it is plain which of them it is.
        classes: Names of the classes in the order of their labels; None for those of the dataset.

    Raises:
        InstantReactError: IR7001, the address names none of them; IR7002, what it names is not there or not in that form.

    Example:
        >>> cells = open_dataset("voc:bccd").split("train")  # doctest: +SKIP
        >>> image, objects = cells[0].load()  # doctest: +SKIP
    """
    name, colon, rest = address.partition(":")
    try:
        form = _FORMS[name](Path(rest)) if colon and name in _FORMS else _guessed(address)
    except OSError as error:  # a name that is too long, a folder that may not be looked into
        raise InstantReactError("IR7001", address=address, problem=error.strerror or error) from error
    return Dataset(form, classes=classes)


def _guessed(address: str) -> Form:
    path = Path(address)
    if (path / "Annotations").is_dir():
        return Voc(path)
    if path.is_file() and path.suffix == ".json":
        return Coco(path)
    if any((path / name).exists() for name in ("data.yaml", "labels", "classes.txt", "obj.names")):
        return Yolo(path)
    problem = "it does not say its form, and cannot be guessed" if path.exists() else "there is no such file or folder"
    raise InstantReactError("IR7001", address=address, problem=problem)
