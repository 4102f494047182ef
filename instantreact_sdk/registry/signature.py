"""Tells whether a distribution changed since it was probed."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from hashlib import blake2s
from pathlib import Path

from instantreact_sdk.registry.scan import Entry, read
from instantreact_sdk.version import __version__


def signature(entry: Entry) -> str:
    """A digest that changes whenever a probe could find something else in the plugin itself.

    A distribution that was installed properly is known by its RECORD, which holds a hash of every file. An editable one
    (or one without RECORD) is known by the time and size of the Python files beside its ``hooks.py``.
    """
    record = "" if _is_editable(entry) else read(entry.source, "RECORD")
    content = record or "\n".join(_files(entry.target))
    return _digest(entry.distribution, entry.version, entry.target, sys.version, __version__, content)


def surroundings() -> str:
    """A digest that changes when a distribution comes or goes: what failed for want of one is then tried again."""
    return _digest(*(f"{folder} {Path(folder).stat().st_mtime_ns}" for folder in sys.path if _holds_packages(folder)))


def _holds_packages(folder: str) -> bool:
    # The working folder is on the path of a script, and changes all the time.
    return Path(folder).is_dir() and not Path(folder).samefile(".")


def _is_editable(entry: Entry) -> bool:
    try:
        return bool(json.loads(read(entry.source, "direct_url.json"))["dir_info"]["editable"])
    except (KeyError, TypeError, ValueError):  # it is absent, or says nothing of the kind
        return False


def _files(target: str) -> Iterator[str]:
    """Name, time and size of each Python file in the folder of the module `target`, which is not imported."""
    top, *inner = target.split(".")
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return
    if spec is None:
        return
    if not spec.submodule_search_locations:
        files = [spec.origin or ""]
    else:
        folders = [os.path.join(location, *inner[:-1]) for location in spec.submodule_search_locations]  # noqa: PTH118  (of many, at each start)
        files = sorted(str(file) for folder in folders for file in Path(folder).rglob("*.py"))
    for name in filter(os.path.isfile, files):
        status = Path(name).stat()
        yield f"{name} {status.st_mtime_ns} {status.st_size}"


def _digest(*parts: str) -> str:
    return blake2s("\0".join(parts).encode(), digest_size=12).hexdigest()
