"""What can be said of plugins before any is probed."""

from __future__ import annotations

from collections.abc import Sequence

from instantreact_sdk.registry.checking import MODULE, NAME
from instantreact_sdk.registry.group import GROUP
from instantreact_sdk.registry.outcome import replacing
from instantreact_sdk.registry.record import Record, Status
from instantreact_sdk.registry.scan import Entry

_API = int(GROUP.rpartition(".v")[2])


def key(entry: Entry) -> tuple[str, str]:
    """What tells plugins apart, even where two distributions use one name."""
    return entry.plugin, entry.distribution


def standing(entries: Sequence[Entry], blocked: frozenset[str]) -> dict[tuple[str, str], Record]:
    """Records of those that must not be probed: blocked, of another API, misnamed, or in conflict with another."""
    known: dict[tuple[str, str], Record] = {}
    candidates = []
    for entry in entries:
        if reason := _refusal(entry, blocked):
            known[key(entry)] = _record(entry, *reason)
        else:
            candidates.append(entry)
    for entry in candidates:
        if rivals := [one for one in candidates if one.plugin == entry.plugin and one is not entry]:
            both = " and ".join(sorted(one.title for one in (entry, *rivals)))
            cause = f"{both} both bring a plugin called {entry.plugin!r}"
            fix = f"Uninstall one of them, or block it: `instantreact-sdk plugins block {rivals[0].distribution}`."
            known[key(entry)] = _record(entry, "conflict", cause, fix)
    return known


def _refusal(entry: Entry, blocked: frozenset[str]) -> tuple[Status, str, str] | None:
    for name in (entry.plugin, entry.distribution):
        if name in blocked:
            fix = f"Allow it again with `instantreact-sdk plugins unblock {name}`."
            return "blocked", f"{name} is in the block list", fix
    if entry.api != _API:
        fix = f"Upgrade instantreact-sdk, or install a version of {entry.distribution} for API v{_API}."
        if entry.api < _API:
            fix = f"Upgrade {entry.distribution}."
        return "incompatible", f"it is written for plugin API v{entry.api}; this SDK has v{_API}", fix
    if not NAME.fullmatch(entry.plugin):
        cause = f"its name {entry.plugin!r} is not made of lower-case letters, digits and hyphens"
        return "broken", cause, replacing(entry.distribution)
    if not MODULE.fullmatch(entry.target):
        return "broken", f"its entry point {entry.target!r} is no module", replacing(entry.distribution)
    return None


def _record(entry: Entry, status: Status, cause: str, fix: str) -> Record:
    return Record(entry.plugin, entry.distribution, entry.version, status, cause, fix)
