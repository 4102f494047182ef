"""Writes distributions as an installer would leave them: a package and a dist-info folder."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from zipfile import ZipFile


def detector_hooks(package: str, **changes: str) -> str:
    """A ``hooks.py`` that registers the detector ``PACKAGE.detector:Detector``; `changes` replace fields, as source text."""
    fields = {
        "name": "'detector'",
        "summary": "'An animal of the zoo.'",
        "factory": f"'{package}.detector:ZooDetector'",
        "options": f"'{package}.detector:ZooOptions'",
        **changes,
    }
    arguments = ", ".join(f"{name}={value}" for name, value in fields.items())
    return dedent(
        f"""
        from instantreact_sdk import DetectorSpec, hookimpl

        @hookimpl
        def instantreact_register():
            return [DetectorSpec({arguments})]
        """
    )


DETECTOR = dedent(
    '''
    from instantreact_sdk import Detections, Detector, Options

    class ZooOptions(Options):
        after: int = 0
        """Calls that go well first."""

    class ZooDetector(Detector):
        labels = ("thing",)

        def __init__(self, options):
            self.options = options

        def detect(self, frames):
            return [Detections([[0.25, 0.25, 0.75, 0.75]], [0.9], [0]) for _ in frames]
    '''
)


@dataclass(frozen=True)
class Animal:
    """A plugin to be written.

    Attributes:
        plugin: Name of its entry point.
        modules: Text of the package's modules by file name; ``hooks.py`` is what the entry point names.
        group: Of its entry point.
        beside: Modules that lie beside the package, by file name.
    """

    plugin: str
    modules: Mapping[str, str]
    group: str = "instantreact_sdk.v1"
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def package(self) -> str:
        """The package that `modules` are in, unless `settle` is told another distribution."""
        return f"zoo_{self.plugin.replace('-', '_')}"


HEALTHY = Animal("healthy", {"hooks.py": detector_hooks("zoo_healthy"), "detector.py": DETECTOR})


def settle(
    folder: Path,
    animal: Animal,
    *,
    distribution: str = "",
    version: str = "1.0",
    editable: bool = False,
    record: bool = True,
) -> Path:
    """Write an animal as an installed distribution.

    Args:
        folder: A folder of the import path.
        animal: What to write.
        distribution: Its distribution's name; by default that of the package.
        version: Of the distribution.
        editable: Whether it says of itself that it was installed for editing.
        record: Whether it has a RECORD.

    Returns:
        The folder of the package.
    """
    files = _files(animal, distribution or animal.package.replace("_", "-"), version)
    info = next(name for name in files if name.endswith("METADATA")).partition("/")[0]
    if editable:
        files[f"{info}/direct_url.json"] = json.dumps({"url": folder.as_uri(), "dir_info": {"editable": True}})
    if not record:
        del files[f"{info}/RECORD"]
    for file, text in files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / animal.package


def wheel(folder: Path, animal: Animal) -> Path:
    """Write an animal as a wheel, version 1.0, for an installer to take."""
    path = folder / f"{animal.package}-1.0-py3-none-any.whl"
    with ZipFile(path, "w") as archive:
        for name, text in _files(animal, animal.package.replace("_", "-"), "1.0").items():
            archive.writestr(name, text)
    return path


def _files(animal: Animal, distribution: str, version: str) -> dict[str, str]:
    """Text by name of all files of a distribution, RECORD last."""
    files = {f"{animal.package}/__init__.py": ""}
    files |= {f"{animal.package}/{name}": text for name, text in animal.modules.items()}
    files |= dict(animal.beside)
    info = f"{distribution.replace('-', '_')}-{version}.dist-info"
    files[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n\nAn animal of the zoo.\n"
    )
    files[f"{info}/entry_points.txt"] = f"[{animal.group}]\n{animal.plugin} = {animal.package}.hooks\n"
    files[f"{info}/WHEEL"] = "Wheel-Version: 1.0\nGenerator: zoo\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    return files | {f"{info}/RECORD": _record(files, f"{info}/RECORD")}


def _record(files: Mapping[str, str], itself: str) -> str:
    lines = []
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(text.encode())}")
    return "\n".join([*lines, f"{itself},,", ""])
