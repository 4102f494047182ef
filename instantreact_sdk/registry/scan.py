"""What is installed, by its metadata alone: nothing is imported here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions

from instantreact_sdk.registry.group import GROUP

_FAMILY = GROUP.rpartition(".")[0]
_GROUP = re.compile(rf"{re.escape(_FAMILY)}\.v(\d+)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One plugin as its distribution announces it.

    Attributes:
        plugin: The entry's name.
        target: The module to import, ``instantreact_ssd.hooks``.
        api: Version of the plugin API that it is written for.
        distribution: Normalized name (PEP 503).
        version: Of the distribution.
        source: The distribution itself, for what is asked of few.
    """

    plugin: str
    target: str
    api: int
    distribution: str
    version: str
    source: Distribution

    @property
    def title(self) -> str:
        """Distribution and version: ``instantreact-ssd 0.1.0``."""
        return f"{self.distribution} {self.version}"


def scan() -> list[Entry]:
    """All plugins of all distributions on ``sys.path``, in order of their names.

    A name that a distribution announces for this API and for another one counts for this API alone.
    """
    found: list[Entry] = []
    seen: set[str] = set()
    for distribution in distributions():
        text = read(distribution, "entry_points.txt")
        if _FAMILY not in text:
            continue
        name, version = _name_and_version(distribution)
        if name not in seen:  # a later one on the path is shadowed by the first, as for imports
            seen.add(name)
            found.extend(_entries(text, name, version, distribution))
    return sorted(found, key=lambda entry: (entry.plugin, entry.distribution))


def read(distribution: Distribution, name: str) -> str:
    """One file of its metadata; empty where it is absent or no text."""
    try:
        return distribution.read_text(name) or ""
    except (OSError, UnicodeDecodeError):
        return ""


def _entries(text: str, name: str, version: str, distribution: Distribution) -> Iterator[Entry]:
    ours = int(GROUP.rpartition(".v")[2])
    entries: dict[str, Entry] = {}
    for api, plugin, target in _announced(text):
        if plugin not in entries or api == ours:
            entries[plugin] = Entry(plugin, target, api, name, version, distribution)
    yield from entries.values()


def _announced(text: str) -> Iterator[tuple[int, str, str]]:
    """API version, name and target of each line in our groups; importlib's own parser stops at the first bad line."""
    api: int | None = None
    for line in map(str.strip, text.splitlines()):
        if not line.isprintable():
            continue
        if line.startswith("["):
            group = _GROUP.fullmatch(line.strip("[]"))
            api = int(group[1]) if group else None
        elif api is not None and line and not line.startswith("#"):
            plugin, _, target = line.partition("=")
            yield api, plugin.strip(), target.strip()


def _name_and_version(distribution: Distribution) -> tuple[str, str]:
    """From the first lines of METADATA; parsing all of it, as ``Distribution.name`` does, costs a millisecond each."""
    head = (read(distribution, "METADATA") or read(distribution, "PKG-INFO")).partition("\n\n")[0]
    head = "".join(letter for letter in head if letter.isprintable() or letter == "\n")  # it will be shown in terminals
    fields = dict(line.split(": ", 1) for line in head.splitlines() if line.startswith(("Name: ", "Version: ")))
    return re.sub(r"[-_.]+", "-", fields.get("Name", "unknown")).lower(), fields.get("Version", "0").strip()
