"""Makes a record of what a probe told, up to its end or its death."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from instantreact_sdk.registry.record import Offer, Record, Status
from instantreact_sdk.registry.scan import Entry

_LONGEST = 80


def outcome(entry: Entry, lines: Sequence[Mapping[str, Any]], death: tuple[str, str], printed: str) -> Record:
    """The record of a probed plugin.

    Args:
        entry: The plugin.
        lines: What the probe told, in order; see `instantreact_sdk.registry.examining`.
        death: How the process ended, for the case that it did before it was done, and what to do about that.
        printed: What the plugin printed to stdout.
    """
    facts: dict[str, Any] = {"import_ms": 0.0, "heavy": [], "clashes": False, "deep_ms": 0.0}
    offers: list[Offer] = []
    fault: Mapping[str, str] = {}
    for line in lines:
        match line:
            case {"offers": found}:
                offers = [Offer.from_json(offer) for offer in found]
                facts |= line
            case {"number": number, "found": found}:
                offers[number] = replace(offers[number], **found)
            case {"fault": fault}:
                pass
            case {"deep_ms": _}:
                facts |= line
    last: Mapping[str, Any] = lines[-1] if lines else {"step": "starting the probe"}
    match last:
        case {"step": step, "number": number}:
            fault = {"cause": f"{step} {death[0]}", "fix": death[1]}
            offers[number] = replace(offers[number], **fault)
        case {"step": step}:
            fault = {"cause": f"{step} {death[0]}", "fix": death[1]}
    status, cause, fix = _judge(fault, offers, clashes=facts["clashes"])
    return Record(
        entry.plugin,
        entry.distribution,
        entry.version,
        status,
        cause,
        fix or (replacing(entry.distribution) if cause else ""),
        _warnings(entry, facts["heavy"], printed),
        facts["import_ms"],
        facts["deep_ms"],
        tuple(offers),
    )


def unreadable(entry: Entry) -> Record:
    """The record of a plugin whose probe told what no probe tells: it shares a process with the plugin."""
    cause = f"importing {entry.target} changed what the SDK or Python does"
    fix = replacing(entry.distribution)
    return Record(entry.plugin, entry.distribution, entry.version, "broken", cause, fix)


def replacing(distribution: str) -> str:
    """What to do about a plugin that only its authors can mend."""
    return f"Update {distribution} or tell its authors; `instantreact-sdk plugins uninstall {distribution}` removes it."


def _judge(fault: Mapping[str, str], offers: Sequence[Offer], *, clashes: bool) -> tuple[Status, str, str]:
    if fault:
        return "broken", fault["cause"], fault["fix"]
    failed = [offer for offer in offers if offer.cause]
    if not failed:
        return "ok", "", ""
    cause = "; ".join(f"{offer.kind} {offer.id}: {offer.cause}" for offer in failed)
    return "conflict" if clashes else "broken", cause, failed[0].fix


def _warnings(entry: Entry, heavy: Sequence[str], printed: str) -> tuple[str, ...]:
    warnings = []
    if heavy:
        warnings.append(
            f"{entry.target} imports {', '.join(heavy)}, which everyone who names the plugin waits for. "
            "Import it in the modules that the specs name."
        )
    if words := " ".join(printed.split()):
        shown = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}..."
        warnings.append(f"It prints to stdout when it is imported: {shown!r}. Log instead; stdout belongs to results.")
    return tuple(warnings)
