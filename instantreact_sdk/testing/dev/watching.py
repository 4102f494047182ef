"""Seeing that files were saved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from instantreact_sdk.registry.local import local_file
from instantreact_sdk.registry.scan import scan
from instantreact_sdk.testing.conformance.target import Target

_CACHES = {"__pycache__", "node_modules", "site-packages"}


class Watched:
    """The Python files of a component.

    They are looked at rather than waited for: that works on network drives and in containers too, and a package has few files.

    Args:
        target: The component.

    Raises:
        InstantReactError: IR2009 or IR2010, it names no file that is there.
    """

    def __init__(self, target: Target) -> None:
        self.roots = _roots(target)
        self._stamps = self._look()

    def changed(self) -> bool:
        """Whether something was saved, made or removed since the last time that this was asked."""
        stamps = self._look()
        if not stamps:  # an editor that replaces the file is between its two steps
            return False
        before, self._stamps = self._stamps, stamps
        return stamps != before

    def holds(self, file: Path) -> bool:
        """Whether it is one of them."""
        return file.resolve() in {path.resolve() for path in self._files()}

    def _look(self) -> dict[Path, tuple[int, int]]:
        found = {}
        for path in self._files():
            with suppress(OSError):  # it went away meanwhile
                stat = path.stat()
                found[path] = (stat.st_mtime_ns, stat.st_size)
        return found

    def _files(self) -> Iterator[Path]:
        for root in self.roots:
            if root.is_dir():
                yield from (path for path in root.rglob("*.py") if not _CACHES & set(path.relative_to(root).parts))
            else:
                yield root


def _roots(target: Target) -> tuple[Path, ...]:
    """The file, or the folders of the package; found without importing anything of it."""
    if not target.plugin:
        return (local_file(target.use, Path(target.base))[0],)
    module = next(entry.target for entry in scan() if entry.plugin == target.plugin)
    spec = find_spec(module.partition(".")[0])
    assert spec is not None, "its hooks were found"
    if spec.submodule_search_locations:
        return tuple(Path(folder) for folder in spec.submodule_search_locations)
    return (Path(str(spec.origin)),)
