"""What ``plugins doctor`` looks at."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, packages_distributions, requires, version
from importlib.util import find_spec
from tempfile import TemporaryFile
from typing import Any, Literal

from packaging.requirements import Requirement

from instantreact_sdk.registry import Record
from instantreact_sdk.registry.home import home_folder
from instantreact_sdk.version import __version__

_OLDEST = (3, 11)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        what: The thing.
        state: ``note`` is worth knowing, but harms only who needs it.
        found: What was found.
        fix: What to do about it; empty where it is ok.
    """

    what: str
    state: Literal["ok", "note", "wrong"]
    found: str
    fix: str = ""

    def to_json(self) -> dict[str, Any]:
        """As JSON-able values."""
        return asdict(self)


def examine(records: Iterable[Record]) -> list[Finding]:
    """Look at Python, the home folder, the libraries that many plugins need, and each plugin with its requirements."""
    records = list(records)
    findings = [_python(), _home(), _opencv(), _ffmpeg()]
    for record in records:
        findings.extend(_plugin(record))
    for distribution in sorted({record.distribution for record in records}):
        findings.extend(_requirements(distribution))
    return findings


def _python() -> Finding:
    found = f"Python {sys.version.split()[0]}, instantreact-sdk {__version__}, {sys.executable}"
    if sys.version_info < _OLDEST:
        return Finding("python", "wrong", found, "Use Python 3.11 or newer.")
    return Finding("python", "ok", found)


def _home() -> Finding:
    folder = home_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            return Finding("home folder", "ok", f"{folder} can be written to")
    except OSError as error:
        found = f"{folder} cannot be written to: {error.strerror}"
        return Finding("home folder", "wrong", found, "Set INSTANTREACT_HOME to a folder that can.")


def _opencv() -> Finding:
    if find_spec("cv2") is None:
        fix = "Install instantreact-opencv for video files and cameras, or instantreact-sdk[report] for reports."
        return Finding("OpenCV", "note", "it is not installed", fix)
    owners = [f"{name} {version(name)}" for name in sorted(set(packages_distributions().get("cv2", ())))]
    if len(owners) > 1:
        fix = "Uninstall all of them, then install one: they overwrite each other's files."
        return Finding("OpenCV", "wrong", f"{' and '.join(owners)} are all installed", fix)
    return Finding("OpenCV", "ok", "".join(owners) or "it is installed")


def _ffmpeg() -> Finding:
    if program := shutil.which("ffmpeg"):
        return Finding("ffmpeg", "ok", program)
    if find_spec("imageio_ffmpeg"):
        return Finding("ffmpeg", "ok", f"imageio-ffmpeg {version('imageio-ffmpeg')} brings it")
    return Finding("ffmpeg", "note", "it is not installed", "Install instantreact-sdk[report], or Debian's ffmpeg.")


def _plugin(record: Record) -> Iterator[Finding]:
    what = f"plugin {record.plugin}"
    match record.status:
        case "ok":
            found = (
                f"{record.title}: imported in {record.import_ms:g} ms, with all that it names in {record.deep_ms:g} ms"
            )
            yield Finding(what, "ok", found)
        case "blocked":
            yield Finding(what, "note", f"{record.title}: {record.cause}", record.fix)
        case _:
            yield Finding(what, "wrong", f"{record.title} is {record.status}: {record.cause}", record.fix)
    for warning in record.warnings:
        yield Finding(what, "note", warning)


def _requirements(distribution: str) -> Iterator[Finding]:
    try:
        wanted = [Requirement(text) for text in requires(distribution) or ()]
    except (PackageNotFoundError, ValueError) as error:
        yield Finding(distribution, "wrong", f"its metadata cannot be read: {error}", f"Install {distribution} anew.")
        return
    for requirement in wanted:
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            installed = version(requirement.name)
        except PackageNotFoundError:
            installed = ""
        if not requirement.specifier.contains(installed or "0", prereleases=True) or not installed:
            found = f"it needs {requirement}; {f'{installed} is installed' if installed else 'that is not installed'}"
            yield Finding(distribution, "wrong", found, f"Install it with `pip install '{requirement}'`.")
